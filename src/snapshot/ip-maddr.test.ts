import { describe, expect, it } from 'vitest';
import { formatAddress } from '../address/address.js';
import type { Node } from '../packet/node.js';
import { loadNode } from './load.js';

const GROUPS = `1:\tlo
\tinet  224.0.0.1
\tinet6 ff02::1
\tinet6 ff01::1
4:\teth0
\tlink  33:33:00:00:00:01
\tlink  01:00:5e:00:00:fb users 2 static
\tinet  224.0.0.251 users 2
\tinet  224.0.0.1
\tinet6 ff02::1:ff00:2 users 2
`;

function groupsOf(node: Node, family: 4 | 6): Record<string, readonly string[]> {
  const { groups } = node.networks[family];
  return Object.fromEntries(
    [...groups].map(([device, all]) => [
      device,
      [...all].map(formatAddress).filter((text) => text.includes(':') === (family === 6)),
    ]),
  );
}

function load(text: string, name = 'node.txt'): Node {
  return loadNode('test', [{ name, text }]);
}

describe('ip maddr', () => {
  it.each([
    ['by its lines', GROUPS],
    ['behind a prompt', `root@node:~# ip maddr show\n${GROUPS}`],
    ['with carriage returns', GROUPS.replaceAll('\n', '\r\n')],
  ])('is read %s', (_how, text) => {
    const node = load(text);
    expect(groupsOf(node, 4)).toEqual({ lo: ['224.0.0.1'], eth0: ['224.0.0.251', '224.0.0.1'] });
    expect(groupsOf(node, 6)).toEqual({ lo: ['ff02::1', 'ff01::1'], eth0: ['ff02::1:ff00:2'] });
    expect(node.diagnostics.filter(({ code }) => code.startsWith('READ_'))).toEqual([]);
  });

  it('of one family says nothing about the other', () => {
    const node = load('$ ip -4 maddr\n2:\te0\n\tinet  224.0.0.1\n');
    expect(groupsOf(node, 4)).toEqual({ e0: ['224.0.0.1'] });
    expect(groupsOf(node, 6)).toEqual({});
  });

  it.each([
    ['a filter', '$ ip maddr | grep inet\n2:\te0\n\tinet  224.0.0.1\n'],
    ['a group that cannot be read', '2:\te0\n\tinet  224.0.0.1\n\tinet  224.0.0.256\n'],
  ])('does not count with %s', (_why, text) => {
    expect(groupsOf(load(text), 4)).toEqual({});
  });
});
