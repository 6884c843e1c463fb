/** Specs as people write them, and as they write them wrong; the JSON Schema that editors use says the same. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { Diagnostics } from '../source/diagnostic.js';
import { SourceText } from '../source/source.js';
import { EXPECT_KEYS } from './expectation.js';
import { DROP_REASONS } from './fields.js';
import { PACKET_KEYS } from './packet.js';
import { FORALL_KEYS } from './property/spec.js';
import { FLOW_KEYS, SPEC_KEYS, type Spec, readSpec } from './spec.js';
import { isMessageId } from '../explain/messages/index.js';

const root = join(import.meta.dirname, '../..');
const schema = JSON.parse(readFileSync(join(root, 'schema/check.schema.json'), 'utf8')) as {
  readonly properties: object;
  readonly $defs: Readonly<Record<string, { readonly properties?: object }>>;
};
const validate = new Ajv2020({ strict: true, allowUnionTypes: true, strictRequired: false }).compile(schema);

interface Read {
  readonly spec: Spec;
  /** `CODE line:column`. */
  readonly faults: readonly string[];
}

function read(text: string): Read {
  const diagnostics = new Diagnostics();
  const spec = readSpec('s.yaml', new SourceText('s.yaml', text), diagnostics);
  const faults = diagnostics.list.map(({ code, span }) => {
    const at = span?.source.position(span.start);
    return `${code} ${String(at?.line)}:${String(at?.column)}`;
  });
  return { spec, faults };
}

const HEAD = 'node: n\nflows:\n';

/** A spec of one flow. */
const flow = (text: string): string => `${HEAD}  - name: f\n${text.replace(/^/gm, '    ')}\n`;

const packet = (text: string): string => flow(`packet: ${text}\nexpect: { verdict: sent }`);

const expected = (text: string): string => flow(`packet: { to: 1.2.3.4 }\nexpect: ${text}`);

const forall = (text: string): string => flow(`forall: ${text}\nexpect: { egress: ens5 }`);

const GOOD: readonly string[] = [
  packet('{ in: eni1a2b, proto: icmp, from: 192.168.1.10, to: 8.8.8.8 }'),
  packet('{ in: null, to: "[2001:db8::1]:443" }'),
  packet('{ local: true, to: svc:default/web:http, from: pod:web-1, uid: 0, gid: 1000, oif: ens5 }'),
  packet('{ to: 1.2.3.4:80, mark: 0x80, tos: 16, ttl: 1, length: 1500, tcp-flags: "SYN,ACK", ct: new }'),
  packet('{ to: 1.2.3.4, tcp-flags: [FIN, ACK], connected: no }'),
  packet('{ to: 1.2.3.4, tcp-flags: NONE }'),
  packet('{ to: 1.2.3.4, proto: 47 }'),
  packet('{ to: 1.2.3.4, icmp: 8, icmp-id: 7 }'),
  packet('{ to: 1.2.3.4, icmp: 3/1 }'),
  expected('{ verdict: forwarded, egress: ens5, snat: 192.168.1.5 }'),
  expected('{ verdict: [forwarded, sent], egress: null, via: null, table: main, policy-rule: 32766 }'),
  expected('{ egress: { iface: ens5, via: 10.0.0.1, table: 2, policyRule: 1536, route: default } }'),
  expected('{ snat: { from: 10.0.0.1, to: "1.2.3.4:1024-65535", rule: "nat/X:2" }, dnat: null }'),
  expected(
    '{ mark: 0x80/0x80, ct-mark: 128, src: 1.2.3.4, dst: "2001:db8::1", sport: 1024-65535, dport: 80 }',
  ),
  expected('{ ttl: 63, tos: 0, proto: udp, icmp-id: 7, final: { mark: 0 }, conntrack: { mark: 0x80 } }'),
  expected(
    '{ conntrack: { status: [SEEN_REPLY ASSURED, SRC_NAT], original: { src: 10.0.0.1, sport: 40000 }, reply: { dport: 1024-65535, icmp-id: 7 } } }',
  ),
  expected('{ conntrack: { original: null }, probability: [1, 50%, 1/3 ± 0.01] }'),
  expected('{ drop: policy, sender-sees: timeout }'),
  expected('{ drop: { reason: rule, table: filter, chain: FORWARD, rule: "filter/FORWARD:1" } }'),
  expected('{ reject: icmp-port-unreachable, unroutable: null }'),
  expected('{ reject: { with: tcp-reset, to: 10.0.0.1 } }'),
  expected('{ unroutable: ENETUNREACH, conntrack: null }'),
  expected('{ path: { contains: [nat/PREROUTING:2, "nat:PREROUTING:rule:2"], excludes: rule/1024 } }'),
  expected('{ path: { contains: ip aws-cni/snat:2 }, never: { egress: ens6 } }'),
  expected('{ endpoints: { 10.0.0.1:80: 50%, 10.0.0.2:80: 0.5 ± 0.01, "[2001:db8::1]:80": 1/3 +- 1% } }'),
  expected(
    '{ reply: { egress: ens5, path: { contains: nat/X }, never: { mark: 1 } }, assumptions: UNK_CONNECTED }',
  ),
  expected('{ reply: null, egress: ens5 }'),
  flow('packet: { to: 1.2.3.4 }\ngolden: golden/a.txt'),
  flow('assume: any\npacket: { to: 1.2.3.4 }\nexpect: { verdict: sent }'),
  flow(
    'each: { a: [1.2.3.4, 5.6.7.8], v: sent }\npacket: { to: "${a}" }\nexpect: { verdict: "${v}", path: { contains: "nat/${a}" } }',
  ),
  flow('each: [{ a: 1.2.3.4 }, { a: 5.6.7.8 }]\npacket: { to: "${a}:80" }\nexpect: { egress: ens5 }'),
  forall('{ from: pods, to: outside-vpc }'),
  forall(
    '{ from: [node, 10.0.0.0/8], to: [services, pod:web], proto: [tcp, udp, icmp], port: [80, 1000-2000] }',
  ),
  forall('{ from: vpc, to: vpc, sport: 1-65535, in: ens5, mark: 0x80, runs: 10, seed: 3 }'),
  'nodes: { a: x, b: y }\nvpc: [10.0.0.0/8, 172.16.0.0/12]\nassume: [UNK_CONNECTED]\nflows:\n  - { name: f, node: a, packet: { to: 1.2.3.4 }, expect: { egress: x } }\n',
  'node: n\nflows:\n  - { name: a, packet: &p { to: 1.2.3.4 }, expect: { egress: x } }\n  - { name: b, packet: *p, expect: { egress: x } }\n',
];

describe('a spec', () => {
  it.each(GOOD)('%#: is read, and valid for editors', (text) => {
    expect(read(text).faults).toEqual([]);
    expect(validate(parse(text)), JSON.stringify(validate.errors?.slice(0, 3))).toBe(true);
  });

  it('in the repository is valid for editors', () => {
    expect(validate(parse(readFileSync(join(root, 'examples/checks/eks.yaml'), 'utf8')))).toBe(true);
  });
});

/** What is wrong, and where; the schema refuses each too. */
const FAULTY: readonly (readonly [text: string, ...faults: string[]])[] = [
  ['node: n\nflow: []\n', 'CHECK_UNKNOWN_KEY 2:1', 'CHECK_EMPTY 1:1'],
  [expected('{ conntrack: { status: SRC_NATT } }'), 'CHECK_CHOICE 5:36'],
  [expected('{ conntrack: { original: { sprt: 1 } } }'), 'CHECK_UNKNOWN_KEY 5:40'],
  [expected('{ probability: 2 }'), 'CHECK_SHARE 5:28'],
  ['node: n\nflows: []\n', 'CHECK_EMPTY 2:1'],
  ['node: n\nflows:\n', 'CHECK_EMPTY 2:1'],
  ['node: n\n', 'CHECK_EMPTY 1:1'],
  ['', 'CHECK_EMPTY 1:1'],
  ['# nothing\n', 'CHECK_EMPTY 1:1'],
  ['just text\n', 'CHECK_NOT_MAP 1:1'],
  ['node: n\nflows: yes\n', 'CHECK_NOT_LIST 2:8'],
  [`flows:\n  - { name: f, packet: { to: 1.2.3.4 }, expect: { egress: x } }\n`, 'CHECK_MISSING 1:1'],
  [
    `node: n\nnodes: { a: n }\nflows:\n  - { name: f, node: a, packet: { to: 1.2.3.4 }, expect: { egress: x } }\n`,
    'CHECK_CONFLICT 2:1',
  ],
  [flow('packet: { to: 1.2.3.4 }\nexpct: { egress: x }'), 'CHECK_UNKNOWN_KEY 5:5', 'CHECK_MISSING 3:5'],
  [flow('packet: { to: 1.2.3.4 }'), 'CHECK_MISSING 3:5'],
  [flow('expect: { egress: x }'), 'CHECK_MISSING 3:5'],
  [`${HEAD}  - packet: { to: 1.2.3.4 }\n    expect: { egress: x }\n`, 'CHECK_MISSING 3:5'],
  [`${HEAD}  - f\n`, 'CHECK_NOT_MAP 3:5'],
  [packet('{ form: 1.2.3.4, to: 1.2.3.4 }'), 'CHECK_UNKNOWN_KEY 4:15'],
  [packet('{ __proto__: 1, to: 1.2.3.4 }'), 'CHECK_UNKNOWN_KEY 4:15'],
  [packet('{ constructor: 1, to: 1.2.3.4 }'), 'CHECK_UNKNOWN_KEY 4:15'],
  [packet('{ from: 1.2.3.4 }'), 'CHECK_MISSING 4:13'],
  [packet('{ to: 1.2.3.400 }'), 'CHECK_ADDRESS 4:19'],
  [packet('{ to: 1.2.3.4:65536 }'), 'CHECK_ADDRESS 4:19'],
  [packet('{ to: example.org }'), 'CHECK_ADDRESS 4:19'],
  [packet('{ to: "pod:" }'), 'CHECK_ADDRESS 4:19'],
  [packet('{ to: [1.2.3.4] }'), 'CHECK_NOT_TEXT 4:19'],
  [packet('{ to: 1.2.3.4, ttl: 256 }'), 'CHECK_NUMBER 4:33'],
  [packet('{ to: 1.2.3.4, mark: -1 }'), 'CHECK_NUMBER 4:34'],
  [packet('{ to: 1.2.3.4, mark: 99999999999999999999 }'), 'CHECK_NUMBER 4:34'],
  [packet('{ to: 1.2.3.4, uid: 1.5 }'), 'CHECK_NUMBER 4:33'],
  [packet('{ to: 1.2.3.4, proto: tpc }'), 'CHECK_PROTOCOL 4:35'],
  [packet('{ to: 1.2.3.4, proto: 256 }'), 'CHECK_PROTOCOL 4:35'],
  [packet('{ to: 1.2.3.4, icmp: 8/256 }'), 'CHECK_ICMP 4:34'],
  [packet('{ to: 1.2.3.4, tcp-flags: SIN }'), 'CHECK_CHOICE 4:39'],
  [packet('{ to: 1.2.3.4, ct: NEU }'), 'CHECK_CHOICE 4:32'],
  [packet('{ to: 1.2.3.4, local: maybe }'), 'CHECK_CHOICE 4:35'],
  [packet('[1.2.3.4]'), 'CHECK_NOT_MAP 4:13'],
  [expected('{ verdict: fowarded }'), 'CHECK_CHOICE 5:24'],
  [expected('{ egres: ens5 }'), 'CHECK_UNKNOWN_KEY 5:15'],
  [expected('{ toString: ens5 }'), 'CHECK_UNKNOWN_KEY 5:15'],
  [expected('{}'), 'CHECK_NOTHING 5:13'],
  [expected('{ path: {} }'), 'CHECK_NOTHING 5:21'],
  [expected('{ never: {} }'), 'CHECK_NOTHING 5:22'],
  [expected('{ endpoints: {} }'), 'CHECK_NOTHING 5:26'],
  [expected('{ reply: {} }'), 'CHECK_NOTHING 5:22'],
  [expected('{ egress: {} }'), 'CHECK_NOTHING 5:23'],
  [expected('{ verdict: [] }'), 'CHECK_NOT_TEXT 5:24'],
  [expected('{ egress: { device: ens5 } }'), 'CHECK_UNKNOWN_KEY 5:25'],
  [expected('{ snat: ens5 }'), 'CHECK_ADDRESS 5:21'],
  [expected('{ mark: 0x80/x }'), 'CHECK_MARK 5:21'],
  [expected('{ drop: polcy }'), 'CHECK_CHOICE 5:21'],
  [expected('{ sender-sees: time-out }'), 'CHECK_CHOICE 5:28'],
  [expected('{ path: { contains: PREROUTING } }'), 'CHECK_RULE_NAME 5:33'],
  [expected('{ path: { has: nat/X } }'), 'CHECK_UNKNOWN_KEY 5:23'],
  [expected('{ never: { path: { contains: nat/X } } }'), 'CHECK_UNKNOWN_KEY 5:24'],
  [expected('{ endpoints: { web: 50% } }'), 'CHECK_ADDRESS 5:28'],
  [expected('{ endpoints: { 10.0.0.1:80: half } }'), 'CHECK_SHARE 5:41'],
  [expected('{ endpoints: { 10.0.0.1:80: 1.5 } }'), 'CHECK_SHARE 5:41'],
  [expected('{ assumptions: because }'), 'CHECK_CODE 5:28'],
  [expected('{ reply: { reply: { egress: x } } }'), 'CHECK_UNKNOWN_KEY 5:24'],
  [flow('packet: { to: 1.2.3.4 }\ngolden: ../a.txt'), 'CHECK_GOLDEN_PATH 5:13'],
  [flow('packet: { to: 1.2.3.4 }\ngolden: /etc/passwd'), 'CHECK_GOLDEN_PATH 5:13'],
  [flow('packet: { to: 1.2.3.4 }\ngolden: a/../../b'), 'CHECK_GOLDEN_PATH 5:13'],
  [flow('each: { a: [] }\npacket: { to: 1.2.3.4 }\nexpect: { egress: "${a}" }'), 'CHECK_EACH_EMPTY 4:13'],
  [flow('each: []\npacket: { to: 1.2.3.4 }\nexpect: { egress: x }'), 'CHECK_EACH_EMPTY 4:11'],
  [flow('each: { "a b": 1 }\npacket: { to: 1.2.3.4 }\nexpect: { egress: "${a b}" }'), 'CHECK_EACH_NAME 4:13'],
  [
    flow('each: { a: { b: 1 } }\npacket: { to: 1.2.3.4 }\nexpect: { egress: x }'),
    'CHECK_NOT_TEXT 4:16',
    'CHECK_EACH_EMPTY 4:13',
  ],
  [forall('{ from: pods }'), 'CHECK_MISSING 4:13'],
  [forall('{ from: pots, to: 1.2.3.4 }'), 'CHECK_SET 4:21'],
  [forall('{ from: services, to: 1.2.3.4 }'), 'CHECK_SET 4:21'],
  [forall('{ from: pods, to: 1.2.3.4, port: 70000 }'), 'CHECK_PORTS 4:46'],
  [forall('{ from: pods, to: 1.2.3.4, runs: 0 }'), 'CHECK_NUMBER 4:46'],
  [
    flow('packet: { to: 1.2.3.4 }\nforall: { from: pods, to: pods }\nexpect: { egress: x }'),
    'CHECK_CONFLICT 5:13',
  ],
  [`vpc: here\n${packet('{ to: 1.2.3.4 }')}`, 'CHECK_PREFIX 1:6'],
];

describe('a faulty spec', () => {
  it.each(FAULTY)('%# %j: is named with its place, and not valid for editors', (text, ...faults) => {
    expect([...read(text).faults].sort()).toEqual([...faults].sort());
    expect(validate(parse(text))).toBe(false);
  });

  /** What no JSON Schema can say. */
  it.each([
    [
      'the same name twice',
      `${HEAD}  - { name: f, packet: { to: 1.2.3.4 }, expect: { egress: x } }\n  - { name: f, packet: { to: 1.2.3.4 }, expect: { egress: x } }\n`,
      'CHECK_NAME_TWICE 4:13',
    ],
    [
      'a golden file twice',
      `${HEAD}  - { name: f, packet: { to: 1.2.3.4 }, golden: a }\n  - { name: g, packet: { to: 1.2.3.4 }, golden: a }\n`,
      'CHECK_GOLDEN_TWICE 4:49',
    ],
    ['families that differ', packet('{ from: "::1", to: 1.2.3.4 }'), 'CHECK_FAMILY 4:32'],
    ['a device and a local process', packet('{ in: ens5, local: true, to: 1.2.3.4 }'), 'CHECK_CONFLICT 4:15'],
    ['a key twice', packet('{ to: 1.2.3.4, to: 1.2.3.4 }'), 'CHECK_KEY_TWICE 4:28'],
    ['a placeholder without a table', packet('{ to: "${a}" }'), 'CHECK_ADDRESS 4:19'],
    [
      'a placeholder without a column',
      flow('each: { b: 1.2.3.4 }\npacket: { to: "${b}" }\nexpect: { egress: "${a}" }'),
      'CHECK_PLACEHOLDER 6:23',
    ],
    [
      'a column that nothing uses',
      flow('each: { b: [1, 2] }\npacket: { to: 1.2.3.4 }\nexpect: { egress: x }'),
      'CHECK_EACH_UNUSED 4:13',
    ],
    ['a code that does not exist', expected('{ egress: x, assumptions: UNK_NOTHING }'), 'CHECK_CODE 5:39'],
    [
      'a node that is not named',
      'nodes: { a: x, b: y }\nflows:\n  - { name: f, node: c, packet: { to: 1.2.3.4 }, expect: { egress: x } }\n',
      'CHECK_CHOICE 3:22',
    ],
    [
      'no node of several',
      'nodes: { a: x, b: y }\nflows:\n  - { name: f, packet: { to: 1.2.3.4 }, expect: { egress: x } }\n',
      'CHECK_WHICH_NODE 3:5',
    ],
    [
      'a node by name where there is one without',
      'node: x\nflows:\n  - { name: f, node: a, packet: { to: 1.2.3.4 }, expect: { egress: x } }\n',
      'CHECK_ONE_NODE 3:16',
    ],
    ['a tag', packet('!!python/object { to: 1.2.3.4 }'), 'CHECK_TAG 4:29'],
    ['a key that is a list', packet('{ ? [a] : 1, to: 1.2.3.4 }'), 'CHECK_KEY_FORM 4:13'],
    ['an alias before its anchor', packet('{ to: *a }'), 'CHECK_ALIAS 4:19'],
    [
      'a second document',
      `${HEAD}  - { name: a, packet: { to: 1.2.3.4 }, expect: { verdict: sent } }\n---\nnode: n\n`,
      'CHECK_DOCUMENTS 4:1',
    ],
  ])('names %s', (_name, text, fault) => {
    expect(read(text).faults).toContain(fault);
  });

  it('tells all that is wrong at once', () => {
    const text = `${HEAD}  - { name: a, packet: { form: 1, to: 1.2.3.400 }, expect: { verdict: x } }\n  - { name: a, packt: 1 }\n`;
    expect(read(text).faults.map((fault) => fault.split(' ')[0])).toEqual([
      'CHECK_UNKNOWN_KEY',
      'CHECK_ADDRESS',
      'CHECK_CHOICE',
      'CHECK_UNKNOWN_KEY',
      'CHECK_NAME_TWICE',
      'CHECK_MISSING',
      'CHECK_MISSING',
    ]);
  });

  it('tells what is wrong with a table once, not for each row', () => {
    const rows = Array.from({ length: 50 }, (_, at) => `1.2.3.${String(at)}`).join(', ');
    const text = flow(`each: { a: [${rows}] }\npacket: { to: "\${a}", ttl: 300 }\nexpect: { egress: x }`);
    expect(read(text).faults).toEqual(['CHECK_NUMBER 5:32']);
  });

  it('says which word was meant', () => {
    const diagnostics = new Diagnostics();
    readSpec('s', new SourceText('s', expected('{ verdct: sent }')), diagnostics);
    expect(diagnostics.list[0]?.params).toMatchObject({ key: 'verdct', near: 'verdict' });
  });
});

describe('a hostile spec', () => {
  it('of anchors within anchors is refused, not unfolded', () => {
    const lines = Array.from({ length: 30 }, (_, at) => {
      const before = `*a${String(at)}`;
      return `  - &a${String(at + 1)} [${Array(10).fill(before).join(', ')}]`;
    });
    const text = `node: n\nflows:\n  - &a0 [x, x]\n${lines.join('\n')}\n`;
    expect(read(text).faults.filter((fault) => fault.startsWith('CHECK_VALUES'))).toHaveLength(1);
  });

  it('that holds itself is refused', () => {
    expect(read('node: n\nflows: &a [*a]\n').faults).toContain('CHECK_ALIAS 2:12');
  });

  it('nested deeply is refused', () => {
    const deep = `node: n\nflows: ${'['.repeat(50_000)}`;
    expect(read(deep).faults.length).toBeGreaterThan(0);
  });

  it('with many keys takes no time that grows with their square', () => {
    const keys = Array.from({ length: 60_000 }, (_, at) => `  k${String(at)}: 1`).join('\n');
    const before = performance.now();
    const { faults } = read(`node: n\nflows:\n  - name: f\nnodes:\n${keys}\n`);
    expect(faults.length).toBeGreaterThan(0);
    expect(performance.now() - before).toBeLessThan(20_000);
  });

  it('whose tables multiply is refused', () => {
    const column = (name: string): string =>
      `${name}: [${Array.from({ length: 100 }, (_, at) => at).join(', ')}]`;
    const text = flow(
      `each: { ${['a', 'b', 'c', 'd'].map(column).join(', ')} }\npacket: { to: 1.2.3.4 }\nexpect: { egress: x }`,
    );
    expect(read(text).faults).toContain('CHECK_EACH_MANY 4:11');
  });

  it('of more than four million characters is refused', () => {
    expect(read(`# ${'x'.repeat(5_000_000)}`).faults).toEqual(['CHECK_LARGE 1:1']);
  });
});

describe('the JSON Schema', () => {
  const keysOf = (name: string): readonly string[] =>
    Object.keys(schema.$defs[name]?.properties ?? {}).sort();

  it('has the words of the reader', () => {
    expect(Object.keys(schema.properties).sort()).toEqual([...SPEC_KEYS].sort());
    expect(keysOf('flow')).toEqual([...FLOW_KEYS].sort());
    expect(keysOf('packet')).toEqual([...PACKET_KEYS].sort());
    expect(keysOf('forall')).toEqual([...FORALL_KEYS].sort());
    expect(keysOf('expect')).toEqual([...EXPECT_KEYS].sort());
  });

  it('and the reader have every reason for a drop', () => {
    expect(DROP_REASONS.filter((reason) => !isMessageId(`DROP_${reason}`))).toEqual([]);
    expect(reasonsInCatalogue().filter((reason) => !DROP_REASONS.some((one) => one === reason))).toEqual([]);
  });
});

/** Reasons in the English catalogue. */
function reasonsInCatalogue(): readonly string[] {
  const folder = join(root, 'src/explain/messages/en');
  const text = ['walk.ts', 'engine.ts'].map((name) => readFileSync(join(folder, name), 'utf8')).join('\n');
  return [...text.matchAll(/^ {2}'?DROP_(?!BY_)([\w-]+)'?:/gm)].map(([, reason = '']) => reason);
}
