/** Which rule the reader looks at, and what is told of it. */
import type { RuleLine } from '../../shared/walk.js';
import { model } from './model.svelte.js';
import { words } from './words.svelte.js';

class RulePane {
  rule: RuleLine | null = $state.raw(null);
  /** Its place among the rules that are shown. */
  at: number = $state(0);
  filter: string = $state('');
  why: string | null = $state(null);
  /** A rule of the reader's own is being written. */
  adding: boolean = $state(false);
  /** How far a key wants to move. */
  wanted: number | null = $state(null);
}

export const rulePane: RulePane = new RulePane();

/** Looks at another rule. */
export function focusRule(rule: RuleLine | null, at: number): void {
  if (rule?.reference !== rulePane.rule?.reference) rulePane.why = null;
  rulePane.rule = rule;
  rulePane.at = at;
}

/** Tells why the rule matched or did not, or puts that away. */
export async function tellWhy(): Promise<void> {
  const { engine, asked, outcomeAt, legAt } = model;
  const { rule, why } = rulePane;
  if (why !== null || rule === null || engine === null || asked === null) {
    rulePane.why = null;
    return;
  }
  await model.guarded(async () => {
    const { reference } = rule;
    const where = { ask: asked, outcome: outcomeAt, leg: legAt };
    rulePane.why = await engine.call('why', { ...where, reference, language: words.language });
  });
}
