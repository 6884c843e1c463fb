/** Rules of iptables-legacy and of iptables-nft in one kernel: both are walked, and each tool shows its own alone. */
import { sizeOf } from '../../iptables/digest.js';
import { type Rule, type RuleSet, TABLES } from '../../iptables/model.js';
import { type Proof, unshown } from '../finding.js';
import type { LintRule } from '../rule.js';
import { FAMILIES, type Subject } from '../subject.js';

/** The first rule, and how many there are. */
function rulesIn({ tables }: RuleSet): { readonly first: Rule | null; readonly count: number } {
  let first: Rule | null = null;
  let count = 0;
  for (const name of TABLES)
    for (const chain of tables.get(name)?.chains.values() ?? []) {
      count += sizeOf(chain);
      first ??= sizeOf(chain) > 0 ? (chain.rules[0] ?? null) : null;
    }
  return { first, count };
}

/** A packet that matches rules of both. */
function proofOf(subject: Subject, family: 4 | 6): Proof {
  const packets = subject.tables
    .filter((one) => one.family === family)
    .flatMap((ruled) =>
      [...ruled.table.chains.values()]
        .filter(({ policy, rules }) => policy !== null && rules.length > 0)
        .flatMap(({ rules }) =>
          rules.slice(0, 2).flatMap((rule) => [...subject.packetsFor(rule, ruled)].slice(0, 3)),
        ),
    );
  const shown = subject.search(packets, ({ steps }) => {
    const backends = new Set(
      steps.flatMap((step) => (step.kind === 'rule' && 'backend' in step.rule ? [step.rule.backend] : [])),
    );
    return backends.has('legacy') && backends.has('nft');
  });
  return shown === null ? unshown('LINT_UNSHOWN_NOT_FOUND') : { kind: 'packet', shown };
}

const rule: LintRule = {
  codes: ['LINT_MIXED_BACKENDS'],
  *look(subject) {
    for (const family of FAMILIES) {
      const { [family]: own } = subject.node.ruleSets;
      const { other } = own;
      if (other === undefined) continue;
      const [one, two] = [rulesIn(own), rulesIn(other)];
      const [legacy, nft] = own.backend === 'legacy' ? [one, two] : [two, one];
      if (legacy.first === null || nft.first === null) continue;
      yield {
        code: 'LINT_MIXED_BACKENDS',
        severity: 'warning',
        params: { family, legacy: legacy.count, nft: nft.count },
        span: legacy.first.span,
        rule: legacy.first,
        related: { code: 'LINT_AT_OTHER', span: nft.first.span },
        proof: proofOf(subject, family),
      };
    }
  },
};
export default rule;
