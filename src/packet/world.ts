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
import { reversePathMatches } from '../routing/reverse-path.js';
import { viewOf } from './connection.js';
import { flowOf } from './flow.js';
import type { Walk } from './walk.js';

/** The world as a walk's rules see it. One object serves all rules of a table; `ruleKey` is set before each. */
export class WalkWorld implements World {
  readonly hook: Hook;
  ruleKey = '';
  readonly #walk: Walk;

  constructor(walk: Walk, hook: Hook) {
    this.#walk = walk;
    this.hook = hook;
  }

  get connection(): ConnectionView | null {
    const { connection, direction } = this.#walk;
    return connection === null ? null : viewOf(connection, direction);
  }

  get state(): ConnectionState {
    return this.#walk.state;
  }

  addressTypeIs(address: Address, types: ReadonlySet<AddressType>, device: string | null): Ternary {
    return addressTypeIs(this.#walk.network, address, types, device);
  }

  inSet(name: string, directions: readonly ('src' | 'dst')[], packet: PacketView): Ternary {
    if (this.#walk.changedSets.has(name))
      return unsure(`changed set ${name}`, 'UNK_SET_CHANGED', { set: name });
    const { sets } = this.#walk.node;
    const set = sets?.get(name);
    if (sets === null || set === undefined) {
      const asked = `${directions.join(',')} of ${String(packet.source)} ${String(packet.destination)} ${String(packet.protocol)} ${String(packet.sourcePort)} ${String(packet.destinationPort)}`;
      return unsure(`set ${name} has ${asked}`, sets === null ? 'UNK_NO_SETS' : 'UNK_NO_SET', { set: name });
    }
    return testSet(sets, set, {
      family: packet.family,
      source: packet.source,
      destination: packet.destination,
      protocol: packet.protocol,
      sourcePort: packet.sourcePort,
      destinationPort: packet.destinationPort,
      icmpType: packet.icmpType,
      icmpCode: packet.icmpCode,
      inInterface: packet.inInterface,
      outInterface: packet.outInterface,
      sourceMac: null,
      directions,
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

  deviceGroup(device: string): number | null {
    return this.#walk.network.links.get(device)?.group ?? null;
  }
}
