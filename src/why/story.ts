/** What became of one rule in a walk: tested, cut off, or never come to, and then which jumps would have led there. */
import type { Table } from '../iptables/model.js';
import type { NftTable } from '../nft/model.js';
import type { AnyRule } from '../packet/any-rule.js';
import type { Passing } from '../packet/passing.js';
import type { Outcome } from '../packet/result.js';
import type { Change, Step } from '../packet/steps.js';
import { type Way, type WaysTo, jumpOf } from './ancestors.js';
import { type Visit, isVisitOf, visitsOf } from './visits.js';

type RuleStep = Extract<Step, { readonly kind: 'rule' }>;

/** The walk was in the chain and left it before it came to the rule. */
export interface Cut {
  readonly kind: 'cut';
  readonly visit: Visit;
  /** The rule of the chain behind which the walk did not come back. */
  readonly by: RuleStep | null;
  /** The rule that then decided, where `by` only jumped. */
  readonly decided: RuleStep | null;
}

/** A test of the rule. */
export interface Tested {
  readonly kind: 'tested';
  readonly passing: Passing;
  /** What the rule did, if it matched. */
  readonly did: RuleStep | null;
  /** What it changed, the translation that it asked for included. */
  readonly changes: readonly Change[];
}

/** One way that would have led to the rule, up to where it broke off. */
export interface Lead {
  /** The jumps from there to the chain of the rule; empty where its own chain begins at a hook. */
  readonly way: readonly AnyRule[];
  readonly why:
    | Tested
    | Cut
    /** The first jump matched, and sent the packet to another chain (a verdict map). */
    | { readonly kind: 'elsewhere'; readonly passing: Passing }
    /** The chain begins at a hook that did not run it. */
    | { readonly kind: 'hook'; readonly chain: string; readonly skipped: NatSkipped | null }
    /** Nothing leads to the chain. */
    | { readonly kind: 'no-jump'; readonly chain: string };
}

export type NatSkipped = Extract<Step, { readonly kind: 'nat-skipped' }>['why'];

/** What a walk did with a rule. */
export interface Story {
  readonly places: readonly (Tested | Cut)[];
  /** Where there are no places: the nearest ways to it, best first. */
  readonly leads: readonly Lead[];
  /** How many more ways there are than `leads` tells. */
  readonly more: number;
}

/** Everything about one walk that a story is made from. */
class Reading {
  readonly #outcome: Outcome;
  readonly #visits: readonly Visit[];

  constructor(outcome: Outcome) {
    this.#outcome = outcome;
    this.#visits = visitsOf(outcome.steps);
  }

  visitsTo(rule: AnyRule): readonly Visit[] {
    return this.#visits.filter((visit) => isVisitOf(visit, rule));
  }

  /** The tests of a rule and the stays in its chain that ended before it, in the order of the walk. */
  placesOf(rule: AnyRule): readonly (Tested | Cut)[] {
    const visits = this.visitsTo(rule);
    const passings = (this.#outcome.passings ?? []).filter((one) => one.rule === rule);
    return visits.flatMap((visit, at): readonly (Tested | Cut)[] => {
      const next = visits[at + 1]?.from ?? Infinity;
      const own = passings.filter(({ step }) => step > visit.from && step <= next);
      if (own.length > 0) return own.map((passing) => this.#tested(passing));
      return [this.#cut(visit)];
    });
  }

  #tested(passing: Passing): Tested {
    const { steps } = this.#outcome;
    const step = steps[passing.step];
    const did = step?.kind === 'rule' && step.rule === passing.rule ? step : null;
    const nat = did === null ? undefined : steps.find((one, at) => at > passing.step && one.kind === 'nat');
    const asked = nat?.kind === 'nat' && nat.by === passing.rule ? nat.changes : [];
    return { kind: 'tested', passing, did, changes: [...(did?.changes ?? []), ...asked] };
  }

  #cut(visit: Visit): Cut {
    const by = visit.last;
    if (by === null || (by.outcome !== 'jump' && by.outcome !== 'goto'))
      return { kind: 'cut', visit, by, decided: null };
    const { steps } = this.#outcome;
    const start = steps.indexOf(by);
    const end = steps.findIndex((step, at) => at > start && step.kind === 'table');
    const within = steps.slice(start + 1, end < 0 ? undefined : end);
    const decided = within.findLast((step): step is RuleStep => step.kind === 'rule') ?? null;
    return { kind: 'cut', visit, by, decided };
  }

  natSkipped(chain: string): NatSkipped | null {
    const step = this.#outcome.steps.find((one) => one.kind === 'nat-skipped' && one.hook === chain);
    return step?.kind === 'nat-skipped' ? step.why : null;
  }
}

const RANK = { tested: 0, elsewhere: 1, cut: 2, hook: 3, 'no-jump': 4 } as const;

function brokenAt(places: readonly (Tested | Cut)[]): Lead['why'] | null {
  const tested = places.findLast((one) => one.kind === 'tested');
  if (tested?.kind === 'tested') {
    if (!tested.passing.matched) return tested;
    return tested.passing.to === null ? null : { kind: 'elsewhere', passing: tested.passing };
  }
  return places.at(-1) ?? null;
}

/** The rules of a way. */
export const rulesOf = (way: Way, table: Table | NftTable): readonly AnyRule[] =>
  way.flatMap((jump) => jumpOf(table, jump) ?? []);

function leadsBy(
  { begun, atHooks, nowhere }: WaysTo,
  table: Table | NftTable,
  reading: Reading,
): readonly Lead[] {
  const leads: Lead[] = [];
  for (const places of begun) {
    const way = rulesOf(places, table);
    const [first] = way;
    if (first === undefined) continue;
    const why = brokenAt(reading.placesOf(first));
    if (why !== null) leads.push({ way, why });
  }
  for (const [chain, way] of atHooks) {
    const skipped = table.name === 'nat' ? reading.natSkipped(chain) : null;
    leads.push({ way: rulesOf(way, table), why: { kind: 'hook', chain, skipped } });
  }
  for (const [chain, way] of nowhere)
    leads.push({ way: rulesOf(way, table), why: { kind: 'no-jump', chain } });
  return leads.sort((a, b) => RANK[a.why.kind] - RANK[b.why.kind] || a.way.length - b.way.length);
}

/** The chains of the rule's table that a walk was in. */
export function chainsIn(outcome: Outcome, rule: AnyRule): ReadonlySet<string> {
  const visits = visitsOf(outcome.steps).filter((visit) => isVisitOf({ ...visit, chain: rule.chain }, rule));
  return new Set(visits.map(({ chain }) => chain));
}

/**
 * What the walk of an outcome did with a rule that was watched.
 * @param ways what leads to it, whose first jumps were watched too; null where the walk was in its chain
 */
export function storyOf(
  outcome: Outcome,
  rule: AnyRule,
  table: Table | NftTable,
  ways: WaysTo | null,
): Story {
  const reading = new Reading(outcome);
  if (ways === null) return { places: reading.placesOf(rule), leads: [], more: 0 };
  return { places: [], leads: leadsBy(ways, table, reading), more: ways.more };
}
