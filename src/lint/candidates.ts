/** Packets that may come to a rule and match it. Whether one does is for a walk to say. */
import type { Address, Family } from '../address/address.js';
import { type Prefix, contains } from '../address/prefix.js';
import { protocolWord } from '../address/protocols.js';
import { interfaceMatches } from '../iptables/decide.js';
import type { Hook } from '../iptables/view.js';
import { hasPorts } from '../packet/packet.js';
import type { PacketInput } from '../packet/result.js';
import { type Ground, textOf } from './ground.js';
import type { Spans } from './shape.js';
import type { Want } from './want.js';

/** What the packet is to the node. */
type Role = 'forwarded' | 'received' | 'sent';

const ROLES: Readonly<Record<Hook, readonly Role[]>> = {
  PREROUTING: ['forwarded', 'received'],
  INPUT: ['received', 'sent'],
  FORWARD: ['forwarded'],
  OUTPUT: ['sent'],
  POSTROUTING: ['forwarded', 'sent'],
};

const DEVICES = 4;
const SOURCES = 3;
const DESTINATIONS = 4;

const isNone = (address: Address, networks: readonly Prefix[]): boolean =>
  !networks.some((network) => contains(network, address));

/** Device names that fit selectors; where the snapshot shows no devices, those that the selectors name. */
function devicesFor(wanted: readonly string[], not: readonly string[], ground: Ground): readonly string[] {
  const fits = (name: string): boolean =>
    wanted.every((selector) => interfaceMatches(name, selector)) &&
    !not.some((selector) => interfaceMatches(name, selector));
  const found = ground.devices.filter(fits);
  if (found.length > 0 || ground.network.known.links) return found;
  const made = [...wanted, 'eth0', 'eth1'].map((selector) => selector.replace(/\+$/, '0'));
  return made.filter((name) => name !== 'lo' && fits(name));
}

function sourcesFor(
  role: Role,
  device: string | null,
  want: Want,
  ground: Ground,
): readonly (Address | null)[] {
  const last = want.source.at(-1);
  const isGood = (address: Address): boolean =>
    want.source.every((network) => contains(network, address)) &&
    isNone(address, want.notSource) &&
    ground.isOwn(address) === (role === 'sent');
  if (role === 'sent') {
    const own = ground.own.map(({ address }) => address).filter(isGood);
    if (last === undefined && want.notSource.length === 0) return [null, ...own].slice(0, SOURCES);
    return [...(last === undefined ? [] : ground.hostsOf(last).filter(isGood)), ...own].slice(0, SOURCES);
  }
  const known = device === null ? ground.outside : [...ground.beyond(device), ...ground.outside];
  const inside =
    last === undefined ? [] : [...known.filter((one) => contains(last, one)), ...ground.hostsOf(last)];
  return [...new Set((last === undefined ? known : inside).filter(isGood))].slice(0, SOURCES);
}

function destinationsFor(role: Role, device: string | null, want: Want, ground: Ground): readonly Address[] {
  const last = want.destination.at(-1);
  const isGood = (address: Address): boolean =>
    want.destination.every((network) => contains(network, address)) && isNone(address, want.notDestination);
  if (last !== undefined) {
    const own = ground.own.map(({ address }) => address).filter((one) => contains(last, one));
    const hosts = ground.hostsOf(last);
    const list = role === 'received' ? [...own, ...hosts] : [...hosts, ...own];
    return [...new Set(list.filter(isGood))].slice(0, DESTINATIONS);
  }
  const own = ground.own.toSorted((a, b) => Number(b.device === device) - Number(a.device === device));
  if (role === 'received' || want.destinationLocal === true)
    return own
      .map(({ address }) => address)
      .filter(isGood)
      .slice(0, DESTINATIONS);
  const outputs =
    want.output.length > 0 || want.notOutput.length > 0
      ? devicesFor(want.output, want.notOutput, ground)
      : ground.devices.filter((name) => name !== device);
  const beyond = outputs.slice(0, DEVICES).flatMap((name) => ground.beyond(name).slice(0, 2));
  const list =
    want.output.length > 0 ? [...beyond, ...ground.outside] : [...ground.outside.slice(0, 1), ...beyond];
  return [...new Set(list.filter((one) => isGood(one) && !ground.isOwn(one)))].slice(0, DESTINATIONS);
}

const COMMON = [6, 17, 1] as const;

function protocolFor({ protocol, notProtocol }: Want, family: Family): number {
  if (protocol !== null) return protocol;
  const icmp = family === 4 ? 1 : 58;
  return COMMON.map((one) => (one === 1 ? icmp : one)).find((one) => !notProtocol.includes(one)) ?? 132;
}

function portFor(spans: Spans | null, not: readonly number[], otherwise: number): number {
  for (const [from, to] of spans ?? [[otherwise, 65535]])
    for (
      let port = Math.max(from, spans === null ? otherwise : from);
      port <= to && port < from + 40;
      port += 1
    )
      if (!not.includes(port)) return port;
  return otherwise;
}

function stateFor({ states }: Want): Pick<PacketInput, 'ct'> {
  if (states === null || states.has('NEW')) return {};
  for (const state of ['ESTABLISHED', 'RELATED', 'INVALID', 'UNTRACKED'] as const)
    if (states.has(state)) return { ct: state.toLowerCase() as NonNullable<PacketInput['ct']> };
  return {};
}

function portsFor(want: Want, protocol: number): Pick<PacketInput, 'sport' | 'dport'> {
  if (!hasPorts(protocol)) return {};
  return {
    sport: portFor(want.sport, want.notPorts, 40000),
    dport: portFor(want.dport, want.notPorts, protocol === 17 ? 53 : 80),
  };
}

/** Other protocols and ports than the usual, for rules before it may take those. */
function variants(want: Want, family: Family): readonly Want[] {
  const others: Partial<Want>[] = [];
  if (want.protocol === null && want.sport === null && want.dport === null)
    for (const protocol of [family === 4 ? 1 : 58, 17])
      if (!want.notProtocol.includes(protocol)) others.push({ protocol });
  if (want.dport === null) for (const port of [443, 50001]) others.push({ dport: [[port, port]] });
  return [want, ...others.map((other) => ({ ...want, ...other }))];
}

/** Devices from which the wanted source is likely to come first. */
function inputsFor(want: Want, ground: Ground): readonly string[] {
  const last = want.source.at(-1);
  const inputs = devicesFor(want.input, want.notInput, ground);
  if (last === undefined) return inputs.slice(0, DEVICES);
  const leads = (device: string): boolean => ground.beyond(device).some((one) => contains(last, one));
  return [...inputs.filter(leads), ...inputs.filter((device) => !leads(device))].slice(0, DEVICES);
}

function* packetsOf(want: Want, ground: Ground): Iterable<PacketInput> {
  const protocol = protocolFor(want, ground.network.family);
  const rest = { ...portsFor(want, protocol), ...stateFor(want), ...want.rest };
  for (const role of ROLES[want.hook]) {
    if (role === 'sent' && want.input.some((name) => name !== 'lo')) continue;
    if (role !== 'sent' && want.sourceLocal === true) continue;
    const inputs: readonly (string | null)[] = role === 'sent' ? [null] : inputsFor(want, ground);
    const end = want.hook === 'INPUT' ? 'received' : role;
    for (const device of inputs)
      for (const source of sourcesFor(role, device, want, ground))
        for (const destination of destinationsFor(end, device, want, ground))
          yield {
            in: device,
            proto: protocolWord(protocol),
            ...(source === null ? {} : { src: textOf(source) }),
            dst: textOf(destination),
            ...rest,
          };
  }
}

/** Packets that may do, the likeliest first. */
export function* candidates(want: Want, ground: Ground): Iterable<PacketInput> {
  for (const one of variants(want, ground.network.family)) yield* packetsOf(one, ground);
}
