/** Texts that stop within a line: what reads well may still be a part of what was printed. */
import { describe, expect, it } from 'vitest';
import { loadNode } from './load.js';

const LOCAL = '0:\tfrom all lookup local\n';

function found(files: Readonly<Record<string, string>>): readonly string[] {
  const node = loadNode(
    'n',
    Object.entries(files).map(([name, text]) => ({ name, text })),
  );
  const told = node.diagnostics.flatMap(({ code, span }) => {
    if (code !== 'READ_UNFINISHED' && code !== 'NODE_RULES_NO_MAIN') return [];
    return [`${code}:${String(span === null ? 0 : span.source.position(span.start).line)}`];
  });
  return [...told, ...node.grounds.map(({ code }) => code)];
}

const UNFINISHED = ['READ_UNFINISHED:3', 'ASM_UNFINISHED'];

describe('a text that ends', () => {
  it.each<[string, Readonly<Record<string, string>>, readonly string[]]>([
    [
      'within the table of a rule',
      { t: `$ ip rule\n${LOCAL}100:\tfrom 10.3.0.0/16 lookup 2` },
      ['NODE_RULES_NO_MAIN:3', ...UNFINISHED],
    ],
    [
      'within a prefix',
      { t: '$ iptables -S FORWARD\n-P FORWARD DROP\n-A FORWARD -s 10.3.0.0/2' },
      UNFINISHED,
    ],
    ['within a gateway', { t: '$ ip route\n10.3.0.0/24 dev d3\ndefault via 10.2.0.2' }, UNFINISHED],
    ['with a line break', { t: '$ ip route\n10.3.0.0/24 dev d3\ndefault via 10.2.0.2\n' }, []],
    ['with a prompt', { t: '$ ip route\n10.3.0.0/24 dev d3\ndefault via 10.2.0.2\nme@h:~$ ' }, []],
    ['with the rule that ends a list', { t: `$ ip rule\n${LOCAL}32767:\tfrom all lookup default` }, []],
    ['with COMMIT', { t: '$ iptables-save\n*filter\n:INPUT ACCEPT [0:0]\nCOMMIT' }, []],
    ['and is one listing alone', { 'ip-route.txt': '10.3.0.0/24 dev d3\ndefault via 10.2.0.2' }, []],
    [
      'whole, but before table main',
      { r: `${LOCAL}100:\tfrom 10.3.0.0/16 lookup 2\n` },
      ['NODE_RULES_NO_MAIN:2'],
    ],
  ])('%s', (_name, files, expected) => {
    expect(found(files).toSorted()).toEqual(expected.toSorted());
  });
});
