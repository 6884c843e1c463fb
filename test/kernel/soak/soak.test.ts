/** A short seeded run of each profile; `npm run soak:kernel` is the long one. */
import { describe, expect, it } from 'vitest';
import type { Backend } from './profile.js';
import { PROFILES } from './profiles.js';
import { reproduction } from './report.js';
import { soak } from './soak.js';

const BACKENDS: readonly Backend[] = ['legacy', 'nft'];

describe.each(PROFILES.map((profile) => [profile.name, profile] as const))('profile %s', (_name, profile) => {
  const settings = profile.families.flatMap((family) => BACKENDS.map((backend) => ({ family, backend })));

  it.each(settings)('agrees with the kernel: IPv$family, $backend', async (setting) => {
    const count = await soak(profile, setting, 1, { packets: 60, seconds: 60, wrong: 1 });
    expect(count.wrong.map(reproduction).join('\n')).toBe('');
    const skipped = [...count.skipped.values()].reduce((a, b) => a + b, 0);
    expect(count.packets - skipped).toBeGreaterThan(count.packets / 2);
  });
});
