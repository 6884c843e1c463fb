/** What `ipset list` shows of a set, and what a walk makes of a set that it shows in part. */
import { describe, expect, it } from 'vitest';
import { ACCEPTS, answers, loadText, transcript } from '../../test/support/whole-node.js';
import type { Node } from '../packet/node.js';
import { loadNode } from './load.js';
import { printNode } from './print.js';

const NODE = transcript().replace(
  ACCEPTS,
  ACCEPTS.replace('COMMIT', '-A FORWARD -m set --match-set s src -j DROP\nCOMMIT'),
);

const header = (type: string, count: number): string =>
  `Name: s\nType: ${type}\nRevision: 6\nHeader: family inet hashsize 1024 maxelem 65536\nSize in memory: 256\nReferences: 1\nNumber of entries: ${String(count)}\n`;

/** The node, and below it a command and what it prints. */
function load(command: string, output: string): Node {
  return loadText(`${NODE}root@n1:~# ${command}\n${output}root@n1:~# \n`);
}

describe('elements below `Members:`', () => {
  it.each([
    ['hash:ip', '10.0.0.7\n10.0.0.8\n'],
    ['hash:net', '10.0.0.0/29\n10.9.0.0/24\n'],
  ])('of %s are no routes', (type, members) => {
    const node = load(
      'ipset list',
      `${header(type, 2)}Members:\n${members}\n${header('hash:ip', 0).replace('s', 't')}`,
    );
    expect(answers(node)).toEqual(['dropped']);
    expect(answers(node, '10.0.0.99')).toEqual(['forwarded']);
    expect(node.networks[4].tables.get(254)).toHaveLength(3);
  });

  it('are read where they are hardware addresses, or names of commands', () => {
    const macs = load('ipset list', `${header('hash:mac', 1)}Members:\n0a:58:0a:00:00:01\n`);
    expect(macs.sets?.get('s')?.entries.map(({ text }) => text)).toEqual(['0a:58:0a:00:00:01']);
    const list = load('ipset list', `${header('list:set', 2)}Members:\nroute\narp\n`);
    expect(list.sets?.get('s')?.entries.map(({ text }) => text)).toEqual(['route', 'arp']);
  });

  it('end where the next command is typed', () => {
    const node = load(
      'ipset list',
      `${header('hash:ip', 1)}Members:\n10.0.0.7\nip route show table 7\n10.0.0.8 dev e0\n`,
    );
    expect(node.sets?.get('s')?.entries).toHaveLength(1);
    expect(node.networks[4].tables.get(7)).toHaveLength(1);
  });

  it('are read in a file of their own', () => {
    const files = [
      { name: 'n/t.txt', text: NODE },
      { name: 'n/ipset.txt', text: `${header('bitmap:ip', 1)}Members:\n10.0.0.7\n` },
    ];
    expect(loadNode('n', files).sets?.get('s')?.entries).toHaveLength(1);
  });
});

describe('a set that is shown in part', () => {
  it.each([
    ['ipset list -t', header('hash:ip', 2)],
    ['ipset list s | head -8', `${header('hash:ip', 2)}Members:\n`],
    ['ipset list s | head -9', `${header('hash:ip', 2)}Members:\n10.0.0.8\n`],
    ['ipset save | head -1', 'create s hash:ip family inet hashsize 1024 maxelem 65536\n'],
    ['ipset save -t', 'create s hash:ip family inet hashsize 1024 maxelem 65536\n'],
  ])('by %s may hold the packet, and reads back the same', (command, output) => {
    const node = load(command, output);
    expect(new Set(answers(node))).toEqual(new Set(['dropped UNK_SET_PARTIAL', 'forwarded UNK_SET_PARTIAL']));
    const again = loadText(printNode(node));
    expect(answers(again)).toEqual(answers(node));
  });

  it.each([
    ['ipset list s | head -50', `${header('hash:ip', 1)}Members:\n10.0.0.7\n`],
    ['ipset save | grep s', 'create s hash:ip family inet hashsize 1024 maxelem 65536\nadd s 10.0.0.7\n'],
    ['ipset save s', 'create s hash:ip family inet hashsize 1024 maxelem 65536\nadd s 10.0.0.7\n'],
  ])('is none by %s', (command, output) => {
    const node = load(command, output);
    expect([answers(node), answers(node, '10.0.0.9')]).toEqual([['dropped'], ['forwarded']]);
  });

  it('gives way to a dump that shows it whole', () => {
    const whole = 'root@n1:~# ipset save\ncreate s hash:ip family inet hashsize 1024\nadd s 10.0.0.7\n';
    const node = load('ipset list -t', `${header('hash:ip', 1)}${whole}`);
    expect([answers(node), answers(node, '10.0.0.9')]).toEqual([['dropped'], ['forwarded']]);
    expect(node.diagnostics.map(({ code }) => code)).not.toContain('READ_SET_DISAGREES');
  });
});
