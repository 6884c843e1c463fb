/** Every form in which the real tools list a namespace is read as the same node, and printed back as one. */
import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Node } from '../../src/packet/node.js';
import type { InterfaceAddress, Link } from '../../src/routing/model.js';
import { loadNode } from '../../src/snapshot/load.js';
import { printListings, printTranscript } from '../../src/snapshot/print.js';
import { FormsNamespace } from './forms/namespace.js';

let namespace: FormsNamespace;

beforeAll(() => {
  namespace = new FormsNamespace(`forms-${String(process.pid)}`);
});

afterAll(() => {
  namespace.remove();
});

/** Listings that make up the whole node, each as `ip [options] …`. */
const WHOLE = [
  'ip addr',
  'ip -4 rule',
  'ip -6 rule',
  'ip -4 route show table all',
  'ip -6 route show table all',
  'ip maddr',
  'ip addrlabel',
  'ip neigh',
  'ip neigh show proxy',
  'bridge fdb',
];

/** The command with options behind the tool's name. */
function withOptions(command: string, options: string): string {
  const [tool = '', ...rest] = command.split(' ');
  // bridge has no -N.
  if (tool === 'bridge' && options.includes('-N')) return command;
  return [tool, ...options.split(' ').filter((word) => word !== ''), ...rest].join(' ');
}

/** A transcript of commands and what they print. */
function transcript(commands: readonly string[]): string {
  return commands.map((command) => `$ ${command}\n${namespace.run(command)}`).join('');
}

function load(text: string): Node {
  return loadNode('node', [{ name: 'forms.txt', text }]);
}

/** Findings about what could not be read. */
function complaints(node: Node): readonly unknown[] {
  return node.diagnostics.flatMap(({ code, params, span }) =>
    code.startsWith('READ_')
      ? [{ code, params, line: span?.source.line(span.source.position(span.start).line) }]
      : [],
  );
}

/** What routing listings say of the node, as data without places in the text; timers run between two listings. */
function dataOf({ networks, sysctls, neighbours, forwarding }: Node): unknown {
  // iproute2's JSON does not say which metrics are locked.
  const timeless = (text: string): string => text.replace(/ expires \S+| lock/g, '');
  const clean = (_key: string, value: unknown): unknown => {
    if (_key === 'span') return undefined;
    if (typeof value === 'bigint') return `${String(value)}n`;
    if (value instanceof Map) return [...value].map(([key, one]: [unknown, unknown]) => [key, one]);
    if (value instanceof Set) return [...value];
    if (Array.isArray(value) && value[0] !== undefined && value.includes('expires'))
      return value.filter((word, at) => word !== 'expires' && value[at - 1] !== 'expires');
    if (Array.isArray(value) && value.includes('lock')) return value.filter((word) => word !== 'lock');
    return typeof value === 'string' ? timeless(value) : value;
  };
  return JSON.parse(JSON.stringify({ networks, sysctls, neighbours, forwarding }, clean));
}

describe('ip and bridge', () => {
  it('made a namespace worth reading', () => {
    const node = load(transcript(WHOLE.map((command) => withOptions(command, '-d'))));
    expect(complaints(node)).toEqual([]);
    const kinds = new Set([...node.networks[4].links.values()].map(({ kind }) => kind));
    expect(kinds).toEqual(new Set(['', 'veth', 'bridge', 'vxlan', 'macvlan', 'ifb', ...kinds]));
    expect(node.networks[4].rules.length).toBeGreaterThan(20);
    expect([...node.networks[4].tables.values()].flat().length).toBeGreaterThan(40);
    expect(node.neighbours?.entries.map(({ states, proxy }) => (proxy ? 'proxy' : states.join('')))).toEqual(
      expect.arrayContaining(['PERMANENT', 'FAILED', 'proxy']),
    );
    expect(node.forwarding?.entries.some(({ destination }) => destination !== null)).toBe(true);
  });

  it.each(['', '-d', '-s', '-s -d', '-o', '-o -d', '-N'])(
    'ip %s prints in JSON what it prints in text',
    (options) => {
      const text = load(transcript(WHOLE.map((command) => withOptions(command, options))));
      const json = load(transcript(WHOLE.map((command) => withOptions(command, `-j ${options}`.trim()))));
      expect(complaints(text)).toEqual([]);
      expect(complaints(json)).toEqual([]);
      expect(dataOf(json)).toEqual(dataOf(text));
    },
  );

  it.each(['-c=always', '-j -p', '-s', '-s -s'])('ip %s says what the plain form says', (options) => {
    const plain = load(transcript(WHOLE));
    const other = load(transcript(WHOLE.map((command) => withOptions(command, options))));
    expect(complaints(other)).toEqual([]);
    expect(dataOf(other)).toEqual(dataOf(plain));
  });

  it.each([
    'ip -br addr',
    'ip -br link',
    'ip -4 addr',
    'ip -6 addr',
    'ip link',
    'ip -d link',
    'ip -s link',
    'ip -d -o link',
  ])('%s prints the same links in JSON', (command) => {
    const text = load(transcript([command]));
    const json = load(transcript([withOptions(command, '-j')]));
    expect(complaints(json)).toEqual([]);
    expect(dataOf(json)).toEqual(dataOf(text));
  });

  it('one JSON file after another, without commands, is the same node', () => {
    const files = WHOLE.map((command) => ({
      name: `${command.replaceAll(' ', '_')}.json`,
      text: namespace.run(withOptions(command, '-j -d')),
    }));
    const one = load(files.map(({ text }) => text).join(''));
    const each = loadNode('node', files);
    expect(complaints(each)).toEqual([]);
    expect(complaints(one)).toEqual([]);
    expect(dataOf(one)).toEqual(dataOf(each));
  });

  it('text and JSON of one node beside each other do not disagree', () => {
    const both = WHOLE.flatMap((command) => [command, withOptions(command, '-j')]);
    expect(complaints(load(transcript(both)))).toEqual([]);
  });

  it.each(['', '-d', '-j', '-j -d'])('what natwalk prints of ip %s reads as the same node', (options) => {
    const node = load(transcript(WHOLE.map((command) => withOptions(command, options))));
    const again = load(printTranscript(printListings(node)));
    expect(complaints(again)).toEqual([]);
    expect(dataOf(again)).toEqual(dataOf(node));
  });

  it.each(['ip neigh show dev e0', 'bridge fdb show dev vx0', 'ip neigh show nud all', 'ip -4 neigh'])(
    '%s is read with its device, in text and JSON',
    (command) => {
      const text = load(transcript([command]));
      const json = load(transcript([withOptions(command, '-j')]));
      const entries = [...(text.neighbours?.entries ?? []), ...(text.forwarding?.entries ?? [])];
      expect(entries.length).toBeGreaterThan(0);
      for (const { device } of entries) expect(device).not.toBeNull();
      expect(dataOf(json)).toEqual(dataOf(text));
    },
  );

  it('prints neighbours and forwarding entries as the tools do', () => {
    const node = load(transcript(WHOLE));
    const listings = printListings(node);
    const lines = (text: string): readonly string[] =>
      text.split('\n').flatMap((line) => (line.trim() === '' ? [] : [line.trim()]));
    const printed = (start: string): readonly string[] =>
      listings.filter(({ command }) => command.startsWith(start)).flatMap(({ text }) => lines(text));
    const neighbours = [...lines(namespace.run('ip neigh')), ...lines(namespace.run('ip neigh show proxy'))];
    expect([...printed('ip -4 neigh'), ...printed('ip -6 neigh')].sort()).toEqual([...neighbours].sort());
    expect(printed('bridge fdb')).toEqual(lines(namespace.run('bridge fdb')));
  });
});

/** What net-tools and ip both say of a link. */
function common({ name, flags, up, mtu, mac, layer }: Link): unknown {
  return { name, flags: flags.filter((flag) => flag !== 'M-DOWN'), up, mtu, mac, layer };
}

/** net-tools do not show the far end of an IPv6 address. */
function texts(list: readonly InterfaceAddress[]): readonly string[] {
  return list
    .map(({ address, length, peer }) => {
      const far = typeof address === 'bigint' ? '' : String(peer);
      return `${String(address)}/${String(length)} ${far}`;
    })
    .sort();
}

describe('net-tools and busybox', () => {
  const has = (tool: string): boolean => spawnSync(tool, ['--help']).error === undefined;
  const ifconfigs = [
    ...(has('ifconfig') ? ['ifconfig -a'] : []),
    ...(has('busybox') ? ['busybox ifconfig -a'] : []),
  ];
  const tables = [
    ...(has('route') ? ['route -n', 'route -nee', 'netstat -rn'] : []),
    ...(has('busybox') ? ['busybox route -n', 'busybox netstat -rn'] : []),
  ];

  it('are at hand', () => {
    expect(ifconfigs.length).toBeGreaterThan(0);
    expect(tables.length).toBeGreaterThan(0);
  });

  it.each(ifconfigs)('%s shows links, and no address that ip does not show', (command) => {
    const { links } = load(transcript(['ip addr'])).networks[4];
    const own = load(`$ ifconfig -a\n${namespace.run(command)}`);
    expect(own.networks[4].known.links).toBe(false);
    expect(own.diagnostics.map(({ code }) => code)).toContain('READ_IFCONFIG');
    for (const [name, link] of own.networks[4].links) {
      const real = links.get(name);
      expect(real).toBeDefined();
      if (real === undefined) continue;
      expect(common(link)).toEqual(common(real));
      expect(texts(real.addresses)).toEqual(expect.arrayContaining([...texts(link.addresses)]));
    }
    expect(own.networks[4].links.size).toBe(links.size);
  });

  it.each(ifconfigs)('%s beside ip addr changes nothing', (command) => {
    const ip = transcript(WHOLE);
    const both = load(`${ip}$ ifconfig -a\n${namespace.run(command)}`);
    expect(complaints(both).map((one) => (one as { readonly code: string }).code)).toEqual(['READ_IFCONFIG']);
    expect(dataOf(both)).toEqual(dataOf(load(ip)));
  });

  it.each(tables)('%s shows routes of table main that ip shows too', (command) => {
    const shown = load(`$ route -n\n${namespace.run(command)}`).networks[4];
    expect(shown.known.tables).toEqual(new Set());
    const real = load(transcript(['ip route show table main'])).networks[4].tables.get(254) ?? [];
    const key = (route: (typeof real)[number]): string =>
      `${String(route.destination.address)}/${String(route.destination.length)} ${String(route.nexthops[0]?.via)}`;
    const routes = shown.tables.get(254) ?? [];
    expect(routes.length).toBeGreaterThan(15);
    expect(real.map(key)).toEqual(expect.arrayContaining(routes.map(key)));
    const refused = routes.filter(({ type }) => type !== 'unicast');
    expect(refused.map(({ type }) => type).sort()).toEqual([
      'blackhole',
      'blackhole',
      'unreachable',
      'unreachable',
    ]);
  });

  it.each(tables)('%s beside ip route changes nothing', (command) => {
    const ip = transcript(WHOLE);
    const both = load(`${ip}$ route -n\n${namespace.run(command)}`);
    expect(dataOf(both)).toEqual(dataOf(load(ip)));
  });

  it('what natwalk prints of ifconfig and route -n reads as the same node', () => {
    const node = load(transcript(['ifconfig -a', 'route -n']));
    expect(dataOf(load(printTranscript(printListings(node))))).toEqual(dataOf(node));
  });
});

describe('sysctl', () => {
  it('copied files of /proc/sys and sysctl -a say the same', () => {
    const listed = loadNode('node', [{ name: 'sysctl.txt', text: namespace.run('sysctl -a') }]).sysctls;
    const paths = namespace.run('find /proc/sys/net/ipv4 /proc/sys/net/ipv6 -type f').trim().split('\n');
    const wanted = paths.filter((path) =>
      /\/(?:rp_filter|forwarding|ip_forward|accept_local|ip_local_reserved_ports)$/.test(path),
    );
    const files = wanted.map((path) => ({ name: `copy${path}`, text: namespace.run(`cat ${path}`) }));
    const node = loadNode('copy', files);
    expect(node.diagnostics.filter(({ code }) => code.startsWith('READ_'))).toEqual([]);
    expect(node.sysctls.size).toBe(wanted.length);
    for (const [key, value] of node.sysctls) expect([key, value]).toEqual([key, listed.get(key)]);
    const lines = files.map(({ name, text }) => `${name.slice(4)}:${text}`).join('');
    const grep = loadNode('grep', [
      { name: 'a', text: `$ grep . /proc/sys/net/ipv4/conf/*/rp_filter\n${lines}` },
    ]);
    expect(new Map(grep.sysctls)).toEqual(new Map(node.sysctls));
  });
});
