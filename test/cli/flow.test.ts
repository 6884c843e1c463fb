/** `--flow`: a connection packet by packet, and which of its packets never saw the nat table. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { widthOf } from '../../src/explain/width.js';
import { natwalk } from '../support/cli.js';

const eks = join(import.meta.dirname, '../../examples/eks-node');

const flows: readonly (readonly [string, readonly string[]])[] = [
  ['tcp', ['--from', '192.168.61.33', '--to', '203.0.113.9:443']],
  ['service', ['--from', '192.168.61.33', '--to', '10.100.5.20:80']],
  ['udp', ['--proto', 'udp', '--from', '192.168.61.33', '--to', '203.0.113.9:53']],
  ['icmp', ['--proto', 'icmp', '--from', '192.168.61.33', '--to', '203.0.113.9']],
  ['local', ['--to', '203.0.113.9:443']],
  ['stops', ['--from', '192.168.61.33', '--to', '203.0.113.9:443', '--set', 'sysctl.net.ipv4.ip_forward=0']],
];

interface Flow {
  readonly packets: readonly {
    readonly name: string;
    readonly direction: string;
    readonly nat: readonly string[];
    readonly result: { readonly outcomes: readonly { readonly final: Readonly<Record<string, unknown>> }[] };
  }[];
}

async function flowOf(...words: readonly string[]): Promise<Flow> {
  const { status, out, err } = await natwalk(['trace', eks, ...words, '--flow', '--json']);
  expect(status, err).toBe(0);
  return JSON.parse(out) as Flow;
}

describe.each(flows)('%s', (name, words) => {
  it.each(['en', 'ko'])('in %s', async (language) => {
    const { status, out } = await natwalk(['trace', eks, ...words, '--flow', '--lang', language]);
    expect(status).toBe(0);
    for (const line of out.split('\n')) expect(widthOf(line)).toBeLessThanOrEqual(100);
    await expect(out).toMatchFileSnapshot(`golden/flow-${name}.${language}.golden`);
  });
});

describe('a connection', () => {
  it('asks the nat table once, and answers come back to who began', async () => {
    const { packets } = await flowOf('--from', '192.168.61.33', '--to', '203.0.113.9:443');
    expect(packets.map(({ name, direction }) => `${name} ${direction}`)).toEqual([
      'SYN forward',
      'SYN,ACK back',
      'ACK forward',
      'data forward',
      'answer back',
    ]);
    expect(packets.map(({ nat }) => nat.length > 0)).toEqual([true, false, false, false, false]);
    for (const { direction, result } of packets)
      if (direction === 'back')
        expect(result.outcomes[0]?.final).toMatchObject({ src: '203.0.113.9', dst: '192.168.61.33' });
  });

  it('of a local process comes back to it', async () => {
    const { packets } = await flowOf('--to', '203.0.113.9:443');
    expect(packets).toHaveLength(5);
    expect(packets[1]?.result.outcomes[0]).toMatchObject({ verdict: 'delivered' });
  });

  it.each([['--reply'], ['-o', 'wide'], ['-o', 'minimal'], ['--batch', '-']])(
    'does not go together with %s %s',
    async (...more) => {
      const words = more[0] === '--batch' ? [] : ['--to', '203.0.113.9:443'];
      const { status, err } = await natwalk(['trace', eks, ...words, '--flow', ...more]);
      expect(status).toBe(2);
      expect(err).toContain('USAGE_TOGETHER');
    },
  );
});
