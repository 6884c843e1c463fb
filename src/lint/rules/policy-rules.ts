/** Policy rules that no packet comes to: an earlier one takes all that they would, and its table has a route for everything. */
import type { Network, PolicyRule } from '../../routing/model.js';
import { type Finding, type Proof, unshown } from '../finding.js';
import { within } from '../implies.js';
import { policyPackets } from '../policy-packets.js';
import type { LintRule } from '../rule.js';
import { FAMILIES, type Subject, routesOf } from '../subject.js';
import { tableHasDefault } from '../tables.js';
import { withoutPolicyRule } from '../without.js';

/** The rules that every namespace starts with: local, main and default. */
export function isBuiltIn({ priority, action }: PolicyRule): boolean {
  const bare = action.kind === 'lookup' ? action.table : 0;
  return (
    (priority === 0 && bare === 255) ||
    (priority === 32766 && bare === 254) ||
    (priority === 32767 && bare === 253)
  );
}

/** Does the lookup end at the rule for every packet that it takes? */
function isFinal(rule: PolicyRule, network: Network): boolean {
  const { action, suppressGroup, suppressPrefixLength } = rule;
  if (action.kind === 'blackhole' || action.kind === 'unreachable' || action.kind === 'prohibit') return true;
  if (action.kind !== 'lookup' || suppressGroup !== null || suppressPrefixLength !== null) return false;
  return tableHasDefault(network, action.table);
}

/** The selectors but `from` and `to`, which may be wider or narrower, in words; null for one that cannot be compared. */
function exactPart(rule: PolicyRule): readonly string[] | null {
  if (rule.not || rule.opaque.length > 0 || rule.action.kind === 'l3mdev') return null;
  const { tos, fwmark, iif, oif, ipproto, sport, dport, uidRange } = rule;
  const parts = { tos, fwmark, iif, oif, ipproto, sport, dport, uidRange };
  return Object.entries(parts).flatMap(([name, value]) =>
    value === null ? [] : [`${name} ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`],
  );
}

const covers = (wide: PolicyRule['from'], narrow: PolicyRule['from']): boolean =>
  wide === null || wide.length === 0 || (narrow !== null && within(narrow, wide));

/** The rules of one network that end the lookup, by the selectors that must be the same. */
class Finals {
  readonly #byPart = new Map<string, PolicyRule[]>();

  add(rule: PolicyRule): void {
    const part = exactPart(rule);
    if (part === null) return;
    const key = part.join(';');
    const list = this.#byPart.get(key);
    if (list === undefined) this.#byPart.set(key, [rule]);
    else list.push(rule);
  }

  covering(rule: PolicyRule, subject: Subject): PolicyRule | null {
    const part = exactPart(rule);
    if (part === null) return null;
    for (const key of part.length === 0 ? [''] : ['', ...part, part.join(';')])
      for (const earlier of this.#byPart.get(key) ?? []) {
        if (subject.pairs.left <= 0) return null;
        subject.pairs.left -= 1;
        if (covers(earlier.from, rule.from) && covers(earlier.to, rule.to)) return earlier;
      }
    return null;
  }
}

/** A packet that the later rule would take: routed with the earlier one, and without it. */
function proofOf(subject: Subject, earlier: PolicyRule, later: PolicyRule): Proof {
  const without = withoutPolicyRule(subject.node, earlier);
  const wouldTake = subject.search(
    policyPackets(later, subject.ground(later.family)),
    (outcome) =>
      routesOf(outcome).some(({ tried }) => tried.some(({ rule, matched }) => matched && rule === later)),
    without,
  );
  if (wouldTake === null) return unshown('LINT_UNSHOWN_NOT_FOUND');
  const shown = subject.search([wouldTake.packet], (outcome) =>
    routesOf(outcome).some(({ rule }) => rule === earlier),
  );
  return shown === null ? unshown('LINT_UNSHOWN_NOT_FOUND') : { kind: 'packet', shown };
}

const sameAction = (a: PolicyRule, b: PolicyRule): boolean =>
  a.action.kind === b.action.kind &&
  (a.action.kind !== 'lookup' || b.action.kind !== 'lookup' || a.action.table === b.action.table);

function finding(subject: Subject, earlier: PolicyRule, later: PolicyRule): Finding {
  return {
    code: 'LINT_POLICY_UNREACHED',
    severity: sameAction(earlier, later) ? 'note' : 'warning',
    params: { priority: later.priority, by: earlier.priority },
    span: later.span,
    rule: null,
    related: earlier.span === null ? null : { code: 'LINT_AT_DECIDES', span: earlier.span },
    proof: proofOf(subject, earlier, later),
  };
}

const rule: LintRule = {
  codes: ['LINT_POLICY_UNREACHED'],
  *look(subject) {
    for (const family of FAMILIES) {
      const network = subject.node.networks[family];
      if (!network.known.rules) continue;
      const finals = new Finals();
      for (const one of network.rules) {
        if (one.action.kind === 'goto') break;
        const by = isBuiltIn(one) || one.span === null ? null : finals.covering(one, subject);
        if (by !== null) yield finding(subject, by, one);
        else if (isFinal(one, network)) finals.add(one);
      }
    }
  },
};
export default rule;
