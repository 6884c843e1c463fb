/** What nft's expressions ask the node beyond what iptables' matches ask, answered for one walk. */
import type { Address } from '../address/address.js';
import type { NftMemory } from '../nft/memory.js';
import type { FibAnswer, FibQuery, NftWorld } from '../nft/world.js';
import { answerFib } from '../routing/fib-query.js';
import { type FibType, fibType6 } from '../routing/fib-type.js';
import type { Walk } from './walk.js';

/** ARPHRD_… numbers (include/uapi/linux/if_arp.h) by the word that `ip link` prints behind `link/`. */
const LINK_TYPES: ReadonlyMap<string, number> = new Map([
  ['ether', 1],
  ['infiniband', 32],
  ['ppp', 512],
  ['ipip', 768],
  ['tunnel6', 769],
  ['loopback', 772],
  ['sit', 776],
  ['gre', 778],
  ['gre6', 823],
  ['none', 65534],
]);

/** The world of native rules during one walk; what they remember belongs to the walk. */
export class WalkNftWorld implements NftWorld {
  readonly memory: NftMemory;
  readonly #walk: Walk;

  constructor(walk: Walk) {
    this.#walk = walk;
    this.memory = walk.nftMemory;
  }

  fib(query: FibQuery): FibAnswer {
    const { network, packet } = this.#walk;
    return answerFib(network, { ...query, protocol: packet.protocol }, this.#walk.chooserFor(null));
  }

  fibType6(query: FibQuery): FibType | null {
    const { network, packet } = this.#walk;
    return fibType6(network, { ...query, protocol: packet.protocol }, this.#walk.chooserFor(null));
  }

  interfaceType(device: string): number | null {
    const layer = this.#walk.network.links.get(device)?.layer ?? (device === 'lo' ? 'loopback' : '');
    return LINK_TYPES.get(layer) ?? null;
  }

  interfaceKind(device: string): string | null {
    return this.#walk.network.links.get(device)?.kind ?? null;
  }

  nexthop(): Address | null {
    const { routed, packet } = this.#walk;
    return routed === null || routed.kind === 'local' ? null : (routed.via ?? packet.destination);
  }
}
