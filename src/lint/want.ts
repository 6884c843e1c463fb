/** What a packet must be like for coming to a rule and matching it, as far as its conditions say so plainly. */
import type { Prefix } from '../address/prefix.js';
import type { Header, Rule } from '../iptables/model.js';
import type { Hook } from '../iptables/view.js';
import type { PacketInput } from '../packet/result.js';
import { within } from './implies.js';
import { type Spans, shapeOf } from './shape.js';

export interface Want {
  readonly hook: Hook;
  /** All that is wanted, narrowest last; and what must not be. */
  readonly source: Prefix[];
  readonly notSource: Prefix[];
  readonly destination: Prefix[];
  readonly notDestination: Prefix[];
  /** Selectors of device names: `eni+`. */
  readonly input: string[];
  readonly notInput: string[];
  readonly output: string[];
  readonly notOutput: string[];
  protocol: number | null;
  readonly notProtocol: number[];
  sport: Spans | null;
  dport: Spans | null;
  /** Ports to stay away from. */
  readonly notPorts: number[];
  /** The addresses are the node's own (`--src-type LOCAL`), or must not be; null: either. */
  sourceLocal: boolean | null;
  destinationLocal: boolean | null;
  states: ReadonlySet<string> | null;
  /** The rest of the packet, as its conditions want it. */
  rest: Partial<
    Pick<
      PacketInput,
      'mark' | 'tcpFlags' | 'icmpType' | 'icmpCode' | 'uid' | 'gid' | 'ttl' | 'tos' | 'length'
    >
  >;
}

export function nothingWanted(hook: Hook): Want {
  return {
    hook,
    ...{ source: [], notSource: [], destination: [], notDestination: [] },
    ...{ input: [], notInput: [], output: [], notOutput: [], notProtocol: [], notPorts: [] },
    ...{ protocol: null, sport: null, dport: null, sourceLocal: null, destinationLocal: null, states: null },
    rest: {},
  };
}

/** Puts in a network; false when it has nothing in common with what is wanted already. */
function takeNetwork(selector: Header['source'], wanted: Prefix[], not: Prefix[]): boolean {
  if (selector === null) return true;
  const { value, inverted } = selector;
  if ('hostName' in value) return false;
  if (inverted) {
    not.push(value);
    return true;
  }
  const last = wanted.at(-1);
  if (last === undefined || within(value, last)) wanted.push(value);
  else if (!within(last, value)) return false;
  return true;
}

function takeName(selector: Header['inInterface'], wanted: string[], not: string[]): void {
  if (selector !== null) (selector.inverted ? not : wanted).push(selector.value);
}

const MARK = /^mark (! )?--mark (0x[0-9a-f]+)(?:\/(0x[0-9a-f]+))?$/;
const FLAGS = /^port (! )?--tcp-flags (\S+) (\S+)$/;
const ICMP = /^icmp6? --icmp(?:v6)?-type (\d+)(?:\/(\d+))?$/;
const OWNER = /^owner --(uid|gid)-owner (\d+)$/;
const NUMBER = /^(?:ttl --ttl-eq|hl --hl-eq|length --length) (\d+)/;
const PORTS = /^port ! --\w+ (\S+)$/;

function takeType(text: string, want: Want): void {
  for (const [, not, side, types = ''] of text.matchAll(/(! )?--(src|dst)-type (\S+)/g)) {
    if (!types.split(',').includes('LOCAL')) continue;
    const local = not === undefined;
    if (side === 'src') want.sourceLocal = local;
    else want.destinationLocal = local;
  }
}

function takeOther(text: string, want: Want): void {
  if (text.startsWith('addrtype ')) takeType(text, want);
  const mark = MARK.exec(text);
  if (mark !== null && mark[1] === undefined) want.rest = { ...want.rest, mark: Number(mark[2]) };
  const flags = FLAGS.exec(text);
  if (flags !== null) {
    const set = flags[1] === undefined ? flags[3] : 'ACK';
    want.rest = { ...want.rest, tcpFlags: set === undefined || set === 'NONE' ? [] : set.split(',') };
  }
  const icmp = ICMP.exec(text);
  if (icmp !== null) want.rest = { ...want.rest, icmpType: Number(icmp[1]), icmpCode: Number(icmp[2] ?? 0) };
  const owner = OWNER.exec(text);
  if (owner !== null) want.rest = { ...want.rest, [owner[1] === 'uid' ? 'uid' : 'gid']: Number(owner[2]) };
  const number = NUMBER.exec(text);
  if (number !== null)
    want.rest = { ...want.rest, [text.startsWith('length') ? 'length' : 'ttl']: Number(number[1]) };
  for (const port of PORTS.exec(text)?.[1]?.split(/[,:]/) ?? []) want.notPorts.push(Number(port));
}

/** Adds what a rule asks for. @returns false when that contradicts what is wanted already */
export function take(want: Want, rule: Rule): boolean {
  const { header, sport, dport, states, others } = shapeOf(rule);
  if (!takeNetwork(header.source, want.source, want.notSource)) return false;
  if (!takeNetwork(header.destination, want.destination, want.notDestination)) return false;
  takeName(header.inInterface, want.input, want.notInput);
  takeName(header.outInterface, want.output, want.notOutput);
  const { protocol } = header;
  if (protocol?.inverted === true) want.notProtocol.push(protocol.value);
  else if (protocol !== null) {
    if (want.protocol !== null && want.protocol !== protocol.value) return false;
    want.protocol = protocol.value;
  }
  want.sport = sport ?? want.sport;
  want.dport = dport ?? want.dport;
  want.states = states ?? want.states;
  for (const other of others) takeOther(other, want);
  return true;
}

/** What the rules of a way want together; null when they contradict each other. */
export function wantOf(hook: Hook, rules: readonly Rule[]): Want | null {
  const want = nothingWanted(hook);
  return rules.every((rule) => take(want, rule)) ? want : null;
}
