/** One of the endpoints that chance may draw, picked by the user. */
import { formatAddress, parseAddress } from '../address/address.js';
import type { Way } from './orders.js';
import type { FinalPacket, Outcome } from './result.js';

export interface Pick {
  /** As the user named it. */
  readonly text: string;
  readonly address: string;
  /** Null: any. */
  readonly port: number | null;
}

/** `10.0.0.1:80`, `[2001:db8::1]:80`, or the address alone. */
function endpointText(address: string, port: number | undefined): string {
  if (port === undefined) return address;
  return address.includes(':') ? `[${address}]:${String(port)}` : `${address}:${String(port)}`;
}

const within = (value: number, low: number, high: number): boolean => value >= low && value <= high;

function isAt({ dst, dport, dportRange }: FinalPacket, { address, port }: Pick): boolean {
  const wanted = parseAddress(address);
  if (dst === undefined || wanted === null || dst !== formatAddress(wanted)) return false;
  if (port === null) return true;
  return dportRange === undefined ? dport === port : within(port, dportRange[0], dportRange[1]);
}

/** Does the outcome go to the endpoint, by a translation of its destination? */
function goesTo({ dnat, final }: Outcome, pick: Pick): boolean {
  return dnat !== null && isAt(final, pick);
}

/** The endpoints that outcomes are sent to, each once. */
export function endpointsOf(outcomes: readonly Outcome[]): readonly string[] {
  const texts = outcomes.flatMap(({ dnat, final: { dst, dport } }) =>
    dnat === null || dst === undefined ? [] : [endpointText(dst, dport)],
  );
  return [...new Set(texts)];
}

/** Is the endpoint on the way of any outcome? */
export function isEndpoint(outcomes: readonly Outcome[], pick: Pick): boolean {
  return outcomes.some((one) => goesTo(one, pick));
}

/** The ways to the picked endpoint, each resting on that; all of them where none leads there. */
export function picked(ways: readonly Way[], pick: Pick | undefined): readonly Way[] {
  if (pick === undefined) return ways;
  const kept = ways.filter(({ outcome }) => goesTo(outcome, pick));
  if (kept.length === 0 || kept.length === ways.length) return ways;
  const params = { endpoint: endpointText(pick.address, pick.port ?? undefined) };
  const assumption = { code: 'SETTLED_PICK', params, rule: null, by: '--pick' } as const;
  return kept.map((way) => {
    const { outcome } = way;
    const rest = outcome.reply === undefined ? {} : { reply: { ...outcome.reply, probability: null } };
    const assumptions = [...outcome.assumptions, assumption];
    return { ...way, outcome: { ...outcome, probability: null, assumptions, ...rest } };
  });
}
