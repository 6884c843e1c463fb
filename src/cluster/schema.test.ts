/** Cluster files as people write them, and as they write them wrong; the JSON Schema that editors use says the same. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { Diagnostics } from '../source/diagnostic.js';
import { SourceText } from '../source/source.js';
import { CLUSTER_KEYS, NODE_KEYS, POD_KEYS, readCluster } from './read.js';
import { BALANCER_KEYS, NAT_KEYS, SEGMENT_KEYS, SUBNET_KEYS, VPC_KEYS } from './read-network.js';

const root = join(import.meta.dirname, '../..');

interface Shape {
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly anyOf?: readonly Shape[];
}

const schema = JSON.parse(readFileSync(join(root, 'schema/cluster.schema.json'), 'utf8')) as Shape & {
  readonly $defs: Readonly<Record<string, Shape>>;
};
const validate = new Ajv2020({ strict: true, allowUnionTypes: true, strictRequired: false }).compile(schema);

function faultsOf(text: string): readonly string[] {
  const diagnostics = new Diagnostics();
  readCluster('c.yaml', new SourceText('c.yaml', text), diagnostics);
  return diagnostics.list.map(({ code }) => code);
}

const keysOf = (shape: Shape | undefined): readonly string[] => Object.keys(shape?.properties ?? {}).sort();

it('has the keys that are read', () => {
  const { $defs } = schema;
  expect(keysOf(schema)).toEqual([...CLUSTER_KEYS].sort());
  expect(keysOf($defs['node']?.anyOf?.[1])).toEqual([...NODE_KEYS].sort());
  expect(keysOf($defs['pod'])).toEqual([...POD_KEYS].sort());
  expect(keysOf($defs['vpc'])).toEqual([...VPC_KEYS].sort());
  expect(keysOf($defs['vpc']?.properties?.['nat-gateway'])).toEqual([...NAT_KEYS].sort());
  expect(keysOf($defs['subnet'])).toEqual([...SUBNET_KEYS].sort());
  expect(keysOf($defs['segment'])).toEqual([...SEGMENT_KEYS].sort());
  expect(keysOf($defs['balancer'])).toEqual([...BALANCER_KEYS].sort());
});

const labs = join(root, 'labs/nodes');
const KEPT = [
  join(root, 'examples/cluster/cluster.yaml'),
  ...readdirSync(labs)
    .filter((name) => name.endsWith('-pair'))
    .map((name) => join(labs, name, 'cluster.yaml')),
];

describe('files of the repository', () => {
  it.each(KEPT)('%s is right for both', (path) => {
    const text = readFileSync(path, 'utf8');
    expect(faultsOf(text)).toEqual([]);
    expect(validate(parse(text)), JSON.stringify(validate.errors)).toBe(true);
  });
});

const VPC = 'nodes: { a: n }\nvpc: { cidrs: [10.0.0.0/16]';
const LB = 'nodes: { a: n }\nbalancers: { w: { addresses: [10.0.0.9], port: 80';

const GOOD: readonly string[] = [
  'nodes: { a: n, b: { snapshot: m, enis: { ens6: [10.0.0.0/28, 10.0.1.7/32] }, source-check: false } }',
  'nodes: { a: n }\npods: { p: { node: a, address: "2001:db8::7" } }\noutside: 2001:db8::9',
  `${VPC}, subnets: [{ cidr: 10.0.1.0/24, router: 10.0.1.254, default: none }] }`,
  `${VPC}, public: { 10.0.0.7: 203.0.113.7 }, nat-gateway: { address: 10.0.0.9, public: 203.0.113.9 } }`,
  'nodes: { a: n }\nsegments: { l: { cidr: 10.9.0.0/24, gateway: 10.9.0.1, nat: 203.0.113.1, answers: { 10.9.0.9: a } } }',
  `${LB}, targets: ["a:30080"], names: [w.example], public: [203.0.113.5], protocol: udp } }`,
  `${LB}, mode: ip, targets: ["10.0.0.5:80"], client-address: kept, proxy-protocol: true } }`,
  `${LB}, mode: ip, targets: ["[2001:db8::5]:80"] } }`,
];

const BAD: readonly string[] = [
  '',
  'nodes: [a]',
  'pods: {}',
  'nodes: { a: n }\nsubnets: []',
  'nodes: { a: { enis: {} } }',
  'nodes: { a: { snapshot: n, eni: {} } }',
  'nodes: { a: { snapshot: n, source-check: maybe } }',
  'nodes: { a: n }\npods: { p: { node: a } }',
  'nodes: { a: n }\npods: { p: { node: a, address: web } }',
  'nodes: { a: n }\nvpc: {}',
  `${VPC}, subnets: [{ router: 10.0.0.1 }] }`,
  `${VPC}, subnets: [{ cidr: 10.0.1.0/24, default: internet }] }`,
  `${VPC}, nat-gateway: { address: 10.0.0.9 } }`,
  `${VPC}, public: { here: 203.0.113.7 } }`,
  'nodes: { a: n }\nsegments: { l: { gateway: 10.9.0.1 } }',
  'nodes: { a: n }\nsegments: { l: { cidr: 10.9.0.0/24, nat: 203.0.113.1 } }',
  'nodes: { a: n }\nbalancers: { w: { port: 80 } }',
  'nodes: { a: n }\nbalancers: { w: { addresses: [10.0.0.9], port: 0 } }',
  `${LB}, mode: nlb } }`,
  `${LB}, targets: [a] } }`,
  `${LB}, client-address: hidden } }`,
];

describe('the schema and the reader', () => {
  it.each(GOOD)('both take %j', (text) => {
    expect(faultsOf(text)).toEqual([]);
    expect(validate(parse(text)), JSON.stringify(validate.errors)).toBe(true);
  });

  it.each(BAD)('both refuse %j', (text) => {
    expect(faultsOf(text)).not.toEqual([]);
    expect(validate(parse(text))).toBe(false);
  });
});
