/** Listings of one thing that differ: the later one of a transcript holds; of two files, the answer says which it took. */
import { describe, expect, it } from 'vitest';
import {
  ACCEPTS,
  BLACKHOLE,
  DROPS,
  RULES,
  answers,
  loadText,
  transcript,
} from '../../test/support/whole-node.js';
import type { Node } from '../packet/node.js';
import { loadNode } from './load.js';
import { printNode } from './print.js';

const AT = 'root@n1:~# ';
const ROUTES = 'unreachable default\n10.0.0.0/24 dev e0 proto kernel scope link src 10.0.0.1\n';

const reasons = (node: Node): readonly string[] =>
  node.diagnostics.flatMap(({ code, params }) =>
    code.endsWith('_DISAGREE') ? [`${code}: ${String(params['reason'])}`] : [],
  );

describe('of two listings in one transcript the later one holds', () => {
  it.each([
    ['iptables-save', DROPS, 'dropped', 'RULE_DUMPS_DISAGREE'],
    ['ip rule', BLACKHOLE, 'dropped', 'READ_RULES_DISAGREE'],
    ['ip route', ROUTES, 'unroutable', 'READ_ROUTES_DISAGREE'],
  ])('%s', (command, output, verdict, code) => {
    const node = loadText(`${transcript()}${AT}${command}\n${output}${AT}\n`);
    expect([answers(node), reasons(node)]).toEqual([[verdict], [`${code}: it comes later`]]);
  });

  it('also among the frames of watch', () => {
    const frame = (second: string, rules: string): string =>
      `Every 2.0s: ip rule                    n1: Sun Nov 29 04:33:${second} 2026\n\n${rules}\n`;
    const frames = `${frame('00', BLACKHOLE)}${frame('02', RULES)}`;
    expect(answers(loadText(`${transcript(AT, ['ip rule'])}${AT}watch ip rule\n${frames}${AT}\n`))).toEqual([
      'forwarded',
    ]);
  });

  it('also where it shows less', () => {
    const drops = ACCEPTS.replace('COMMIT', '-A FORWARD -j DROP\nCOMMIT');
    const first = `${AT}iptables-save\n${drops}${AT}ip rule\n${BLACKHOLE}`;
    const node = loadText(`${first}${transcript()}${AT}\n`);
    expect(answers(node)).toEqual(['forwarded']);
  });

  it('unless it is of the other variant of iptables', () => {
    const node = loadText(
      `${transcript('root@n1:~# ', ['iptables-save'])}${AT}iptables-nft -S\n-P INPUT ACCEPT\n-P FORWARD DROP\n-P OUTPUT ACCEPT\n-A INPUT -j ACCEPT\n${AT}iptables-legacy -S\n-P INPUT ACCEPT\n-P FORWARD ACCEPT\n-P OUTPUT ACCEPT\n${AT}\n`,
    );
    expect(answers(node).every((answer) => answer.startsWith('dropped'))).toBe(true);
  });
});

describe('of two files', () => {
  it.each([
    ['z-save.txt', DROPS, 'iptables -t filter', 'it comes first'],
    ['z-route.txt', ROUTES, 'ip route show table main', 'it shows more'],
    ['z-rule.txt', RULES.replace('lookup main', 'blackhole'), 'ip rule', 'it comes first'],
  ])('the answer names both: %s', (file, output, part, reason) => {
    const files = [
      { name: 'n/main.txt', text: `${transcript()}${AT}\n` },
      { name: `n/${file}`, text: output },
    ];
    const node = loadNode('n', files);
    expect(answers(node)).toEqual(['forwarded ASM_LISTINGS_DIFFER']);
    expect(node.grounds).toMatchObject([{ params: { part, used: 'n/main.txt', file: `n/${file}` } }]);
    expect(reasons(node)).toEqual([expect.stringMatching(new RegExp(`_DISAGREE: ${reason}$`))]);
    const again = loadText(printNode(node));
    expect([answers(again), again.grounds]).toEqual([answers(node), node.grounds]);
  });
});

describe('a later listing that is cut', () => {
  it.each([
    ['ip rule', '0:\tfrom all lookup local\n100:\tfrom 10.0.0.0/24 lookup 2'],
    ['ip -j rule', '[{"priority":0,"src":"all","table":"local"},{"priority":100,"src":"10.0.0.0","srcl'],
    ['ip -j rule', '[{"priority":0,"src":"all","table":"local"},{"priority":100,"src":"10.0.0.0","srcl\n'],
  ])('leaves the answer to rest on the one before: %s', (command, output) => {
    const node = loadText(`${transcript()}${AT}${command}\n${output}`);
    expect(answers(node)).toEqual(['forwarded ASM_UNFINISHED']);
    const again = loadText(printNode(node));
    expect([answers(again), again.grounds]).toEqual([answers(node), node.grounds]);
  });
});

describe('a note of what answers rest on', () => {
  it.each(['{', '{"code":"ASM_X","params":{},"family":4}', '{"code":"ASM_SETTING"}', '[]'])(
    'is nothing where it cannot be read: %s',
    (note) => {
      expect(loadText(`${transcript('$ ')}$ # natwalk assumes ${note}\n`).grounds).toEqual([]);
    },
  );
});
