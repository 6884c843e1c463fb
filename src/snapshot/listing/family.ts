/** The family of a listing by its own text. */
import type { Family } from '../../address/address.js';

const ADDRESS6 =
  /\s!?(?:::\/0|(?=[0-9a-f]{0,4}:)[0-9a-f:]{3,39}(?:\/\d{1,3})?)(?:\s|$)|\bipv6-icmp|reject-with icmp6-/i;
const ADDRESS4 =
  /\s!?\d{1,3}(?:\.\d{1,3}){3}(?:\/[\d.]+)?(?:\s|$)|reject-with icmp-| icmptype | to:\d{1,3}\./;

/** Lines are looked at from the top; more than this of them would tell nothing new. */
const ENOUGH = 200_000;

/** 4 or 6 by the first address in a rule; null when no rule has one (`anywhere` is both). */
export function listingFamily(text: string): Family | null {
  for (const line of text.slice(0, ENOUGH).split('\n')) {
    // A comment may name an address of either family.
    const rule = line.replace(/\/\*.*\*\//, '').slice(0, 1000);
    if (ADDRESS4.test(rule)) return 4;
    if (ADDRESS6.test(rule)) return 6;
  }
  return null;
}
