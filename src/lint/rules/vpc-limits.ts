/** What the VPC CNI's own rules do not do: sockets of a secondary ENI's address, and pods of a branch ENI. */
import type { PacketInput } from '../../packet/result.js';
import { type PolicyRule, TABLE_ID } from '../../routing/model.js';
import type { Finding } from '../finding.js';
import { textOf } from '../ground.js';
import type { LintRule } from '../rule.js';
import type { Subject } from '../subject.js';
import { vpcFinding } from '../vpc/finding.js';
import { type Eni, type VpcNode, vpcNode } from '../vpc/model.js';
import { fromSocket, isSure, leavesWrong } from '../vpc/packets.js';

function socketFinding(subject: Subject, vpc: VpcNode, eni: Eni, to: string): Finding | null {
  const shown = subject.search(
    [fromSocket(textOf(eni.address), to)],
    (outcome) => isSure(outcome) && leavesWrong(vpc, outcome),
  );
  if (shown === null) return null;
  const { egress, final, snat } = shown.outcome;
  const address = textOf(eni.address);
  return vpcFinding({
    code: final.src === address ? 'LINT_VPC_SOCKET_MAIN' : 'LINT_VPC_SOCKET_SNAT',
    severity: 'note',
    params: { address, eni: eni.device, egress: egress?.iface ?? '', source: final.src ?? '' },
    span: vpc.network.links.get(eni.device)?.span ?? null,
    related: ['LINT_AT_SNAT', final.src === address ? null : (snat?.rule?.span ?? null)],
    shown,
  });
}

function* sockets(subject: Subject, vpc: VpcNode): Iterable<Finding> {
  const near = vpc.inside.flatMap((prefix) => vpc.ground.hostsOf(prefix)).slice(0, 1);
  for (const eni of vpc.enis) {
    const told = new Set<string>();
    for (const to of [vpc.outside, ...near]) {
      const found = socketFinding(subject, vpc, eni, textOf(to));
      if (found === null || told.has(found.code)) continue;
      told.add(found.code);
      yield found;
    }
  }
}

/** Rules of branch ENIs that are asked before table local. */
function branchRules({ network: { rules } }: VpcNode): readonly PolicyRule[] {
  const local = rules.find(({ action }) => action.kind === 'lookup' && action.table === TABLE_ID.local);
  return rules.filter(
    ({ iif, action, priority }) =>
      iif !== null &&
      iif.startsWith('vlan') &&
      !iif.startsWith('vlan.') &&
      action.kind === 'lookup' &&
      priority < (local?.priority ?? 0),
  );
}

/** What a branch ENI's pod sends to the node itself leaves by the branch. */
function branch(subject: Subject, vpc: VpcNode, rule: PolicyRule): Finding | null {
  const routes = rule.action.kind === 'lookup' ? (vpc.network.tables.get(rule.action.table) ?? []) : [];
  const pod = routes.find(
    ({ destination, nexthops }) => destination.length === 32 && nexthops[0]?.device === rule.iif,
  );
  if (pod === undefined || rule.iif === null) return null;
  const [src, dst] = [textOf(pod.destination.address), textOf(vpc.primary.address)];
  const packet: PacketInput = { in: rule.iif, proto: 'tcp', src, sport: 40000, dst, dport: 10250 };
  const shown = subject.search([packet], (outcome) => isSure(outcome) && outcome.verdict === 'forwarded');
  if (shown === null) return null;
  return vpcFinding({
    code: 'LINT_VPC_BRANCH_LOCAL',
    severity: 'note',
    params: { pod: src, address: dst, egress: shown.outcome.egress?.iface ?? '', priority: rule.priority },
    span: rule.span,
    shown,
  });
}

const rule: LintRule = {
  codes: ['LINT_VPC_SOCKET_SNAT', 'LINT_VPC_SOCKET_MAIN', 'LINT_VPC_BRANCH_LOCAL'],
  *look(subject) {
    const vpc = vpcNode(subject);
    if (vpc === null) return;
    yield* sockets(subject, vpc);
    for (const one of branchRules(vpc)) {
      const found = branch(subject, vpc, one);
      if (found === null) continue;
      yield found;
      return;
    }
  },
};
export default rule;
