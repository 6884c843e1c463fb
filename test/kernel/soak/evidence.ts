/** What of the engine a run has put to the proof: every match and target that decided something the kernel confirmed. */
import type { RuleMatch } from '../../../src/iptables/model.js';
import { type AnyRule, isNative } from '../../../src/packet/any-rule.js';
import type { Step } from '../../../src/packet/steps.js';
import type { Proof } from './compare.js';

/** How often a match said yes and no on the way of packets whose outcome was the kernel's. */
export interface Answers {
  yes: number;
  no: number;
}

export interface Evidence {
  /** Packets whose path the kernel traced; all of those that agree went the same way, rule by rule. */
  traced: number;
  /** Packets that met rules, of which the kernel traced nothing: answers of the stack. */
  untold: number;
  readonly matches: Map<string, Answers>;
  /** How often a target was met. */
  readonly targets: Map<string, number>;
}

export function noEvidence(): Evidence {
  return { traced: 0, untold: 0, matches: new Map(), targets: new Map() };
}

const nameOf = (match: RuleMatch): string => ('opaque' in match ? match.name : match.extension.name);

function answered(evidence: Evidence, match: RuleMatch, answer: keyof Answers): void {
  const name = nameOf(match);
  const answers = evidence.matches.get(name) ?? { yes: 0, no: 0 };
  answers[answer] += 1;
  evidence.matches.set(name, answers);
}

/** A rule did not match. Only of the match that failed is it certain what it said. */
function passedBy(evidence: Evidence, rule: AnyRule, failed: number | null): void {
  if (isNative(rule)) return;
  const match = failed === null ? undefined : rule.matches[failed];
  if (match !== undefined) answered(evidence, match, 'no');
}

function step(evidence: Evidence, one: Step): void {
  if (one.kind === 'rule' || one.kind === 'chain-end')
    for (const { rule, match } of one.missed) passedBy(evidence, rule, match);
  if (one.kind !== 'rule' || one.open || isNative(one.rule)) return;
  for (const match of one.rule.matches) answered(evidence, match, 'yes');
  const { action } = one.rule;
  if (action.kind !== 'target') return;
  const { name } = action.target.extension;
  evidence.targets.set(name, (evidence.targets.get(name) ?? 0) + 1);
}

/** Adds what one packet proves. Needs an outcome with its steps and the rules that did not match. */
export function add(evidence: Evidence, { outcome, traced }: Proof): void {
  if (traced) evidence.traced += 1;
  else if (outcome.path.some((name) => !name.includes(':policy:'))) evidence.untold += 1;
  for (const one of outcome.steps) step(evidence, one);
}
