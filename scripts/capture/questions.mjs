// Small nodes for docs/questions.md that no cloud is needed for: a node with one interface and two pods, under rule sets
// that each make one question visible. `node scripts/capture/questions.mjs` writes what the real commands print, a
// transcript each, into docs/questions/. Needs root, iproute2, iptables and conntrack.
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Namespace, enterPrivateMounts } from './namespace.mjs';

const NAT = (/** @type {string} */ target) => `*nat
-A POSTROUTING -s 10.244.1.0/24 -o eth0 -j ${target}
COMMIT
`;

/** A service of three endpoints as kube-proxy programs it: chances that are conditional on those before. */
const SERVICE = `*nat
:KUBE-SERVICES - [0:0]
:KUBE-MARK-MASQ - [0:0]
:KUBE-SVC-4N57TFCL4MD7ZTDA - [0:0]
:KUBE-SEP-6E7XQMQ4RAYOWTTM - [0:0]
:KUBE-SEP-IT2ZTR26TO4XFPTO - [0:0]
:KUBE-SEP-ZXMNUKOKXUTL2MK2 - [0:0]
-A PREROUTING -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
-A OUTPUT -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
-A KUBE-MARK-MASQ -j MARK --or-mark 0x4000
-A KUBE-SERVICES -d 10.96.7.7/32 -p tcp -m comment --comment "default/shop cluster IP" -m tcp --dport 80 -j KUBE-SVC-4N57TFCL4MD7ZTDA
-A KUBE-SVC-4N57TFCL4MD7ZTDA -m comment --comment "default/shop -> 10.244.1.5:8080" -m statistic --mode random --probability 0.33333333349 -j KUBE-SEP-6E7XQMQ4RAYOWTTM
-A KUBE-SVC-4N57TFCL4MD7ZTDA -m comment --comment "default/shop -> 10.244.1.6:8080" -m statistic --mode random --probability 0.50000000000 -j KUBE-SEP-IT2ZTR26TO4XFPTO
-A KUBE-SVC-4N57TFCL4MD7ZTDA -m comment --comment "default/shop -> 10.244.2.9:8080" -j KUBE-SEP-ZXMNUKOKXUTL2MK2
-A KUBE-SEP-6E7XQMQ4RAYOWTTM -s 10.244.1.5/32 -m comment --comment "default/shop" -j KUBE-MARK-MASQ
-A KUBE-SEP-6E7XQMQ4RAYOWTTM -p tcp -m comment --comment "default/shop" -m tcp -j DNAT --to-destination 10.244.1.5:8080
-A KUBE-SEP-IT2ZTR26TO4XFPTO -s 10.244.1.6/32 -m comment --comment "default/shop" -j KUBE-MARK-MASQ
-A KUBE-SEP-IT2ZTR26TO4XFPTO -p tcp -m comment --comment "default/shop" -m tcp -j DNAT --to-destination 10.244.1.6:8080
-A KUBE-SEP-ZXMNUKOKXUTL2MK2 -s 10.244.2.9/32 -m comment --comment "default/shop" -j KUBE-MARK-MASQ
-A KUBE-SEP-ZXMNUKOKXUTL2MK2 -p tcp -m comment --comment "default/shop" -m tcp -j DNAT --to-destination 10.244.2.9:8080
COMMIT
`;

/** The pod that answered for the service has gone; an entry of its time is still there. */
const DNS_SERVICE = `*nat
:KUBE-SERVICES - [0:0]
:KUBE-SVC-TCOU7JCQXEZGVUNU - [0:0]
:KUBE-SEP-YIL6JZP7A3QYXJU2 - [0:0]
-A PREROUTING -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
-A KUBE-SERVICES -d 10.96.0.10/32 -p udp -m comment --comment "kube-system/kube-dns:dns cluster IP" -m udp --dport 53 -j KUBE-SVC-TCOU7JCQXEZGVUNU
-A KUBE-SVC-TCOU7JCQXEZGVUNU -m comment --comment "kube-system/kube-dns:dns -> 10.244.1.6:53" -j KUBE-SEP-YIL6JZP7A3QYXJU2
-A KUBE-SEP-YIL6JZP7A3QYXJU2 -p udp -m comment --comment "kube-system/kube-dns:dns" -m udp -j DNAT --to-destination 10.244.1.6:53
COMMIT
`;

/** What Docker leaves of a node that is no Docker host: chains of its own, and a policy. */
const DOCKER = `*filter
:FORWARD DROP [0:0]
:DOCKER - [0:0]
:DOCKER-ISOLATION-STAGE-1 - [0:0]
:DOCKER-USER - [0:0]
-A FORWARD -j DOCKER-USER
-A FORWARD -j DOCKER-ISOLATION-STAGE-1
-A FORWARD -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A FORWARD -o docker0 -j DOCKER
-A FORWARD -i docker0 -j ACCEPT
-A DOCKER-ISOLATION-STAGE-1 -j RETURN
-A DOCKER-USER -j RETURN
COMMIT
`;

/** Of NodeLocal DNSCache: its address is served without connection tracking. */
const CACHE = `*raw
-A PREROUTING -d 169.254.20.10/32 -p udp -m udp --dport 53 -m comment --comment "NodeLocal DNS Cache: skip conntrack" -j NOTRACK
COMMIT
*filter
-A INPUT -d 169.254.20.10/32 -p udp -m udp --dport 53 -m comment --comment "NodeLocal DNS Cache: allow DNS traffic" -j ACCEPT
COMMIT
*nat
-A POSTROUTING -s 10.244.1.0/24 -o eth0 -j MASQUERADE
COMMIT
`;

/** MARK, jump with RETURN, goto with RETURN, and ACCEPT, in the order in which one packet meets them. */
const VERDICTS = `*mangle
:JUMPED - [0:0]
:GONE - [0:0]
-A PREROUTING -i veth5 -j MARK --set-xmark 0x1/0xffffffff
-A PREROUTING -i veth5 -j JUMPED
-A PREROUTING -i veth5 -m mark --mark 0x1 -g GONE
-A PREROUTING -i veth5 -j MARK --set-xmark 0x9/0xffffffff
-A JUMPED -j RETURN
-A JUMPED -j MARK --set-xmark 0x8/0xffffffff
-A GONE -m mark --mark 0x1 -j RETURN
-A FORWARD -i veth5 -j ACCEPT
-A FORWARD -i veth5 -j DROP
COMMIT
*filter
-A FORWARD -i veth5 -p tcp -m tcp --dport 443 -j DROP
COMMIT
`;

const NODES = {
  snat: { rules: NAT('SNAT --to-source 10.0.0.11') },
  masquerade: { rules: NAT('MASQUERADE') },
  service: { rules: SERVICE },
  'dead-pod': {
    rules: DNS_SERVICE,
    entry:
      '-I -p udp -s 10.244.1.5 -d 10.96.0.10 --sport 40000 --dport 53 -r 10.244.1.9 -q 10.244.1.5 --reply-port-src 53 --reply-port-dst 40000 -t 3600 -u SEEN_REPLY',
  },
  docker: { rules: DOCKER },
  'dns-cache': { rules: CACHE, address: '169.254.20.10/32' },
  verdicts: { rules: VERDICTS },
};

/** The settings that decide what happens to packets. */
const TELLING = new RegExp(
  `^net\\.(?:${[
    'ipv4\\.(?:ip_forward|ip_nonlocal_bind)',
    'ipv4\\.conf\\.(?:all|default|eth0|lo|veth\\d)\\.(?:rp_filter|(?:bc_)?forwarding|accept_local|route_localnet|src_valid_mark)',
    'netfilter\\.nf_conntrack_(?:tcp_loose|tcp_be_liberal|checksum)',
  ].join('|')}) = `,
);

/** @param {Namespace} node @param {string} device @param {number} index @param {string} mac */
function addLink(node, device, index, mac) {
  const link = `link add ${device} index ${String(index)} address ${mac}`;
  node.ipAny([`${link} type dummy`, `${link} type ifb`]);
  node.ip([`link set ${device} up`]);
}

/** @param {Namespace} node @param {{ rules: string, entry?: string, address?: string }} given */
function build(node, { rules, entry, address }) {
  node.sysctl({ 'net.ipv4.ip_forward': 1, 'net.ipv6.conf.all.disable_ipv6': 1 });
  node.ip(['link set lo up']);
  addLink(node, 'eth0', 2, '02:00:0a:00:00:0a');
  node.ip([
    'addr add 10.0.0.10/24 brd + dev eth0',
    'addr add 10.0.0.11/24 brd + dev eth0',
    'route add default via 10.0.0.1 dev eth0',
  ]);
  for (const pod of ['5', '6']) {
    addLink(node, `veth${pod}`, Number(pod), `02:00:0a:f4:01:0${pod}`);
    node.ip([`route add 10.244.1.${pod} dev veth${pod} scope link`]);
  }
  if (address !== undefined) {
    addLink(node, 'nodelocaldns', 9, '02:00:a9:fe:14:0a');
    node.ip([`addr add ${address} dev nodelocaldns`]);
  }
  node.run('iptables-nft-restore', [], rules);
  if (entry !== undefined) node.run('conntrack', entry.split(' '));
}

/** @param {Namespace} node @param {boolean} tracks */
function transcript(node, tracks) {
  const said = (/** @type {string} */ line) => {
    const [program = '', ...args] = line.split(' ');
    return [`# ${line}`, node.run(program, args).trimEnd(), ''].join('\n');
  };
  const sysctls = node
    .run('sysctl', ['-a'])
    .split('\n')
    .filter((line) => TELLING.test(line));
  return [
    said('iptables-save').replace(/ on \w{3} \w{3} .*$/gm, ''),
    said('nft -a list ruleset'),
    said('ip rule'),
    said('ip route show table all'),
    said('ip addr'),
    ...(tracks ? [said('conntrack -L -o extended').replace(/udp {6}17 \d+ /, 'udp      17 3590 ')] : []),
    ['# sysctl -a', ...sysctls, ''].join('\n'),
  ].join('\n');
}

enterPrivateMounts();
const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
for (const [name, given] of Object.entries(NODES)) {
  const node = new Namespace('node');
  try {
    build(node, given);
    writeFileSync(join(root, 'docs/questions', `${name}.txt`), transcript(node, 'entry' in given));
  } finally {
    node.remove();
  }
}
