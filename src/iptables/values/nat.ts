/** What the NAT targets map to: addresses, ports, and their ranges (extensions/libxt_NAT.c). */
import { type Address, type Family, familyOf, formatAddress, parseAddress } from '../../address/address.js';
import type { AddressRange } from '../../address/prefix.js';
import { BadValue, type Demands, type Given, type ValueType } from '../extension.js';
import type { NatRange, PortRange } from '../verdict.js';
import { parseNumber } from './number.js';
import { parsePort } from './port.js';

/** `PORT`, `LOW-HIGH` or `LOW-HIGH/BASE`. */
export interface ShiftedPorts {
  readonly ports: PortRange;
  readonly basePort: number | null;
}

/** What stands after --to-source and --to-destination. */
export interface NatTo {
  readonly addresses: AddressRange | null;
  readonly ports: PortRange | null;
  readonly basePort: number | null;
}

function parseBase(text: string, ports: PortRange): ShiftedPorts | BadValue {
  const base = parsePort(text);
  return base === null || base === 0 ? new BadValue('VAL_PORT', { text }) : { ports, basePort: base };
}

function parsePorts(text: string, shift: boolean): ShiftedPorts | BadValue {
  // A name may hold a dash (http-alt), so a word that does not begin as a number is one name.
  const numeric = /^\d/.test(text);
  const slash = shift && numeric ? text.indexOf('/') : -1;
  const range = slash < 0 ? text : text.slice(0, slash);
  const dash = numeric ? range.indexOf('-') : -1;
  const from = dash < 0 ? parsePort(range) : parseNumber(range.slice(0, dash));
  const to = dash < 0 ? from : parseNumber(range.slice(dash + 1));
  if (from === null || to === null || from > 65535 || to > 65535)
    return dash < 0 ? new BadValue('VAL_PORT', { text }) : new BadValue('VAL_PORT_RANGE', { text });
  if (from > to) return new BadValue('VAL_SPAN_ORDER', { text });
  return slash < 0 ? { ports: { from, to }, basePort: null } : parseBase(text.slice(slash + 1), { from, to });
}

function printPorts(ports: PortRange, basePort: number | null): string {
  const high = ports.from === ports.to ? '' : `-${String(ports.to)}`;
  return `${String(ports.from)}${high}${basePort === null ? '' : `/${String(basePort)}`}`;
}

/** `--to-ports PORT[-PORT]`. */
export const dashedPorts: ValueType<PortRange> = {
  words: 1,
  parse([word = '']) {
    const found = parsePorts(word, false);
    return found instanceof BadValue ? found : found.ports;
  },
  print: (ports) => printPorts(ports, null),
};

function addressOf(text: string, family: Family): Address | null {
  const address = parseAddress(text);
  return address !== null && familyOf(address) === family ? address : null;
}

/** Splits `ADDRESSES:PORTS`; the parts are null where they are not there. */
function split(
  word: string,
  family: Family,
): { readonly addresses: string; readonly ports: string | null } | null {
  if (word.startsWith('[')) {
    const end = word.indexOf(']');
    if (end < 0 || family === 4) return null;
    const colon = word.indexOf(':', end);
    return { addresses: word.slice(1, end), ports: colon < 0 ? null : word.slice(colon + 1) };
  }
  // One colon is before a port; more belong to an IPv6 address.
  const colon = word.indexOf(':');
  if (colon < 0 || word.includes(':', colon + 1)) return { addresses: word, ports: null };
  return { addresses: word.slice(0, colon), ports: word.slice(colon + 1) };
}

function parseTo(word: string, family: Family, shift: boolean): NatTo | BadValue {
  const parts = split(word, family);
  if (parts === null) return new BadValue('VAL_NAT_ADDRESS', { text: word });
  const ports = parts.ports === null ? null : parsePorts(parts.ports, shift);
  if (ports instanceof BadValue) return ports;
  const given = { ports: ports?.ports ?? null, basePort: ports?.basePort ?? null };
  if (parts.addresses === '' && ports !== null) return { addresses: null, ...given };
  const dash = parts.addresses.indexOf('-');
  const from = addressOf(dash < 0 ? parts.addresses : parts.addresses.slice(0, dash), family);
  const to = dash < 0 ? from : addressOf(parts.addresses.slice(dash + 1), family);
  if (from === null || to === null) return new BadValue('VAL_NAT_ADDRESS', { text: word });
  return { addresses: { from, to }, ...given };
}

function printTo({ addresses, ports, basePort }: NatTo, family: Family): string {
  const tail = ports === null ? '' : `:${printPorts(ports, basePort)}`;
  if (addresses === null) return tail;
  const low = formatAddress(addresses.from);
  const text = addresses.from === addresses.to ? low : `${low}-${formatAddress(addresses.to)}`;
  return family === 6 && ports !== null ? `[${text}]${tail}` : `${text}${tail}`;
}

/**
 * `[ADDRESS[-ADDRESS]][:PORT[-PORT[/BASE]]]`, IPv6 addresses in brackets when ports follow. An address range may run
 * backwards: the kernel takes it.
 * @param shift `/BASE` is allowed (DNAT)
 */
export function natTo(shift: boolean): ValueType<NatTo> {
  return { words: 1, parse: ([word = ''], family) => parseTo(word, family, shift), print: printTo };
}

/** The flags that NAT targets share. */
export interface NatFlags {
  readonly random?: Given<true>;
  readonly randomFully?: Given<true>;
  readonly persistent?: Given<true>;
}

/** The kernel's range out of a target's options. */
export function natRange(to: Partial<NatTo>, { random, randomFully, persistent }: NatFlags): NatRange {
  return {
    addresses: to.addresses ?? null,
    ports: to.ports ?? null,
    basePort: to.basePort ?? null,
    random: random !== undefined,
    randomFully: randomFully !== undefined,
    persistent: persistent !== undefined,
  };
}

/** Protocols that iptables takes ports for: tcp, udp, sctp, dccp, and icmp for its id (also in ip6tables, by its number). */
const PORT_PROTOCOLS: readonly number[] = [1, 6, 17, 33, 132];

/** Ports in the target need one of those protocols in the rule. */
export function portDemands(ports: PortRange | null | undefined): Partial<Demands> {
  return ports === null || ports === undefined ? {} : { protocols: PORT_PROTOCOLS };
}
