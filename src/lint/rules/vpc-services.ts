/**
 * Services whose endpoint is outside the VPC, asked by pods of a secondary ENI: DNAT ends nat's PREROUTING before the mark
 * is set, and SNAT still comes, so that the packet leaves by the secondary ENI with the primary one's address.
 */
import { type Address, formatAddress, parseAddress } from '../../address/address.js';
import { contains } from '../../address/prefix.js';
import type { Rule } from '../../iptables/model.js';
import type { PacketInput } from '../../packet/result.js';
import type { SourceText } from '../../source/source.js';
import { rulesWith } from '../by-target.js';
import type { Finding } from '../finding.js';
import { textOf } from '../ground.js';
import type { LintRule } from '../rule.js';
import { type Ruled, type Subject } from '../subject.js';
import { dnatTo } from '../translation.js';
import { vpcFinding } from '../vpc/finding.js';
import { type VpcNode, type VpcPod, vpcNode } from '../vpc/model.js';
import { fromPod, isSure, leavesWrong, samplePods } from '../vpc/packets.js';
import { placeOf } from '../words.js';

/** How many endpoints, and how many listed services, are tried. */
const TRIED = 40;

interface Target {
  readonly rule: Rule;
  readonly ruled: Ruled;
  readonly address: string;
}

type IsNear = (address: Address) => boolean;

/**
 * Chains of a table that need not be read: by the text of a save their endpoint is near. A node may have tens of thousands.
 */
function nearChains({ table }: Ruled, isNear: IsNear): ReadonlySet<string> {
  const near = new Set<string>();
  const far = new Set<string>();
  const sources = new Set<SourceText>();
  for (const { span, digest } of table.chains.values())
    if (span !== null && digest !== undefined) sources.add(span.source);
  for (const { text } of sources)
    for (const [, name = '', target = ''] of text.matchAll(
      /^(?:\[\d+:\d+\] )?-A (KUBE-SEP-\w+) [^\n]*? --to-destination ([^\n]+)$/gm,
    )) {
      const address = parseAddress(target.replace(/:\d+$/, ''));
      (address !== null && isNear(address) ? near : far).add(name);
    }
  for (const name of far) near.delete(name);
  return near;
}

/** DNAT to addresses that are neither the VPC's, nor the node's own. */
function outsideTargets(subject: Subject, { inside, ground }: VpcNode): readonly Target[] {
  const found: Target[] = [];
  const isNear = (address: Address): boolean =>
    ground.isOwn(address) || inside.some((one) => contains(one, address));
  for (const ruled of subject.tables) {
    if (ruled.family !== 4 || ruled.table.name !== 'nat') continue;
    const near = nearChains(ruled, isNear);
    for (const chain of ruled.table.chains.values()) {
      if (!chain.name.startsWith('KUBE-SEP-') || near.has(chain.name)) continue;
      for (const rule of rulesWith('DNAT', ruled.table, chain.name)) {
        const to = dnatTo(rule);
        if (to === null || isNear(to.address)) continue;
        found.push({ rule, ruled, address: formatAddress(to.address) });
        if (found.length === TRIED) return found;
      }
    }
  }
  return found;
}

/** The packets that may come to a rule, as a pod would send them. */
function* asPod(packets: Iterable<PacketInput>, pod: VpcPod): Iterable<PacketInput> {
  for (const packet of packets) yield { ...packet, in: pod.veth, src: textOf(pod.address) };
}

function byRule(
  subject: Subject,
  vpc: VpcNode,
  pod: VpcPod,
  { rule, ruled, address }: Target,
): Finding | null {
  const shown = subject.search(
    asPod(subject.packetsFor(rule, ruled), pod),
    (outcome) => isSure(outcome) && outcome.dnat?.rule === rule && leavesWrong(vpc, outcome),
  );
  if (shown === null) return null;
  return vpcFinding({
    code: 'LINT_VPC_SERVICE_OUTSIDE',
    params: {
      ...placeOf(rule),
      endpoint: address,
      eni: pod.way?.eni.device ?? '',
      source: shown.outcome.final.src ?? '',
    },
    span: rule.span,
    rule,
    related: ['LINT_AT_SENT', pod.way?.rule.span ?? null],
    shown,
  });
}

/** The services that kube-proxy's table of nftables has in its map: `10.100.5.22 . tcp . 443 : goto service-…`. */
function nativeServices(subject: Subject): readonly (readonly [string, number])[] {
  return subject.node.nativeTables[4].flatMap(({ sets }) =>
    (sets.get('service-ips')?.elements ?? []).flatMap(({ key }): (readonly [string, number])[] => {
      const [address, protocol, port] =
        key.kind === 'concat' ? key.parts.map((part) => (part.kind === 'word' ? part.text : '')) : [];
      return address !== undefined && protocol === 'tcp' ? [[address, Number(port)]] : [];
    }),
  );
}

/** Services as kubectl lists them, and as kube-proxy has them in its nftables mode. */
function byService(subject: Subject, vpc: VpcNode, pod: VpcPod): Finding | null {
  const native = nativeServices(subject)
    .slice(0, TRIED)
    .map(([address, port]) => fromPod(pod, address, port));
  const listed = subject.node.names.listed.services
    .slice(0, TRIED)
    .flatMap(({ clusterIps, ports }) =>
      clusterIps
        .filter((address) => typeof address === 'number')
        .flatMap((address) =>
          ports
            .filter(({ protocol }) => protocol === 6)
            .map(({ port }) => fromPod(pod, textOf(address), port)),
        ),
    );
  const shown = subject.search(
    [...listed, ...native],
    (outcome) => isSure(outcome) && outcome.dnat !== null && leavesWrong(vpc, outcome),
  );
  if (shown === null) return null;
  const by = shown.outcome.dnat?.rule ?? null;
  return vpcFinding({
    code: 'LINT_VPC_SERVICE_OUTSIDE',
    params: {
      table: by?.table ?? '',
      chain: by?.chain ?? '',
      rule: by?.number ?? 0,
      endpoint: shown.outcome.final.dst ?? '',
      eni: pod.way?.eni.device ?? '',
      source: shown.outcome.final.src ?? '',
    },
    span: by?.span ?? null,
    ...(by === null ? {} : { rule: by }),
    related: ['LINT_AT_SENT', pod.way?.rule.span ?? null],
    shown,
  });
}

const rule: LintRule = {
  codes: ['LINT_VPC_SERVICE_OUTSIDE'],
  *look(subject) {
    const vpc = vpcNode(subject);
    const [pod] = vpc === null ? [] : samplePods(vpc);
    if (vpc === null || pod === undefined || vpc.snat === null || vpc.inside.length === 0) return;
    const targets = outsideTargets(subject, vpc);
    for (const target of targets) {
      const found = byRule(subject, vpc, pod, target);
      if (found !== null) yield found;
    }
    const found = targets.length > 0 ? null : byService(subject, vpc, pod);
    if (found !== null) yield found;
  },
};
export default rule;
