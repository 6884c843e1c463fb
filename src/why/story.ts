/** What became of one rule in a walk: tested, cut off, or never come to, and then which jumps would have led there. */
import type { Table } from '../iptables/model.js';
import type { NftTable } from '../nft/model.js';
import type { AnyRule } from '../packet/any-rule.js';
import type { Passing } from '../packet/passing.js';
import type { Outcome } from '../packet/result.js';
import type { Change, Step } from '../packet/steps.js';
import { type Jumps, isBase } from './ancestors.js';
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

/** Ways are looked for up to so many. */
const MOST_LEADS = 2000;

function brokenAt(places: readonly (Tested | Cut)[], chain: string): Lead['why'] | null {
  const tested = places.findLast((one) => one.kind === 'tested');
  if (tested?.kind === 'tested') {
    if (!tested.passing.matched) return tested;
    return tested.passing.to === chain ? null : { kind: 'elsewhere', passing: tested.passing };
  }
  return places.at(-1) ?? null;
}

function leadsTo(rule: AnyRule, table: Table | NftTable, jumps: Jumps, reading: Reading): readonly Lead[] {
  const leads: Lead[] = [];
  const seen = new Set<string>([rule.chain]);
  const open: (readonly [chain: string, way: readonly AnyRule[]])[] = [[rule.chain, []]];
  for (let next = open.shift(); next !== undefined && leads.length < MOST_LEADS; next = open.shift()) {
    const [chain, way] = next;
    if (isBase(table, chain)) {
      const skipped = table.name === 'nat' ? reading.natSkipped(chain) : null;
      leads.push({ way, why: { kind: 'hook', chain, skipped } });
    }
    const own = jumps.get(chain) ?? [];
    if (own.length === 0 && !isBase(table, chain)) leads.push({ way, why: { kind: 'no-jump', chain } });
    for (const jump of own) {
      const places = reading.placesOf(jump);
      const why = brokenAt(places, chain);
      if (why !== null) leads.push({ way: [jump, ...way], why });
      else if (places.length === 0 && !seen.has(jump.chain)) {
        seen.add(jump.chain);
        open.push([jump.chain, [jump, ...way]]);
      }
    }
  }
  return leads.sort((a, b) => RANK[a.why.kind] - RANK[b.why.kind] || a.way.length - b.way.length);
}

/** What the walk of an outcome did with a rule, which was watched together with the jumps that lead to it. */
export function storyOf(outcome: Outcome, rule: AnyRule, table: Table | NftTable, jumps: Jumps): Story {
  const reading = new Reading(outcome);
  const places = reading.placesOf(rule);
  return { places, leads: places.length > 0 ? [] : leadsTo(rule, table, jumps, reading) };
}
