/**
 * What the NAT core computes from a range: which address of it a flow gets, and within which ports it searches
 * (net/netfilter/nf_nat_core.c). All of it is arithmetic: no table of connections is consulted here.
 *
 * The kernel hashes addresses as its processor loads them. This follows little-endian machines (x86-64, arm64), which
 * is what cluster nodes are.
 */
import type { Address, Family } from '../address/address.js';
import { jhash2, scale } from '../address/jhash.js';
import { type AddressRange } from '../address/prefix.js';
import type { NatRange, PortRange } from '../iptables/verdict.js';

/** Which half of the tuple is rewritten (enum nf_nat_manip_type). */
export type Manip = 'src' | 'dst';

/** The address as 32-bit words in host order, most significant first: one word or four (union nf_inet_addr). */
function hostWords(address: Address): number[] {
  if (typeof address === 'number') return [address >>> 0];
  return [96n, 64n, 32n, 0n].map((shift) => Number((address >> shift) & 0xffffffffn));
}

function fromHostWords(words: readonly number[], family: Family): Address {
  if (family === 4) return (words[0] ?? 0) | 0;
  return words.reduce((address, word) => (address << 32n) | BigInt(word), 0n);
}

/** A word in network order, as a little-endian processor loads it. */
function loaded(word: number): number {
  return ((word << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24)) >>> 0;
}

/**
 * The address of a range that a flow gets (`find_best_ips_proto`). It depends on nothing but the flow's addresses and
 * zone, so that a client keeps its address across reboots.
 * @param source the tuple's source address before this translation
 * @param destination the tuple's destination address before this translation
 * @param zone conntrack zone, 0 to 65535
 */
export function pickAddress(
  range: AddressRange,
  persistent: boolean,
  source: Address,
  destination: Address,
  zone: number,
  manip: Manip = 'src',
): Address {
  if (range.from === range.to) return range.from;
  const family = typeof range.from === 'bigint' ? 6 : 4;
  const low = hostWords(range.from);
  const high = hostWords(range.to);
  const destinationWords = hostWords(destination);
  const sourceWords = hostWords(source).map(loaded);
  // The kernel hashes the whole union, so that an IPv4 address is followed by three zero words.
  while (sourceWords.length < 4) sourceWords.push(0);
  let hash = jhash2(sourceWords, persistent ? 0 : loaded(destinationWords.at(-1) ?? 0) ^ zone);
  let full = false;
  const picked = low.map((lowest, at) => {
    const highest = high[at] ?? 0;
    // Once a word is below the range's last address, the words after it may be anything.
    const minimum = full ? 0 : lowest;
    const count = full ? 0xffffffff : (highest - lowest + 1) >>> 0;
    const word = (minimum + scale(hash, count)) >>> 0;
    if (word !== highest) full = true;
    // A destination is rewritten in place, word by word, and the kernel mixes in what it has just written.
    if (!persistent) hash = (hash ^ loaded(manip === 'dst' ? word : (destinationWords[at] ?? 0))) >>> 0;
    return word;
  });
  return fromHostWords(picked, family);
}

const ICMP = new Set([1, 58]);
const WITH_PORTS = new Set([6, 17, 33, 132, 136]);

/**
 * Within which ports (or ICMP ids) the kernel searches for a free one (`nf_nat_l4proto_unique_tuple`), both ends
 * included. A source port searched without a given range stays in its own class: below 512, 600 to 1023, or above.
 * @param port the tuple's present port of the manip's side, or its ICMP id
 * @param protocol IP protocol number
 * @returns null when it does not search: the port stays as it is
 */
export function searchRange(
  port: number,
  protocol: number,
  manip: Manip,
  range: Pick<NatRange, 'ports'>,
): PortRange | null {
  if (ICMP.has(protocol)) return range.ports ?? { from: 0, to: 65535 };
  // GRE keys change for connections of a PPTP helper alone.
  if (!WITH_PORTS.has(protocol)) return null;
  if (range.ports !== null) return range.ports;
  if (manip === 'dst') return null;
  if (port < 512) return { from: 1, to: 511 };
  return port < 1024 ? { from: 600, to: 1023 } : { from: 1024, to: 65535 };
}

/**
 * The port that a search tries first, when that is not drawn at random: the distance from the base port, or the low
 * end for a destination. It is what the flow gets if it is free.
 * @returns null when the start is random, or there is no search
 */
export function firstPort(
  port: number,
  protocol: number,
  manip: Manip,
  range: Pick<NatRange, 'ports' | 'basePort' | 'random' | 'randomFully'>,
): number | null {
  const within = searchRange(port, protocol, manip, range);
  if (within === null) return null;
  const size = within.to - within.from + 1;
  if (range.basePort !== null) return within.from + (((port - range.basePort) & 0xffff) % size);
  if (range.random || range.randomFully || manip === 'src') return null;
  return within.from;
}
