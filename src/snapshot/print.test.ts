/** Whatever a node holds, its print reads back as an equal node. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printTable } from '../iptables/print.js';
import type { Node } from '../packet/node.js';
import { loadNode } from './load.js';
import { printListings, printNode, printTranscript } from './print.js';

const device = fc.constantFrom(
  'eth0',
  'ens5',
  'eni1a2b',
  'flannel.1',
  'vlan.eth.1',
  'nexthop',
  'via',
  '__proto__',
  'a:b',
);
const octet = fc.integer({ min: 0, max: 255 });
const address4 = fc
  .tuple(fc.integer({ min: 1, max: 223 }), octet, octet, octet)
  .map((parts) => parts.join('.'));
const address6 = fc
  .tuple(fc.integer({ min: 1, max: 0xffff }), fc.integer({ min: 1, max: 0xffff }))
  .map(([a, b]) => `2001:db8:${a.toString(16)}::${b.toString(16)}`);
const table = fc.constantFrom('main', 'local', 'default', '2', '101', '4294967294', 'blue', 'red-2');
const maybe = (words: fc.Arbitrary<string>): fc.Arbitrary<string> => fc.option(words, { nil: '' });

/** Words that may be left out, joined by blanks. */
function line(...parts: readonly fc.Arbitrary<string>[]): fc.Arbitrary<string> {
  return fc.tuple(...parts).map((words) => words.filter((word) => word !== '').join(' '));
}

function ruleLine(address: fc.Arbitrary<string>, bits: number): fc.Arbitrary<string> {
  const network = fc
    .tuple(address, fc.integer({ min: 1, max: bits }))
    .map(([base, length]) => `${base}/${String(length)}`);
  const number = (most: number): fc.Arbitrary<string> => fc.integer({ min: 0, max: most }).map(String);
  const action = fc.oneof(
    table.map((name) => `lookup ${name}`),
    number(0xffffffff).map((priority) => `goto ${priority}`),
    fc.constantFrom(
      'blackhole',
      'unreachable',
      'prohibit',
      'nop',
      'lookup [l3mdev-table]',
      'lookup main suppress_prefixlength 0',
      'lookup main suppress_ifgroup 5',
    ),
  );
  return fc
    .tuple(
      fc.integer({ min: 0, max: 40000 }),
      line(
        maybe(fc.constant('not')),
        fc.oneof(
          fc.constant('from all'),
          network.map((text) => `from ${text}`),
          address.map((text) => `from ${text}`),
        ),
        maybe(network.map((text) => `to ${text}`)),
        maybe(fc.constant('tos 0x10')),
        maybe(
          fc
            .tuple(fc.nat(0xffffffff), fc.nat(0xffffffff))
            .map(([value, mask]) => `fwmark 0x${value.toString(16)}/0x${mask.toString(16)}`),
        ),
        maybe(device.map((name) => `iif ${name}`)),
        maybe(device.map((name) => `oif ${name} [detached]`)),
        maybe(fc.constant('uidrange 5-9')),
        maybe(fc.integer({ min: 0, max: 255 }).map((protocol) => `ipproto ${String(protocol)}`)),
        maybe(number(65535).map((port) => `sport ${port}`)),
        maybe(fc.constant('dport 20-30')),
        maybe(fc.constant('tun_id 7')),
        action,
        maybe(fc.constant('proto bird')),
      ),
    )
    .map(([priority, text]) => `${String(priority)}:\t${text}`);
}

function routeLine(address: fc.Arbitrary<string>, bits: number): fc.Arbitrary<string> {
  const network = fc
    .tuple(address, fc.integer({ min: 0, max: bits }))
    .map(([base, length]) => `${base}/${String(length)}`);
  const hop = line(
    address.map((via) => `nexthop via ${via}`),
    device.map((name) => `dev ${name}`),
    fc.integer({ min: 1, max: 256 }).map((weight) => `weight ${String(weight)}`),
    maybe(fc.constant('onlink')),
    maybe(fc.constant('linkdown')),
  );
  const head = line(
    maybe(fc.constantFrom('local', 'broadcast', 'multicast')),
    network,
    maybe(fc.constant('tos 0x08')),
  );
  const tail = line(
    table.map((name) => (name === 'main' ? '' : `table ${name}`)),
    maybe(fc.constant('proto kernel')),
    maybe(fc.constantFrom('scope link', 'scope host', 'scope 77')),
    maybe(address.map((source) => `src ${source}`)),
    maybe(fc.nat(0xffffffff).map((metric) => `metric ${String(metric)}`)),
  );
  const end = line(
    maybe(fc.constant('realm 5')),
    maybe(fc.constant('mtu lock 1400')),
    maybe(fc.constant('pref high')),
  );
  return fc.oneof(
    fc
      .tuple(head, address, device, tail, fc.boolean(), end)
      .map(([a, via, name, b, onlink, c]) =>
        [a, `via ${via}`, `dev ${name}`, b, onlink ? 'onlink' : '', c]
          .filter((word) => word !== '')
          .join(' '),
      ),
    fc
      .tuple(head, tail, end, fc.array(hop, { minLength: 2, maxLength: 4 }))
      .map(([a, b, c, hops]) => [[a, b, c].filter((word) => word !== '').join(' '), ...hops].join('\n\t')),
    fc
      .tuple(fc.constantFrom('blackhole', 'unreachable', 'prohibit', 'throw'), network, tail)
      .map((words) => words.filter((word) => word !== '').join(' ')),
  );
}

const text = (lines: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.array(lines, { minLength: 1, maxLength: 8 }).map((list) => `${list.join('\n')}\n`);

/** What has to be equal: everything but the places in the text. */
function substance(node: Node): unknown {
  const networks = [node.networks[4], node.networks[6]].map(({ links, rules, tables, known }) => ({
    links: [...links],
    rules,
    tables: [...tables],
    known,
  }));
  const plain: unknown = JSON.parse(
    JSON.stringify(
      { networks, sets: node.sets === null ? null : [...node.sets], sysctls: [...node.sysctls] },
      (key, value: unknown) =>
        key === 'span'
          ? value === null
          : typeof value === 'bigint'
            ? `${String(value)}n`
            : value instanceof Set
              ? [...value]
              : value,
    ),
  );
  return plain;
}

function readsBack(files: Readonly<Record<string, string>>): void {
  const node = loadNode(
    'node',
    Object.entries(files).map(([name, dump]) => ({ name, text: dump })),
  );
  const show = printTranscript(printListings(node));
  const again = loadNode('node', [{ name: 'show', text: show }]);
  expect(substance(again)).toEqual(substance(node));
  expect(printTranscript(printListings(again))).toBe(show);
}

const FILTER =
  '*filter\n:INPUT ACCEPT [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT ACCEPT [0:0]\n-A INPUT -i lo -j ACCEPT\nCOMMIT\n';
const NAT =
  '*nat\n:PREROUTING ACCEPT [0:0]\n:INPUT ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n:POSTROUTING ACCEPT [0:0]\n-A POSTROUTING -j MASQUERADE\nCOMMIT\n';
const WARNING = '# Warning: iptables-legacy tables present, use iptables-legacy-save to see them\n';
const LISTED = '-P INPUT ACCEPT\n-P FORWARD DROP\n-P OUTPUT ACCEPT\n-A INPUT -i lo -j ACCEPT\n';

/** What is known of the tables of iptables: variant, rules, and which are not there to see. */
function tablesOf({ ruleSets, grounds }: Node): unknown {
  const each = [ruleSets[4], ruleSets[6]].flatMap((ruleSet) => [ruleSet, ruleSet.other ?? []].flat());
  return [
    grounds,
    ...each.map((ruleSet) => [
      ruleSet.backend,
      ruleSet.beside,
      ruleSet.legacyUnseen,
      [...ruleSet.unknown].sort(),
      [...ruleSet.tables.values()].map(printTable),
    ]),
  ];
}

describe('a whole node', () => {
  it.each<[string, string, readonly string[]]>([
    ['a save', `$ iptables-save\n${FILTER}${NAT}`, ['iptables-save']],
    ['a table', `$ iptables -S\n${LISTED}`, ['iptables-save -t filter']],
    ['a table of IPv6', `$ ip6tables -t filter -S\n${LISTED}`, ['ip6tables-save -t filter']],
    ['a part of a table', `$ iptables-save -t nat | grep POST\n${NAT}`, ['iptables-save -t nat | grep .']],
    [
      'a whole table and a part of one',
      `$ iptables -S\n${LISTED}$ iptables -t nat -S | grep POST\n-A POSTROUTING -j MASQUERADE\n`,
      ['iptables-save -t filter', 'iptables-save -t nat | grep .'],
    ],
    ['no table', '$ iptables-save\n', ['iptables-save']],
    [
      'a save of iptables-nft',
      `# Generated by iptables-save v1.8.9 (nf_tables) on x\n${FILTER}${NAT}`,
      ['iptables-save'],
    ],
    [
      'tables of iptables-legacy beside',
      `# Generated by iptables-save v1.8.9 (nf_tables) on x\n${FILTER}${NAT}${WARNING}`,
      ['iptables-save'],
    ],
    [
      'both variants',
      `$ iptables-legacy-save\n# Generated by iptables-save v1.8.9 on x\n${FILTER}$ iptables-nft-save\n# Generated by iptables-save v1.8.9 (nf_tables) on x\n${NAT}`,
      ['iptables-nft-save', 'iptables-legacy-save'],
    ],
    [
      'tables that nft lists',
      '$ nft list ruleset\ntable inet x {\n\tchain y {\n\t}\n}\n',
      ['nft list ruleset'],
    ],
    [
      'a change behind the save',
      `$ iptables-save\n${FILTER}${NAT}$ iptables -F INPUT\n`,
      ['iptables-save', 'iptables -F INPUT'],
    ],
  ])('keeps %s', (_name, dump, commands) => {
    const node = loadNode('node', [{ name: 'node.txt', text: dump }]);
    const show = printNode(node);
    const typed = show.split('\n').flatMap((one) => (one.startsWith('$ ') ? [one.slice(2)] : []));
    expect(typed.sort()).toEqual([...commands].sort());
    const again = loadNode('node', [{ name: 'show', text: show }]);
    expect(tablesOf(again)).toEqual(tablesOf(node));
    expect(printNode(again)).toBe(show);
  });
});

describe('printing and reading again', () => {
  it.each([4, 6])('keeps rules and routes of IPv%i', (family) => {
    const [address, bits] = family === 4 ? [address4, 32] : [address6, 128];
    fc.assert(
      fc.property(text(ruleLine(address, bits)), text(routeLine(address, bits)), (rules, routes) => {
        readsBack({ [`ip${String(family)}-rule`]: rules, [`ip${String(family)}-route`]: routes });
      }),
      { numRuns: 150, seed: 20 },
    );
  });

  it('keeps links and addresses', () => {
    const addressLine = fc.oneof(
      fc
        .tuple(address4, fc.integer({ min: 8, max: 32 }), fc.constantFrom('', 'secondary '), device)
        .map(
          ([own, length, flag, label]) =>
            `    inet ${own}/${String(length)} brd ${own} scope global ${flag}${label}`,
        ),
      fc
        .tuple(address4, address4, device)
        .map(([own, peer, label]) => `    inet ${own} peer ${peer}/32 metric 5 scope link ${label}`),
      address6.map((own) => `    inet6 ${own}/64 scope global dynamic mngtmpaddr noprefixroute`),
    );
    const link = fc.tuple(
      fc.constantFrom('UP', 'BROADCAST,UP,LOWER_UP', 'BROADCAST,MULTICAST'),
      fc.nat(9000),
      fc.constantFrom('', ' master br0'),
      fc.constantFrom('', ' group default', ' group 7'),
      fc.array(addressLine, { maxLength: 4 }),
    );
    fc.assert(
      fc.property(fc.array(link, { minLength: 1, maxLength: 5 }), (links) => {
        const dump = links.map(([flags, mtu, master, group, addresses], at) =>
          [
            `${String(at + 1)}: dev${String(at)}@if${String(at)}: <${flags}> mtu ${String(mtu)}${master}${group}`,
            `    link/ether 02:00:00:00:00:0${String(at)} brd ff:ff:ff:ff:ff:ff`,
            ...addresses,
          ].join('\n'),
        );
        readsBack({ 'ip-addr': `${dump.join('\n')}\n` });
      }),
      { numRuns: 150, seed: 21 },
    );
  });

  it.each([
    [
      'a brief listing',
      {
        a: 'lo               UNKNOWN        127.0.0.1/8 ::1/128 \nens5@if3 UP 192.168.45.10/19 metric 512\nd0 DOWN 10.0.0.6 peer 10.9.9.9/32\n',
      },
    ],
    [
      'two brief listings',
      {
        a: 'e0 UP 10.0.0.1/8\nd0 DOWN\n',
        b: 'e0 UP 02:00:00:00:00:01 <BROADCAST,UP>\nd0 DOWN 02:00:00:00:00:02 <BROADCAST>\n',
      },
    ],
    [
      'links without addresses',
      {
        a: '$ ip link\n1: lo: <LOOPBACK,UP> mtu 65536 mode DEFAULT group default\n    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00\n',
      },
    ],
    ['a filtered list of rules', { a: '$ ip rule | grep main\n32766:\tfrom all lookup main\n' }],
    [
      'an empty table beside a filled one',
      { a: '$ ip route show table 5\n$ ip route show table 6\ndefault dev e0 scope link\n' },
    ],
    [
      'a table of a name',
      { a: '$ ip route show table blue\ndefault dev e0 scope link\n$ ip rule\n5:\tfrom all lookup blue\n' },
    ],
    [
      'names with numbers',
      {
        a: '255\tlocal\n254\tmain\n253\tdefault\n100\tblue\n',
        b: '5:\tfrom all lookup blue\n',
        c: 'default dev e0 table blue scope link\n',
      },
    ],
    [
      'sets and settings',
      {
        a: 'create A hash:net family inet hashsize 1024 comment\nadd A 10.0.0.0/8 nomatch comment "x y"\n',
        b: 'net.ipv4.ip_local_port_range = 32768\t60999\nnet.ipv4.x = \n',
      },
    ],
    ['no set at all', { a: '$ ipset save\n' }],
  ])('keeps %s', (_name, files) => {
    readsBack(files);
  });
});
