/** Marks that are set and nobody reads, or asked for and nobody sets. */
import { type Finding, type Proof, unshown } from '../finding.js';
import { type Kind, type Use, markUse } from '../mark-use.js';
import { isKept } from '../programs.js';
import type { PolicyRule } from '../../routing/model.js';
import type { LintRule } from '../rule.js';
import { FAMILIES, type Ruled, type Subject, passed } from '../subject.js';
import { hex, placeOf } from '../words.js';

const CODES: Readonly<Record<'unread' | 'unset', Readonly<Record<Kind, string>>>> = {
  unread: { packet: 'LINT_MARK_UNREAD', connection: 'LINT_CTMARK_UNREAD' },
  unset: { packet: 'LINT_MARK_UNSET', connection: 'LINT_CTMARK_UNSET' },
};

/** The table of a rule, if packets come to its chain. */
function tableOf(subject: Subject, { rule }: Use): Ruled | null {
  const ruled = subject.tables.find(
    ({ table }) => table.chains.get(rule.chain)?.rules.includes(rule) === true,
  );
  return ruled?.reach.reachable().has(rule.chain) === true ? ruled : null;
}

/** A packet that gets the mark. */
function markedBy(subject: Subject, ruled: Ruled, { rule }: Use): Proof {
  const shown = subject.search(subject.packetsFor(rule, ruled), (outcome) => passed(outcome, rule));
  return shown === null ? unshown('LINT_UNSHOWN_NOT_FOUND') : { kind: 'packet', shown };
}

function* ofRules(
  subject: Subject,
  uses: readonly Use[],
  other: Readonly<Record<Kind, number>>,
  what: 'unread' | 'unset',
): Iterable<Finding> {
  const told = new Set<string>();
  for (const use of uses) {
    const { rule, kind, bits } = use;
    const key = `${kind} ${hex(bits)}`;
    const missing = what === 'unread' ? (bits & other[kind]) === 0 : (bits & ~other[kind]) !== 0;
    // What a program's chains set or read, the program may read or set itself.
    if (!missing || told.has(key) || isKept(rule.chain)) continue;
    const ruled = tableOf(subject, use);
    if (ruled === null) continue;
    told.add(key);
    yield {
      code: CODES[what][kind],
      severity: 'note',
      params: { ...placeOf(rule), mark: hex(bits) },
      span: rule.span,
      rule,
      related: null,
      proof: what === 'unread' ? markedBy(subject, ruled, use) : unshown('LINT_UNSHOWN_NOTHING_SETS'),
    };
  }
}

function unsetPolicy({ priority, fwmark, span }: PolicyRule): Finding {
  return {
    code: 'LINT_FWMARK_UNSET',
    severity: 'note',
    params: { priority, mark: hex(fwmark?.value ?? 0) },
    span,
    rule: null,
    related: null,
    proof: unshown('LINT_UNSHOWN_NOTHING_SETS'),
  };
}

const rule: LintRule = {
  codes: [...Object.values(CODES.unread), ...Object.values(CODES.unset), 'LINT_FWMARK_UNSET'],
  *look(subject) {
    const use = markUse(subject.node);
    if (use === null) return;
    yield* ofRules(subject, use.sets, use.read, 'unread');
    yield* ofRules(subject, use.asks, use.set, 'unset');
    for (const family of FAMILIES)
      for (const one of subject.node.networks[family].rules)
        if (one.fwmark !== null && !one.not && (one.fwmark.value & ~use.set.packet) !== 0)
          yield unsetPolicy(one);
  },
};
export default rule;
