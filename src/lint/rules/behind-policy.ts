/** Rules of a table behind another one, at the same hook, that lets nothing pass. */
import { sizeOf } from '../../iptables/digest.js';
import type { Chain } from '../../iptables/model.js';
import { plainPlan } from '../../packet/hooks.js';
import { type Finding, type Proof, unshown } from '../finding.js';
import type { LintRule } from '../rule.js';
import type { Ruled, Subject } from '../subject.js';
import type { Hook } from '../../iptables/view.js';

const ENDS: ReadonlySet<string> = new Set(['DROP', 'REJECT', 'LOG', 'NFLOG', 'TRACE']);

/** Is there no way through the chain? */
function letsNothingPass({ policy, rules }: Chain): boolean {
  return (
    policy === 'DROP' &&
    rules.every(({ action }) =>
      action.kind === 'none' ? true : action.kind === 'target' && ENDS.has(action.target.extension.name),
    )
  );
}

const HOOKS: readonly Hook[] = ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'];

function proofOf(subject: Subject, ruled: Ruled, chain: Chain, wall: Chain): Proof {
  const [first] = chain.rules;
  if (first === undefined) return unshown('LINT_UNSHOWN_NOT_FOUND');
  const shown = subject.search(
    subject.packetsFor(first, ruled),
    ({ drop }) => drop !== null && drop.table === wall.table && drop.chain === wall.name,
  );
  return shown === null ? unshown('LINT_UNSHOWN_NOT_FOUND') : { kind: 'packet', shown };
}

/** The chains at a hook of one rule set, in the order in which packets meet them. */
function* chainsAt(hook: Hook, tables: readonly Ruled[]): Iterable<readonly [Ruled, Chain]> {
  const backend = tables[0]?.ruleSet.backend ?? 'legacy';
  for (const { work } of plainPlan(backend).hooks[hook].toSorted((a, b) => a.priority - b.priority)) {
    const ruled = tables.find(({ table }) => table.name === work);
    const chain = ruled?.table.chains.get(hook);
    // nat is asked about the first packet of a connection alone.
    if (ruled !== undefined && chain !== undefined) yield [ruled, chain];
  }
}

function* atHook(subject: Subject, hook: Hook, tables: readonly Ruled[]): Iterable<Finding> {
  let wall: Chain | null = null;
  for (const [ruled, chain] of chainsAt(hook, tables)) {
    const [first] = chain.rules;
    if (wall !== null && first !== undefined)
      yield {
        code: 'LINT_BEHIND_POLICY',
        severity: 'warning',
        params: { table: chain.table, chain: hook, by: wall.table, count: sizeOf(chain) },
        span: first.span,
        rule: first,
        related: wall.span === null ? null : { code: 'LINT_AT_POLICY', span: wall.span },
        proof: proofOf(subject, ruled, chain, wall),
      };
    if (wall === null && !ruled.isPart && letsNothingPass(chain)) wall = chain;
  }
}

const rule: LintRule = {
  codes: ['LINT_BEHIND_POLICY'],
  *look(subject) {
    for (const ruleSet of new Set(subject.tables.map((one) => one.ruleSet))) {
      const tables = subject.tables.filter((one) => one.ruleSet === ruleSet);
      for (const hook of HOOKS) yield* atHook(subject, hook, tables);
    }
  },
};
export default rule;
