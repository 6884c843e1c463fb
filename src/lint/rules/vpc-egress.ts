/**
 * Pods of a secondary ENI whose packets to the outside leave by that ENI with the primary ENI's address: the mark that
 * should send them through table main is missing or lost. Each way of losing it has a name.
 */
import type { Rule } from '../../iptables/model.js';
import { type PolicyRule, TABLE_ID } from '../../routing/model.js';
import { rulesWith } from '../by-target.js';
import type { Finding, Shown } from '../finding.js';
import { parts, twice } from '../flows.js';
import { textOf } from '../ground.js';
import type { LintRule } from '../rule.js';
import type { Subject } from '../subject.js';
import { vpcFinding } from '../vpc/finding.js';
import { type VpcNode, type VpcPod, vpcNode } from '../vpc/model.js';
import { fromPod, isSure, leavesWrong, samplePods } from '../vpc/packets.js';
import { hex } from '../words.js';
import { restoredBits, setBits } from './connection-marks.js';

/** The policy rule that sends marked packets through table main before the pod's own rule is asked. */
function markRule({ network }: VpcNode, own: PolicyRule): PolicyRule | null {
  return (
    network.rules.find(
      ({ fwmark, action, priority }) =>
        fwmark !== null &&
        priority < own.priority &&
        action.kind === 'lookup' &&
        action.table === TABLE_ID.main,
    ) ?? null
  );
}

/** Rules of nat that packets before routing may meet, and that have to do with connections' marks. */
function natRules(subject: Subject): readonly Rule[] {
  return subject.tables
    .filter(({ family, table }) => family === 4 && table.name === 'nat')
    .flatMap(({ reach, table }) =>
      [...reach.reachable()].flatMap((name) => rulesWith('CONNMARK', table, name)),
    );
}

/** The place of a rule in PREROUTING: its own number, or that of the jump that leads to it. */
function orderOf(rule: Rule, subject: Subject): number {
  if (rule.chain === 'PREROUTING') return rule.number;
  const ruled = subject.tables.find(
    ({ table }) => table.chains.get(rule.chain)?.rules.includes(rule) === true,
  );
  const way = ruled?.reach.waysTo(rule).find(({ hook }) => hook === 'PREROUTING');
  return way?.rules[0]?.number ?? 0;
}

/** The rule that took bits off the packet's mark. */
function thief({ outcome }: Shown, bits: number): Rule | null {
  for (const step of outcome.steps) {
    if (step.kind !== 'rule' || !('header' in step.rule)) continue;
    const lost = step.changes.some(
      ({ field, from, to }) => field === 'mark' && (Number(from) & bits) !== 0 && (Number(to) & bits) === 0,
    );
    if (lost) return step.rule;
  }
  return null;
}

interface Cause {
  readonly code: string;
  readonly rule: Rule | null;
}

/** Why the mark is not there. */
function causeOf(subject: Subject, marking: PolicyRule | null, shown: Shown): Cause {
  if (marking === null) return { code: 'LINT_VPC_NO_MARK_RULE', rule: null };
  const bits = marking.fwmark?.value ?? 0;
  const stolen = thief(shown, bits);
  if (stolen !== null) return { code: 'LINT_VPC_MARK_LOST', rule: stolen };
  if (subject.node.nativeTables[4].length > 0) return { code: 'LINT_VPC_MARK_MISSING', rule: null };
  const rules = natRules(subject);
  const set = rules.find((rule) => (setBits(rule) & bits) !== 0);
  if (set === undefined) return { code: 'LINT_VPC_NO_CONNMARK', rule: null };
  const restores = rules.filter((rule) => (restoredBits(rule) & bits) !== 0);
  const [first] = restores;
  if (first === undefined) return { code: 'LINT_VPC_NO_RESTORE', rule: set };
  const isEarly = restores.every((rule) => orderOf(rule, subject) < orderOf(set, subject));
  return isEarly
    ? { code: 'LINT_VPC_RESTORE_EARLY', rule: first }
    : { code: 'LINT_VPC_MARK_MISSING', rule: null };
}

function paramsOf(vpc: VpcNode, pod: VpcPod, marking: PolicyRule | null): Record<string, string | number> {
  return {
    pod: textOf(pod.address),
    eni: pod.way?.eni.device ?? '',
    primary: vpc.primary.device,
    source: textOf(vpc.snat?.address ?? vpc.primary.address),
    mark: hex(marking?.fwmark?.value ?? 0x80),
  };
}

function lookAt(subject: Subject, vpc: VpcNode, pod: VpcPod): Finding | null {
  const { way } = pod;
  if (way === null || vpc.snat === null) return null;
  const marking = markRule(vpc, way.rule);
  const params = paramsOf(vpc, pod, marking);
  const packet = fromPod(pod, textOf(vpc.outside));
  const shown = subject.search([packet], (outcome) => isSure(outcome) && leavesWrong(vpc, outcome));
  if (shown !== null) {
    const { code, rule } = causeOf(subject, marking, shown);
    const where = rule === null ? { span: way.rule.span } : { span: rule.span, rule };
    return vpcFinding({ code, params, ...where, related: ['LINT_AT_SNAT', vpc.snat.rule.span], shown });
  }
  const both = twice(subject.node, packet);
  if (both === null || !parts(both) || !leavesWrong(vpc, both[1].outcome)) return null;
  return vpcFinding({
    code: 'LINT_VPC_NO_MANGLE_RESTORE',
    params,
    span: way.rule.span,
    related: ['LINT_AT_SNAT', vpc.snat.rule.span],
    shown: both[0],
    second: both[1],
  });
}

const CODES = [
  'LINT_VPC_NO_MARK_RULE',
  'LINT_VPC_NO_CONNMARK',
  'LINT_VPC_NO_RESTORE',
  'LINT_VPC_RESTORE_EARLY',
  'LINT_VPC_MARK_LOST',
  'LINT_VPC_MARK_MISSING',
  'LINT_VPC_NO_MANGLE_RESTORE',
];

const rule: LintRule = {
  codes: CODES,
  *look(subject) {
    const vpc = vpcNode(subject);
    if (vpc === null) return;
    const told = new Set<string>();
    for (const pod of samplePods(vpc)) {
      const found = lookAt(subject, vpc, pod);
      const key = `${found?.code ?? ''} ${pod.way?.eni.device ?? ''}`;
      if (found === null || told.has(key)) continue;
      told.add(key);
      yield found;
    }
  },
};
export default rule;
