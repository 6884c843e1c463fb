/** The library as programs use it: specs and nodes as texts, results as data. */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import * as library from '../../src/index.js';
import { type Node, check, diff, isFaulty, lint, loadNode } from '../../src/index.js';
import { SnapshotError, readNode } from '../../src/node.js';

const NODE = 'examples/eks-node';
let node: Node;
beforeAll(async () => {
  node = await readNode(NODE);
});

const spec = (flow: string): { name: string; text: string } => ({
  name: 'eks.yaml',
  text: `node: ${NODE}\nflows:\n${flow}`,
});
const FLOW = `  - name: out
    packet: { from: 192.168.61.33, to: '203.0.113.9:443' }
    expect: { egress: ens5 }
`;

describe('the door', () => {
  it('is small', () => {
    const names = Object.keys(library).filter((name) => !/^render|Json$/.test(name));
    expect(names.sort()).toEqual([
      'FlowTracer',
      'PacketError',
      ...['check', 'diff', 'factsOf', 'isFaulty', 'lint', 'loadNode', 'nodesOf', 'ruleRef', 'trace'],
      'traceBatch',
    ]);
  });
});

describe('check', () => {
  it('passes what holds', () => {
    const report = check(spec(FLOW), node);
    expect(report).toMatchObject({ passed: true, faults: [], coverage: null });
    expect(report.results.map(({ name, passed }) => [name, passed])).toEqual([['out', true]]);
  });

  it('tells what does not hold, with the rule and its line', () => {
    const { passed, results } = check(spec(FLOW.replace('ens5', 'ens6')), new Map([[NODE, node]]));
    expect(passed).toBe(false);
    expect(results[0]?.failures[0]).toMatchObject({
      key: 'egress',
      values: { expected: 'ens6', got: 'ens5' },
    });
    expect(results[0]?.deciding[0]).toMatchObject({ name: 'policy rule 1024', file: 'ip-rule.txt', line: 6 });
  });

  it.each([
    ['a node that was not given', spec(FLOW), 'CHECK_NODE_PATH'],
    ['a suite without checks', { name: 'x', text: `node: ${NODE}\nflows: []\n` }, 'CHECK_EMPTY'],
    ['a misspelt key', spec(FLOW.replace('expect', 'expct')), 'CHECK_UNKNOWN_KEY'],
  ])('runs nothing for %s', (_name, text, code) => {
    const report = check(text, new Map());
    expect(report.faults.map((fault) => fault.code)).toContain(code);
    expect(report).toMatchObject({ passed: false, results: [] });
  });

  it('reads several specs, and keys that objects have by themselves are no nodes', () => {
    const other = { name: 'two.yaml', text: `node: __proto__\nflows:\n${FLOW}` };
    expect(check([spec(FLOW), other], new Map([[NODE, node]])).faults).toHaveLength(1);
    expect(check([spec(FLOW), { ...other, text: spec(FLOW).text }], node).results).toHaveLength(2);
  });

  it('tells which rules no packet met', () => {
    const rules = check(spec(FLOW), node, { coverage: true }).coverage?.get(NODE) ?? [];
    const met = rules.filter(({ hits }) => hits > 0);
    expect(met.map(({ file, line }) => `${file}:${String(line)}`)).toContain('iptables-save.txt:81');
    expect(met.length).toBeLessThan(rules.length);
  });

  it('asks for golden files by their names, and fails where there is none', () => {
    const golden = spec(FLOW.replace('expect: { egress: ens5 }', 'golden: out.golden'));
    const asked: string[] = [];
    const report = check(golden, node, {
      golden: (path, from) => {
        asked.push(`${from} ${path}`);
        return null;
      },
    });
    expect(report.passed).toBe(false);
    expect(asked).toEqual(['eks.yaml out.golden']);
  });
});

describe('lint and diff', () => {
  it('find what the commands find', () => {
    const report = lint(node);
    expect(report.findings.map(({ code }) => code)).toContain('LINT_VPC_SERVICE_OUTSIDE');
    expect(isFaulty(report)).toBe(true);
  });

  it('see that a policy rule went', () => {
    const text = (name: string): string => readFileSync(`${NODE}/${name}.txt`, 'utf8');
    const load = (rules: string): Node =>
      loadNode('n', [
        ...['iptables-save', 'ip-addr', 'ip-route', 'sysctl'].map((name) => ({ name, text: text(name) })),
        { name: 'ip-rule', text: rules },
      ]);
    const after = text('ip-rule').replace(/^.*from 192\.168\.61\.33.*\n/m, '');
    const result = diff(load(text('ip-rule')), load(after), { budget: 300 });
    expect(result.different).toBeGreaterThan(0);
    expect(result.differences).toHaveLength(1);
  });
});

describe('readNode', () => {
  it('tells why there is none', async () => {
    const gone = readNode('examples/no-such-node');
    await expect(gone).rejects.toThrow('cannot read "examples/no-such-node": ENOENT');
    await expect(gone).rejects.toBeInstanceOf(SnapshotError);
    await expect(readNode('LICENSE')).rejects.toMatchObject({ code: 'NODE_EMPTY' });
    await expect(readNode(NODE, 'other')).rejects.toMatchObject({ code: 'NODE_NOT_THERE' });
  });
});
