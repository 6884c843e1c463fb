/** What became of a policy rule in each FIB lookup of a walk. */
import type { Outcome } from '../packet/result.js';
import type { Step } from '../packet/steps.js';
import type { PolicyRuleTried } from '../routing/lookup.js';
import type { PolicyRule } from '../routing/model.js';

type RouteStep = Extract<Step, { readonly kind: 'route' }>;

/** One lookup, as far as the rule is concerned. */
export interface PolicyPlace {
  readonly step: RouteStep;
  /**
   * `decided`: the lookup ended with it. `passed`: its selectors hold and the lookup went on. `missed`: they do not.
   * `not-reached`: another one had decided. `merged`: local and main were looked up as one table.
   */
  readonly result: 'decided' | 'passed' | 'missed' | 'not-reached' | 'merged';
  /** What the lookup said about it; null where it did not come to it. */
  readonly tried: PolicyRuleTried | null;
}

function placeIn(step: RouteStep, rule: PolicyRule): PolicyPlace {
  const tried = step.tried.find((one) => one.rule === rule) ?? null;
  if (tried !== null) {
    const result = !tried.matched ? 'missed' : step.rule === rule ? 'decided' : 'passed';
    return { step, result, tried };
  }
  const isMerged = step.tried.some(({ code }) => code === 'PR_MERGED') && step.rule !== null;
  return {
    step,
    result: step.rule === rule ? 'decided' : isMerged ? 'merged' : 'not-reached',
    tried: null,
  };
}

/** What the lookups of a walk did with a policy rule, in their order. */
export function policyPlaces(outcome: Outcome, rule: PolicyRule): readonly PolicyPlace[] {
  return outcome.steps.flatMap((step) => (step.kind === 'route' ? [placeIn(step, rule)] : []));
}
