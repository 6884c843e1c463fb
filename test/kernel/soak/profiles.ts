/** All soak profiles. */
import type { Profile } from './profile.js';
import { eks } from './eks/profile.js';
import { flows } from './flows/profile.js';
import { routing } from './routing/profile.js';
import { nft } from './nft/profile.js';
import { rules } from './rules/profile.js';

export const PROFILES: readonly Profile[] = [eks, flows, routing, rules, nft];
