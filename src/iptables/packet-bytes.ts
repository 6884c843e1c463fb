/**
 * A packet as the bytes that a match may look at, from its IP header on. A packet is described by the fields of its
 * header: what no field says (checksums, sequence numbers, the payload) is there, but not known. It is whole and plain:
 * no fragment, no IPv4 options, no IPv6 extension headers but the one that its protocol names, and a UDP header that
 * tells the same length as the IP header.
 */
import type { Address } from '../address/address.js';
import { type Bits, type Maybe, anyBits, between, known, or, shiftLeft } from './values/bits.js';
import type { PacketView } from './view.js';

const IP4_HEADER = 20;
const IP6_HEADER = 40;
/** The least that a protocol's own header takes, in bytes. */
const LEAST_HEADER: ReadonlyMap<number, number> = new Map([
  [1, 8],
  [6, 20],
  [17, 8],
  [33, 12],
  [58, 8],
  [132, 12],
  [136, 8],
]);
const LONGEST = 65_535;
/** ICMP messages that carry an id (net/netfilter/nf_conntrack_proto_icmp.c), and ICMPv6 echo. */
const WITH_ID: Readonly<Record<4 | 6, ReadonlySet<number>>> = {
  4: new Set([0, 8, 13, 14, 15, 16, 17, 18]),
  6: new Set([128, 129]),
};

/** What was read: is it within the packet, and which bits. */
export interface Read {
  readonly within: Maybe;
  readonly bits: Bits;
}

/** The bytes, in network order. */
export class PacketBytes {
  /** Total length, as IP counts it: known, or between two bounds. */
  readonly shortest: number;
  readonly longest: number;
  readonly #bytes: Bits[] = [];

  constructor(packet: PacketView) {
    const { family, protocol, length } = packet;
    const header = family === 4 ? IP4_HEADER : IP6_HEADER;
    const beyond = family === 4 ? 0 : header;
    this.shortest = length ?? header + (LEAST_HEADER.get(protocol) ?? 0);
    this.longest = length ?? LONGEST + beyond;
    if (family === 4) this.#ip4(packet);
    else this.#ip6(packet);
    this.#transport(packet, header);
  }

  /** The length as a number of which some bits may not be known. */
  get length(): Bits {
    return between(this.shortest, this.longest);
  }

  /** Reads 1, 2 or 4 bytes at an offset from the IP header. */
  read(offset: number, size: 1 | 2 | 4): Read {
    const end = offset + size;
    let bits = known(0);
    for (let at = offset; at < end; at += 1) bits = or(shiftLeft(bits, 8), this.#bytes[at] ?? anyBits(8));
    return { within: end <= this.shortest ? true : end > this.longest ? false : null, bits };
  }

  /** What is known, in hexadecimal: the identity of the packet for what depends on its bytes. */
  toString(): string {
    const bytes = Array.from({ length: Math.min(this.#bytes.length, this.longest) }, (_, at) => {
      const { value, unknown } = this.#bytes[at] ?? anyBits(8);
      return unknown === 0xff
        ? '??'
        : `${value.toString(16)}${unknown === 0 ? '' : `/${unknown.toString(16)}`}`;
    });
    return `${bytes.join(' ')} of ${String(this.shortest)}-${String(this.longest)}`;
  }

  #put(offset: number, size: number, { value, unknown }: Bits): void {
    for (let at = 0; at < size; at += 1) {
      const shift = 8 * (size - 1 - at);
      this.#bytes[offset + at] = { value: (value >>> shift) & 0xff, unknown: (unknown >>> shift) & 0xff };
    }
  }

  #address(offset: number, low: Address, high: Address): void {
    if (typeof low === 'number' || typeof high === 'number') {
      this.#put(offset, 4, between(Number(low), Number(high)));
      return;
    }
    let open = false;
    for (let word = 0; word < 4; word += 1) {
      const [from, to] = [low, high].map((end) => Number((end >> BigInt(96 - 32 * word)) & 0xffffffffn));
      this.#put(offset + 4 * word, 4, open ? anyBits() : between(from ?? 0, to ?? 0));
      open ||= from !== to;
    }
  }

  /** No options, not a fragment: packets are described whole. Id, the DF bit and the checksum are not known. */
  #ip4({ tos, length, ttl, protocol, source, sourceTo, destination, destinationTo }: PacketView): void {
    this.#put(0, 1, known(0x45));
    this.#put(1, 1, known(tos));
    this.#put(2, 2, length === null ? anyBits(16) : known(length));
    this.#put(4, 2, anyBits(16));
    this.#put(6, 2, { value: 0, unknown: 0xc000 });
    this.#put(8, 1, known(ttl));
    this.#put(9, 1, known(protocol));
    this.#put(10, 2, anyBits(16));
    this.#address(12, source, sourceTo);
    this.#address(16, destination, destinationTo);
  }

  /** No extension headers. The flow label is not known. */
  #ip6({ tos, length, ttl, protocol, source, sourceTo, destination, destinationTo }: PacketView): void {
    this.#put(0, 4, { value: ((6 << 28) | (tos << 20)) >>> 0, unknown: 0xfffff });
    this.#put(4, 2, length === null ? anyBits(16) : known(length - IP6_HEADER));
    this.#put(6, 1, known(protocol));
    this.#put(7, 1, known(ttl));
    this.#address(8, source, sourceTo);
    this.#address(24, destination, destinationTo);
  }

  #transport(packet: PacketView, start: number): void {
    const { family, protocol, length } = packet;
    if (protocol === (family === 4 ? 1 : 58)) {
      this.#put(start, 1, known(packet.icmpType));
      this.#put(start + 1, 1, known(packet.icmpCode));
      const hasId = WITH_ID[family].has(packet.icmpType);
      this.#put(start + 2, 2, anyBits(16));
      this.#put(start + 4, 2, hasId ? between(packet.icmpId, packet.icmpIdTo) : anyBits(16));
      return;
    }
    if (![6, 17, 33, 132, 136].includes(protocol)) return;
    this.#put(start, 2, between(packet.sourcePort, packet.sourcePortTo));
    this.#put(start + 2, 2, between(packet.destinationPort, packet.destinationPortTo));
    if (protocol === 17 && length !== null) this.#put(start + 4, 2, known(length - start));
    if (protocol === 6) this.#put(start + 13, 1, known(packet.tcpFlags));
  }
}
