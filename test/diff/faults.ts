/** Fifty changes of one thing each, after which some packet is treated differently. */
import { type Change, changesOf } from './change.js';

const eks = changesOf('eks');
const busy = changesOf('busy');
const native = changesOf('native');

const RULES: readonly Change[] = [
  eks.remove('deleted rule: no SNAT within the VPC', 'save', '-A AWS-SNAT-CHAIN-0 -d 192.168.0.0/16'),
  eks.replace('widened prefix in AWS-SNAT-CHAIN-0', 'save', /(AWS-SNAT-CHAIN-0 -d) 192.168.0.0\/16/, '$1 192.168.0.0/15'),
  eks.replace('narrowed prefix in AWS-CONNMARK-CHAIN-0', 'save', /(AWS-CONNMARK-CHAIN-0 -d) 192.168.0.0\/16/, '$1 192.168.0.0/17'),
  eks.replace('another SNAT address', 'save', '--to-source 192.168.45.10', '--to-source 192.168.45.11'),
  eks.replace('SNAT for one more output device', 'save', '! -o vlan+', '! -o ens5'),
  eks.remove('lost mark: AWS-CONNMARK-CHAIN-0', 'save', '-A AWS-CONNMARK-CHAIN-0 -m comment'),
  eks.remove('lost mark: not restored in nat PREROUTING', 'save', '"AWS, CONNMARK" -j CONNMARK --restore-mark'),
  eks.remove('lost mark: not restored for answers of pods', 'save', '-A PREROUTING -i eni+ -m comment --comment "AWS, primary ENI"'),
  eks.remove('lost mark: node ports by ens5', 'save', '-A PREROUTING -i ens5'),
  eks.swap('swapped order in AWS-SNAT-CHAIN-0', 'save', '-A AWS-SNAT-CHAIN-0 -d', '-A AWS-SNAT-CHAIN-0 ! -o'),
  eks.remove('lost mark: KUBE-MARK-MASQ', 'save', '-A KUBE-MARK-MASQ'),
  eks.remove('deleted rule: MASQUERADE', 'save', '-j MASQUERADE --random-fully'),
  eks.replace('inverted mark in KUBE-POSTROUTING', 'save', '-m mark ! --mark 0x4000/0x4000', '-m mark --mark 0x4000/0x4000'),
  eks.replace('another node port', 'save', '--dport 30080', '--dport 30090'),
  eks.replace('another cluster IP', 'save', '-d 10.100.5.22/32', '-d 10.100.5.24/32'),
  eks.replace('another service port', 'save', '--dport 443', '--dport 444'),
  eks.replace('another endpoint port', 'save', '192.168.70.8:8080', '192.168.70.8:8081'),
  eks.remove('deleted rule: localnet connections', 'save', '-A KUBE-FIREWALL'),
  eks.remove('deleted rule: INVALID packets', 'save', '--ctstate INVALID'),
  eks.replace('changed policy of FORWARD', 'save', ':FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n:KUBE-EXTERNAL', ':FORWARD DROP [0:0]\n:OUTPUT ACCEPT [0:0]\n:KUBE-EXTERNAL'),
  eks.remove('lost mark: a pod that asks itself', 'save', '-A KUBE-SEP-NQE3TEW23MCT46GI -s'),
]; // prettier-ignore

const ROUTING: readonly Change[] = [
  eks.remove('deleted policy rule of a pod', 'rule', 'from 192.168.61.33'),
  eks.remove('deleted policy rule to a pod', 'rule', 'to 192.168.40.11'),
  eks.replace('changed priority of the fwmark rule', 'rule', '1024:', '1600:'),
  eks.replace('changed fwmark', 'rule', '0x80/0x80', '0x40/0x40'),
  eks.replace('another device in table 2', 'route', 'dev ens6 table 2', 'dev ens5 table 2'),
  eks.remove('deleted route of a pod', 'route', '192.168.50.7 dev'),
  eks.replace('another gateway', 'route', 'default via 192.168.32.1 dev ens5', 'default via 192.168.32.2 dev ens5'),
  eks.replace('strict rp_filter on ens6', 'sysctl', 'ens6.rp_filter = 2', 'ens6.rp_filter = 1'),
  eks.replace('no rp_filter of a pod', 'sysctl', 'enia7cc107bbb9.rp_filter = 2', 'enia7cc107bbb9.rp_filter = 0'),
  eks.replace('no forwarding from ens5', 'sysctl', 'ens5.forwarding = 1', 'ens5.forwarding = 0'),
  eks.remove('an address that is not local any more', 'route', 'local 192.168.58.200'),
  busy.replace('changed metric', 'route', 'metric 100', 'metric 300'),
  busy.remove('deleted blackhole', 'route', 'blackhole'),
  busy.replace('policy rule of another device', 'rule', 'iif eth1', 'iif eth0'),
  busy.replace('policy rule of another port', 'rule', 'dport 4789', 'dport 4790'),
]; // prettier-ignore

const CONDITIONS: readonly Change[] = [
  busy.remove('member of a set', 'set', '45.33.32.156'),
  busy.replace('exception of a set', 'set', '198.18.7.0/24 nomatch', '198.18.7.0/25 nomatch'),
  busy.replace('port of a list', 'save', '22,179,10250', '22,179'),
  busy.replace('ICMP type', 'save', '--icmp-type 8', '--icmp-type 13'),
  busy.replace('answer of REJECT', 'save', 'tcp-reset', 'icmp-port-unreachable'),
  busy.replace('end of an address range', 'save', '10.9.0.20 -j', '10.9.0.19 -j'),
  busy.replace('user of a process', 'save', '! --uid-owner 0', '! --uid-owner 1000'),
  busy.replace('end of a port range', 'save', '-d 10.0.41.0/24 -p tcp -m tcp --dport 8000:8019', '-d 10.0.41.0/24 -p tcp -m tcp --dport 8000:8018'),
  busy.replace('chance of an endpoint', 'save', '0.50000000000', '0.40000000000'),
  busy.remove('connection tracking of DNS', 'save', '--notrack'),
  native.replace('port of a verdict map', 'nft', '22 : accept, ', ''),
  native.replace('element of a set', 'nft', '10.9.4.0/24', '10.9.4.0/25'),
  native.replace('element of a concatenation', 'nft', '10.0.41.14 . 7001', '10.0.41.14 . 7002'),
  native.replace('changed priority: the mark comes too late', 'nft', 'hook prerouting priority mangle', 'hook forward priority mangle'),
]; // prettier-ignore

/** All of them. */
export const FAULTS: readonly Change[] = [...RULES, ...ROUTING, ...CONDITIONS];
