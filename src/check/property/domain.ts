/** All packets that a property speaks of: a few fields, each a place in a pool, simplest first. */
import type { Family } from '../../address/address.js';
import type { PacketInput } from '../../packet/result.js';
import { Pool } from './pool.js';
import type { Random } from './random.js';
import { type Sets, SetFault, type Target, addressOf } from './sets.js';
import type { PropertySpec } from './spec.js';

/** A packet as places: its destination, source, protocol, port and source port, and the space of its family. */
export interface Draw {
  readonly space: number;
  readonly places: readonly bigint[];
}

interface Space {
  readonly family: Family;
  readonly pools: readonly Pool[];
  readonly targets: readonly Target[];
}

export class Domain {
  readonly #property: PropertySpec;
  readonly #spaces: readonly Space[];
  /** How many packets there are. */
  readonly size: bigint;

  private constructor(property: PropertySpec, spaces: readonly Space[]) {
    this.#property = property;
    this.#spaces = spaces;
    this.size = spaces.reduce(
      (sum, { pools }) => sum + pools.reduce((product, pool) => product * pool.size, 1n),
      0n,
    );
  }

  /** The packets of a property on a node. */
  static of(property: PropertySpec, sets: Sets): Domain | SetFault {
    const spaces: Space[] = [];
    for (const family of [4, 6] as const) {
      const from = sets.pools(property.from, family);
      const to = sets.pools(property.to, family);
      if (from instanceof SetFault) return from;
      if (to instanceof SetFault) return to;
      // Targets stand behind all addresses, as numbers of their own.
      const behind = { low: 0n, high: BigInt(to.targets.length - 1) };
      const ports = (list: PropertySpec['ports']): Pool =>
        new Pool(list.map(({ low, high }) => [{ low: BigInt(low), high: BigInt(high) }]));
      const pools = [
        new Pool([...to.sets, [behind]]),
        new Pool(from.sets),
        new Pool([[{ low: 0n, high: BigInt(property.protocols.length - 1) }]]),
        ports(property.ports),
        ports(property.sourcePorts),
      ];
      if (pools.every(({ size }) => size > 0n)) spaces.push({ family, pools, targets: to.targets });
    }
    const domain = new Domain(property, spaces);
    return domain.size > 0n ? domain : new SetFault('CHECK_NO_PACKET', {}, property.span);
  }

  /** Draws a packet. */
  draw(random: Random): Draw {
    const space = random.below(this.#spaces.length);
    return { space, places: this.#spaces[space]?.pools.map((pool) => pool.draw(random)) ?? [] };
  }

  /** Every packet, each once. */
  *all(): Generator<Draw, void, undefined> {
    for (const [space, { pools }] of this.#spaces.entries()) {
      const total = pools.reduce((product, { size }) => product * size, 1n);
      for (let number = 0n; number < total; number += 1n) {
        let rest = number;
        const places = pools.map(({ size }) => {
          const place = rest % size;
          rest /= size;
          return place;
        });
        yield { space, places };
      }
    }
  }

  /** Packets that differ in one field, which is simpler; the simplest first. */
  *simpler({ space, places }: Draw): Generator<Draw, void, undefined> {
    for (const [field, place] of places.entries()) {
      const pool = this.#spaces[space]?.pools[field];
      for (const simple of pool?.simpler(place) ?? [])
        yield { space, places: places.map((one, at) => (at === field ? simple : one)) };
    }
  }

  packet({ space, places }: Draw): PacketInput {
    const { family = 4, pools = [], targets = [] } = this.#spaces[space] ?? {};
    const [to = 0n, from = 0n, protocol = 0n, dport = 0n, sport = 0n] = places;
    const valueAt = (field: number, place: bigint): bigint => pools[field]?.at(place) ?? 0n;
    const first = BigInt(Math.max(0, targets.length));
    const addresses = (pools[0]?.size ?? 0n) - first;
    const target = to >= addresses ? targets[Number(to - addresses)] : undefined;
    const { mark, in: device } = this.#property;
    const proto = target?.proto ?? this.#property.protocols[Number(protocol)] ?? 'tcp';
    const isPlain = proto === 'icmp' || proto === 'icmpv6';
    return {
      proto: isPlain ? (family === 6 ? 'icmpv6' : 'icmp') : proto,
      src: addressOf(valueAt(1, from), family),
      dst: target?.address ?? addressOf(valueAt(0, to), family),
      ...(isPlain
        ? {}
        : { sport: Number(valueAt(4, sport)), dport: target?.port ?? Number(valueAt(3, dport)) }),
      ...(mark === null ? {} : { mark }),
      ...(device === undefined ? {} : { in: device }),
    };
  }
}
