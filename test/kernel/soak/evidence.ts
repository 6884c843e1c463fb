/**
 * What of the engine a run has put to the proof: every match and target, and every expression and statement of native
 * rules, that decided something the kernel confirmed.
 */
import type { Rule, RuleMatch } from '../../../src/iptables/model.js';
import type { NftRule } from '../../../src/nft/model.js';
import { type AnyRule, isNative } from '../../../src/packet/any-rule.js';
import type { Step } from '../../../src/packet/steps.js';
import type { Proof } from './compare.js';
import { askedBy, namesOf, statementName, usedBy } from './nft/names.js';

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
  /** Of native rules: how often an expression let the rule go on, or ended it. */
  readonly expressions: Map<string, Answers>;
  /** How often a statement was met. */
  readonly statements: Map<string, number>;
}

export function noEvidence(): Evidence {
  return {
    ...{ traced: 0, untold: 0, matches: new Map(), targets: new Map() },
    ...{ expressions: new Map(), statements: new Map() },
  };
}

const nameOf = (match: RuleMatch): string => ('opaque' in match ? match.name : match.extension.name);

function answered(all: Map<string, Answers>, name: string, answer: keyof Answers): void {
  const answers = all.get(name) ?? { yes: 0, no: 0 };
  answers[answer] += 1;
  all.set(name, answers);
}

function met(all: Map<string, number>, name: string | null): void {
  if (name !== null) all.set(name, (all.get(name) ?? 0) + 1);
}

/** A rule did not match. Only of what failed is it certain what it said. */
function passedBy(evidence: Evidence, rule: AnyRule, failed: number | null): void {
  if (failed === null) return;
  if (isNative(rule)) {
    const statement = rule.statements[failed];
    const asked = statement === undefined ? [] : askedBy(statement);
    for (const name of namesOf(asked)) answered(evidence.expressions, name, 'no');
    return;
  }
  const match = rule.matches[failed];
  if (match !== undefined) answered(evidence.matches, nameOf(match), 'no');
}

/** A native rule did all that it says. */
function native(evidence: Evidence, { statements }: NftRule): void {
  for (const statement of statements) {
    for (const name of namesOf([...askedBy(statement), ...usedBy(statement)]))
      answered(evidence.expressions, name, 'yes');
    met(evidence.statements, statementName(statement));
  }
}

function matched(evidence: Evidence, { matches, action }: Rule): void {
  for (const match of matches) answered(evidence.matches, nameOf(match), 'yes');
  if (action.kind === 'target') met(evidence.targets, action.target.extension.name);
}

function step(evidence: Evidence, one: Step): void {
  if (one.kind === 'rule' || one.kind === 'chain-end')
    for (const { rule, match } of one.missed) passedBy(evidence, rule, match);
  // A rule that broke off has done only some of what it says.
  if (one.kind !== 'rule' || one.open || one.outcome === 'break') return;
  if (isNative(one.rule)) native(evidence, one.rule);
  else matched(evidence, one.rule);
}

/** Adds what one packet proves. Needs an outcome with its steps and the rules that did not match. */
export function add(evidence: Evidence, { outcome, traced }: Proof): void {
  if (traced) evidence.traced += 1;
  else if (outcome.path.some((name) => !name.includes(':policy:'))) evidence.untold += 1;
  for (const one of outcome.steps) step(evidence, one);
}
