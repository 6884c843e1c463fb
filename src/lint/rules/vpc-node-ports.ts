/**
 * Node ports that lead to pods of a secondary ENI: the answer must leave by the primary ENI, by which the request came, for
 * which mangle marks the connection; and the primary ENI must not check the way back strictly.
 */
import type { Rule } from '../../iptables/model.js';
import { protocolWord } from '../../address/protocols.js';
import type { PacketInput } from '../../packet/result.js';
import type { Finding } from '../finding.js';
import { textOf } from '../ground.js';
import type { LintRule } from '../rule.js';
import { shapeOf } from '../shape.js';
import type { Subject } from '../subject.js';
import { vpcFinding } from '../vpc/finding.js';
import { type VpcNode, vpcNode } from '../vpc/model.js';
import { fromPod, isSure, leavesWrong, samplePods } from '../vpc/packets.js';

/** How many node ports are tried. */
const TRIED = 60;

function nodePortRules(subject: Subject): readonly Rule[] {
  return subject.tables
    .filter(({ family, table }) => family === 4 && table.name === 'nat')
    .flatMap(({ table }) => table.chains.get('KUBE-NODEPORTS')?.rules ?? [])
    .filter(({ action }) => action.kind === 'chain' && !action.chain.includes('MARK-MASQ'));
}

function requestTo(rule: Rule, { primary, outside }: VpcNode): PacketInput | null {
  const [port] = shapeOf(rule).dport ?? [];
  if (port === undefined) return null;
  return {
    in: primary.device,
    proto: protocolWord(rule.header.protocol?.value ?? 6),
    src: textOf(outside),
    sport: 40000,
    dst: textOf(primary.address),
    dport: port[0],
  };
}

/** A request whose answer leaves by the wrong ENI. */
function answers(subject: Subject, vpc: VpcNode): Finding | null {
  for (const rule of nodePortRules(subject).slice(0, TRIED)) {
    const packet = requestTo(rule, vpc);
    if (packet === null) continue;
    const shown = subject.search(
      [packet],
      (outcome) =>
        isSure(outcome) &&
        outcome.reply !== undefined &&
        isSure(outcome.reply) &&
        leavesWrong(vpc, outcome.reply),
      subject.node,
      { reply: true },
    );
    if (shown === null) continue;
    const pod = vpc.pods.find(({ address }) => textOf(address) === shown.outcome.final.dst);
    return vpcFinding({
      code: 'LINT_VPC_NODE_PORT_REPLY',
      params: {
        port: packet.dport ?? 0,
        pod: shown.outcome.final.dst ?? '',
        eni: shown.outcome.reply?.egress?.iface ?? '',
        primary: vpc.primary.device,
      },
      span: rule.span,
      rule,
      related: ['LINT_AT_SENT', pod?.way?.rule.span ?? null],
      shown,
    });
  }
  return null;
}

/** What comes in by the primary ENI for a pod of another one, and is dropped by the reverse-path check. */
function strict(subject: Subject, vpc: VpcNode): Finding | null {
  const requests = nodePortRules(subject)
    .slice(0, TRIED)
    .flatMap((rule) => requestTo(rule, vpc) ?? []);
  const pods = samplePods(vpc).map((pod) => fromPod(pod, textOf(vpc.outside)));
  const shown = subject.search(
    [...pods, ...requests],
    (outcome) => isSure(outcome) && [outcome, outcome.reply].some((one) => one?.drop?.reason === 'rp_filter'),
    subject.node,
    { reply: true },
  );
  if (shown === null) return null;
  const pod = vpc.pods.find(
    ({ address }) => textOf(address) === shown.packet.src || textOf(address) === shown.outcome.final.dst,
  );
  return vpcFinding({
    code: 'LINT_VPC_RP_FILTER',
    params: { primary: vpc.primary.device },
    span: vpc.network.links.get(vpc.primary.device)?.span ?? null,
    related: ['LINT_AT_SENT', pod?.way?.rule.span ?? null],
    shown,
  });
}

const rule: LintRule = {
  codes: ['LINT_VPC_NODE_PORT_REPLY', 'LINT_VPC_RP_FILTER'],
  *look(subject) {
    const vpc = vpcNode(subject);
    if (vpc === null) return;
    for (const look of [answers, strict]) {
      const found = look(subject, vpc);
      if (found !== null) yield found;
    }
  },
};
export default rule;
