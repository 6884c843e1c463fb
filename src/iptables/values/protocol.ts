/** An IP protocol as an option value: a name or a number, printed as a number (`--ctproto`). */
import { BadValue, type ValueType } from '../extension.js';
import { parseNumber } from './number.js';

// prettier-ignore
const NAMES: ReadonlyMap<string, number> = new Map(
  Object.entries({
    all: 0, ip: 0, icmp: 1, igmp: 2, ipip: 4, tcp: 6, udp: 17, dccp: 33, gre: 47, esp: 50, ah: 51, icmpv6: 58,
    'ipv6-icmp': 58, ospf: 89, vrrp: 112, sctp: 132, mh: 135, udplite: 136,
  }),
);

/** The number of a protocol that is given by name (in any case) or number up to 255, or null. */
export function parseProtocol(word: string): number | null {
  const value = parseNumber(word) ?? NAMES.get(word.toLowerCase()) ?? null;
  return value !== null && value <= 255 ? value : null;
}

export const protocolNumber: ValueType<number> = {
  words: 1,
  parse: ([word = '']) => parseProtocol(word) ?? new BadValue('VAL_PROTOCOL', { text: word }),
  print: String,
};
