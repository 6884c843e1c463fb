/** Rules of NodeLocal DNS, of host ports (portmap) and of the CNI's egress plugin. */
import type { Cluster } from './cluster.js';
import type { Rules } from './rule-set.js';

const comment = (text: string): string => `-m comment --comment "${text}"`;

/** raw and filter: what goes to the node's own resolver is not tracked. In front of kube-proxy's rules. */
export function nodeLocalDns(rules: Rules, { extras, family }: Cluster): void {
  const length = family === 4 ? 32 : 128;
  const [skip, allow] = [
    comment('NodeLocal DNS Cache: skip conntrack'),
    comment('NodeLocal DNS Cache: allow DNS traffic'),
  ];
  for (const address of extras.dns)
    for (const proto of ['udp', 'tcp']) {
      const to = `-d ${address}/${length} -p ${proto}`;
      const from = `-s ${address}/${length} -p ${proto}`;
      rules.add('raw', 'PREROUTING', `${to} -m ${proto} --dport 53 ${skip} -j CT --notrack`);
      rules.add('raw', 'OUTPUT', `${from} -m ${proto} --sport 53 ${skip} -j CT --notrack`);
      rules.add('raw', 'OUTPUT', `${to} -m ${proto} --dport 53 ${skip} -j CT --notrack`);
      rules.add('filter', 'INPUT', `${to} -m ${proto} --dport 53 ${allow} -j ACCEPT`);
      rules.add('filter', 'OUTPUT', `${from} -m ${proto} --sport 53 ${allow} -j ACCEPT`);
    }
}

/** nat, behind kube-proxy's jumps: the chains of the portmap plugin. */
export function hostPorts(rules: Rules, { extras: { hostPort }, family }: Cluster): void {
  if (hostPort === null) return;
  const { port, pod, to } = hostPort;
  const [length, host] = family === 4 ? [32, '127.0.0.1'] : [128, '::1'];
  const name = 'CNI-DN-ab12cd34ef56ab12cd34e';
  for (const hook of ['PREROUTING', 'OUTPUT'])
    rules.add('nat', hook, '-m addrtype --dst-type LOCAL -j CNI-HOSTPORT-DNAT');
  const masquerade = comment('CNI portfwd requiring masquerade');
  rules.add('nat', 'POSTROUTING', `${masquerade} -j CNI-HOSTPORT-MASQ`);
  rules.add('nat', 'CNI-HOSTPORT-MASQ', '-m mark --mark 0x2000/0x2000 -j MASQUERADE');
  rules.add(
    'nat',
    'CNI-HOSTPORT-SETMARK',
    `${comment('CNI portfwd masquerade mark')} -j MARK --set-xmark 0x2000/0x2000`,
  );
  rules.add(
    'nat',
    'CNI-HOSTPORT-DNAT',
    `-p tcp ${comment('dnat name')} -m multiport --dports ${port} -j ${name}`,
  );
  for (const source of family === 4 ? [pod, host] : [pod])
    rules.add('nat', name, `-s ${source}/${length} -p tcp -m tcp --dport ${port} -j CNI-HOSTPORT-SETMARK`);
  const target = family === 4 ? `${pod}:${to}` : `[${pod}]:${to}`;
  rules.add('nat', name, `-p tcp -m tcp --dport ${port} -j DNAT --to-destination ${target}`);
}

/** filter FORWARD, in front of all: nobody opens a connection to the egress addresses of the node's pods. */
export function egressBlock(rules: Rules, { extras: { egress }, family }: Cluster): void {
  if (egress === null) return;
  const [pool, end, word] =
    family === 4
      ? ['169.254.172.0/22', 'icmp-port-unreachable', 'IPv4']
      : ['fd00::ac:0/118', 'icmp6-port-unreachable', 'IPv6'];
  rules.add(
    'filter',
    'FORWARD',
    `-d ${pool} -m conntrack --ctstate NEW ${comment(`Block Node Local Pod access via ${word}`)} -j REJECT --reject-with ${end}`,
  );
}

/** nat POSTROUTING, behind all: what a pod sends by its egress address gets the node's. */
export function egressSnat(rules: Rules, { extras: { egress }, family, interfaces }: Cluster): void {
  const [primary] = interfaces;
  if (egress === null || primary === undefined) return;
  const [length, multicast, chain] =
    family === 4
      ? [32, '224.0.0.0/4', 'CNI-E4-5d41402abc4b2a76']
      : [128, 'ff00::/8', 'CNI-E6-5d41402abc4b2a76'];
  const word = comment('name: aws-cni egress');
  rules.add('nat', 'POSTROUTING', `-s ${egress.address}/${length} ${word} -j ${chain}`);
  rules.add('nat', chain, `-d ${multicast} ${word} -j ACCEPT`);
  rules.add('nat', chain, `${word} -j SNAT --to-source ${primary.address} --random-fully`);
}
