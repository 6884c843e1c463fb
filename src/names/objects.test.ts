import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAddress } from '../address/address.js';
import type { KubeItems } from './model.js';
import { readKubeJson } from './json.js';
import { objectsOf } from './objects.js';
import { readKubeYaml } from './yaml.js';

const ip = (text: string): number | bigint => parseAddress(text) ?? 0;

/** Objects without their places. */
function objects(value: unknown): unknown[] {
  return objectsOf(value, null).map(({ span: _span, ...rest }) => rest);
}

const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web-x2v', namespace: 'default' },
  spec: { nodeName: 'node-a' },
  status: {
    phase: 'Running',
    hostIP: '10.0.0.10',
    podIP: '10.244.1.5',
    podIPs: [{ ip: '10.244.1.5' }, { ip: 'fd00::5' }],
  },
};

describe('objects of Kubernetes', () => {
  it('a pod, and its node by the address in its status', () => {
    expect(objects(pod)).toEqual([
      {
        kind: 'pod',
        namespace: 'default',
        name: 'web-x2v',
        addresses: [ip('10.244.1.5'), ip('fd00::5')],
        node: 'node-a',
        hostNetwork: false,
        state: 'running',
      },
      { kind: 'node', name: 'node-a', addresses: [ip('10.0.0.10')] },
    ]);
  });

  it.each([
    ['Running', 'running'],
    ['Pending', 'running'],
    ['Succeeded', 'ended'],
    ['Failed', 'ended'],
    ['Unknown', 'unsure'],
  ])('a pod that is %s', (phase, state) => {
    expect(objects({ ...pod, status: { phase } })).toMatchObject([{ state }]);
  });

  it('a service with its addresses and ports', () => {
    const service = {
      kind: 'Service',
      metadata: { name: 'web', namespace: 'default' },
      spec: {
        clusterIP: '10.96.0.20',
        clusterIPs: ['10.96.0.20', 'fd00::20'],
        externalIPs: ['198.51.100.9'],
        ports: [
          { name: 'http', port: 80, nodePort: 30080 },
          { name: 'dns', protocol: 'UDP', port: 53 },
          { port: 'x' },
        ],
      },
      status: { loadBalancer: { ingress: [{ ip: '203.0.113.80' }, { hostname: 'a.example.com' }] } },
    };
    expect(objects(service)).toEqual([
      {
        kind: 'service',
        namespace: 'default',
        name: 'web',
        clusterIps: [ip('10.96.0.20'), ip('fd00::20')],
        headless: false,
        externalName: null,
        externalIps: [ip('198.51.100.9')],
        balancerIps: [ip('203.0.113.80')],
        ports: [
          { name: 'http', protocol: 6, port: 80, nodePort: 30080 },
          { name: 'dns', protocol: 17, port: 53, nodePort: null },
        ],
      },
    ]);
  });

  it('a headless service has no address', () => {
    const service = {
      kind: 'Service',
      metadata: { name: 'web' },
      spec: { clusterIP: 'None', clusterIPs: ['None'] },
    };
    expect(objects(service)).toMatchObject([{ headless: true, clusterIps: [], namespace: null }]);
    const spec = { type: 'ExternalName', externalName: 'db.example.com' };
    expect(objects({ ...service, spec })).toMatchObject([
      { headless: false, clusterIps: [], externalName: 'db.example.com' },
    ]);
  });

  it('endpoints and slices, with the pods behind them', () => {
    const targetRef = { kind: 'Pod', name: 'web-x2v', namespace: 'default' };
    const slice = {
      kind: 'EndpointSlice',
      metadata: { name: 'web-8k2lm', namespace: 'default', labels: { 'kubernetes.io/service-name': 'web' } },
      endpoints: [{ addresses: ['10.244.1.5'], nodeName: 'node-a', targetRef }],
      ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
    };
    const old = {
      kind: 'Endpoints',
      metadata: { name: 'web', namespace: 'default' },
      subsets: [
        {
          addresses: [{ ip: '10.244.1.5', nodeName: 'node-a', targetRef }],
          ports: [{ name: 'http', port: 8080 }],
        },
      ],
    };
    const wanted = {
      kind: 'endpoint',
      namespace: 'default',
      service: 'web',
      address: ip('10.244.1.5'),
      port: 8080,
      protocol: 6,
      portName: 'http',
      pod: { namespace: 'default', name: 'web-x2v' },
      node: 'node-a',
    };
    expect(objects(slice)).toEqual([wanted]);
    expect(objects(old)).toEqual([wanted]);
  });

  it('lists of lists, and lists whose items do not say their kind', () => {
    const { kind: _kind, ...item } = pod;
    expect(objects({ kind: 'List', items: [pod] })).toHaveLength(2);
    expect(objects({ kind: 'PodList', items: [item] })).toEqual(objects(pod));
  });

  it.each([
    ['another kind', { kind: 'Deployment', metadata: { name: 'web' } }],
    ['no name', { kind: 'Pod', metadata: {} }],
    ['a name with an escape in it', { kind: 'Pod', metadata: { name: 'a\u001b[31m' } }],
    ['null', null],
    ['a prototype', { kind: '__proto__', metadata: { name: 'constructor' } }],
  ])('nothing of %s', (_title, value) => {
    expect(objects(value)).toEqual([]);
  });

  it('throws for no value', () => {
    const key = fc.constantFrom(
      'kind',
      'metadata',
      'name',
      'items',
      'spec',
      'status',
      'ports',
      'port',
      'endpoints',
      'subsets',
      'addresses',
      '__proto__',
    );
    const leaf = fc.constantFrom(
      'Pod',
      'Service',
      'Node',
      'Endpoints',
      'EndpointSlice',
      'List',
      '10.0.0.1',
      'x',
      80,
      null,
      true,
    );
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof({ depthSize: 'small' }, leaf, fc.array(tie('value')), fc.dictionary(key, tie('value'))),
    }));
    fc.assert(fc.property(value, (one) => void objectsOf(one, null)));
  });
});

/** The names of the items, and where findings are. */
function summary(text: string, { items, findings }: KubeItems): readonly string[] {
  const names = [...items].flatMap(({ value }) =>
    objectsOf(value, null).flatMap((one) => ('name' in one ? [one.name] : [])),
  );
  return [...names, ...findings.map(({ code, start }) => `${code} ${text.slice(start, start + 12)}`)];
}

const named = (name: string, kind = 'Node'): string => `{"kind": "${kind}", "metadata": {"name": "${name}"}}`;

describe('JSON of kubectl', () => {
  it.each([
    ['an object', named('a'), ['a']],
    ['a list', `{"apiVersion": "v1", "items": [${named('a')}, ${named('b')}], "kind": "List"}`, ['a', 'b']],
    ['an API list', '{"kind":"NodeList","items":[{"metadata":{"name":"a"}}]}', ['a']],
    ['a bare array', `[${named('a')},${named('b')}]`, ['a', 'b']],
    ['objects one after another', `${named('a')}\n${named('b')}`, ['a', 'b']],
    ['an empty list', '{"items": []}', []],
    ['brackets within strings', named('a').replace('"kind"', '"x": "]}{\\"[", "kind"'), ['a']],
    [
      'an items within an object',
      `{"kind":"Node","metadata":{"name":"a"},"spec":{"items":[${named('b')}]}}`,
      ['a'],
    ],
    [
      'a damaged item',
      `{"items": [${named('a')}, {"kind": Node}, ${named('b')}]}`,
      ['a', 'b', 'NAMES_JSON {"kind": Nod'],
    ],
    ['a cut', `{"items": [${named('a')}, {"kind": "Node", "meta`, ['a', 'NAMES_CUT {"kind": "No']],
    ['text around', `$ kubectl\n"${named('a')}\n`, ['a']],
  ])('%s', (_title, text, expected) => {
    expect(summary(text, readKubeJson(text))).toEqual(expected);
  });

  it('throws for no text, and its places are within it', () => {
    const piece = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      '"',
      '\\',
      ':',
      ',',
      '"items"',
      '"kind"',
      '"Node"',
      ' ',
      '1',
      '\n',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece).map((all) => all.join('')),
        ),
        (text) => {
          const { items, findings } = readKubeJson(text);
          for (const { start, end } of [...items, ...findings])
            expect(text.slice(start, end).length).toBe(end - start);
        },
      ),
    );
  });

  it('takes time in proportion to the text', () => {
    const text = `{"items": [${Array.from({ length: 20_000 }, (_, i) => named(`n${String(i)}`)).join(',')}]}`;
    expect([...readKubeJson(text).items]).toHaveLength(20_000);
    expect(readKubeJson('['.repeat(500_000)).findings).toHaveLength(1);
    expect(readKubeJson(`{"a": "${'\\'.repeat(500_000)}`).findings).toHaveLength(1);
  });
});

const yaml = (name: string): string => `apiVersion: v1\nkind: Node\nmetadata:\n  name: ${name}\n`;
const item = (name: string): string => `- kind: Node\n  metadata:\n    name: ${name}\n`;

describe('YAML of kubectl', () => {
  it.each([
    ['an object', yaml('a'), ['a']],
    ['a list', `apiVersion: v1\nitems:\n${item('a')}${item('b')}kind: List\n`, ['a', 'b']],
    ['an API list', 'kind: NodeList\nitems:\n- metadata:\n    name: a\n', ['a']],
    ['a bare list', `${item('a')}${item('b')}`, ['a', 'b']],
    ['documents', `---\n${yaml('a')}---\n${yaml('b')}`, ['a', 'b']],
    [
      'an alias',
      `apiVersion: v1\nitems:\n- &x\n  kind: Node\n  metadata: {name: a}\n- *x\nkind: List\n`,
      ['a', 'a'],
    ],
    [
      'a fault: what stands before it is kept',
      `apiVersion: v1\nitems:\n${item('a')}- kind: Node\n  metadata: {name: [}\n`,
      ['a', 'NAMES_YAML }\n'],
    ],
    [
      'a cut within a line',
      `apiVersion: v1\nitems:\n${item('a')}- kind: Node\n  metad`,
      ['a', 'NAMES_YAML metad'],
    ],
    ['nothing', '', []],
  ])('%s', (_title, text, expected) => {
    expect(summary(text, readKubeYaml(text))).toEqual(expected);
  });

  it('refuses aliases that blow a small text up', () => {
    const levels = Array.from(
      { length: 12 },
      (_, i) => `a${String(i + 1)}: &a${String(i + 1)} [${`*a${String(i)},`.repeat(10)}]`,
    );
    const text = `kind: Node\na0: &a0 [x]\n${levels.join('\n')}\n`;
    const { items, findings } = readKubeYaml(text);
    expect([[...items], findings.map(({ code }) => code)]).toEqual([[], ['NAMES_YAML']]);
  });

  it('refuses what is nested without end, and what is very long', () => {
    expect(readKubeYaml('['.repeat(100_000)).findings[0]?.code).toBe('NAMES_YAML');
    expect(readKubeYaml(' '.repeat(65 * 1024 * 1024)).findings[0]?.code).toBe('NAMES_YAML_LARGE');
  });

  it('throws for no text', () => {
    const piece = fc.constantFrom(
      'kind: Node\n',
      'items:\n',
      '- ',
      '  ',
      'a: ',
      '&x ',
      '*x',
      '[',
      ']',
      '{',
      '}',
      '"',
      '|\n',
      '---\n',
      '!!',
      '? ',
      '\t',
      '%',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece).map((all) => all.join('')),
        ),
        (text) => void readKubeYaml(text),
      ),
    );
  });
});
