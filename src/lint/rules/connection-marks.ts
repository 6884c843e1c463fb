/** Connections whose first packet goes another way than those behind it, because of where a mark is restored or set. */
import type { Rule } from '../../iptables/model.js';
import { rulesWith } from '../by-target.js';
import type { Finding } from '../finding.js';
import { parts, twice } from '../flows.js';
import { isKept } from '../programs.js';
import type { LintRule } from '../rule.js';
import { type Ruled, type Subject, passed } from '../subject.js';
import { hex, placeOf } from '../words.js';

/** How many rules that set a connection's mark are tried, and how many packets of each. */
const RULES = 24;
const PACKETS = 6;

function textOfConnmark({ action }: Rule): string | null {
  return action.kind === 'target' && action.target.extension.name === 'CONNMARK' ? action.target.text : null;
}

/** The bits that a rule sets in the connection's mark; 0 for one that restores. */
export function setBits(rule: Rule): number {
  const text = textOfConnmark(rule) ?? '';
  const found = /^--set-xmark 0x([0-9a-f]+)|^--save-mark --nfmask 0x([0-9a-f]+)/.exec(text);
  return Number.parseInt(found?.[1] ?? found?.[2] ?? '0', 16);
}

/** The bits that a rule restores from the connection's mark. */
export function restoredBits(rule: Rule): number {
  const found = /^--restore-mark --nfmask 0x[0-9a-f]+ --ctmask 0x([0-9a-f]+)/.exec(
    textOfConnmark(rule) ?? '',
  );
  return Number.parseInt(found?.[1] ?? '0', 16);
}

interface Placed {
  readonly rule: Rule;
  readonly ruled: Ruled;
}

function connmarkRules(subject: Subject): readonly Placed[] {
  return subject.tables.flatMap((ruled) =>
    ruled.table.name === 'filter'
      ? []
      : [...ruled.reach.reachable()].flatMap((name) =>
          rulesWith('CONNMARK', ruled.table, name).map((rule) => ({ rule, ruled })),
        ),
  );
}

function lookAt(subject: Subject, { rule, ruled }: Placed, restores: readonly Rule[]): Finding | null {
  let left = PACKETS;
  for (const packet of subject.packetsFor(rule, ruled)) {
    if (left <= 0) break;
    const first = subject.walk(packet);
    if (first?.outcomes.some((outcome) => passed(outcome, rule)) !== true) continue;
    left -= 1;
    const both = twice(subject.node, packet);
    if (both === null || !parts(both)) continue;
    const [one, two] = both;
    const [before, after] = [one.outcome.final.mark, two.outcome.final.mark];
    if (before === after) continue;
    const restore = restores.find((other) => (restoredBits(other) & setBits(rule)) !== 0) ?? null;
    const isLate = Number(before) === 0;
    return {
      code: isLate ? 'LINT_CONNMARK_LATE' : 'LINT_CONNMARK_ONCE',
      severity: 'warning',
      params: {
        ...placeOf(rule),
        mark: hex(setBits(rule)),
        ...waysOf(one.outcome.egress, two.outcome.egress),
      },
      span: rule.span,
      rule,
      related: restore === null ? null : { code: 'LINT_AT_RESTORE', span: restore.span },
      proof: { kind: 'packet', shown: one, second: two },
    };
  }
  return null;
}

type Way = { readonly iface: string | null } | null;

const waysOf = (first: Way, second: Way): { first: string; second: string } => ({
  first: first?.iface ?? '?',
  second: second?.iface ?? '?',
});

const rule: LintRule = {
  codes: ['LINT_CONNMARK_LATE', 'LINT_CONNMARK_ONCE'],
  *look(subject) {
    const all = connmarkRules(subject);
    const restores = all.map((one) => one.rule).filter((one) => restoredBits(one) !== 0);
    const sets = all.filter((one) => setBits(one.rule) !== 0 && !isKept(one.rule.chain));
    if (restores.length === 0) return;
    for (const one of sets.slice(0, RULES)) {
      const found = lookAt(subject, one, restores);
      if (found !== null) yield found;
    }
  },
};
export default rule;
