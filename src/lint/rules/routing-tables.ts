/** Policy rules whose table has no route at all, or none for everything that the rule takes. */
import type { PolicyRule } from '../../routing/model.js';
import { TABLE_ID } from '../../routing/model.js';
import { tableShown } from '../../routing/fib.js';
import { type Finding, type Proof, unshown } from '../finding.js';
import { policyPackets } from '../policy-packets.js';
import type { LintRule } from '../rule.js';
import { FAMILIES, type Subject, routesOf } from '../subject.js';
import { tableCovers } from '../tables.js';
import { isBuiltIn } from './policy-rules.js';

/** A packet that the rule takes, and for which its table has no route: another rule decides. */
function proofOf(subject: Subject, policyRule: PolicyRule): Proof {
  const shown = subject.search(policyPackets(policyRule, subject.ground(policyRule.family)), (outcome) =>
    routesOf(outcome).some(
      ({ rule, tried }) => rule !== policyRule && tried.some((one) => one.rule === policyRule && one.matched),
    ),
  );
  return shown === null ? unshown('LINT_UNSHOWN_NOT_FOUND') : { kind: 'packet', shown };
}

function finding(subject: Subject, rule: PolicyRule, table: string, isEmpty: boolean): Finding | null {
  const proof = proofOf(subject, rule);
  // Without a packet that falls through, what the table lacks may be somebody's wish: nothing is said.
  if (!isEmpty && proof.kind === 'none') return null;
  return {
    code: isEmpty ? 'LINT_TABLE_EMPTY' : 'LINT_TABLE_NO_DEFAULT',
    severity: isEmpty ? 'warning' : 'note',
    params: { priority: rule.priority, table },
    span: rule.span,
    rule: null,
    related: null,
    proof,
  };
}

const rule: LintRule = {
  codes: ['LINT_TABLE_EMPTY', 'LINT_TABLE_NO_DEFAULT'],
  *look(subject) {
    for (const family of FAMILIES) {
      const network = subject.node.networks[family];
      if (!network.known.rules) continue;
      const told = new Set<number>();
      for (const one of network.rules) {
        const { action, suppressPrefixLength, suppressGroup } = one;
        if (action.kind !== 'lookup' || isBuiltIn(one) || one.span === null) continue;
        const { table, name } = action;
        if (table === TABLE_ID.local || table === TABLE_ID.default || told.has(table)) continue;
        if (!tableShown(network, table) || suppressPrefixLength !== null || suppressGroup !== null) continue;
        const isEmpty = (network.tables.get(table) ?? []).length === 0;
        if (!isEmpty && tableCovers(network, table, one.to)) continue;
        const found = finding(subject, one, name, isEmpty);
        if (found !== null) yield found;
        told.add(table);
      }
    }
  },
};
export default rule;
