/** What targets may do to a walk's packet and to its connection. */
import type { Address } from '../address/address.js';
import type { SetChange, Tracking } from '../iptables/verdict.js';
import type { NftEffects } from '../nft/world.js';
import { type Connection, openConnection } from './connection.js';
import { setDestination, setSource } from './packet.js';
import { zeroTuple } from './tuple.js';
import type { Walk } from './walk.js';

/** Writes a mark of which some bits may not be known; those are kept as 0. */
function writeMark(holder: { mark: number; markUnknown: number }, mark: number, unknown: number): void {
  holder.mark = (mark & ~unknown) >>> 0;
  holder.markUnknown = unknown >>> 0;
}

export class WalkEffects implements NftEffects {
  readonly #walk: Walk;

  constructor(walk: Walk) {
    this.#walk = walk;
  }

  /** The entry, or what stands for it until conntrack has seen the packet. */
  get #connection(): Connection | null {
    return this.#walk.connection ?? this.#walk.template;
  }

  setMark(value: number, mask: number): void {
    const { packet } = this.#walk;
    writeMark(packet, (packet.mark & ~mask) ^ value, packet.markUnknown & ~mask);
  }

  setConnectionMark(value: number, mask: number): void {
    const connection = this.#connection;
    if (connection !== null)
      writeMark(connection, (connection.mark & ~mask) ^ value, connection.markUnknown & ~mask);
  }

  saveMark(nfmask: number, ctmask: number): void {
    const { packet } = this.#walk;
    const connection = this.#connection;
    if (connection === null) return;
    const unknown = (connection.markUnknown & ~ctmask) | (packet.markUnknown & nfmask);
    writeMark(connection, (connection.mark & ~ctmask) ^ (packet.mark & nfmask), unknown);
  }

  restoreMark(nfmask: number, ctmask: number): void {
    const { packet } = this.#walk;
    const connection = this.#connection;
    if (connection === null) return;
    const unknown = (packet.markUnknown & ~nfmask) | (connection.markUnknown & ctmask);
    writeMark(packet, (packet.mark & ~nfmask) ^ (connection.mark & ctmask), unknown);
  }

  setTos(value: number, mask: number): void {
    const { packet } = this.#walk;
    packet.tos = ((packet.tos & ~mask) ^ value) & 255;
  }

  setAddress(side: 'source' | 'destination', address: Address, to: Address): void {
    if (side === 'source') setSource(this.#walk.packet, address, to);
    else setDestination(this.#walk.packet, address, to);
  }

  mapQuoted(side: 'source' | 'destination', map: (address: Address) => Address | null): void {
    const { inner } = this.#walk;
    if (inner === null) return;
    const mapped = map(inner[side]);
    if (mapped === null) return;
    if (side === 'source') setSource(inner, mapped);
    else setDestination(inner, mapped);
  }

  setPort(side: 'source' | 'destination', from: number, to: number): void {
    const { packet } = this.#walk;
    if (side === 'source') [packet.sourcePort, packet.sourcePortTo] = [from, to];
    else [packet.destinationPort, packet.destinationPortTo] = [from, to];
  }

  setTcpFlags(value: number, mask: number): void {
    const { packet } = this.#walk;
    packet.tcpFlags = (packet.tcpFlags & ~mask) | value;
  }

  setTtl(ttl: number): void {
    this.#walk.packet.ttl = ttl;
  }

  setTracking({ notrack, zone, helper, direction, retracks }: Tracking): void {
    const walk = this.#walk;
    // xt_ct_target leaves a packet alone that a CT rule or conntrack has already seen (the round through lo too).
    const settled = walk.trackingSet && !(retracks === true && walk.untracked);
    if (settled || walk.connection !== null) return;
    walk.trackingSet = true;
    walk.untracked = notrack;
    const way = direction === undefined ? null : direction === 'original' ? 'ORIGINAL' : 'REPLY';
    walk.zoneIsMark = zone === 'mark';
    walk.zone = { id: zone === 'mark' ? walk.packet.mark & 0xffff : (zone ?? 0), direction: way };
    walk.helper = helper;
    if (notrack) return;
    const template = openConnection(zeroTuple(walk.family), walk.family, walk.zone, helper);
    template.confirmed = true;
    walk.template = template;
  }

  forgetMark(bits: number, of: 'packet' | 'connection'): void {
    const holder = of === 'packet' ? this.#walk.packet : this.#walk.connection;
    if (holder !== null) writeMark(holder, holder.mark, holder.markUnknown | bits);
  }

  changeSet({ set }: SetChange): void {
    this.#walk.changeSet(set);
  }
}
