/** Fifty changes after which every packet is treated as before. */
import { type Change, changesOf } from './change.js';

const eks = changesOf('eks');
const busy = changesOf('busy');
const native = changesOf('native');

const NAMES: readonly Change[] = [
  ...['AWS-SNAT-CHAIN-0', 'AWS-CONNMARK-CHAIN-0', 'KUBE-SERVICES', 'KUBE-MARK-MASQ', 'KUBE-SEP-NQE3TEW23MCT46GI', 'KUBE-SVC-LOLE4ISW44XBNF3G', 'KUBE-FIREWALL'].map(
    (chain) => eks.replace(`renamed chain ${chain}`, 'save', new RegExp(`${chain}(?=[ \\n])`, 'g'), `X-${chain.slice(0, 20)}`),
  ),
  busy.replace('renamed chain pods', 'save', /(:| |-g )pods(?= |\n)/g, '$1workloads'),
  native.replace('renamed base chain', 'nft', 'chain early', 'chain first'),
  eks.replace('comment changed', 'save', '"AWS, SNAT"', '"translated"'),
  eks.replace('comment removed', 'save', '-m comment --comment "AWS SNAT CHAIN" -j RETURN', '-j RETURN'),
  eks.replace('all comments changed', 'save', /kubernetes/g, 'k8s'),
  eks.add('comment added', 'save', '-A KUBE-MARK-MASQ', '-A KUBE-MARK-MASQ -m comment --comment "again" -j MARK --set-xmark 0x4000/0x4000'),
  eks.replace('counters', 'save', /\[0:0\]/g, '[17:4242]'),
  native.replace('counters of nftables', 'nft', 'iifname "lo" accept', 'iifname "lo" counter packets 7 bytes 420 accept'),
  native.replace('comment of nftables', 'nft', 'iifname "lo" accept', 'iifname "lo" accept comment "local"'),
]; // prettier-ignore

const ORDER: readonly Change[] = [
  eks.swap('order of services', 'save', '-A KUBE-SERVICES -d 10.100.5.20', '-A KUBE-SERVICES -d 10.100.5.23'),
  eks.swap('order of two other services', 'save', '-A KUBE-SERVICES -d 10.100.5.21', '-A KUBE-SERVICES -d 10.100.5.22'),
  eks.swap('order of node ports', 'save', '--dport 30080', '--dport 30083'),
  eks.swap('order of devices in mangle', 'save', '-A PREROUTING -i eni+ -m comment --comment "AWS, primary ENI"', '-A PREROUTING -i vlan+'),
  eks.swap('order of policy rules of one priority', 'rule', 'to 192.168.40.11', 'to 192.168.50.7'),
  eks.swap('order of routes', 'route', '192.168.33.90 dev', '192.168.61.33 dev'),
  eks.swap('order of settings', 'sysctl', 'ens5.rp_filter', 'ens6.rp_filter'),
  busy.swap('order of prefixes', 'save', '-A pods -d 10.0.40.0/24', '-A pods -d 10.0.41.0/24'),
  busy.swap('order of accepted protocols', 'save', '--dports 22', '--icmp-type 8'),
  busy.swap('order of elements', 'set', 'add blocked 198.18.0.0/15', 'add blocked 45.33'),
  busy.replace('order of ports in a list', 'save', '22,179,10250', '10250,22,179'),
  busy.replace('order of states', 'save', /RELATED,ESTABLISHED/g, 'ESTABLISHED,RELATED'),
  native.replace('order of elements of a map', 'nft', '22 : accept, 80 : jump web', '80 : jump web, 22 : accept'),
  native.swap('order of rules of other ports', 'nft', '10.0.41.13 . 7000', 'dport { 8000-8010'),
]; // prettier-ignore

const EQUAL: readonly Change[] = [
  eks.replace('split prefix', 'save', '-A AWS-SNAT-CHAIN-0 -d 192.168.0.0/16 -m comment --comment "AWS SNAT CHAIN" -j RETURN', '-A AWS-SNAT-CHAIN-0 -d 192.168.0.0/17 -j RETURN\n-A AWS-SNAT-CHAIN-0 -d 192.168.128.0/17 -j RETURN'),
  busy.replace('split prefix of pods', 'save', '-A pods -d 10.0.40.0/24 -p tcp', '-A pods -d 10.0.40.0/25 -p tcp -m tcp --dport 8000:8019 -j ACCEPT\n-A pods -d 10.0.40.128/25 -p tcp'),
  busy.replace('split port range', 'save', '-A pods -d 10.0.41.0/24 -p tcp', '-A pods -d 10.0.41.0/24 -p tcp -m tcp --dport 8000:8009 -j ACCEPT\n-A pods -d 10.0.41.0/24 -p tcp'),
  busy.replace('list of ports as rules', 'save', '-m multiport --dports 22,179,10250 -j ACCEPT', '-m tcp --dport 22 -j ACCEPT\n-A INPUT -p tcp -m multiport --dports 179,10250 -j ACCEPT'),
  busy.replace('split element of a set', 'set', 'add blocked 198.18.0.0/15', 'add blocked 198.18.0.0/16\nadd blocked 198.19.0.0/16'),
  busy.replace('state instead of conntrack', 'save', '-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED', '-A INPUT -m state --state RELATED,ESTABLISHED'),
  busy.replace('jump in place of goto at the end', 'save', '-A FORWARD -g pods', '-A FORWARD -j pods'),
  native.replace('split element of nftables', 'nft', '10.9.4.0/24', '10.9.4.0/25, 10.9.4.128/25'),
  native.replace('set in place of rules', 'nft', 'ip saddr 10.0.0.0/8 accept', 'ip saddr { 10.0.0.0/9, 10.128.0.0/9 } accept'),
  eks.add('rule twice', 'save', '-A AWS-SNAT-CHAIN-0 -d', '-A AWS-SNAT-CHAIN-0 -d 192.168.0.0/16 -j RETURN'),
]; // prettier-ignore

const UNREACHED: readonly Change[] = [
  eks.add('rule behind one that takes all', 'save', '-j MASQUERADE --random-fully', '-A KUBE-POSTROUTING -j SNAT --to-source 10.1.1.1'),
  busy.add('rule that is shadowed', 'save', '-A guard -p tcp', '-A guard -p tcp -m tcp --dport 80 -j ACCEPT'),
  eks.add('RETURN at the end of a chain', 'save', '-A KUBE-NODEPORTS -p tcp -m comment --comment "default/remote"', '-A KUBE-NODEPORTS -j RETURN'),
  eks.add('chain that nothing leads to', 'save', ':KUBE-MARK-MASQ - [0:0]', ':UNUSED - [0:0]\n-A UNUSED -j DROP'),
  eks.add('jump to an empty chain', 'save', '-A POSTROUTING -m comment --comment "AWS SNAT CHAIN"', '-A POSTROUTING -j KUBE-PROXY-CANARY'),
  eks.add('rule that only logs', 'save', '-A INPUT -j KUBE-FIREWALL', '-A INPUT -p tcp -j LOG --log-prefix "in: "'),
  eks.add('policy rule behind the last', 'rule', '32767:', '32768:\tfrom all to 9.9.9.9 lookup 77'),
  eks.add('route in a table that nobody looks up', 'route', 'default via 192.168.32.1 dev ens6', 'default via 192.168.32.9 dev ens6 table 77'),
  eks.remove('route that says what the default says', 'route', '192.168.0.2 via'),
  busy.add('set that no rule tests', 'set', 'create blocked', 'create other hash:ip family inet hashsize 1024 maxelem 65536'),
]; // prettier-ignore

/** All of them. */
export const HARMLESS: readonly Change[] = [...NAMES, ...ORDER, ...EQUAL, ...UNREACHED];
