/** A source that entries of a dump map differently: the kernel takes the latest mapping again, the dump tells no order. */
import { expect, it } from 'vitest';
import { FORWARD, nodeOf, table } from '../../test/support/router.js';
import { trace } from './trace.js';

const save = table('nat', '-A POSTROUTING -o eth0 -j SNAT --to-source 10.0.0.2');
const udp = { ...FORWARD, proto: 'udp' } as const;

/** The entry of a packet of that source to another destination, mapped to a port. */
const entry = (dst: string, port: number): string =>
  `udp      17 29 src=10.1.0.7 dst=${dst} sport=40000 dport=443 src=${dst} dst=10.0.0.2 sport=443 dport=${String(port)} mark=0 use=1\n`;

it('goes each way of different mappings', () => {
  const connections = entry('9.9.9.9', 5555) + entry('9.9.9.8', 5556) + entry('9.9.9.7', 5555);
  const { outcomes } = trace(nodeOf({ save, connections }), udp);
  const said = outcomes.map(({ probability, final, assumptions }) => [
    probability,
    final.sport,
    ...assumptions.map(({ code, params }) => `${code} ${String(params['mapped'])}`),
  ]);
  expect(said).toEqual([
    [null, 5555, 'UNK_MAPPING_ORDER 10.0.0.2:5555'],
    [null, 5556, 'UNK_MAPPING_ORDER 10.0.0.2:5556'],
  ]);
});

it('is certain where all of them are the same', () => {
  const connections = entry('9.9.9.9', 5555) + entry('9.9.9.7', 5555);
  const { outcomes } = trace(nodeOf({ save, connections }), udp);
  expect(outcomes.map(({ probability, final }) => [probability, final.sport])).toEqual([[1, 5555]]);
});
