/** Other forms of the routing dumps in a snapshot: what they are used for, and what they leave unknown. */
import { describe, expect, it } from 'vitest';
import type { Node } from '../packet/node.js';
import { trace } from '../packet/trace.js';
import { loadNode } from './load.js';
import { printListings, printTranscript } from './print.js';

function load(files: Readonly<Record<string, string>>): Node {
  return loadNode(
    'node',
    Object.entries(files).map(([name, text]) => ({ name, text })),
  );
}

/** Findings about reading, `CODE file:line:column`. */
function findings(node: Node): readonly string[] {
  return node.diagnostics.flatMap(({ code, span }) => {
    if (!code.startsWith('READ_')) return [];
    if (span === null) return [code];
    const { line, column } = span.source.position(span.start);
    return [`${code} ${span.source.name}:${String(line)}:${String(column)}`];
  });
}

const IFCONFIG =
  'e0: flags=4163<UP,BROADCAST,RUNNING,MULTICAST>  mtu 1500\n        inet 10.0.0.1  netmask 255.255.255.0  broadcast 10.0.0.255\n        ether 02:00:00:00:00:01  txqueuelen 1000  (Ethernet)\n';
const ROUTE_N =
  'Kernel IP routing table\nDestination     Gateway         Genmask         Flags Metric Ref    Use Iface\n' +
  '0.0.0.0         10.0.0.254      0.0.0.0         UG    0      0        0 e0\n10.0.0.0        0.0.0.0         255.255.255.0   U     0      0        0 e0\n';
const ADDR =
  '2: e0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default\n    link/ether 02:00:00:00:00:01 brd ff:ff:ff:ff:ff:ff\n' +
  '    inet 10.0.0.1/24 brd 10.0.0.255 scope global e0\n    inet 10.0.0.7/24 scope global secondary e0\n';
const ADDR_JSON =
  '[{"ifindex":2,"ifname":"e0","flags":["BROADCAST","MULTICAST","UP","LOWER_UP"],"mtu":1500,"group":"default","link_type":"ether","address":"02:00:00:00:00:01","addr_info":[' +
  '{"family":"inet","local":"10.0.0.1","prefixlen":24,"broadcast":"10.0.0.255","scope":"global","label":"e0"},{"family":"inet","local":"10.0.0.7","prefixlen":24,"scope":"global","secondary":true,"label":"e0"}]}]\n';

describe('JSON', () => {
  it('keeps what stands before a cut, and does not call it whole', () => {
    const node = load({
      'r.json': '[{"dst":"default","gateway":"10.0.0.254","dev":"e0","flags":[]},\n{"dst":"10.0.0.0/24","dev',
    });
    expect(findings(node)).toEqual(['READ_CUT r.json:2:1']);
    expect(node.networks[4].tables.get(254)?.map(({ text }) => text)).toEqual([
      'default via 10.0.0.254 dev e0',
    ]);
    expect(node.networks[4].known.tables).toEqual(new Set());
  });

  it('of a list of addresses that is cut none counts as whole', () => {
    const node = load({ 'a.json': ADDR_JSON.slice(0, -3) });
    expect(findings(node)).toEqual(['READ_CUT a.json:1:2']);
    expect(node.networks[4].known.links).toBe(false);
  });

  it('is read where several listings follow each other in a transcript, compact and pretty', () => {
    const rules =
      '[{"priority":0,"src":"all","table":"local"},\n{"priority":9,"src":"all","fwmark":"0x1","table":"7"}]\n';
    const text = `$ sudo ip -j addr\n${ADDR_JSON}$ ip -j -p rule\n${rules.replaceAll(',"', ',\n  "')}$ ip -j route show table 7\n[]\n$ ip rule\n0:\tfrom all lookup local\n9:\tfrom all fwmark 0x1 lookup 7\n`;
    const node = load({ 't.txt': text });
    expect(findings(node)).toEqual([]);
    expect(node.networks[4].links.get('e0')?.addresses.length).toBe(2);
    expect(node.networks[4].rules.map(({ priority }) => priority)).toEqual([0, 9]);
    expect(node.networks[4].known.tables).toEqual(new Set([7]));
  });

  it('names line and column in the file of what cannot be read', () => {
    const text = `$ ip rule\n0:\tfrom all lookup local\n$ ip -j route\n[{"dst":"default","gateway":"10.0.0.254","dev":"e0"},\n {"dst":"10.0.0.0/24","dev":"e0","metric":"many"}]\n`;
    expect(findings(load({ 't.txt': text }))).toEqual(['READ_VALUE t.txt:5:44']);
  });

  it('of another tool is named, not used', () => {
    expect(findings(load({ 'a.json': '[{"Name":"bridge","Id":"1"}]\n' }))).toEqual([
      'READ_NOT_USED a.json:1:1',
      'READ_NOTHING',
    ]);
  });

  it('and the text of the same do not disagree, whichever comes first', () => {
    for (const node of [load({ a: ADDR, 'b.json': ADDR_JSON }), load({ 'a.json': ADDR_JSON, b: ADDR })]) {
      expect(findings(node)).toEqual([]);
      expect(node.networks[4].links.get('e0')).toMatchObject({ mtu: 1500, mac: '02:00:00:00:00:01' });
    }
  });

  it('of names that objects inherit harms nothing', () => {
    const node = load({
      'a.json':
        '[{"ifindex":1,"ifname":"__proto__","flags":["UP"],"mtu":1500,"addr_info":[{"family":"inet","local":"10.0.0.1","prefixlen":8,"scope":"global","constructor":true}]}]\n',
    });
    expect(findings(node)).toEqual([]);
    expect(node.networks[4].links.get('__proto__')?.addresses[0]?.words).toEqual(['constructor']);
  });
});

describe('net-tools', () => {
  it('alone: routes and addresses are used, and every outcome says that there may be more', () => {
    const node = load({ 'ifconfig.txt': IFCONFIG, 'route-n.txt': ROUTE_N });
    expect(findings(node)).toEqual(['READ_IFCONFIG ifconfig.txt:1:1', 'READ_ROUTE_TABLE route-n.txt:1:1']);
    expect(node.networks[4].known).toMatchObject({ links: false, tables: new Set() });
    const { outcomes } = trace(node, { in: null, proto: 'tcp', dst: '8.8.8.8', dport: 443 });
    expect(outcomes.some(({ egress }) => egress?.iface === 'e0' && egress.via === '10.0.0.254')).toBe(true);
    for (const { assumptions, probability } of outcomes) {
      expect(probability).toBeNull();
      expect(assumptions.map(({ code }) => code)).toContain('UNK_NO_MAIN');
    }
  });

  it('beside ip: ip wins, and nothing disagrees', () => {
    const node = load({ 'ifconfig.txt': IFCONFIG, 'ip-addr.txt': ADDR });
    expect(findings(node)).toEqual(['READ_IFCONFIG ifconfig.txt:1:1']);
    expect(node.networks[4].known.links).toBe(true);
    expect(node.networks[4].links.get('e0')?.addresses.length).toBe(2);
  });

  it('beside a listing of ip without addresses: the addresses are added, and are not all', () => {
    const node = load({
      'ifconfig.txt': IFCONFIG,
      t: '$ ip -br link\ne0               UP             02:00:00:00:00:01 <BROADCAST,MULTICAST,UP,LOWER_UP>\n',
    });
    expect(node.networks[4].links.get('e0')).toMatchObject({ mtu: 1500, up: true });
    expect(node.networks[4].links.get('e0')?.addresses.length).toBe(1);
    expect(node.networks[4].known.links).toBe(false);
  });

  it('that contradicts ip is left out', () => {
    const other = IFCONFIG.replace('02:00:00:00:00:01', '02:00:00:00:00:99');
    expect(findings(load({ 'ifconfig.txt': other, 'ip-addr.txt': ADDR }))).toEqual([
      'READ_IFCONFIG ifconfig.txt:1:1',
      'READ_LINKS_DISAGREE ifconfig.txt:1:1',
    ]);
  });
});

describe('neighbours and forwarding', () => {
  it('are kept with the node and printed back', () => {
    const text =
      '$ ip neigh\n10.0.0.3 dev e0 FAILED\nfe80::1 dev e0 lladdr 02:00:00:00:00:01 router STALE\n$ ip neigh show proxy\n10.0.0.8 dev e0 proxy\n' +
      '$ bridge fdb show dev vx0\n2a:02:24:58:e9:07 dst 10.0.0.102 self permanent\n';
    const node = load({ t: `${ADDR}${text}` });
    expect(node.neighbours?.whole).toEqual(new Set([4, 6]));
    expect(node.forwarding).toMatchObject({ whole: false, entries: [{ device: 'vx0' }] });
    const printed = printListings(node).filter(({ command }) => /neigh|fdb/.test(command));
    expect(printed.map(({ command, text: lines }) => `${command}\n${lines}`)).toEqual([
      'ip -4 neigh\n10.0.0.3 dev e0 FAILED\n',
      'ip -4 neigh show proxy\n10.0.0.8 dev e0 proxy\n',
      'ip -6 neigh\nfe80::1 dev e0 lladdr 02:00:00:00:00:01 router STALE\n',
      'bridge fdb | grep .\n2a:02:24:58:e9:07 dev vx0 dst 10.0.0.102 self permanent\n',
    ]);
    const again = load({ show: printTranscript(printListings(node)) });
    expect(printListings(again)).toEqual(printListings(node));
  });

  it('are null where no listing shows them, and empty where one shows none', () => {
    expect(load({ t: ADDR })).toMatchObject({ neighbours: null, forwarding: null });
    const node = load({ t: `${ADDR}$ ip neigh\n$ bridge fdb\n$ ip rule\n0:\tfrom all lookup local\n` });
    expect(node.neighbours).toEqual({ entries: [], whole: new Set([4, 6]) });
    expect(node.forwarding).toEqual({ entries: [], whole: true });
  });
});

describe('kinds of links', () => {
  const VXLAN =
    '7: vx0: <BROADCAST,UP> mtu 1450 group default\n    link/ether 02:00:00:00:00:07 brd ff:ff:ff:ff:ff:ff promiscuity 0\n    vxlan id 42 local 10.0.0.1 dev e0 dstport 8472 nolearning\n';

  it('are printed back, also where only a part of the links shows them', () => {
    const text = `$ ip addr\n${ADDR}7: vx0: <BROADCAST,UP> mtu 1450 group default\n    link/ether 02:00:00:00:00:07 brd ff:ff:ff:ff:ff:ff\n$ ip -d link show vx0\n${VXLAN}`;
    const node = load({ t: text });
    expect(node.networks[4].links.get('e0')).not.toHaveProperty('kind');
    expect(node.networks[4].links.get('vx0')).toMatchObject({
      kind: 'vxlan',
      details: { id: 42, port: 8472, learning: false },
    });
    const again = load({ show: printTranscript(printListings(node)) });
    expect(printListings(again)).toEqual(printListings(node));
    expect(again.networks[4].links.get('vx0')?.details).toEqual(node.networks[4].links.get('vx0')?.details);
  });

  it.each([
    ['vxlan', 'dropped'],
    ['veth', 'delivered'],
  ])('tell nftables what comes in by a %s device', (kind, verdict) => {
    const nft = `table ip t {\n\tchain in {\n\t\ttype filter hook input priority filter; policy accept;\n\t\tmeta iifkind "${kind === 'vxlan' ? 'vxlan' : 'bridge'}" drop\n\t}\n}\n`;
    const line = kind === 'vxlan' ? 'vxlan id 42 dstport 8472' : 'veth';
    const addr = `2: e0: <UP,LOWER_UP> mtu 1500 group default\n    link/ether 02:00:00:00:00:01 brd ff:ff:ff:ff:ff:ff promiscuity 0\n    ${line}\n    inet 10.0.0.1/24 scope global e0\n`;
    const node = load({
      addr: `$ ip -d addr\n${addr}`,
      rules: '0:\tfrom all lookup local\n32766:\tfrom all lookup main\n32767:\tfrom all lookup default\n',
      routes:
        '$ ip route show table all\n10.0.0.0/24 dev e0 proto kernel scope link src 10.0.0.1\nlocal 10.0.0.1 dev e0 table local proto kernel scope host src 10.0.0.1\n',
      'nft.txt': nft,
      'sysctl.txt': 'net.ipv4.conf.all.rp_filter = 0\nnet.ipv4.conf.e0.rp_filter = 0\n',
    });
    const { outcomes } = trace(node, {
      in: 'e0',
      proto: 'udp',
      src: '10.0.0.9',
      sport: 5,
      dst: '10.0.0.1',
      dport: 53,
    });
    expect(new Set(outcomes.map((outcome) => outcome.verdict))).toEqual(new Set([verdict]));
  });
});

describe('/proc/sys', () => {
  it('copied as files: the path is the name, also of a device with a dot, and an empty value is one', () => {
    const node = load({
      'root/proc/sys/net/ipv4/ip_forward': '1\n',
      'root/proc/sys/net/ipv4/conf/all/rp_filter': '2\n',
      'root/proc/sys/net/ipv4/conf/eth0.100/rp_filter': '0\n',
      'root/proc/sys/net/ipv4/ip_local_port_range': '32768\t60999\n',
      'root/proc/sys/net/ipv4/ip_local_reserved_ports': '\n',
      'root/ip-addr.txt': ADDR,
    });
    expect(findings(node)).toEqual([]);
    expect(Object.fromEntries(node.sysctls)).toEqual({
      'net.ipv4.ip_forward': '1',
      'net.ipv4.conf.all.rp_filter': '2',
      'net.ipv4.conf.eth0/100.rp_filter': '0',
      'net.ipv4.ip_local_port_range': '32768\t60999',
      'net.ipv4.ip_local_reserved_ports': '',
    });
    expect(node.networks[4].links.has('e0')).toBe(true);
  });

  it('as grep prints it', () => {
    const node = load({
      t: '/proc/sys/net/ipv4/conf/all/rp_filter:0\n/proc/sys/net/ipv4/conf/v.1/rp_filter:2\n',
    });
    expect(findings(node)).toEqual([]);
    expect([...node.sysctls]).toEqual([
      ['net.ipv4.conf.all.rp_filter', '0'],
      ['net.ipv4.conf.v/1.rp_filter', '2'],
    ]);
  });
});
