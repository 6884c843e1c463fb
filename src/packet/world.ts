/** What matches may ask the node, answered for one packet at one hook. */
import type { Address } from '../address/address.js';
import { type Ternary, unsure } from '../chooser/question.js';
import { testSet } from '../ipset/test.js';
import type {
  AddressType,
  ConnectionState,
  ConnectionView,
  Hook,
  PacketView,
  ReversePathQuery,
  World,
} from '../iptables/view.js';
import { addressTypeIs } from '../routing/address-type.js';
import { tableShown } from '../routing/fib.js';
import { TABLE_ID } from '../routing/model.js';
import { hasNoRealms } from '../routing/realm.js';
import { reversePathMatches } from '../routing/reverse-path.js';
import { ConnectionSight } from './connection.js';
import { flowOf } from './flow.js';
import type { Walk } from './walk.js';

/** What a set whose type is not shown may look at on one side of the packet. */
function elementOf(packet: PacketView, way: 'src' | 'dst'): string {
  return way === 'src'
    ? `src ${String(packet.source)} ${String(packet.sourcePort)} ${packet.inInterface}`
    : `dst ${String(packet.destination)} ${String(packet.destinationPort)} ${packet.outInterface}`;
}

const NO_RULE = { key: '' };

/** A rule, as far as the world must know it. */
interface Keyed {
  readonly key: string;
}

/** The world as a walk's rules see it. One object serves all rules of a table; each enters it before it is tested. */
export class WalkWorld implements World {
  readonly hook: Hook;
  ordinal = 0;
  #rule: Keyed = NO_RULE;
  /** The rule has an open condition before what is asked now. */
  #doubtful = false;
  #sight: ConnectionSight | null = null;
  readonly backend: 'legacy' | 'nft' | null;
  readonly #walk: Walk;

  constructor(walk: Walk, hook: Hook, backend: 'legacy' | 'nft' | null = null) {
    this.#walk = walk;
    this.hook = hook;
    this.backend = backend;
  }

  get ruleKey(): string {
    return this.#rule.key;
  }

  /** Begins with another rule. */
  enter(rule: Keyed): void {
    this.#rule = rule;
    this.ordinal = 0;
    this.#doubtful = false;
  }

  doubt(): void {
    this.#doubtful = true;
  }

  connectionLabel(label: string, set: boolean): boolean | null {
    const { connection } = this.#walk;
    // A template has no room for labels.
    if (connection === null) return false;
    const { labels } = connection;
    const had = labels.has(label) ? (labels.get(label) ?? null) : connection.anyLabels ? null : false;
    if (!set) return had;
    if (had !== true) labels.set(label, this.#doubtful ? null : true);
    return true;
  }

  get connection(): ConnectionView | null {
    const { connection, template, direction } = this.#walk;
    const seen = connection ?? template;
    if (seen === null) return null;
    let sight = this.#sight;
    if (sight?.connection !== seen || sight.direction !== direction)
      this.#sight = sight = new ConnectionSight(seen, direction);
    return sight;
  }

  get state(): ConnectionState {
    const { connection, template, untracked, state } = this.#walk;
    if (connection !== null) return state;
    return template !== null ? 'NEW' : untracked ? 'UNTRACKED' : state;
  }

  /** Does no answer about the type of an address rest on a table that is not shown? */
  get typesKnown(): boolean {
    return tableShown(this.#walk.network, TABLE_ID.local);
  }

  addressTypeIs(address: Address, types: ReadonlySet<AddressType>, device: string | null): Ternary {
    const { network } = this.#walk;
    if (!this.typesKnown) this.#walk.assume('UNK_NO_LOCAL', { family: network.family });
    return addressTypeIs(network, address, types, device);
  }

  inSet(
    name: string,
    directions: readonly ('src' | 'dst')[],
    packet: PacketView,
    returnNomatch = false,
  ): Ternary {
    if (this.#walk.changedSet(name)) return unsure(`changed set ${name}`, 'UNK_SET_CHANGED', { set: name });
    const { sets } = this.#walk.node;
    const set = sets?.get(name);
    if (sets === null || set === undefined) {
      const asked = directions.map((way) => elementOf(packet, way)).join(',');
      const what = returnNomatch ? 'has nomatch' : 'has';
      const key = `set ${name} ${what} ${String(packet.protocol)} ${asked}`;
      return unsure(key, sets === null ? 'UNK_NO_SETS' : 'UNK_NO_SET', { set: name });
    }
    return testSet(sets, set, {
      ...packet,
      sourceMac: null,
      directions,
      returnNomatch,
    });
  }

  reversePath(query: ReversePathQuery, packet: PacketView): Ternary {
    return reversePathMatches(
      this.#walk.network,
      query,
      flowOf(packet, packet.inInterface, null),
      this.#walk.chooserFor(null),
    );
  }

  /** A device without ports bridges nothing; one with ports may be a bridge, a bond or a VRF. */
  isBridge(device: string): boolean | null {
    const { links, known } = this.#walk.network;
    for (const link of links.values()) if (link.master === device) return null;
    return known.links ? false : null;
  }

  realm(): number | null {
    const { network, realm } = this.#walk;
    if (hasNoRealms(network)) return 0;
    return network.known.rules ? (realm?.() ?? null) : null;
  }

  deviceGroup(device: string): number | null {
    return this.#walk.network.links.get(device)?.group ?? null;
  }
}
