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
  const { engine, asked } = model;
  const { rule, why } = rulePane;
  // On a way across nodes a rule is told by what became of it: the question is about one node.
  const isPath = model.loaded?.isCluster === true;
  if (why !== null || rule === null || engine === null || asked === null || isPath) {
    rulePane.why = null;
    return;
  }
  await model.guarded(async () => {
    const { reference } = rule;
    rulePane.why = await engine.call('why', { ask: asked, reference, language: words.language });
  });
}
