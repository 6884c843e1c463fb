/** Whole snapshots: what files become, what is derived, what is said to be missing. */
import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { formatAddress } from '../address/address.js';
import type { Node } from '../packet/node.js';
import { trace } from '../packet/trace.js';
import { TABLE_ID } from '../routing/model.js';
import { loadNode } from './load.js';
import { printListings, printNode, printTranscript } from './print.js';

const EXAMPLE = readdirSync('examples/eks-node')
  .sort()
  .map((name) => ({ name, text: readFileSync(`examples/eks-node/${name}`, 'utf8') }));

const RULES = '0:\tfrom all lookup local\n32766:\tfrom all lookup main\n32767:\tfrom all lookup default\n';
const ADDR =
  '1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536\n    inet 127.0.0.1/8 scope host lo\n2: e0: <BROADCAST,UP> mtu 1500\n    inet 10.0.0.1/24 brd 10.0.0.255 scope global e0\n';
const ALL =
  'default via 10.0.0.254 dev e0 \n10.0.0.0/24 dev e0 proto kernel scope link src 10.0.0.1 \ndefault dev e0 table 2 scope link \nlocal 10.0.0.1 dev e0 table local proto kernel scope host src 10.0.0.1 \nbroadcast 10.0.0.255 dev e0 table local proto kernel scope link src 10.0.0.1 \nlocal 127.0.0.1 dev lo table local proto kernel scope host src 127.0.0.1 \n';

/** Files by name. */
function load(files: Readonly<Record<string, string>>): Node {
  return loadNode(
    'node',
    Object.entries(files).map(([name, text]) => ({ name, text })),
  );
}

/** Findings with their places, of one prefix. */
function findings(node: Node, prefix: string): readonly string[] {
  return node.diagnostics.flatMap(({ code, span }) => {
    if (!code.startsWith(prefix)) return [];
    if (span === null) return [code];
    const { line, column } = span.source.position(span.start);
    return [`${code} ${span.source.name}:${String(line)}:${String(column)}`];
  });
}

describe('the EKS example', () => {
  const node = loadNode('eks-node', EXAMPLE);

  it('is read without a finding about its text', () => {
    expect(findings(node, 'READ_')).toEqual([]);
  });

  it('shows links, rules and every table', () => {
    expect([...node.networks[4].links.keys()].slice(0, 3)).toEqual(['lo', 'ens5', 'eni1f4c3ab7e90']);
    expect(node.networks[4].rules.map(({ priority }) => priority)).toEqual([
      0, 512, 512, 512, 512, 1024, 1536, 1536, 32766, 32767,
    ]);
    expect([...node.networks[4].tables.keys()]).toEqual([2, 254, 255]);
    expect(node.networks[4].known).toMatchObject({
      links: true,
      rules: true,
      tables: 'all',
      localDerived: false,
    });
    expect(node.networks[4].sysctl('net.ipv4.ip_forward')).toBe('1');
  });

  it('is the same node with colours, CRLF, a BOM, prompts and in one file', () => {
    const commandOf = (name: string): string => {
      const [tool = '', ...words] = name.replace('.txt', '').split('-');
      if (tool.endsWith('tables')) return `${tool}-save`;
      if (tool === 'sysctl') return 'sysctl -a';
      const option = tool === 'ip6' ? '-6 ' : '';
      return `ip ${option}${words.join(' ')}${words[0] === 'route' ? ' show table all' : ''}`;
    };
    const escape = String.fromCharCode(27);
    const text = EXAMPLE.map(
      ({ name, text: dump }) =>
        `[root@ip-192-168-45-10 ~]# sudo ${commandOf(name)}\n${dump.replaceAll('ens5', `${escape}[36mens5${escape}[0m`)}`,
    ).join('\n');
    const pasted = loadNode('eks-node', [{ name: 'paste', text: `\ufeff${text.replaceAll('\n', '\r\n')}` }]);
    expect(findings(pasted, 'READ_')).toEqual([]);
    expect(printListings(pasted)).toEqual(printListings(node));
    expect(pasted.ruleSets[4].tables.size).toBe(node.ruleSets[4].tables.size);
  });

  it('gives the right line of the file for a finding deep in a transcript', () => {
    const text = `$ ip addr\n${ADDR}$ ip rule\n${RULES}1:\tfrom 10.0.0.999 lookup main\n`;
    expect(findings(load({ paste: text }), 'READ_VALUE')).toEqual(['READ_VALUE paste:10:9']);
  });

  it('prints back what it read, and reads that as an equal node', () => {
    const again = loadNode('eks-node', [{ name: 'show', text: printTranscript(printListings(node)) }]);
    expect(printListings(again)).toEqual(printListings(node));
    expect([...again.networks[4].links.values()].map((link) => ({ ...link, span: null }))).toEqual(
      [...node.networks[4].links.values()].map((link) => ({ ...link, span: null })),
    );
    expect(again.networks[4].known).toEqual(node.networks[4].known);
  });
});

describe('which tables are known', () => {
  it.each<[string, Readonly<Record<string, string>>, 'all' | readonly number[]]>([
    ['all of a listing that names tables', { routes: ALL }, 'all'],
    ['the one of the command', { paste: '$ ip route show table 2\ndefault dev e0 scope link\n' }, [2]],
    ['the one of the file name', { 'ip-route-table-101.txt': 'default dev e0\n' }, [101]],
    ['local, by content', { x: 'local 10.0.0.1 dev e0 scope host\n' }, [255]],
    ['else main', { x: 'default dev e0\n' }, [254]],
    [
      'a table that does not exist',
      { paste: '$ ip route show table 77\nError: ipv4: FIB table does not exist.\nDump terminated\n' },
      [77],
    ],
    ['an empty table', { paste: '$ ip route show table 77\n$ ip rule\n0: from all lookup local\n' }, [77]],
    ['none of a filtered listing', { paste: '$ ip route | grep default\ndefault dev e0\n' }, []],
    ['none of a listing with a hole', { x: 'default dev e0\n...\n' }, []],
    ['none of a listing with a line that cannot be read', { x: 'default dev e0\n10.0.0.0/40 dev e0\n' }, []],
    ['none of a name that claims all', { 'ip-route-all.txt': 'default dev e0\n' }, [254]],
  ])('%s', (_name, files, expected) => {
    const { tables } = load(files).networks[4].known;
    expect(tables === 'all' ? tables : [...tables].sort()).toEqual(expected);
  });
});

describe('what is derived', () => {
  it('table local from the addresses', () => {
    const node = load({ addr: ADDR, route: 'default via 10.0.0.254 dev e0\n' });
    expect(node.networks[4].known.localDerived).toBe(true);
    expect(node.networks[4].tables.get(TABLE_ID.local)?.map(({ text }) => text)).toContain(
      'local 10.0.0.1 dev e0 table local proto kernel scope host src 10.0.0.1',
    );
    expect(findings(node, 'NODE_DERIVED')).toEqual(['NODE_DERIVED_LOCAL']);
  });

  it('links and addresses from table local, as in a bundle without ip addr', () => {
    const node = load({ route: ALL });
    const links = [...node.networks[4].links.values()].map(({ name, addresses }) => [
      name,
      ...addresses.map(
        ({ address, length, broadcast }) =>
          `${formatAddress(address)}/${String(length)} ${broadcast === null ? '-' : formatAddress(broadcast)}`,
      ),
    ]);
    expect(links).toEqual([
      ['lo', '127.0.0.1/8 -'],
      ['e0', '10.0.0.1/24 10.0.0.255'],
    ]);
    expect(node.networks[4].known.links).toBe(false);
    expect(findings(node, 'NODE_DERIVED')).toEqual(['NODE_DERIVED_ADDRESSES']);
  });

  it('nothing where nothing is shown', () => {
    const node = load({ rule: RULES });
    expect([...node.networks[4].links.keys()]).toEqual(['lo']);
    expect(node.networks[4].known).toMatchObject({ links: false, localDerived: false });
  });
});

describe('several dumps of one thing', () => {
  it('are one when they agree', () => {
    const node = load({
      a: ALL,
      b: '$ ip -d route\nunicast default via 10.0.0.254 dev e0 proto boot scope global \nunicast 10.0.0.0/24 dev e0 proto kernel scope link src 10.0.0.1 \n',
      c: ADDR,
      d: '$ ip -br addr\nlo UNKNOWN 127.0.0.1/8\ne0 UP 10.0.0.1/24\n',
      e: RULES,
      f: RULES,
    });
    expect(findings(node, 'READ_')).toEqual([]);
    expect(node.networks[4].links.get('e0')).toMatchObject({ index: 2, addresses: [{ words: ['e0'] }] });
  });

  const SIX = '0:\tfrom all lookup local\n32766:\tfrom all lookup main\n';
  const SIX_JSON =
    '[{"priority":0,"src":"all","table":"local"},{"priority":32766,"src":"all","table":"main"}]\n';

  it.each<[string, Readonly<Record<string, string>>, readonly number[], readonly string[]]>([
    ['behind it', { a: RULES, b: SIX }, [3, 2], []],
    ['before it', { a: SIX, b: RULES }, [3, 2], []],
    ['in JSON', { a: RULES, b: SIX_JSON }, [3, 2], []],
    [
      'but of a command for IPv4',
      { a: RULES, b: `$ ip rule\n${SIX}` },
      [3, 2],
      ['READ_RULES_DISAGREE b:2:1'],
    ],
  ])('one without table default, %s, is the list of IPv6', (_name, files, counts, expected) => {
    const node = load(files);
    expect([4, 6].map((family) => node.networks[family === 4 ? 4 : 6].rules.length)).toEqual(counts);
    expect(findings(node, 'READ_')).toEqual(expected);
    expect(node.networks[6].known.rules).toBe(expected.length === 0);
  });

  it.each<[string, Readonly<Record<string, string>>, string]>([
    ['routes', { a: ALL, b: '10.9.0.0/16 dev e0\n' }, 'READ_ROUTES_DISAGREE b:1:1'],
    [
      'rules',
      { a: RULES, b: '0:\tfrom all lookup local\n5:\tfrom all lookup 2\n' },
      'READ_RULES_DISAGREE b:1:1',
    ],
    ['links', { a: ADDR, b: '1: lo: <UP> mtu 1\n7: pod0: <UP> mtu 1\n' }, 'READ_LINKS_DISAGREE b:2:1'],
    [
      'addresses',
      { a: ADDR, b: '2: e0: <UP> mtu 1\n    inet 10.7.7.7/24 scope global e0\n' },
      'READ_LINKS_DISAGREE b:1:1',
    ],
    [
      'sets',
      { a: 'create A hash:ip family inet\nadd A 10.0.0.1\n', b: 'create A hash:ip family inet\n' },
      'READ_SET_DISAGREES b:1:1',
    ],
  ])('%s that disagree are told, and the fullest is used', (_name, files, finding) => {
    expect(findings(load(files), 'READ_')).toEqual([finding]);
  });

  it('of other hosts and namespaces are left out', () => {
    const node = load({
      paste: `root@n1:~# ip rule\n${RULES}root@n1:~# ip netns exec pod ip addr\n1: lo: <UP> mtu 1\n    inet 10.8.8.8/8 scope host lo\nroot@n2:~# ip rule\n0:\tfrom all lookup local\n`,
    });
    expect(findings(node, 'READ_')).toEqual([
      'READ_OTHER_NODE paste:6:1',
      'READ_OTHER_NODE paste:9:1',
      'READ_SEVERAL_NODES',
    ]);
    expect(node.networks[4].rules).toHaveLength(3);
    expect(node.networks[4].known.links).toBe(false);
  });
});

describe('what is missing', () => {
  it('is said with the command that would give it', () => {
    const node = load({ rule: `${RULES}5:\tfrom 10.0.0.1 lookup 7\n` });
    const missing = node.diagnostics
      .filter(({ code }) => code.startsWith('NODE_'))
      .map(({ code, params }) => `${code}: ${String(params['command'])}`);
    expect(missing.sort()).toEqual([
      'NODE_MISSING_ADDRESSES: ip addr',
      'NODE_MISSING_ROUTES: ip route show table all',
      'NODE_MISSING_SYSCTL: sysctl -a',
      'NODE_MISSING_TABLE: ip route show table 7',
      'NODE_MISSING_TABLES: iptables-save',
    ]);
  });

  it('is not said of IPv6 where the snapshot is of IPv4 alone', () => {
    expect(
      load({ route: ALL, rule: RULES, addr: ADDR }).diagnostics.filter(
        ({ params }) => params['family'] === 6,
      ),
    ).toEqual([]);
  });

  it('keeps the policy rules beside a line that cannot be read', () => {
    const node = load({ rules: `${RULES}50:\tfrom all frobnicate 7\n100:\tfrom all blackhole\n` });
    expect(node.networks[4].rules.map(({ priority }) => priority)).toEqual([0, 100, 32766, 32767]);
    expect(findings(node, 'NODE_PARTIAL')).toEqual(['NODE_PARTIAL_RULES']);
    expect(findings(load({ addr: ADDR }), 'NODE_MISSING_RULES')).toEqual(['NODE_MISSING_RULES']);
  });

  it.each<[string, string, string | undefined]>([
    ['a save of one table', '$ iptables-save -t nat\n', 'raw, mangle, filter, security'],
    [
      'a save of one table through a filter',
      '$ iptables-save -t nat | grep POST\n',
      'raw, mangle, nat, filter, security',
    ],
    ['a save', '$ iptables-save\n', undefined],
  ])('says the tables that are not in %s', (_name, command, missing) => {
    const text = `${command}*nat\n:PREROUTING ACCEPT [0:0]\n:INPUT ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n:POSTROUTING ACCEPT [0:0]\n-A POSTROUTING -j MASQUERADE\nCOMMIT\n`;
    const { diagnostics } = load({ 'node.txt': text });
    expect(diagnostics.find(({ code }) => code === 'NODE_MISSING_TABLES')?.params['tables']).toBe(missing);
    expect(diagnostics.some(({ code }) => code === 'READ_FILTERED')).toBe(command.includes('grep'));
  });

  it('names sets only where a rule asks for one', () => {
    const save = '*raw\n-A PREROUTING -m set --match-set A src -j DROP\nCOMMIT\n*filter\nCOMMIT\n';
    expect(findings(load({ save }), 'NODE_MISSING_SETS')).toEqual(['NODE_MISSING_SETS']);
    const with_ = load({ save, sets: '$ ipset save\n' });
    expect(findings(with_, 'NODE_MISSING_SETS')).toEqual([]);
    expect(with_.sets?.size).toBe(0);
  });
});

describe('an empty save', () => {
  const NFT = 'table inet x {\n\tchain y {\n\t}\n}\n';
  const SAVED = `# Generated by iptables-save v1.8.9 (nf_tables) on x\n*nat\n:PREROUTING ACCEPT [0:0]\n:INPUT ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n:POSTROUTING ACCEPT [0:0]\nCOMMIT\n`;
  const EMPTY = 'ASM_EMPTY_SAVE';
  /** A walk to the outside meets five tables. */
  const every = Array.from({ length: 5 }, () => 'ASM_NO_TABLE');

  /** What a walk through the node takes for granted of iptables. */
  function assumed(files: Readonly<Record<string, string>>): readonly string[] {
    const node = load({ rule: RULES, addr: ADDR, route: ALL, ...files });
    const { outcomes } = trace(node, { in: null, proto: 'udp', dst: '10.0.0.9', dport: 53 });
    const codes = (outcomes[0]?.assumptions ?? []).map(({ code }) => code);
    return codes.filter((code) => /TABLE|EMPTY|LEGACY|NATIVE/.test(code)).sort();
  }

  it.each<[string, Readonly<Record<string, string>>, readonly string[]]>([
    ['by its name, beside what nft lists', { 'iptables-legacy-save.txt': '', 'nft.txt': NFT }, [EMPTY]],
    ['by its name, turned round', { 'n1-iptables-save-legacy': '\n', 'nft.txt': NFT }, [EMPTY]],
    ['by its command, beside what nft lists', { a: '$ iptables-legacy-save\n', 'nft.txt': NFT }, []],
    [
      'of the other variant, beside what nft lists',
      { 'iptables-nft-save.txt': '', 'nft.txt': NFT },
      ['ASM_NO_LEGACY'],
    ],
    ['none, beside what nft lists', { 'nft.txt': NFT }, ['ASM_NO_LEGACY']],
    ['by its name, of either variant', { 'iptables-save.txt': '' }, [EMPTY]],
    ['in the folder of a collector', { 'networking/iptables-save.txt': '' }, [EMPTY]],
    ['by its command', { a: '$ iptables-save\n' }, []],
    ['of both variants', { 'iptables-legacy-save.txt': '', 'iptables-nft-save.txt': '' }, [EMPTY, EMPTY]],
    // The tables of iptables-nft are not known then.
    ['of iptables-legacy alone', { 'iptables-legacy-save.txt': '' }, every],
    ['of iptables-legacy alone, by its command', { a: '$ iptables-legacy-save\n' }, every],
    [
      'of iptables-legacy, beside a save of one table of iptables-nft',
      { a: `$ iptables-legacy-save\n$ iptables-nft-save -t nat\n${SAVED}` },
      every.slice(1),
    ],
    ['of one table', { 'iptables-save-nat.txt': '' }, every],
    ['of another kind', { 'iptables-L.txt': '' }, every],
  ])('%s', (_name, files, expected) => {
    expect(assumed(files)).toEqual(expected);
    const again = printNode(load({ rule: RULES, addr: ADDR, route: ALL, ...files }));
    expect(assumed({ again })).toEqual(expected);
  });

  it('that only its file tells of is said, and is no snapshot by itself', () => {
    expect(findings(load({ 'iptables-legacy-save.txt': '' }), 'READ_')).toEqual([
      'READ_EMPTY_SAVE iptables-legacy-save.txt:1:1',
      'READ_NOTHING',
    ]);
  });
});

describe('bad input', () => {
  it.each<[string, Readonly<Record<string, string>>, readonly string[]]>([
    ['nothing at all', {}, ['READ_NOTHING']],
    ['an empty file', { a: '' }, ['READ_EMPTY', 'READ_NOTHING']],
    [
      'prose',
      { 'notes.md': 'Dear reader,\nthis is no dump.\n' },
      ['READ_PROSE notes.md:1:1', 'READ_NOTHING'],
    ],
    ['JSON', { 'a.json': '[{"Name":1}]' }, ['READ_NOT_USED a.json:1:1', 'READ_NOTHING']],
    [
      'a conntrack entry that is cut',
      { a: 'tcp      6 59 CLOSE_WAIT src=10.0.0.2 dst=203.0.113.5 sport=9 dport=80\n' },
      ['READ_LINE a:1:1'],
    ],
    [
      'ip route get',
      { a: '$ ip route get 8.8.8.8\n8.8.8.8 via 10.0.0.254 dev e0 src 10.0.0.1 uid 0 \n    cache \n' },
      ['READ_NOT_USED a:2:1'],
    ],
    ['NUL bytes', { a: '0:\tfrom all lookup lo\0cal\n' }, ['READ_NUL a:1:1']],
    [
      'NUL bytes further down',
      { a: '$ ip rule\n0:\tfrom all lookup local\n9:\tfrom all lookup lo\0cal\n' },
      ['READ_NUL a:3:1'],
    ],
    [
      'the NUL that iptables prints behind a BPF program',
      {
        a: '$ iptables -nvL\nChain INPUT (policy ACCEPT 0 packets, 0 bytes)\n pkts bytes target     prot opt in     out     source               destination         \n    0     0 ACCEPT     0    --  *      *       0.0.0.0/0            0.0.0.0/0           match bpf 6 0 0 0\0\n',
      },
      [],
    ],
    ['a cut dump', { a: '0:\tfrom all lookup local\n327' }, ['READ_CUT a:2:1']],
  ])('%s', (_name, files, expected) => {
    expect(
      findings(load(files), 'READ_').filter(
        (finding) => finding !== 'READ_NOTHING' || expected.includes(finding),
      ),
    ).toEqual(expected);
  });
});
