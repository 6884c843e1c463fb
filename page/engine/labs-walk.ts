/** Packets of a lab: their walks as the command prints them, and what the view of walks needs to show one. */
import { PacketFault, packetOf } from '../../src/check/packet.js';
import { walkPath } from '../../src/cluster/path.js';
import { World } from '../../src/cluster/world.js';
import { sanitize } from '../../src/explain/sanitize.js';
import type { View } from '../../src/explain/view.js';
import { pathInput } from '../../src/labs/across.js';
import { type Ground, walked } from '../../src/labs/evaluate.js';
import { type Lab, type LabPacket, type NamedRule, labName } from '../../src/labs/lab.js';
import { type Part, stepsTo, walkLines } from '../../src/labs/report/reveal.js';
import { wordsOf } from '../../src/labs/report/words.js';
import type { Machine } from '../../src/labs/shell/machine.js';
import { filesOf } from '../../src/labs/shell/state.js';
import type { PacketInput, TraceResult } from '../../src/packet/result.js';
import type { Watch, WatchView, When } from '../shared/labs.js';
import type { PacketForm } from '../shared/protocol.js';
import { LOCAL_PROCESS } from './form.js';

/** Cells of a line of a walk that stands beside other text. */
const WIDTH = 95;

/** Walks on the nodes as the lab begins, worded once: they do not change. */
export class WalkTexts {
  readonly #lab: Lab;
  readonly #start: Ground;
  readonly #known = new Map<string, string>();

  constructor(lab: Lab, start: Ground) {
    this.#lab = lab;
    this.#start = start;
  }

  of(packet: string, part: Part, view: View): string {
    const stop = typeof part === 'string' ? part : part.stop.text;
    const key = `${view.language} ${packet} ${stop}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const lines = walkLines(this.#lab, packet, part, this.#start, { ...view, width: WIDTH });
    const text = lines.join('\n');
    this.#known.set(key, text);
    return text;
  }
}

/** A packet as it comes to a node, and what the node does with it. */
interface Way {
  readonly input: PacketInput;
  readonly result: TraceResult;
}

/** What a node was asked when the packet came by on its way across. */
function inputOf({ packet }: TraceResult): PacketInput {
  const { in: device, proto, src, sport, dst, dport, icmpType, icmpCode, mark } = packet;
  const ports = { ...(sport === undefined ? {} : { sport }), ...(dport === undefined ? {} : { dport }) };
  const icmp = icmpType === undefined ? {} : { icmpType, icmpCode: icmpCode ?? 0 };
  return { in: device, proto, src, dst, mark, ...ports, ...icmp };
}

function onNode(packet: LabPacket, ground: Ground): ReadonlyMap<string, Way> {
  const node = ground.nodes.get(packet.node);
  const result = walked(packet, ground, false);
  if (node === undefined || packet.packet === null || !('outcomes' in result)) return new Map();
  const input = packetOf(packet.packet, node);
  return new Map(input instanceof PacketFault ? [] : [[packet.node, { input, result }]]);
}

/** What the nodes do with a packet that come by on its way there. */
function waysOf(packet: LabPacket, ground: Ground): ReadonlyMap<string, Way> {
  const { cluster, nodes } = ground;
  if (packet.path === null) return onNode(packet, ground);
  const world = cluster === null ? null : new World(cluster, nodes);
  const given = world === null ? null : pathInput(world, packet.path);
  if (world === null || given === null) return new Map();
  const [outcome] = walkPath(world, given.origin, given.input).outcomes;
  const hops = (outcome?.hops ?? []).filter(({ back, layer }) => !back && layer === 0);
  return new Map(
    hops.flatMap(({ place, walk }): [string, Way][] =>
      walk === null || place.kind !== 'node'
        ? []
        : [[place.name, { input: inputOf(walk.result), result: walk.result }]],
    ),
  );
}

/** On which nodes a packet can be watched; null for one that cannot be. */
export function watchOf(packet: LabPacket, ground: Ground): Watch | null {
  const nodes = [...waysOf(packet, ground).keys()];
  return nodes.length === 0 ? null : { packet: packet.name, nodes };
}

const number = (value: number | undefined): string => (value === undefined ? '' : String(value));

function endOf(address: string | undefined, port: number | undefined): string {
  if (address === undefined) return '';
  if (port === undefined) return address;
  return address.includes(':') ? `[${address}]:${String(port)}` : `${address}:${String(port)}`;
}

/** The packet in the fields of the page's form. */
export function formOfPacket(packet: PacketInput): PacketForm {
  const { proto, icmpType, icmpCode = 0, mark = 0, tcpFlags = [] } = packet;
  return {
    from: endOf(packet.src, packet.sport),
    to: endOf(packet.dst, packet.dport),
    proto: String(proto),
    in: packet.in === null ? LOCAL_PROCESS : (packet.in ?? ''),
    mark: Number(mark) === 0 ? '' : `0x${Number(mark).toString(16)}`,
    tcpFlags: tcpFlags.join(','),
    icmp: icmpType === undefined ? '' : `${String(icmpType)}/${String(icmpCode)}`,
    ttl: number(packet.ttl),
    uid: number(packet.uid),
    gid: number(packet.gid),
    ct: packet.ct ?? '',
  };
}

/** What is to be watched. */
export interface WatchAsk {
  readonly packet: LabPacket;
  /** The node; null for the first that it comes to. */
  readonly node: string | null;
  readonly when: When;
  readonly stop: NamedRule | null;
}

/** A packet with its node; null where it does not come to such a node. */
export function watchView(
  lab: Lab,
  { packet, node, when, stop }: WatchAsk,
  { machines, hostOf }: { readonly machines: readonly Machine[]; readonly hostOf: (name: string) => string },
  ground: Ground,
  view: View,
): WatchView | null {
  const ways = waysOf(packet, ground);
  const name = node ?? [...ways.keys()][0] ?? '';
  const way = ways.get(name);
  const machine = machines.find((one) => one.name === name);
  if (way === undefined || machine === undefined) return null;
  const [outcome] = way.result.outcomes;
  return {
    title: `${labName(lab)}${machines.length === 1 ? '' : ` ${sanitize(name)}`}`,
    about: sanitize(wordsOf(packet.about, view)),
    node: sanitize(hostOf(name)),
    files: when === 'start' ? machine.files : filesOf(machine.state, machine.connections),
    ask: { packet: formOfPacket(way.input), settled: [], pick: null, edits: [], flow: false },
    steps: stop === null || outcome === undefined ? null : stepsTo(outcome, stop),
  };
}
