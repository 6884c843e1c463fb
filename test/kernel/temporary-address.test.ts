/**
 * RFC 6724, rule 7: temporary addresses, which the kernel makes and names itself. natwalk is given what the kernel then
 * lists, and both are asked for the source of what the node sends.
 */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { PacketInput } from '../../src/packet/result.js';
import { trace } from '../../src/packet/trace.js';
import { loadNode } from '../../src/snapshot/load.js';
import { ETH1, ETH2, filesOf } from '../facts/node.js';
import { Judge } from './adapter/judge.js';
import { scratchFolder } from './adapter/scratch.js';

const folder = scratchFolder('temporary');
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const PACKET: PacketInput = { in: null, proto: 'udp', sport: 40000, dst: '2001:db8:9::9', dport: 53 };

/** The node's files, with addresses of eth0 of which the first lets the kernel make temporary ones. */
function nodeFiles(preference: number, addresses: readonly string[]): Readonly<Record<string, string>> {
  const node = {
    links: [{ name: 'eth0', addresses: [...addresses, 'fe80::1/64'] }, ETH1, ETH2],
    noDefault: true,
    routes: ['default via fe80::fe dev eth0'],
    sysctls: {
      'net.ipv6.conf.all.accept_dad': 0,
      'net.ipv6.conf.eth0.accept_dad': 0,
      'net.ipv6.conf.eth0.use_tempaddr': preference,
    },
  };
  return filesOf(node, 6, 'legacy');
}

interface Source {
  readonly kernel: string | undefined;
  readonly natwalk: readonly (string | undefined)[];
  /** Words that the kernel lists beside the address that it took. */
  readonly words: string;
}

async function ask(preference: number, addresses: readonly string[]): Promise<Source> {
  const files = nodeFiles(preference, addresses);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const judge = await Judge.load(folder, { watch: true });
  try {
    expect(judge.complaints).toBe('');
    const listed = await judge.network();
    const [observation] = await judge.observe([PACKET]);
    const kernel = observation?.out[0]?.src;
    const texts = Object.entries({ ...files, ...listed }).map(([name, text]) => ({ name, text }));
    const { outcomes } = trace(loadNode('temporary', texts), PACKET);
    const line = listed['ip-addr.txt'].split('\n').find((one) => one.includes(` ${kernel ?? '?'}/`));
    return { kernel, natwalk: outcomes.map(({ final }) => final.src), words: line ?? '' };
  } finally {
    await judge.stop();
  }
}

const OWN = '2001:db8:1::1/64 global mngtmpaddr';

describe('rule 7', () => {
  it('use_tempaddr of 2: a temporary address comes before the one that it was made of', async () => {
    const { kernel, natwalk, words } = await ask(2, [OWN]);
    expect(words).toContain(' temporary');
    expect(natwalk).toEqual([kernel]);
  });

  it('use_tempaddr of 1: it comes behind', async () => {
    const { kernel, natwalk, words } = await ask(1, [OWN]);
    expect(words).not.toContain(' temporary');
    expect(kernel).toBe('2001:db8:1::1');
    expect(natwalk).toEqual([kernel]);
  });

  it('it comes before an address that shares more bits (rule 8)', async () => {
    const { kernel, natwalk, words } = await ask(2, [OWN, '2001:db8:8::1/64']);
    expect(words).toContain(' temporary');
    expect(natwalk).toEqual([kernel]);
  });

  it('and behind one of the same label (rule 6)', async () => {
    const { kernel, natwalk } = await ask(2, ['fd00:a::1/64 global mngtmpaddr', '2400::1/64']);
    expect(kernel).toBe('2400::1');
    expect(natwalk).toEqual([kernel]);
  });

  it('use_tempaddr of 0: the kernel makes none', async () => {
    const { kernel, natwalk, words } = await ask(0, [OWN]);
    expect(words).not.toContain(' temporary');
    expect(natwalk).toEqual([kernel]);
  });
});
