/** Several nexthops: how often the kernel takes each, against natwalk's probabilities, and what its hash is of. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Family } from '../../src/address/address.js';
import type { PacketInput } from '../../src/packet/result.js';
import { FlowTracer } from '../../src/packet/trace.js';
import { loadNode } from '../../src/snapshot/load.js';
import { filesOf } from '../facts/node.js';
import { Judge } from './adapter/judge.js';
import { scratchFolder } from './adapter/scratch.js';

const folder = scratchFolder('multipath');
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const PLACES = {
  4: { net: '198.51.100.0/24', one: '10.2.0.254', two: '10.0.0.254', dst: '198.51.100.7', from: '10.1.0.' },
  6: {
    net: '2001:db8:2::/48 metric 1024 pref medium',
    ...{ one: 'fd00:c::fe', two: 'fd00:a::fe', dst: '2001:db8:2::9', from: 'fd00:b::' },
  },
} as const;

/** A node with two ways to one network, and its weights. */
function nodeFiles(
  family: Family,
  weights: readonly [number, number],
  policy: number,
  object = '',
): Readonly<Record<string, string>> {
  const { net, one, two } = PLACES[family];
  const [prefix = '', ...words] = net.split(' ');
  const [first, second] = weights.map(String);
  return filesOf(
    {
      routes: [
        `${[`${prefix}${object}`, ...words].join(' ')}\n\tnexthop via ${one} dev eth2 weight ${first ?? ''}\n\tnexthop via ${two} dev eth0 weight ${second ?? ''}`,
      ],
      sysctls: { [`net.ipv${String(family)}.fib_multipath_hash_policy`]: policy },
    },
    family,
    'legacy',
  );
}

interface Ways {
  /** Devices by which the kernel sent the packets, one each. */
  readonly kernel: readonly (string | undefined)[];
  /** Device and probability of each outcome that natwalk gives the last packet behind all before it. */
  readonly natwalk: readonly (readonly [device: string | null | undefined, probability: number | null])[];
  /** The same with the source: `eth0 fd00:a::1`. */
  readonly sources: { readonly kernel: ReadonlySet<string>; readonly natwalk: ReadonlySet<string> };
}

async function ask(files: Readonly<Record<string, string>>, packets: readonly PacketInput[]): Promise<Ways> {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const node = loadNode(
    'multipath',
    Object.entries(files).map(([name, text]) => ({ name, text })),
  );
  const judge = await Judge.load(folder);
  try {
    expect(judge.complaints).toBe('');
    const seen = await judge.observe(packets);
    const last = new FlowTracer(node).next(packets.at(-1) ?? { proto: 'udp', dst: '' });
    return {
      kernel: seen.map(({ out }) => out[0]?.iface),
      natwalk: last.outcomes.map(({ egress, probability }) => [egress?.iface, probability]),
      sources: {
        kernel: new Set(seen.flatMap(({ out }) => out.slice(0, 1).map((one) => `${one.iface} ${one.src}`))),
        natwalk: new Set(last.outcomes.map(({ egress, final }) => `${egress?.iface ?? ''} ${final.src}`)),
      },
    };
  } finally {
    await judge.stop();
  }
}

const COUNT = 500;
/** A fair kernel misses one of two such bounds less than once in 10^6 runs. */
const SIGMAS = 5.2;

function packet(family: Family, more: Partial<PacketInput>): PacketInput {
  const { dst, from } = PLACES[family];
  return { in: 'eth1', proto: 'udp', src: `${from}7`, sport: 40000, dst, dport: 53, ...more };
}

/** From as many addresses, each of its own. */
function clients(family: Family): PacketInput[] {
  return Array.from({ length: COUNT }, (_, at) =>
    packet(family, {
      src:
        family === 4 ? `172.16.${String(at >> 8)}.${String(at & 255)}` : `fd00:b::${(at + 16).toString(16)}`,
    }),
  );
}

const others = (family: Family): PacketInput[] =>
  Array.from({ length: 40 }, (_, at) => packet(family, { sport: 10_000 + at }));

describe.each([4, 6] as const)('IPv%i', (family) => {
  it('takes nexthops of weights 1 and 3 as often as the outcomes say', async () => {
    const { kernel, natwalk } = await ask(nodeFiles(family, [1, 3], 0), clients(family));
    expect(new Map(natwalk)).toEqual(
      new Map([
        ['eth2', 0.25],
        ['eth0', 0.75],
      ]),
    );
    const found = kernel.filter((device) => device === 'eth2').length;
    expect(found + kernel.filter((device) => device === 'eth0').length).toBe(COUNT);
    expect(Math.abs(found - COUNT * 0.25)).toBeLessThan(SIGMAS * Math.sqrt(COUNT * 0.25 * 0.75));
  });

  it('hash policy 0: all flows between two hosts go one way', async () => {
    const { kernel } = await ask(nodeFiles(family, [1, 1], 0), others(family));
    expect(new Set(kernel).size).toBe(1);
  });

  it('hash policy 1: ports decide too', async () => {
    const { kernel, natwalk } = await ask(nodeFiles(family, [1, 1], 1), others(family));
    expect(new Set(kernel)).toEqual(new Set(['eth0', 'eth2']));
    expect(new Map(natwalk)).toEqual(
      new Map([
        ['eth2', 0.5],
        ['eth0', 0.5],
      ]),
    );
  });

  it.each([0, 1])('hash policy %i: one flow keeps its way', async (policy) => {
    const same = Array.from({ length: 12 }, () => packet(family, {}));
    const { kernel } = await ask(nodeFiles(family, [1, 1], policy), same);
    expect(new Set(kernel).size).toBe(1);
  });
});

describe('a bound IPv6 socket', () => {
  const bound = Array.from({ length: 40 }, (_, at) =>
    packet(6, { in: null, src: 'fd00:a::1', sport: 10_000 + at, oif: 'eth2', connected: false }),
  );

  it('keeps to the nexthops of its device', async () => {
    const { kernel, natwalk } = await ask(nodeFiles(6, [1, 1], 1), bound);
    expect(new Set(kernel)).toEqual(new Set(['eth2']));
    expect(natwalk).toEqual([['eth2', 1]]);
  });

  it('leaves by any of a group of nexthop objects', async () => {
    const { kernel, natwalk } = await ask(nodeFiles(6, [1, 1], 1, ' nhid 9'), bound);
    expect(new Set(kernel)).toEqual(new Set(['eth0', 'eth2']));
    expect(new Map(natwalk)).toEqual(
      new Map([
        ['eth2', 0.5],
        ['eth0', 0.5],
      ]),
    );
  });
});

describe('an IPv6 socket without a source', () => {
  const free = Array.from({ length: 40 }, (_, at): PacketInput => {
    const { src: _src, ...rest } = packet(6, { in: null, sport: 10_000 + at });
    return rest;
  });

  it('has that of the device that it leaves by', async () => {
    const { sources } = await ask(nodeFiles(6, [1, 1], 1), free);
    expect(sources.natwalk).toEqual(sources.kernel);
    expect(sources.kernel).toEqual(new Set(['eth0 fd00:a::1', 'eth2 fd00:c::1']));
  });

  it('has that of the first device of a group of nexthop objects, whichever it leaves by', async () => {
    const { sources } = await ask(nodeFiles(6, [1, 1], 1, ' nhid 9'), free);
    expect(sources.natwalk).toEqual(sources.kernel);
    expect(sources.kernel).toEqual(new Set(['eth0 fd00:c::1', 'eth2 fd00:c::1']));
  });
});
