/** Policy rules and routes of the VPC CNI that are missing: to a pod of this node, and out of a secondary ENI. */
import { type Address, bitsOf } from '../../address/address.js';
import type { Finding } from '../finding.js';
import { textOf } from '../ground.js';
import type { LintRule } from '../rule.js';
import type { Subject } from '../subject.js';
import { tableHasDefault } from '../tables.js';
import { tableShown } from '../../routing/fib.js';
import { vpcFinding } from '../vpc/finding.js';
import { type VpcNode, vpcNode } from '../vpc/model.js';
import { fromPod, isSure, samplePods } from '../vpc/packets.js';

/** A pod's address without its `to` rule: pods of secondary ENIs send what is for it out into the VPC. */
function* unreached(subject: Subject, vpc: VpcNode): Iterable<Finding> {
  const named = new Set<Address>();
  for (const { to } of vpc.network.rules) if (to?.length === bitsOf(4)) named.add(to.address);
  const [from] = samplePods(vpc);
  if (from === undefined || named.size === 0) return;
  for (const pod of vpc.pods) {
    if (named.has(pod.address) || pod.address === from.address) continue;
    const shown = subject.search(
      [fromPod(from, textOf(pod.address), 80)],
      (outcome) => isSure(outcome) && outcome.verdict === 'forwarded' && outcome.egress?.iface !== pod.veth,
    );
    if (shown === null) continue;
    yield vpcFinding({
      code: 'LINT_VPC_NO_TO_RULE',
      params: { pod: textOf(pod.address), from: textOf(from.address), eni: from.way?.eni.device ?? '' },
      span: pod.route.span,
      related: ['LINT_AT_SENT', from.way?.rule.span ?? null],
      shown,
    });
  }
}

/** A secondary ENI's table without a default route: its pods fall through to table main, and leave by the primary ENI. */
function* openTables(subject: Subject, vpc: VpcNode): Iterable<Finding> {
  for (const eni of vpc.enis) {
    if (!tableShown(vpc.network, eni.table) || tableHasDefault(vpc.network, eni.table)) continue;
    const pod = vpc.pods.find(({ way }) => way?.eni === eni);
    const to = vpc.inside.flatMap((prefix) => vpc.ground.hostsOf(prefix))[0] ?? vpc.outside;
    const shown =
      pod === undefined
        ? null
        : subject.search(
            [fromPod(pod, textOf(to))],
            ({ final, egress, assumptions }) =>
              assumptions.length === 0 &&
              egress?.iface === vpc.primary.device &&
              final.src === textOf(pod.address),
          );
    if (pod === undefined || shown === null) continue;
    yield vpcFinding({
      code: 'LINT_VPC_ENI_TABLE',
      params: { pod: textOf(pod.address), eni: eni.device, table: eni.table, primary: vpc.primary.device },
      span: pod.way?.rule.span ?? null,
      shown,
    });
  }
}

const rule: LintRule = {
  codes: ['LINT_VPC_NO_TO_RULE', 'LINT_VPC_ENI_TABLE'],
  *look(subject) {
    const vpc = vpcNode(subject);
    if (vpc === null) return;
    yield* unreached(subject, vpc);
    yield* openTables(subject, vpc);
  },
};
export default rule;
