/** All soak profiles. */
import type { Profile } from './profile.js';
import { flows } from './flows/profile.js';
import { rules } from './rules/profile.js';

export const PROFILES: readonly Profile[] = [flows, rules];
