/** Rules that no packet ever matches, because an earlier one of the chain takes all that they would. */
import { sizeOf } from '../../iptables/digest.js';
import type { Chain, Rule } from '../../iptables/model.js';
import { EarlierRules, type Entry } from '../earlier.js';
import { type Finding, type LintSeverity, type Proof, unshown } from '../finding.js';
import { implies } from '../implies.js';
import { isKept } from '../programs.js';
import type { LintRule } from '../rule.js';
import { type Shape, shapeOf, takesAll } from '../shape.js';
import { type Ruled, type Subject, passed } from '../subject.js';
import { decisionOf, mayChange } from '../terminal.js';
import { withoutRule } from '../without.js';
import { placeOf } from '../words.js';

/** May what the rule asks for have another answer later in the chain? */
function isChangeable({ isChangeable: changes, states, others }: Shape, { table, family }: Ruled): boolean {
  if (changes) return true;
  // Before conntrack a rule may still take the packet out of tracking; mangle may rewrite flags, in IPv6 addresses too.
  if (table.name === 'raw') return states !== null;
  return table.name === 'mangle' && (family === 6 || others.size > 0);
}

/** A packet that the later rule would match and the earlier one decides: walked with the earlier one and without it. */
function proofOf(subject: Subject, ruled: Ruled, earlier: Rule, later: Rule): Proof {
  const without = withoutRule(subject.node, ruled.table, earlier);
  const wouldMatch = subject.search(
    subject.packetsFor(later, ruled),
    (outcome) => passed(outcome, later),
    without,
  );
  if (wouldMatch === null) return unshown('LINT_UNSHOWN_NOT_FOUND');
  const shown = subject.search(
    [wouldMatch.packet],
    (outcome) => passed(outcome, earlier) && !passed(outcome, later),
  );
  return shown === null ? unshown('LINT_UNSHOWN_NOT_FOUND') : { kind: 'packet', shown };
}

function finding(
  code: string,
  severity: LintSeverity,
  subject: Subject,
  ruled: Ruled,
  earlier: Rule,
  later: Rule,
  count = 1,
): Finding {
  return {
    code,
    severity,
    params: { ...placeOf(later), by: earlier.number, count },
    span: later.span,
    rule: later,
    related: { code: 'LINT_AT_DECIDES', span: earlier.span },
    proof: proofOf(subject, ruled, earlier, later),
  };
}

/** Programs put a rule for the rest into their chains, and fill what stands before it: only they can mend that. */
const byDesign = (earlier: Rule): boolean => earlier.action.kind === 'chain' && isKept(earlier.chain);

/** The two say the same of the same packets, or the later of fewer. */
function kindOf(earlier: Rule, later: Rule): readonly [string, LintSeverity] {
  if (decisionOf(earlier) !== decisionOf(later)) return ['LINT_SHADOWED', 'warning'];
  return implies(shapeOf(earlier), shapeOf(later)) ? ['LINT_DUPLICATE', 'note'] : ['LINT_REDUNDANT', 'note'];
}

function* inChain(subject: Subject, ruled: Ruled, chain: Chain): Iterable<Finding> {
  const earlier = new EarlierRules();
  const { rules } = chain;
  let lastChange = -1;
  for (const [index, rule] of rules.entries()) {
    const counts = (entry: Entry): boolean =>
      entry.index >= lastChange || !isChangeable(shapeOf(entry.rule), ruled);
    const by = earlier.covering(rule, subject.pairs, counts);
    if (by !== null) {
      const [code, severity] = kindOf(by.rule, rule);
      if (severity !== 'note' || !isKept(chain.name))
        yield finding(code, severity, subject, ruled, by.rule, rule);
    }
    if (by === null && ruled.terminals.isTerminal(rule) && shapeOf(rule).isFirm) {
      const next = rules[index + 1];
      if (next !== undefined && takesAll(shapeOf(rule))) {
        const isLast = index + 2 === rules.length;
        const [code, severity] = isLast ? kindOf(rule, next) : (['LINT_SHADOWED', 'warning'] as const);
        const count = rules.length - index - 1;
        if (code === 'LINT_SHADOWED')
          yield finding(
            'LINT_AFTER_TERMINAL',
            byDesign(rule) ? 'note' : severity,
            ...([subject, ruled, rule, next, count] as const),
          );
        else if (!isKept(chain.name)) yield finding(code, severity, subject, ruled, rule, next);
        return;
      }
      earlier.add({ rule, index });
    }
    if (mayChange(rule)) lastChange = index;
  }
}

const rule: LintRule = {
  codes: ['LINT_AFTER_TERMINAL', 'LINT_SHADOWED', 'LINT_REDUNDANT', 'LINT_DUPLICATE'],
  *look(subject) {
    for (const ruled of subject.tables) {
      const reachable = ruled.reach.reachable();
      for (const chain of ruled.table.chains.values())
        if (
          (ruled.isPart || reachable.has(chain.name)) &&
          ruled.terminals.firstTerminal(chain) < sizeOf(chain) - 1
        )
          yield* inChain(subject, ruled, chain);
    }
  },
};
export default rule;
