/** Which program keeps a rule, told by the names of its chains and by the comments that the program writes. */
import { type AnyRule, isNative } from '../packet/any-rule.js';
import type { Statement } from '../nft/model.js';
import { commentOf, targetOf } from './rule-ref.js';
import type { View } from './view.js';

/** Programs by their stable ids. */
const NAMES = {
  'aws-vpc-cni': 'AWS VPC CNI',
  'kube-proxy': 'kube-proxy',
  kubelet: 'kubelet',
  calico: 'Calico',
  cilium: 'Cilium',
  docker: 'Docker',
  flannel: 'flannel',
  istio: 'Istio',
  firewalld: 'firewalld',
  ufw: 'ufw',
  fail2ban: 'fail2ban',
  'kube-router': 'kube-router',
  antrea: 'Antrea',
  weave: 'Weave Net',
  'cni-portmap': 'CNI portmap',
  netavark: 'Netavark (Podman)',
  libvirt: 'libvirt',
} as const;

/** Id of a program, as JSON has it. */
export type Owner = keyof typeof NAMES;

/** By the name of a chain; the first that fits. */
const CHAINS: readonly (readonly [RegExp, Owner])[] = [
  [/^AWS-/, 'aws-vpc-cni'],
  [/^KUBE-(?:ROUTER-|POD-FW-|NWPLCY-)/, 'kube-router'],
  [/^KUBE-(?:FIREWALL$|KUBELET-|IPTABLES-HINT$)/, 'kubelet'],
  [/^KUBE-/, 'kube-proxy'],
  [/^(?:cali|felix)-/, 'calico'],
  [/^(?:OLD_)?CILIUM_/, 'cilium'],
  [/^DOCKER(?:$|[-_])/, 'docker'],
  [/^FLANNEL-/, 'flannel'],
  [/^ISTIO_/, 'istio'],
  [/^(?:IN|FWD[IO]?|PRE|POST)_[a-z][\w-]*$/, 'firewalld'],
  [
    /^(?:INPUT|FORWARD|OUTPUT|PREROUTING|POSTROUTING)_(?:direct|ZONES|POLICIES|IN_ZONES|OUT_ZONES)/,
    'firewalld',
  ],
  [/^ufw6?-/, 'ufw'],
  [/^(?:f2b|fail2ban)-/, 'fail2ban'],
  [/^ANTREA-/, 'antrea'],
  [/^WEAVE(?:$|-)/, 'weave'],
  [/^CNI-/, 'cni-portmap'],
  [/^NETAVARK/, 'netavark'],
  [/^LIBVIRT_/, 'libvirt'],
];

/** By the name of a native table. */
const TABLES: readonly (readonly [RegExp, Owner])[] = [
  [/^aws-cni/, 'aws-vpc-cni'],
  [/^kube-proxy$/, 'kube-proxy'],
  [/^firewalld/, 'firewalld'],
  [/^f2b-/, 'fail2ban'],
  [/^calico/, 'calico'],
  [/^cilium/, 'cilium'],
  [/^istio/, 'istio'],
  [/^flannel/, 'flannel'],
  [/^docker-bridges$/, 'docker'],
  [/^netavark$/, 'netavark'],
  [/^libvirt_/, 'libvirt'],
];

/** By what a comment says. */
const COMMENTS: readonly (readonly [RegExp, Owner])[] = [
  [/^"?AWS[, ]/, 'aws-vpc-cni'],
  [/^"?cali:/, 'calico'],
  [/^"?cilium/i, 'cilium'],
  [/^"?flannel/i, 'flannel'],
  [/^"?kubernetes /, 'kube-proxy'],
  [/^"?istio/i, 'istio'],
  [/^"?CNI portfwd/, 'cni-portmap'],
];

/** By a device that a program makes for itself. */
const DEVICES: readonly (readonly [RegExp, Owner])[] = [
  [/^docker0$/, 'docker'],
  [/^cali\+?$/, 'calico'],
  [/^cilium_/, 'cilium'],
  [/^flannel/, 'flannel'],
  [/^virbr/, 'libvirt'],
];

function among(list: readonly (readonly [RegExp, Owner])[], text: string): Owner | null {
  return list.find(([form]) => form.test(text))?.[1] ?? null;
}

const jumpOf = (statement: Statement): string =>
  statement.kind === 'verdict' && 'chain' in statement.verdict ? statement.verdict.chain : '';

function jumpsOf(rule: AnyRule): readonly string[] {
  if (isNative(rule)) return rule.statements.map(jumpOf);
  return rule.action.kind === 'chain' ? [rule.action.chain] : [];
}

function devicesOf(rule: AnyRule): readonly string[] {
  if (isNative(rule)) return [];
  const { inInterface, outInterface } = rule.header;
  return [inInterface?.value ?? '', outInterface?.value ?? ''];
}

/** Who keeps a rule; null when nothing tells. */
export function ownerOf(rule: AnyRule): Owner | null {
  return (
    (isNative(rule) ? among(TABLES, rule.table) : null) ??
    among(CHAINS, rule.chain) ??
    among(COMMENTS, commentOf(rule)) ??
    jumpsOf(rule).map((chain) => among(CHAINS, chain))[0] ??
    devicesOf(rule)
      .map((device) => among(DEVICES, device))
      .find((owner) => owner !== null) ??
    null
  );
}

/** The program's name, or that nobody is known to keep the rule. */
export function ownerText(rule: AnyRule, view: View): string {
  const owner = ownerOf(rule);
  return owner === null ? view.say('OWNER_NONE') : NAMES[owner];
}

/** `AWS VPC CNI (SNAT)`: who keeps the rules that decided, each with what its rules did. */
export function ownersText(rules: readonly AnyRule[], view: View): string {
  const targets = new Map<string, Set<string>>();
  for (const rule of rules) {
    const name = ownerText(rule, view);
    targets.set(name, (targets.get(name) ?? new Set()).add(shortTarget(rule)));
  }
  return [...targets].map(([name, did]) => `${name} (${[...did].join(', ')})`).join(', ');
}

/** The first word of what a rule does: SNAT, CONNMARK; of a native rule `snat`, `meta mark set`. */
function shortTarget(rule: AnyRule): string {
  const target = targetOf(rule);
  return isNative(rule) ? (/^(?:(?:meta|ct) mark set|\S+)/.exec(target)?.[0] ?? '') : target;
}
