/** What can be seen from outside of a walk that is known, and whether it was seen. */
import { isDeepStrictEqual } from 'node:util';
import type { Expected } from '../../walks/case.js';
import type { Observation } from './judge.js';
import type { Seen } from './seen.js';

/** The part of an expectation that can be seen from outside. */
type Visible = Pick<Expected, 'verdict' | 'out' | 'via' | 'src' | 'dst'>;

const FIELDS = ['verdict', 'out', 'via', 'src', 'dst'] as const;

function endpoint(expected: string | undefined, address: string, port: Seen['sport']): string {
  return `${address}:${expected?.endsWith(':*') === true ? '*' : String(port)}`;
}

/** What was observed, in the words of the expectation: drawn ports are `*` where it says so. */
export function observed(expected: Expected, observation: Observation): Visible {
  const [seen] = [...observation.out, ...observation.delivered];
  if (seen === undefined) return { verdict: observation.answers.length > 0 ? 'rejected' : 'dropped' };
  const forwarded = observation.sent.in === null ? 'sent' : 'forwarded';
  return {
    verdict: seen.nexthop === null ? 'delivered' : forwarded,
    out: seen.iface,
    via: seen.nexthop === seen.dst ? null : seen.nexthop,
    src: endpoint(expected.src, seen.src, seen.sport),
    dst: endpoint(expected.dst, seen.dst, seen.dport),
  };
}

/** What of the expectation can be seen at all. */
export function visible(expected: Expected): Visible {
  const told = FIELDS.filter((field) => expected[field] !== undefined);
  return { verdict: expected.verdict, ...Object.fromEntries(told.map((field) => [field, expected[field]])) };
}

/** Whether everything that can be seen of the expectation was seen. */
export function wasSeen(expected: Expected, observation: Observation): boolean {
  const wanted = visible(expected);
  const seen = Object.entries(observed(expected, observation)).filter(([field]) => field in wanted);
  return isDeepStrictEqual(Object.fromEntries(seen), wanted);
}
