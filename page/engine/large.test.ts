/** A node of 10,000 services: what the reader waits for once it has been read. */
import { expect, it } from 'vitest';
import { largeNode } from '../../bench/kube-proxy.js';
import { Session } from './session.js';
import { unpack } from './unpack.js';

const SERVICES = 10_000;

/** Milliseconds that the processor works for it, whatever else the machine does meanwhile. */
function work<T>(run: () => T): readonly [T, number] {
  const before = process.cpuUsage();
  const result = run();
  const { user, system } = process.cpuUsage(before);
  return [result, (user + system) / 1000];
}

it('answers the first question about 10,000 services within a second, and shows their rules at once', async () => {
  const { files, cluster } = largeNode({ services: SERVICES });
  const chosen = cluster.services.find(({ proto, endpoints }) => proto === 'tcp' && endpoints.length > 1);
  const snapshot = await unpack(files, () => undefined);
  const session = new Session('large', snapshot, null, '');
  const [first, began] = work(() => {
    const { example } = session.loaded('en');
    const to = `${chosen?.address ?? ''}:${String(chosen?.port)}`;
    const ask = { packet: { ...example, to }, settled: [], pick: null, edits: [], flow: false };
    return { ask, answer: session.trace(ask, 'en') };
  });
  expect(began).toBeLessThan(1000);
  const { ask, answer } = first;
  if (answer.kind !== 'walk') throw new Error(JSON.stringify(answer));
  expect(answer.walk.outcomes.length).toBeGreaterThan(1);
  const steps = answer.walk.outcomes[0]?.legs[0]?.steps ?? [];
  const step = steps.findIndex(({ chain }) => chain?.chain === 'KUBE-SERVICES');
  const rows = { filter: '', only: null, from: 0, count: 60 } as const;
  const [chain, shown] = work(() =>
    session.chain({ ask, outcome: 0, leg: 0, step, language: 'en', ...rows }),
  );
  expect(chain?.total).toBeGreaterThan(SERVICES);
  expect(chain?.rows.length).toBe(60);
  expect(shown).toBeLessThan(1000);
});
