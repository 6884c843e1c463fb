/** The conditions of a rule one by one, each with its answer, for who asks about that rule alone. */
import type { Ternary } from '../chooser/question.js';
import type { Reason } from './extension.js';
import { explainHeader, headerConditions } from './header.js';
import type { Header, Rule } from './model.js';
import { matchConditions } from './prepared.js';
import type { PacketView, World } from './view.js';

/** Parts of a header in the order in which the kernel compares them, with the option that each is written as. */
const PARTS: readonly (readonly [keyof Header, string])[] = [
  ['source', '-s'],
  ['destination', '-d'],
  ['inInterface', '-i'],
  ['outInterface', '-o'],
  ['protocol', '-p'],
  ['fragment', '-f'],
];

/** Which condition of a rule: an option of its header, a match by its index, or a statement of a native rule. */
export type ConditionPart =
  | { readonly kind: 'header'; readonly option: string }
  | { readonly kind: 'match'; readonly index: number }
  | { readonly kind: 'statement'; readonly index: number };

/** One condition of a rule, as it was when the rule was tested. */
export interface Inspected {
  readonly part: ConditionPart;
  /** Null when an earlier condition had failed: the kernel does not come to it. */
  readonly answer: Ternary | null;
  /** Why it does not hold. */
  readonly reason: Reason | null;
}

/** The conditions of a rule, without their answers. Comments ask nothing. */
function conditionParts({ header, matches }: Rule): readonly ConditionPart[] {
  const inHeader = PARTS.filter(([name]) => header[name] !== null);
  return [
    ...inHeader.map(([, option]): ConditionPart => ({ kind: 'header', option })),
    ...matches.flatMap((match, index): readonly ConditionPart[] =>
      !('opaque' in match) && match.extension.name === 'comment' ? [] : [{ kind: 'match', index }],
    ),
  ];
}

/** Asks the conditions in the kernel's order, up to the first that fails. The rule has just been tested in this world. */
export function inspectRule(rule: Rule, packet: PacketView, world: World): readonly Inspected[] {
  // Asked once more, the conditions may leave no further traces.
  world.doubt?.();
  const header = headerConditions(rule.header);
  const matches = matchConditions(rule.matches);
  let failed = false;
  return conditionParts(rule).map((part, at): Inspected => {
    if (failed) return { part, answer: null, reason: null };
    const condition = part.kind === 'match' ? matches[part.index] : header[at];
    const answer = condition?.evaluate(packet, world) ?? true;
    if (answer !== false) return { part, answer, reason: null };
    failed = true;
    if (part.kind !== 'match') return { part, answer, reason: explainHeader(rule.header, packet) };
    const match = rule.matches[part.index];
    const reason = match === undefined || 'opaque' in match ? null : match.explain(packet, world);
    return { part, answer, reason };
  });
}
