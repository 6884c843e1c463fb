/** An object of `ip -j` and the line that `ip` prints for the same thing are read as the same. */
import { describe, expect, it } from 'vitest';
import { open } from '../../../test/support/section.js';
import { readLinks } from '../ip-addr.js';
import { readRoutes } from '../ip-route.js';
import { readPolicyRules } from '../ip-rule.js';
import { TableNames } from '../table-names.js';

/** Data without places in the text. */
function dataOf(value: unknown): unknown {
  const clean = (key: string, one: unknown): unknown => {
    if (key === 'span') return undefined;
    return typeof one === 'bigint' ? `${String(one)}n` : one;
  };
  return JSON.parse(JSON.stringify(value, clean));
}

function rules(text: string): { readonly read: unknown; readonly codes: readonly string[] } {
  const { report, codes } = open(text);
  const read = dataOf(readPolicyRules(null, new TableNames(), report));
  return { read, codes: codes() };
}

function routes(text: string): { readonly read: unknown; readonly codes: readonly string[] } {
  const { report, codes } = open(text);
  const read = dataOf(readRoutes(null, null, new TableNames(), report).routes);
  return { read, codes: codes() };
}

function links(text: string): { readonly read: unknown; readonly codes: readonly string[] } {
  const { report, codes } = open(text);
  const read = dataOf(readLinks(report, true).links);
  return { read, codes: codes() };
}

describe('policy rules', () => {
  it.each<[string, string]>([
    ['32766:\tfrom all lookup main', '{"priority":32766,"src":"all","table":"main"}'],
    [
      '54:\tnot from 1.2.3.0/24 to 5.6.7.8 tos 0x10 fwmark 0x1/0xff iif e0 oif e1 [detached] lookup 200',
      '{"priority":54,"not":null,"src":"1.2.3.0","srclen":24,"dst":"5.6.7.8","tos":"0x10","fwmark":"0x1","fwmask":"0xff","iif":"e0","oif":"e1","oif_detached":null,"table":"200"}',
    ],
    [
      '5:\tfrom all iif x [detached] lookup 7',
      '{"priority":5,"src":"all","iif":"x","iif_detached":null,"table":"7"}',
    ],
    [
      '9:\tfrom all fwmark 0x5 unreachable',
      '{"priority":9,"src":"all","fwmark":"0x5","action":"unreachable"}',
    ],
    ['9:\tfrom all uidrange 5-9 nop', '{"priority":9,"src":"all","uid_start":5,"uid_end":9,"nop":null}'],
    ['9:\tfrom all goto 77 [unresolved]', '{"priority":9,"src":"all","goto":77,"unresolved":null}'],
    ['1000:\tfrom all lookup [l3mdev-table]', '{"priority":1000,"src":"all","l3mdev":null}'],
    [
      '9:\tfrom all ipproto tcp sport 5 dport 20-30 lookup main suppress_prefixlength 0 suppress_ifgroup 5',
      '{"priority":9,"src":"all","ipproto":"tcp","sport":5,"dport_start":20,"dport_end":30,"table":"main","suppress_prefixlen":0,"suppress_ifgroup":"5"}',
    ],
    // Linux 6.14 has masks of ports; one of all ones is not printed.
    [
      '9:\tfrom all sport 0x50/0xff0 dport 80 lookup 5',
      '{"priority":9,"src":"all","sport":"0x50","sport_mask":"0xff0","dport":80,"dport_mask":"0xffff","table":"5"}',
    ],
    [
      '9:\tfrom all tun_id 77 lookup main realms 3/4',
      '{"priority":9,"src":"all","tun_id":77,"table":"main","flow_from":"3","flow_to":"4"}',
    ],
    [
      '9:\tfrom all lookup main realms 4 proto bird',
      '{"priority":9,"src":"all","table":"main","flow_to":"4","protocol":"bird"}',
    ],
    ['9:\tfrom 2001:db8::/64 lookup blue', '{"priority":9,"src":"2001:db8::","srclen":64,"table":"blue"}'],
  ])('%s', (text, json) => {
    const [line, object] = [rules(`${text}\n`), rules(`[${json}]\n`)];
    expect(object).toEqual(line);
    expect(line.codes).toEqual([]);
  });

  it('names an object without a priority, and a value that is none, with their places', () => {
    expect(
      rules(
        '[{"priority":1,"src":"all","table":"main"},\n{"src":"all"},\n{"priority":2,"src":"1.2.3","table":"9"}]',
      ).codes,
    ).toEqual(['READ_JSON_ITEM@2:1', 'READ_VALUE@3:22']);
  });

  it('leaves a rule open whose key is not known', () => {
    const { read, codes } = rules('[{"priority":1,"src":"all","color":"red","table":"9"}]');
    expect(codes).toEqual(['READ_RULE_WORD@1:37']);
    expect(read).toMatchObject({ rules: [{ opaque: ['color'] }] });
  });
});

describe('routes', () => {
  it.each<[string, string]>([
    ['default via 10.0.0.1 dev e0', '{"dst":"default","gateway":"10.0.0.1","dev":"e0","flags":[]}'],
    [
      '10.0.0.0/24 dev e0 proto kernel scope link src 10.0.0.4 metric 100 linkdown',
      '{"dst":"10.0.0.0/24","dev":"e0","protocol":"kernel","scope":"link","prefsrc":"10.0.0.4","metric":100,"flags":["linkdown"]}',
    ],
    [
      'local 10.0.0.1 dev e0 table local proto kernel scope host src 10.0.0.1',
      '{"type":"local","dst":"10.0.0.1","dev":"e0","table":"local","protocol":"kernel","scope":"host","prefsrc":"10.0.0.1","flags":[]}',
    ],
    ['blackhole 10.0.0.0/8', '{"type":"blackhole","dst":"10.0.0.0/8","flags":[]}'],
    [
      '10.1.0.0/16 tos 0x10 via inet6 fe80::1 dev e0',
      '{"dst":"10.1.0.0/16","tos":"0x10","via":{"family":"inet6","host":"fe80::1"},"dev":"e0","flags":[]}',
    ],
    [
      '10.2.0.0/16 dev e1 scope link mtu 1300 rtt 1.5s rttvar 300ms features ecn congctl reno',
      '{"dst":"10.2.0.0/16","dev":"e1","scope":"link","flags":[],"metrics":[{"mtu":1300,"rtt":1500,"rttvar":300,"ecn":null,"congestion":"reno"}]}',
    ],
    [
      '10.3.0.0/16 dev e1 scope link realm 5',
      '{"dst":"10.3.0.0/16","dev":"e1","scope":"link","flags":[],"flow":{"to":"5"}}',
    ],
    [
      '10.3.0.0/16 dev e1 scope link realms 3/5',
      '{"dst":"10.3.0.0/16","dev":"e1","scope":"link","flags":[],"flow":{"from":"3","to":"5"}}',
    ],
    [
      '10.4.0.0/16 nhid 3 metric 7\n\tnexthop via 10.0.0.3 dev e0 weight 1\n\tnexthop via 10.0.1.3 dev e1 weight 3 onlink',
      '{"dst":"10.4.0.0/16","nhid":3,"metric":7,"flags":[],"nh_info":{"id":3},"nexthops":[{"gateway":"10.0.0.3","dev":"e0","weight":1,"flags":[]},{"gateway":"10.0.1.3","dev":"e1","weight":3,"flags":["onlink"]}]}',
    ],
    // iproute2 up to 6.1 has the encapsulation's members among the route's, later ones in an object.
    [
      '10.5.0.0/16  encap ip id 5 src 0.0.0.0 dst 10.0.1.5 ttl 0 tos 0 tos 0x10 dev e1 scope link',
      '{"dst":"10.5.0.0/16","encap":"ip","id":5,"src":"0.0.0.0","dst":"10.0.1.5","ttl":0,"tos":0,"tos":"0x10","dev":"e1","scope":"link","flags":[]}',
    ],
    [
      '10.5.0.0/16  encap ip id 5 dst 10.0.1.5 key dev e1 scope link',
      '{"dst":"10.5.0.0/16","encap":{"encap_type":"ip","id":5,"dst":"10.0.1.5","key":true},"dev":"e1","scope":"link","flags":[]}',
    ],
    [
      '10.6.0.0/16  encap mpls 100/200 ttl 9 via 10.0.0.1 dev e1',
      '{"dst":"10.6.0.0/16","encap":{"encap_type":"mpls","dst":"100/200","ttl":9},"gateway":"10.0.0.1","dev":"e1","flags":[]}',
    ],
    [
      'default from 2001:db8:5::/64 via fe80::1 dev e0 proto ra metric 1024 expires 1799sec pref high',
      '{"dst":"default","from":"2001:db8:5::/64","gateway":"fe80::1","dev":"e0","protocol":"ra","metric":1024,"flags":[],"expires":1799,"pref":"high"}',
    ],
    [
      '2001:db8::/48 dev e0 metric 1024 users 2 used 7 age 12sec pref medium',
      '{"dst":"2001:db8::/48","dev":"e0","metric":1024,"flags":[],"users":2,"used":7,"age":12,"pref":"medium"}',
    ],
  ])('%s', (text, json) => {
    const [line, object] = [routes(`${text}\n`), routes(`[${json}]\n`)];
    expect(object).toEqual(line);
    expect(line.codes).toEqual([]);
  });

  it('names items without a destination, and unknown keys, with their places', () => {
    expect(routes('[{"dev":"e0"},\n{"dst":"10.0.0.0/8","dev":"e0","colour":"red"}]').codes).toEqual([
      'READ_JSON_ITEM@1:2',
      'READ_WORD@2:41',
    ]);
  });

  it('takes an answer of ip -j route get for no listing', () => {
    const { report } = open(
      '[{"dst":"10.2.1.5","gateway":"10.2.1.0","dev":"x","prefsrc":"10.2.0.0","flags":[],"uid":0,"cache":[]}]',
    );
    expect(readRoutes(null, null, new TableNames(), report)).toMatchObject({ answers: true, routes: [] });
  });
});

const HEAD =
  '7: x0@NONE: <POINTOPOINT,NOARP,UP,LOWER_UP> mtu 1480 group default\n    link/ipip 10.0.0.1 peer 10.0.0.2 promiscuity 0';
const JSON_HEAD =
  '"ifindex":7,"link":null,"ifname":"x0","flags":["POINTOPOINT","NOARP","UP","LOWER_UP"],"mtu":1480,"group":"default","link_type":"ipip","address":"10.0.0.1","link_pointtopoint":true,"broadcast":"10.0.0.2","promiscuity":0';

describe('kinds of links', () => {
  it.each<[string, string, object]>([
    [
      'ipip ipip remote 10.0.0.2 local 10.0.0.1 ttl inherit pmtudisc',
      '{"info_kind":"ipip","info_data":{"proto":"ipip","remote":"10.0.0.2","local":"10.0.0.1","ttl":0,"pmtudisc":true}}',
      { mode: 'ipip' },
    ],
    [
      'sit ip6ip remote any local 10.0.0.1 ttl 64 nopmtudisc',
      '{"info_kind":"sit","info_data":{"proto":"ip6ip","remote":"any","local":"10.0.0.1","ttl":64,"pmtudisc":false}}',
      { mode: 'ip6ip' },
    ],
    [
      'gre remote 10.0.0.2 local 10.0.0.1 dev e0 ttl inherit ikey 0.0.0.5 okey 0.0.0.5',
      '{"info_kind":"gre","info_data":{"remote":"10.0.0.2","local":"10.0.0.1","link":"e0","ttl":0,"ikey":"0.0.0.5","okey":"0.0.0.5"}}',
      { inputKey: '0.0.0.5', device: 'e0' },
    ],
    ['gretap external', '{"info_kind":"gretap","info_data":{"external":true}}', { external: true }],
    [
      'ip6tnl ipip6 remote 2001:db8::2 local 2001:db8::1 hoplimit 64',
      '{"info_kind":"ip6tnl","info_data":{"proto":"ipip6","remote":"2001:db8::2","local":"2001:db8::1","ttl":64}}',
      { mode: 'ipip6' },
    ],
    [
      'vlan protocol 802.1Q id 100 <REORDER_HDR>',
      '{"info_kind":"vlan","info_data":{"protocol":"802.1Q","id":100,"flags":["REORDER_HDR"]}}',
      { id: 100, protocol: '802.1Q' },
    ],
    ['vrf table 100', '{"info_kind":"vrf","info_data":{"table":100}}', { table: 100 }],
    ['wireguard', '{"info_kind":"wireguard"}', {}],
    ['xfrm if_id 0x7', '{"info_kind":"xfrm","info_data":{"if_id":"0x7"}}', { id: 7 }],
    [
      'geneve id 9 remote 10.0.0.2 ttl auto dstport 6081',
      '{"info_kind":"geneve","info_data":{"id":9,"remote":"10.0.0.2","ttl":0,"port":6081}}',
      { id: 9, port: 6081 },
    ],
    [
      'vxlan id 1 local 10.0.0.4 dev up0 srcport 0 0 dstport 8472 nolearning ttl auto',
      '{"info_kind":"vxlan","info_data":{"id":1,"local":"10.0.0.4","link":"up0","port_range":{"low":0,"high":0},"port":8472,"learning":false,"ttl":0}}',
      { learning: false, device: 'up0' },
    ],
    [
      'vxlan id 2 remote 2001:db8::2 local 2001:db8::1 dstport 4789',
      '{"info_kind":"vxlan","info_data":{"id":2,"remote6":"2001:db8::2","local6":"2001:db8::1","port":4789,"learning":true}}',
      { learning: true },
    ],
    [
      'bond mode active-backup active_slave e0 miimon 0',
      '{"info_kind":"bond","info_data":{"mode":"active-backup","active_slave":"e0","miimon":0}}',
      { mode: 'active-backup' },
    ],
    [
      'ipvlan  mode l3 bridge',
      '{"info_kind":"ipvlan","info_data":{"mode":"l3","bridge":true}}',
      { mode: 'l3' },
    ],
    [
      'bridge forward_delay 1500 vlan_filtering 1 group_fwd_mask 0',
      '{"info_kind":"bridge","info_data":{"forward_delay":1500,"vlan_filtering":1,"group_fwd_mask":"0"}}',
      { vlanFiltering: true },
    ],
    ['a_new_kind with words', '{"info_kind":"a_new_kind","info_data":{}}', {}],
  ])('%s', (line, info, details) => {
    const text = links(`${HEAD}\n    ${line} addrgenmode eui64 numtxqueues 1\n    alias no kind\n`);
    const json = links(`[{${JSON_HEAD},"linkinfo":${info},"ifalias":"no kind"}]`);
    expect(json).toEqual(text);
    expect(text.codes).toEqual([]);
    const [kind] = line.split(' ');
    expect(text.read).toMatchObject([{ name: 'x0', peer: 'NONE', mac: '10.0.0.1', kind, details }]);
  });

  it('says what a link is to its master, and that a device without a kind has none', () => {
    const text = links(
      '2: e0: <UP> mtu 1500 master br0 group default\n    link/ether 02:00:00:00:00:01 brd ff:ff:ff:ff:ff:ff promiscuity 1\n    bridge_slave state forwarding\n' +
        '3: e1: <UP> mtu 1500 group default\n    link/ether 02:00:00:00:00:02 brd ff:ff:ff:ff:ff:ff promiscuity 0 addrgenmode eui64\n    alias veth\n    altname enp0s9\n',
    );
    const json = links(
      '[{"ifindex":2,"ifname":"e0","flags":["UP"],"mtu":1500,"master":"br0","group":"default","link_type":"ether","address":"02:00:00:00:00:01","promiscuity":1,"linkinfo":{"info_slave_kind":"bridge","info_slave_data":{"state":"forwarding"}}},' +
        '{"ifindex":3,"ifname":"e1","flags":["UP"],"mtu":1500,"group":"default","link_type":"ether","address":"02:00:00:00:00:02","promiscuity":0,"ifalias":"veth","altnames":["enp0s9"]}]',
    );
    expect(json).toEqual(text);
    expect(text.read).toMatchObject([{ kind: '', slave: 'bridge', master: 'br0' }, { kind: '' }]);
  });

  it('takes no line of a plain listing for a kind that iproute2 does not know', () => {
    const { report } = open(
      '2: e0: <UP> mtu 1500\n    link/ether 02:00:00:00:00:01 brd ff:ff:ff:ff:ff:ff\n    RX: bytes packets\n    90 1\n    veth\n',
    );
    const [link] = readLinks(report).links;
    expect(link).not.toHaveProperty('kind');
  });
});
