/** The family of a listing by its own text. */
import { familyOf } from '../../address/address.js';
import type { Family } from '../../address/address.js';
import { parseNetwork } from '../ip-rule.js';

const ADDRESS6 = /\s!?((?=[0-9a-f]{0,4}:)[0-9a-f:.]{2,45}(?:\/\d{1,3})?)(?=\s|$)/gi;
const WORDS6 = /\bipv6-icmp|reject-with icmp6-/;
const ADDRESS4 =
  /\s!?\d{1,3}(?:\.\d{1,3}){3}(?:\/[\d.]+)?(?:\s|$)|reject-with icmp-| icmptype | to:\d{1,3}\./;
/** The fragment column has something in IPv4 alone: `-f`, `!f`. */
const FRAGMENTS = /\s(?:-f|!f)\s/;
/** ip6tables before 1.8.9 leaves that column blank, where iptables and later ones have `--`. */
const BLANK_COLUMN = /(?:^|\s)(?:all|tcp|udp|udplite|icmp|icmpv6|sctp|esp|ah|gre|\d{1,3}) {5,}\S/;
const FULL_COLUMN = /\s(?:--|-f|!f)\s/;

/** Lines are looked at from the top; more than this of them would tell nothing new. */
const ENOUGH = 200_000;

/** A colon makes no address: `CLASSIFY set 1:20` is a class, `spts:1:9` a range. */
function hasAddress6(rule: string): boolean {
  return [...rule.matchAll(ADDRESS6)].some(([, word = '']) => {
    const network = parseNetwork(word);
    return network !== null && familyOf(network.address) === 6;
  });
}

/**
 * 4 or 6 by the first address in a rule, or by the column of fragments where no rule has an address (`anywhere` is both);
 * null when nothing tells.
 */
export function listingFamily(text: string): Family | null {
  let isBlank = false;
  for (const line of text.slice(0, ENOUGH).split('\n')) {
    // A comment, or a prefix of a log, may name an address of either family.
    const rule = line
      .slice(0, 2000)
      .replace(/\/\*.*\*\//, '')
      .replace(/"[^"]*"/g, '""')
      .slice(0, 1000);
    if (ADDRESS4.test(rule) || FRAGMENTS.test(rule)) return 4;
    if (WORDS6.test(rule) || (rule.includes(':') && hasAddress6(rule))) return 6;
    isBlank ||= BLANK_COLUMN.test(rule) && !FULL_COLUMN.test(rule) && !rule.startsWith('Chain ');
  }
  return isBlank ? 6 : null;
}
