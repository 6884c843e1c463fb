/** The address that a rule asks for, seen in its text: rules that a packet does not fit need not be made. */
import { type Address, parseAddress4, parseAddress6 } from '../../address/address.js';

const BRACKET = 91;

const OPTIONS = { source: ' -s ', destination: ' -d ' } as const;

type Side = keyof typeof OPTIONS;

/**
 * The one address that `-A CHAIN -d ADDRESS/32 ...` asks for, as iptables-save prints a destination without a source, or
 * that `-A CHAIN -s ADDRESS/32 ...` asks for.
 * @param start of the rule's line, where counters may stand
 * @returns null for a rule whose text has anything else there
 */
export function exactAddress(text: string, start: number, chain: string, side: Side): Address | null {
  const at = text.charCodeAt(start) === BRACKET ? text.indexOf('] ', start) + 2 : start;
  const from = at + chain.length + 7;
  if (!text.startsWith(OPTIONS[side], from - 4)) return null;
  const slash = text.indexOf('/', from);
  if (slash < 0 || slash - from > 39) return null;
  const address = text.slice(from, slash);
  if (text.startsWith('/32 ', slash)) return parseAddress4(address);
  return text.startsWith('/128 ', slash) ? parseAddress6(address) : null;
}
