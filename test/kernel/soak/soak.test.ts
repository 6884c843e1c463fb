/** A short seeded run of each profile; `npm run soak:kernel` is the long one. */
import { describe, expect, it } from 'vitest';
import { PROFILES } from './profiles.js';
import { reproduction } from './report.js';
import { soak } from './soak.js';
import { SUITE, settingsOf } from './suite.js';

describe.each(PROFILES.map((profile) => [profile.name, profile] as const))('profile %s', (_name, profile) => {
  it.each(settingsOf(profile))('agrees with the kernel: IPv$family, $backend', async (setting) => {
    const count = await soak(profile, setting, SUITE.seed, { packets: SUITE.packets, seconds: 90, wrong: 1 });
    expect(count.wrong.map(reproduction).join('\n')).toBe('');
    const unsent = [...count.refused.values(), ...count.skipped.values()].reduce((a, b) => a + b, 0);
    expect(count.packets - unsent).toBeGreaterThan(count.packets / 2);
  });
});
