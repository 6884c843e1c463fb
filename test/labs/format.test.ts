/** Labs that are wrong in some way: each fault is told at its place, and nothing half-written is given to a student. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openLab } from '../../src/cli/lab-files.js';
import { readLab } from '../../src/labs/read.js';
import { verifyLab } from '../../src/labs/verify.js';
import { Diagnostics } from '../../src/source/diagnostic.js';
import { SourceText } from '../../src/source/source.js';
import { root } from './support.js';

const path = join(root, 'labs/06-pod-to-internet/lab.yaml');
const whole = readFileSync(path, 'utf8');

interface Told {
  readonly code: string;
  readonly line: number;
}

function faultsOf(text: string, at = path): readonly Told[] {
  const source = new SourceText(at, text);
  const diagnostics = new Diagnostics();
  readLab(at, source, diagnostics);
  return diagnostics.list.map(({ code, span }) => ({
    code,
    line: span === null ? 0 : source.position(span.start).line,
  }));
}

/** The lab with one stretch of its text changed, and the line of the change. */
function changed(from: string | RegExp, to: string): { readonly text: string; readonly line: number } {
  const at = typeof from === 'string' ? whole.indexOf(from) : (from.exec(whole)?.index ?? -1);
  expect(at).toBeGreaterThanOrEqual(0);
  return { text: whole.replace(from, to), line: whole.slice(0, at).split('\n').length };
}

describe('a faulty lab', () => {
  it.each<readonly [string, string | RegExp, string, string]>([
    ['an unknown key', 'minutes: 40', 'minutes: 40\nminuets: 5', 'CHECK_UNKNOWN_KEY'],
    ['a missing language', /^ {2}ko: 파드에서 인터넷으로.*\n/m, '', 'LAB_LANGUAGE'],
    ['a wrong type', 'minutes: 40', 'minutes: many', 'CHECK_NUMBER'],
    ['another version', 'lab: 1', 'lab: 2', 'LAB_VERSION'],
    [
      'a packet that is not there',
      'goals: [partner, partner-primary]',
      'goals: [partner, nosuch]',
      'LAB_NO_PACKET',
    ],
    ['a belief that is not there', 'believes: own-eni', 'believes: nosuch', 'LAB_NO_MISCONCEPTION'],
    ['an absolute path', 'node: ../../examples/eks-node', 'node: /etc', 'LAB_PATH'],
    ['a packet without a destination', 'to: 8.8.8.8, proto: icmp }', 'proto: icmp }', 'CHECK_MISSING'],
    [
      'a field that no outcome has',
      'expect: { egress: ens6 }',
      'expect: { exit: ens6 }',
      'CHECK_UNKNOWN_KEY',
    ],
    ['a question twice', 'id: source', 'id: device', 'LAB_TWICE'],
    ['a name that nobody can type', 'id: source', 'id: "so urce"', 'LAB_ID'],
    ['a port that is none', 'listens: [tcp/80, tcp/443]', 'listens: [tcp/80000]', 'LAB_LISTENS'],
    ['a budget that is none', 'budget: 4', 'budget: 0', 'CHECK_NUMBER'],
    ['a source that is no address', /https:\/\/docs\.aws[^\n]*/, 'javascript:alert(1)', 'LAB_SOURCE'],
  ])('%s', (_what, from, to, code) => {
    const { text, line } = changed(from, to);
    const told = faultsOf(text);
    expect(told.map((one) => one.code)).toContain(code);
    const place = told.find((one) => one.code === code)?.line ?? 0;
    expect(Math.abs(place - line)).toBeLessThanOrEqual(2);
  });

  it('that is half written names all that is missing, at once', () => {
    const codes = faultsOf('lab: 1\ntitle: { en: Half }\npackets:\n').map(({ code }) => code);
    expect(codes.filter((code) => code === 'LAB_MISSING').length).toBeGreaterThan(5);
    expect(codes).toContain('LAB_LANGUAGE');
  });

  it.each([
    '',
    '# nothing',
    '[]',
    'lab',
    '{',
    'a: &a [*a]',
    '!!js/function x',
    `x: ${'['.repeat(5000)}`,
    '\0',
  ])('never throws: %j', (text) => {
    expect(faultsOf(text).length).toBeGreaterThan(0);
  });

  it('stands in a folder that tells its number', () => {
    expect(faultsOf(whole, '/x/sixth-lab/lab.yaml').map(({ code }) => code)).toEqual(['LAB_FOLDER']);
  });

  it('is read whole wherever it is cut off, or its faults are told', () => {
    for (let end = 0; end < whole.length; end += 997)
      expect(faultsOf(whole.slice(0, end)).length).toBeGreaterThan(0);
  });
});

describe('the robot', () => {
  it.each<readonly [string, string | RegExp, string, string]>([
    [
      'a choice that holds beside the right one',
      'expect: { egress: ens6 }',
      'expect: { policy-rule: 1024 }',
      'LAB_V_RIGHT',
    ],
    [
      'a solution that solves nothing',
      /iptables -t nat -I AWS-SNAT-CHAIN-0 1 -d 198\.51\.100\.0\/24 -m[^\n]*/,
      'iptables -t nat -N X',
      'LAB_V_UNSOLVED',
    ],
    [
      'a command that fails',
      /iptables -t nat -I AWS-SNAT-CHAIN-0 1 -d 198\.51\.100\.0\/24 -m[^\n]*/,
      'iptables -t nat -X NOSUCH',
      'LAB_V_COMMAND',
    ],
    ['a command that does not exist', '- ip -c route\n', '- ip -x route\n', 'LAB_V_LOOK'],
    ['a belief that is true', 'claims: { egress: ens6 }', 'claims: { egress: ens5 }', 'LAB_V_CLAIMS'],
    [
      'a wrong fix that harms nothing',
      'fails: [internet, web-request, other-pod]',
      'fails: [service]',
      'LAB_V_WRONG',
    ],
    ['a rule that the packet does not meet', 'rules: [rule/1024,', 'rules: [rule/1536,', 'LAB_V_RULE'],
    [
      'a packet that is otherwise',
      'egress: ens6, policy-rule: 1536, snat: null, src: 192.168.61.33',
      'egress: ens5',
      'LAB_V_EXPECT',
    ],
  ])('finds %s', async (_what, from, to, code) => {
    const { material } = await openLab(path);
    const { text } = changed(from, to);
    const diagnostics = new Diagnostics();
    const lab = readLab(path, new SourceText(path, text), diagnostics);
    expect(diagnostics.list).toEqual([]);
    expect(lab === null ? [] : verifyLab(lab, material).map((fault) => fault.code)).toContain(code);
  });
});
