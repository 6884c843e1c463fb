/** The published JSON Schema of a connection, held against connections. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { natwalk } from '../support/cli.js';

const root = join(import.meta.dirname, '../..');
const read = (name: string): object => JSON.parse(readFileSync(join(root, 'schema', name), 'utf8')) as object;
const validate = new Ajv2020({
  strict: true,
  allowUnionTypes: true,
  strictRequired: false,
  strictTypes: false,
  schemas: [read('trace.schema.json')],
}).compile(read('flow.schema.json'));

interface Flow {
  schema: string;
  packets: { name: string; direction: string; nat: string[]; followed: number; result: object }[];
}

async function flowOf(...words: readonly string[]): Promise<Flow> {
  const { out, err } = await natwalk([
    'trace',
    join(root, 'examples/eks-node'),
    ...words,
    '--flow',
    '--json',
  ]);
  expect(err).toBe('');
  return JSON.parse(out) as Flow;
}

const pod = ['--from', '192.168.61.33'];

describe('the JSON of --flow', () => {
  it.each([
    [[...pod, '--to', '203.0.113.9:443']],
    [[...pod, '--to', '10.100.5.20:80']],
    [[...pod, '--to', '10.100.5.20:80', '--all-rules']],
    [[...pod, '--to', '203.0.113.9:53', '--proto', 'udp']],
    [[...pod, '--to', '203.0.113.9', '--proto', 'icmp']],
    [[...pod, '--to', '203.0.113.9', '--proto', 'gre']],
    [['--to', '203.0.113.9:443']],
    [[...pod, '--to', '203.0.113.9:443', '--set', 'sysctl.net.ipv4.ip_forward=0']],
    [[...pod, '--to', '203.0.113.9:443', '--without', 'nat/AWS-SNAT-CHAIN-0:2', '--seed', '7']],
  ])('%j is as the schema says', async (words) => {
    const flow = await flowOf(...words);
    expect(validate(flow), JSON.stringify(validate.errors)).toBe(true);
  });

  it.each([
    ['a misspelt field', (flow: Flow) => ({ ...flow, packtes: [] })],
    ['no packets', (flow: Flow) => ({ ...flow, packets: [] })],
    ['another schema', (flow: Flow) => ({ ...flow, schema: 'natwalk/trace/1' })],
    [
      'an outcome 0',
      (flow: Flow) => ({ ...flow, packets: flow.packets.map((one) => ({ ...one, followed: 0 })) }),
    ],
    [
      'no hook',
      (flow: Flow) => ({ ...flow, packets: flow.packets.map((one) => ({ ...one, nat: ['NAT'] })) }),
    ],
    [
      'no result',
      (flow: Flow) => ({ ...flow, packets: flow.packets.map((one) => ({ ...one, result: {} })) }),
    ],
  ])('with %s it is not', async (_name, change) => {
    expect(validate(change(await flowOf(...pod, '--to', '203.0.113.9:443')))).toBe(false);
  });
});
