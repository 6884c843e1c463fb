/** Two nat tables of one priority: the kernel asks the one that was registered last, and the walks know both ways. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { PacketInput } from '../../src/packet/result.js';
import { byFixture } from '../walks/all.js';
import { packetsOf } from '../walks/case.js';
import { loadFixture } from './adapter/fixture.js';
import type { Observation } from './adapter/judge.js';
import { LOADED_FIRST } from './adapter/native-rules.js';
import { observed, visible } from './adapter/visible.js';

/** The native table before iptables. */
function nativeFirst(folder: string): void {
  const listing = join(folder, 'nft-ruleset.txt');
  writeFileSync(listing, `${LOADED_FIRST}\n${readFileSync(listing, 'utf8')}`);
}

/** iptables-nft before iptables-legacy: the judge loads these two files in this order, each by the tool that wrote it. */
function nftFirst(folder: string): void {
  const at = (name: string): string => join(folder, name);
  renameSync(at('iptables-save.txt'), at('legacy'));
  renameSync(at('iptables-nft-save.txt'), at('iptables-save.txt'));
  renameSync(at('legacy'), at('iptables-nft-save.txt'));
}

async function watch(
  fixture: string,
  packets: readonly PacketInput[],
  turn?: (folder: string) => void,
): Promise<Observation[]> {
  const judge = await loadFixture(fixture, {}, turn);
  const observations = await judge.observe(packets);
  await judge.stop();
  return observations;
}

describe.each([
  ['test/walks/fixtures/kube-proxy-nft', nativeFirst],
  ['test/walks/fixtures/mixed-backends', nftFirst],
] as const)('%s', (fixture, turn) => {
  // What the kernel draws has nothing to do with the order.
  const cases = (byFixture.get(fixture) ?? []).filter(({ id, steps }) => {
    return id !== 'random endpoint' && steps.some(({ or = [] }) => or.length > 0);
  });
  const packets = cases.flatMap(packetsOf);

  it('takes the first way where the newer table is asked first, the other where it is not', async () => {
    const asLoaded = await watch(fixture, packets);
    const turned = await watch(fixture, packets, turn);
    const ways = cases.flatMap(({ steps }) =>
      steps.map(({ expected, or = [] }) => [expected, ...or] as const),
    );
    expect(ways.length).toBeGreaterThan(1);
    for (const [at, [first, second = first]] of ways.entries()) {
      const [one, other] = [asLoaded[at], turned[at]];
      if (one === undefined || other === undefined) throw new Error('no observation');
      expect(observed(first, one)).toMatchObject(visible(first));
      expect(observed(second, other)).toMatchObject(visible(second));
    }
  });
});
