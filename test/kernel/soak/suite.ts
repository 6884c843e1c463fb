/** What the suite asks of each profile: enough that the faults of fault.test.ts show, and little enough for a few minutes. */
import type { Backend, Profile, Setting } from './profile.js';

const BACKENDS: readonly Backend[] = ['legacy', 'nft'];

/** The first seed, and how many packets of each setting. */
export const SUITE = { seed: 1, packets: 500 } as const;

/** Every family and backend of a profile. */
export function settingsOf({ families }: Profile): readonly Setting[] {
  return families.flatMap((family) => BACKENDS.map((backend) => ({ family, backend })));
}
