/** Jumps that lead nowhere, and chains to which nothing leads. */
import { sizeOf, someRule } from '../../iptables/digest.js';
import { BUILTIN_CHAINS, type Chain, type Rule } from '../../iptables/model.js';
import { type Finding, type Proof, unshown } from '../finding.js';
import { isKept, isSign } from '../programs.js';
import type { LintRule } from '../rule.js';
import { type Ruled, type Subject, passed } from '../subject.js';
import { placeOf } from '../words.js';

function proofOf(subject: Subject, ruled: Ruled, jump: Rule): Proof {
  const shown = subject.search(subject.packetsFor(jump, ruled), (outcome) => passed(outcome, jump));
  return shown === null ? unshown('LINT_UNSHOWN_NOT_FOUND') : { kind: 'packet', shown };
}

/** The first jump to a chain that has no rules. */
function* jumpsTo(subject: Subject, ruled: Ruled, { name, declared, span }: Chain): Iterable<Finding> {
  const jump = ruled.reach.firstJumpTo(name);
  // Of a chain that is not declared, a listing that was cut shows nothing either.
  if (jump === null || !declared || isKept(name)) return;
  yield {
    code: 'LINT_EMPTY_CHAIN',
    severity: 'note',
    params: { ...placeOf(jump), to: name },
    span: jump.span,
    rule: jump,
    related: span === null ? null : { code: 'LINT_AT_CHAIN', span },
    proof: proofOf(subject, ruled, jump),
  };
}

function unreferred({ name, span, table }: Chain, rules: number): Finding {
  return {
    code: 'LINT_UNREFERRED_CHAIN',
    severity: 'note',
    params: { table, chain: name, count: rules },
    span,
    rule: null,
    related: null,
    proof: unshown('LINT_UNSHOWN_NO_WAY'),
  };
}

/** Jumps to what the reader knows neither as a chain nor as a target. */
function* missing(subject: Subject, { table, isPart }: Ruled): Iterable<Finding> {
  const told = new Set<string>();
  const places = subject.node.diagnostics.filter(({ code }) => code === 'RULE_NO_CHAIN');
  if (places.length === 0 || isPart) return;
  for (const chain of table.chains.values()) {
    if (!someRule(chain, ({ action }) => action.kind === 'opaque')) continue;
    for (const rule of chain.rules) {
      const { action, span } = rule;
      if (action.kind !== 'opaque' || told.has(action.name)) continue;
      if (!places.some((one) => one.span?.source === span.source && one.span.start === span.start)) continue;
      told.add(action.name);
      yield {
        code: 'LINT_MISSING_CHAIN',
        severity: 'warning',
        params: { ...placeOf(rule), to: action.name },
        span,
        rule,
        related: null,
        proof: unshown('LINT_UNSHOWN_NOT_LOADED'),
      };
    }
  }
}

const rule: LintRule = {
  codes: ['LINT_EMPTY_CHAIN', 'LINT_MISSING_CHAIN', 'LINT_UNREFERRED_CHAIN'],
  *look(subject) {
    for (const ruled of subject.tables) {
      const builtin: readonly string[] = BUILTIN_CHAINS[ruled.table.name];
      yield* missing(subject, ruled);
      for (const chain of ruled.table.chains.values()) {
        if (builtin.includes(chain.name) || isSign(chain.name)) continue;
        const size = sizeOf(chain);
        if (size === 0) yield* jumpsTo(subject, ruled, chain);
        const isLeft = chain.declared && !ruled.isPart && !ruled.reach.isReferred(chain.name);
        if (isLeft && !(size === 0 && isKept(chain.name))) yield unreferred(chain, size);
      }
    }
  },
};
export default rule;
