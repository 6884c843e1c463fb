/** The state of one walk: what the stages read and write on the packet's way. */
import { type Address, type Family, formatAddress } from '../address/address.js';
import { decide } from '../chooser/enumerate.js';
import type { Choice, Chooser, Ternary, Unsure } from '../chooser/question.js';
import type { RuleSet } from '../iptables/model.js';
import type { NftEffects } from '../nft/world.js';
import { NftMemory } from '../nft/memory.js';
import { unreadBases } from './registrations.js';
import type { ConnectionState } from '../iptables/view.js';
import type { Setting } from '../routing/decisive-setting.js';
import type { Network, Nexthop, PolicyRule, Route } from '../routing/model.js';
import type { Params } from '../source/diagnostic.js';
import type { Span } from '../source/source.js';
import type { AnyRule } from './any-rule.js';
import type { ConnectionTable } from './connection-table.js';
import { WalkEffects } from './effects.js';
import { type Connection, NO_ZONE, type Zone, copyOf, sameConnection } from './connection.js';
import { DeviceFacts } from './device-facts.js';
import type { Node } from './node.js';
import { type Packet, copyPacket, hasPorts, isIcmp } from './packet.js';
import type { Passing } from './passing.js';
import type { Assumption, Unroutable } from './result.js';
import { sameFields } from './same-fields.js';
import type { SettledAnswers, SettledBy } from './settlement.js';
import type { Change, Step } from './steps.js';

/** Where routing sends the packet. */
export interface Routed {
  readonly kind: 'forward' | 'local' | 'output';
  readonly rule: PolicyRule | null;
  readonly route: Route | null;
  readonly table: number | null;
  readonly nexthop: Nexthop | null;
  /** Output device: 'lo' for local delivery; UNKNOWN_INTERFACE when the snapshot cannot tell. */
  readonly device: string;
  readonly via: Address | null;
}

/** How a walk ended, beyond the final state's name. */
export interface Ending {
  readonly drop?: {
    readonly reason: string;
    readonly rule: AnyRule | null;
    readonly table?: string;
    readonly chain?: string;
    readonly declared?: Span;
    readonly setting?: Setting;
    readonly backend?: 'legacy' | 'nft' | undefined;
  };
  readonly reject?: { readonly with: string; readonly rule: AnyRule; readonly to: Address };
  readonly unroutable?: Unroutable;
}

/** A translation that the walk made, for the result. */
export interface Translated {
  readonly from: string;
  readonly to: string;
  readonly rule: AnyRule | null;
}

export interface WalkOptions {
  /** Report steps; off in bulk. */
  readonly steps: boolean;
  /** Report the rules that did not match, with reasons. */
  readonly misses: boolean;
  /** Report every test of these rules, condition by condition. */
  readonly watched?: ReadonlySet<AnyRule> | undefined;
  /** What the user has settled; one for all walks of a way. */
  readonly answers?: SettledAnswers | undefined;
}

/** What a walk starts from. */
export interface Start {
  readonly node: Node;
  readonly packet: Packet;
  /** Device it came in by; null for a local process. */
  readonly device: string | null;
  /** The member of `device`, a bridge or bond, by which it reached that; null for none. */
  readonly member: string | null;
  /** Device that the sending socket is bound to. */
  readonly boundDevice: string | null;
  /** The sending UDP socket is connected; null when that is not known. */
  readonly connected: boolean | null;
  /** The sender left the source to the kernel. */
  readonly selectSource: boolean;
  /** The IPv4 packet is sent by an IPv6 socket to this address of ::ffff:0:0/96; null for any other. */
  readonly mapped: Address | null;
  readonly connections: ConnectionTable;
  /** State that the user forced (`--ct`), or null. */
  readonly forcedState: ConnectionState | null;
  /** The packet that an ICMP error is about, as its sender saw it; null when there is none or it was not given. */
  readonly inner: Packet | null;
  /** The entry that the packet is known to belong to (an answer to a packet walked before), or null: it is looked up. */
  readonly belongs: { readonly connection: Connection; readonly direction: 'ORIGINAL' | 'REPLY' } | null;
  /** Something in the namespace needs conntrack. */
  readonly tracking: Ternary;
}

const printPort = (low: number, high: number): string =>
  low === high ? String(low) : `${String(low)}-${String(high)}`;
const printAddress = (low: Address, high: Address): string =>
  low === high ? formatAddress(low) : `${formatAddress(low)}-${formatAddress(high)}`;
const printMark = (mark: number, unknown: number): string =>
  unknown === 0
    ? `0x${(mark >>> 0).toString(16)}`
    : `0x${(mark >>> 0).toString(16)} (bits 0x${(unknown >>> 0).toString(16)} not known)`;

/** An address with the port or ICMP id beside it, as results print it: `10.0.0.1:80`, `[2001:db8::1]:80`, `10.0.0.1`. */
export function endpoint(packet: Packet, side: 'src' | 'dst'): string {
  const address =
    side === 'src'
      ? printAddress(packet.source, packet.sourceTo)
      : printAddress(packet.destination, packet.destinationTo);
  if (!hasPorts(packet.protocol)) return address;
  const port =
    side === 'src'
      ? printPort(packet.sourcePort, packet.sourcePortTo)
      : printPort(packet.destinationPort, packet.destinationPortTo);
  return packet.family === 6 ? `[${address}]:${port}` : `${address}:${port}`;
}

interface Seen {
  src: string;
  dst: string;
  mark: string;
  ctmark: string;
  tos: string;
  ttl: string;
}

const copyOrNull = (connection: Connection | null): Connection | null =>
  connection === null ? null : copyOf(connection);

/** Beyond so many assumptions of one walk they are found by their texts. */
const FEW = 8;

function sameParams(one: Params, two: Params): boolean {
  if (one === two) return true;
  let left = 0;
  for (const name in one) {
    if (one[name] !== two[name]) return false;
    left += 1;
  }
  for (const _ in two) left -= 1;
  return left === 0;
}

/** Passes questions on, and rests the walk's outcome on the answers that are assumptions. */
class NotingChooser implements Chooser {
  readonly #walk: Walk;
  readonly #chooser: Chooser;
  readonly #rule: AnyRule | null;

  constructor(walk: Walk, chooser: Chooser, rule: AnyRule | null) {
    this.#walk = walk;
    this.#chooser = chooser;
    this.#rule = rule;
  }

  get settles(): boolean {
    return this.#walk.options.answers?.settles(this.#rule) ?? false;
  }

  choose(key: string, choices: readonly Choice[]): number {
    const { answers } = this.#walk.options;
    const settled = answers?.ofChoices(this.#rule, key, choices) ?? null;
    const index = settled?.index ?? this.#chooser.choose(this.#walk.devices.keyOf(key), choices);
    if (settled === null) answers?.remember(key, index);
    this.#walk.devices.note(key, index === 0);
    const assumption = choices[index]?.assumption ?? null;
    if (settled?.by === '--seed')
      this.#walk.assume('SETTLED_SEED', { seed: String(answers?.seed) }, null, '--seed');
    else if (assumption !== null)
      this.#walk.assume(assumption.code, assumption.params, this.#rule, settled?.by);
    return index;
  }

  settled(fact: Unsure): boolean | null {
    const settled = this.#walk.options.answers?.ofFact(this.#rule, fact) ?? null;
    if (settled === null) {
      const implied = this.#walk.devices.implied(fact.key);
      return implied === null ? null : implied !== fact.negated;
    }
    const holds = settled.index === 0;
    const params = { ...fact.params, answer: holds ? 'yes' : 'no' };
    this.#walk.assume(fact.code, params, this.#rule, settled.by);
    return holds !== fact.negated;
  }
}

/** A walk in progress. Stages change it; nothing else is mutable in the engine. */
export class Walk {
  readonly node: Node;
  readonly family: Family;
  readonly network: Network;
  readonly ruleSet: RuleSet;
  readonly start: Start;
  readonly packet: Packet;
  readonly connections: ConnectionTable;
  readonly options: WalkOptions;
  /** What the output device was taken to be. */
  devices: DeviceFacts = new DeviceFacts();
  /** Conntrack is on in this walk. */
  readonly tracking: boolean;
  /** The packet that an ICMP error quotes, as it is by now. */
  readonly inner: Packet | null;
  connection: Connection | null = null;
  direction: 'ORIGINAL' | 'REPLY' = 'ORIGINAL';
  state: ConnectionState = 'INVALID';
  /** CT --notrack was met in raw. */
  untracked = false;
  zone: Zone = NO_ZONE;
  /** CT --zone mark was met: the zone is what the mark is when conntrack looks (nf_ct_zone_tmpl). */
  zoneIsMark = false;
  /** A CT rule has spoken: later ones are not heard. */
  trackingSet = false;
  helper: string | null = null;
  /** Sets that a rule of this walk changed: what the dump says about them no longer holds. */
  #changedSets: Set<string> | null = null;
  routed: Routed | null = null;
  /** The realm of the packet's route, found when it is asked for; null before routing, and where nothing has a realm. */
  realm: (() => number | null) | null = null;
  /** The device that OUTPUT began with; null before. */
  outputDevice: string | null = null;
  /**
   * What a CT rule left for conntrack: until conntrack has seen the packet, matches and CONNMARK take it for its entry
   * (a template, nf_ct_tmpl_alloc: new, confirmed, its tuples all zero).
   */
  template: Connection | null = null;
  /** What native rules changed that is neither in the packet nor in its connection. */
  #nftMemory: NftMemory | null = null;
  /** The packet is on its second round, through lo. */
  looped = false;
  /** NAT gave it another destination there: the route that it had is gone (nf_nat_ipv4_pre_routing, skb_dst_drop). */
  lostRoute = false;
  ending: Ending = {};
  snat: Translated | null = null;
  dnat: Translated | null = null;
  readonly steps: Step[] = [];
  readonly path: string[] = [];
  readonly pathMaybe: string[] = [];
  readonly assumptions: Assumption[] = [];
  /** The tests of watched rules. */
  readonly passings: Passing[] = [];
  readonly #chooser: Chooser;
  #asked: Set<string> | null = null;
  #effects: WalkEffects | null = null;
  #plainChooser: Chooser | null = null;
  #seen: Seen | null = null;

  constructor(start: Start, chooser: Chooser, options: WalkOptions) {
    this.node = start.node;
    this.start = start;
    this.packet = copyPacket(start.packet);
    this.family = start.packet.family;
    this.network = start.node.networks[this.family];
    this.ruleSet = start.node.ruleSets[this.family];
    this.connections = start.connections;
    this.options = options;
    this.inner = start.inner === null ? null : copyPacket(start.inner);
    this.#chooser = chooser;
    if (options.steps) this.#seen = this.#look();
    this.tracking = decide(this.chooserFor(null), start.tracking);
    const { beside, legacyUnseen, nativeUnseen } = this.ruleSet;
    if (start.node.nft?.partial === true) this.assume('ASM_NFT_PART', {});
    for (const { name } of start.node.nft?.unknownTables ?? [])
      this.assume('ASM_NFT_FAMILY', { table: name });
    if (beside !== undefined) this.assume('ASM_OTHER_BACKEND', { variant: `iptables-${beside}` });
    if (legacyUnseen === true) this.assume('ASM_NO_LEGACY', {});
    if (nativeUnseen !== undefined) this.assume('ASM_NO_NATIVE', { table: nativeUnseen });
    for (const params of unreadBases(start.node, this.family)) this.assume('ASM_NFT_BASE', params);
  }

  /**
   * A copy that goes on by itself from here, without steps: to see what a base chain would do. What happens to it is not
   * seen in this walk; the table of connections is one, so that neither conntrack nor NAT may run on it.
   */
  fork(chooser: Chooser): Walk {
    const start = { ...this.start, packet: this.packet, inner: this.inner, tracking: this.tracking };
    const copy = new Walk(start, chooser, { steps: false, misses: false });
    const { direction, state, untracked, zone, zoneIsMark, helper } = this;
    const { routed, outputDevice, looped, lostRoute } = this;
    Object.assign(copy, { direction, state, untracked, zone, zoneIsMark, helper });
    Object.assign(copy, { routed, outputDevice, looped, lostRoute });
    copy.connection = copyOrNull(this.connection);
    copy.template = copyOrNull(this.template);
    copy.trackingSet = this.trackingSet;
    copy.#nftMemory = this.#nftMemory?.clone() ?? null;
    if (this.#changedSets !== null) copy.#changedSets = new Set(this.#changedSets);
    copy.devices = this.devices.clone();
    copy.assumptions.length = 0;
    return copy;
  }

  /** Is everything that a base chain may change as it is in the other? */
  isLike(other: Walk): boolean {
    return (
      sameFields(this.packet, other.packet) &&
      sameFields(this.inner, other.inner) &&
      sameConnection(this.connection, other.connection) &&
      sameConnection(this.template, other.template) &&
      this.untracked === other.untracked &&
      sameFields(this.zone, other.zone) &&
      this.zoneIsMark === other.zoneIsMark &&
      this.helper === other.helper &&
      this.trackingSet === other.trackingSet &&
      [...(this.#changedSets ?? [])].join() === [...(other.#changedSets ?? [])].join() &&
      this.nftMemory.isLike(other.nftMemory) &&
      this.ending.drop?.rule === other.ending.drop?.rule &&
      this.ending.reject?.rule === other.ending.reject?.rule
    );
  }

  /** Reports a step, unless nobody listens. */
  report(step: Step): void {
    if (this.options.steps) this.steps.push(step);
  }

  /** Rests the outcome on something that the snapshot does not say; once per message and parameters. */
  assume(code: string, params: Params, rule: AnyRule | null = null, by?: SettledBy): void {
    if (this.#rests(code, params)) return;
    this.assumptions.push({ code, params, rule, ...(by === undefined ? {} : { by }) });
  }

  /** Is it among the assumptions already? Most walks have none or two; of many they are found by their texts. */
  #rests(code: string, params: Params): boolean {
    if (this.#asked === null && this.assumptions.length < FEW)
      return this.assumptions.some((one) => one.code === code && sameParams(one.params, params));
    this.#asked ??= new Set(this.assumptions.map((one) => `${one.code} ${JSON.stringify(one.params)}`));
    const key = `${code} ${JSON.stringify(params)}`;
    if (this.#asked.has(key)) return true;
    this.#asked.add(key);
    return false;
  }

  get nftMemory(): NftMemory {
    this.#nftMemory ??= new NftMemory();
    return this.#nftMemory;
  }

  /** What a CT rule asked for counts no longer. */
  forgetTracking(): void {
    this.trackingSet = false;
    this.zone = NO_ZONE;
    this.zoneIsMark = false;
    this.helper = null;
  }

  /** Did a rule of this walk change the set? */
  changedSet(set: string): boolean {
    return this.#changedSets?.has(set) ?? false;
  }

  /** A chooser whose assumptions are noted in the outcome, under the rule that asked. */
  chooserFor(rule: AnyRule | null): Chooser {
    if (rule !== null) return new NotingChooser(this, this.#chooser, rule);
    this.#plainChooser ??= new NotingChooser(this, this.#chooser, null);
    return this.#plainChooser;
  }

  /** What changed on the packet and its connection since the last call. */
  changes(): readonly Change[] {
    const before = this.#seen;
    if (before === null) return [];
    const now = this.#look();
    this.#seen = now;
    const fields = ['src', 'dst', 'mark', 'ctmark', 'tos', 'ttl'] as const;
    return fields
      .filter((field) => before[field] !== now[field])
      .map((field) => ({ field, from: before[field], to: now[field] }));
  }

  #look(): Seen {
    const { packet, connection } = this;
    const id = isIcmp(packet.protocol, packet.family)
      ? ` id ${printPort(packet.icmpId, packet.icmpIdTo)}`
      : '';
    return {
      src: `${endpoint(packet, 'src')}${id}`,
      dst: endpoint(packet, 'dst'),
      mark: printMark(packet.mark, packet.markUnknown),
      ctmark: connection === null ? '0x0' : printMark(connection.mark, connection.markUnknown),
      tos: `0x${packet.tos.toString(16)}`,
      ttl: String(packet.ttl),
    };
  }

  /** What targets may do to the packet and its connection. */
  get effects(): NftEffects {
    this.#effects ??= new WalkEffects(this);
    return this.#effects;
  }

  /** A rule of this walk changes a set: what the dump says about it no longer holds. */
  changeSet(set: string): void {
    this.#changedSets ??= new Set();
    this.#changedSets.add(set);
  }
}
