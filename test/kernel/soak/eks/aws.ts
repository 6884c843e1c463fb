/** Rules of the VPC CNI: which connections get the primary address, and which are marked to leave by it. */
import type { Rules } from './rule-set.js';
import { type Cluster, ERAS } from './cluster.js';

const after = (cluster: Cluster, era: (typeof ERAS)[number]): boolean =>
  ERAS.indexOf(cluster.era) >= ERAS.indexOf(era);

const comment = (text: string): string => `-m comment --comment "${text}"`;

function snatRule(cluster: Cluster): string {
  const [primary] = cluster.interfaces;
  const flag = { prng: ' --random-fully', hashrandom: ' --random', none: '' }[cluster.randomize];
  const vlan = after(cluster, '1.7') ? '! -o vlan+ ' : '';
  return `${vlan}${comment('AWS, SNAT')} -m addrtype ! --dst-type LOCAL -j SNAT --to-source ${primary?.address ?? ''}${flag}`;
}

/** What is said of a network: of the VPC, or excluded by AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS. */
interface Words {
  readonly vpc: string;
  readonly excluded: string;
}

/** The networks that keep their pods' addresses, in the order in which they are written down. */
function networksOf(cluster: Cluster, words: Words): (readonly [string, string])[] {
  const excluded = after(cluster, '1.6') ? cluster.excluded : [];
  return [
    ...cluster.vpc.map((network) => [network, words.vpc] as const),
    ...excluded.map((network) => [network, words.excluded] as const),
  ];
}

/** Up to 1.16.1 each network has a chain of its own, and what is not for it goes on to the next. */
function ladder(rules: Rules, cluster: Cluster, chain: string, words: Words, last: string): void {
  const networks = networksOf(cluster, words);
  for (const [at, [network, word]] of networks.entries())
    rules.add('nat', `${chain}-${at}`, `! -d ${network} ${comment(word)} -j ${chain}-${at + 1}`);
  rules.add('nat', `${chain}-${networks.length}`, last);
}

function returns(rules: Rules, cluster: Cluster, chain: string, words: Words, last: string): void {
  for (const [network, word] of networksOf(cluster, words).toReversed())
    rules.add('nat', chain, `-d ${network} ${comment(word)} -j RETURN`);
  rules.add('nat', chain, last);
}

/** nat POSTROUTING, after kube-proxy's jump. */
export function snat(rules: Rules, cluster: Cluster): void {
  if (cluster.externalSnat || cluster.family === 6) return;
  const vpc = cluster.era === '1.5' ? 'AWS SNAT CHAN' : 'AWS SNAT CHAIN';
  const word = { vpc, excluded: 'AWS SNAT CHAIN EXCLUSION' };
  rules.add('nat', 'POSTROUTING', `${comment(vpc)} -j AWS-SNAT-CHAIN-0`);
  if (after(cluster, '1.16.2')) returns(rules, cluster, 'AWS-SNAT-CHAIN-0', word, snatRule(cluster));
  else ladder(rules, cluster, 'AWS-SNAT-CHAIN', word, snatRule(cluster));
}

/** nat PREROUTING, after kube-proxy's jump. */
export function connmark(rules: Rules, cluster: Cluster): void {
  if (cluster.externalSnat || cluster.family === 6 || !after(cluster, '1.8')) return;
  const bit = cluster.connmark;
  const state = after(cluster, '1.12.1') ? '' : ' -m state --state NEW';
  rules.add(
    'nat',
    'PREROUTING',
    `-i ${cluster.veth}+ ${comment('AWS, outbound connections')}${state} -j AWS-CONNMARK-CHAIN-0`,
  );
  rules.add(
    'nat',
    'PREROUTING',
    `${comment('AWS, CONNMARK')} -j CONNMARK --restore-mark --nfmask ${bit} --ctmask ${bit}`,
  );
  const last = `${comment('AWS, CONNMARK')} -j CONNMARK --set-xmark ${bit}/${bit}`;
  const words = after(cluster, '1.23')
    ? { vpc: 'AWS CONNMARK CHAIN', excluded: 'AWS CONNMARK CHAIN' }
    : { vpc: 'AWS CONNMARK CHAIN, VPC CIDR', excluded: 'AWS CONNMARK CHAIN, EXCLUDED CIDR' };
  if (after(cluster, '1.16.2')) returns(rules, cluster, 'AWS-CONNMARK-CHAIN-0', words, last);
  else ladder(rules, cluster, 'AWS-CONNMARK-CHAIN', words, last);
}

/** mangle PREROUTING. */
export function primaryMarks(rules: Rules, cluster: Cluster): void {
  if (cluster.family === 6) return;
  const { nodePortSupport, externalSnat, interfaces, connmark: bit, veth } = cluster;
  const word = comment('AWS, primary ENI');
  const restore = `-j CONNMARK --restore-mark --nfmask ${bit} --ctmask ${bit}`;
  if (nodePortSupport)
    rules.add(
      'mangle',
      'PREROUTING',
      `-i ${interfaces[0]?.device ?? ''} ${word} -m addrtype --dst-type LOCAL --limit-iface-in -j CONNMARK --set-xmark ${bit}/${bit}`,
    );
  if (nodePortSupport || (after(cluster, '1.12.1') && !externalSnat))
    rules.add('mangle', 'PREROUTING', `-i ${veth}+ ${word} ${restore}`);
  if (nodePortSupport && after(cluster, '1.7'))
    rules.add('mangle', 'PREROUTING', `-i vlan+ ${word} ${restore}`);
}
