/** Rules that change under a flow: what the kernel had translated, by its own listing, and what natwalk makes of that. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { PacketInput } from '../../src/packet/result.js';
import { trace } from '../../src/packet/trace.js';
import { loadNode } from '../../src/snapshot/load.js';
import { POD, SERVER, fromLan } from '../facts/fact.js';
import { filesOf } from '../facts/node.js';
import { table } from '../support/router.js';
import { allOf } from './adapter/complaints.js';
import { Judge } from './adapter/judge.js';
import { scratchFolder } from './adapter/scratch.js';
import type { Backend } from './soak/profile.js';

const folder = scratchFolder('changed');
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const TRACKS = table('filter', '-A FORWARD -m conntrack --ctstate INVALID -j DROP');
const nat = (rule: string): string => table('nat', rule) + TRACKS;
const SNAT = '-A POSTROUTING -o eth0 -j SNAT --to-source 10.0.0.2';

const GOING = fromLan({ proto: 'udp', dport: 53 });
const ANSWER: PacketInput = {
  ...{ in: 'eth0', proto: 'udp', src: SERVER, sport: 53, dst: '10.0.0.2', dport: 40000 },
};

interface Sides {
  readonly kernel: string;
  readonly natwalk: readonly string[];
}

const way = (iface: string | null | undefined, src = '', dst = ''): string =>
  iface === undefined || iface === null ? 'nowhere' : `${iface} ${src} > ${dst}`;

/** That there is nothing beside the rules: what is not shown might track. */
const NOTHING_MORE = 'table ip nothing {\n}\n';

/** Sends a packet under the first rules and another one under the second. */
async function ask(backend: Backend, before: string, after: string, packet: PacketInput): Promise<Sides> {
  const files = (save: string): Readonly<Record<string, string>> => filesOf({ save }, 4, backend);
  const write = (save: string): void => {
    for (const [name, text] of Object.entries(files(save))) writeFileSync(join(folder, name), text);
  };
  write(before);
  const judge = await Judge.load(folder, { conntrack: true });
  try {
    expect(judge.complaints).toBe('');
    const send = await judge.begin();
    const first = await send(GOING, { seq: 0, ack: 0 });
    expect(first.conntrack).not.toEqual([]);
    write(after);
    expect(allOf(await judge.reload(folder))).toBe('');
    const { out } = await send(packet, { seq: 0, ack: 0 });
    const texts = Object.entries({
      ...files(after),
      'conntrack.txt': `${first.conntrack.join('\n')}\n`,
      'nft-ruleset.txt': NOTHING_MORE,
    });
    const { outcomes } = trace(
      loadNode(
        'changed',
        texts.map(([name, text]) => ({ name, text })),
      ),
      packet,
    );
    return {
      kernel: way(out[0]?.iface, out[0]?.src, out[0]?.dst),
      natwalk: outcomes.map(({ egress, final }) => way(egress?.iface, final.src, final.dst)),
    };
  } finally {
    await judge.stop();
  }
}

describe.each(['legacy', 'nft'] as const)('rules of iptables-%s that change', (backend) => {
  it('leave a flow translated when its rule is gone', async () => {
    const found = await ask(backend, nat(SNAT), nat(''), GOING);
    expect(found).toEqual({ kernel: `eth0 10.0.0.2 > ${SERVER}`, natwalk: [found.kernel] });
  });

  it('turn its answer back', async () => {
    const found = await ask(backend, nat(SNAT), nat(''), ANSWER);
    expect(found).toEqual({ kernel: `eth1 ${SERVER} > ${POD}`, natwalk: [found.kernel] });
  });

  it('leave a flow translated as it was when another rule stands there now', async () => {
    const found = await ask(backend, nat(SNAT), nat(SNAT.replace('10.0.0.2', '10.0.0.99')), GOING);
    expect(found).toEqual({ kernel: `eth0 10.0.0.2 > ${SERVER}`, natwalk: [found.kernel] });
  });

  it('do not translate a flow that began before they came', async () => {
    const found = await ask(backend, nat(''), nat(SNAT), GOING);
    expect(found).toEqual({ kernel: `eth0 ${POD} > ${SERVER}`, natwalk: [found.kernel] });
  });

  it('drop the translation when no rule is left that tracks', async () => {
    const found = await ask(backend, nat(SNAT), table('nat', '') + table('filter', ''), GOING);
    expect(found).toEqual({ kernel: `eth0 ${POD} > ${SERVER}`, natwalk: [found.kernel] });
  });
});
