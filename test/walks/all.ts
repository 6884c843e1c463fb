/** Every known walk, by the fixture that it runs on. */
import { branchPods } from './branch-pods.js';
import type { WalkCase } from './case.js';
import { defaultNode } from './default-node.js';
import { mixedBackends } from './mixed-backends.js';
import { nftProxy } from './nft-proxy.js';
import { rpFilter } from './rp-filter.js';
import { variants } from './variants.js';

const all: readonly WalkCase[] = [
  ...[...defaultNode, ...variants, ...branchPods, ...rpFilter],
  ...[...nftProxy, ...mixedBackends],
];

/** The cases of each fixture folder. */
export const byFixture: ReadonlyMap<string, readonly WalkCase[]> = new Map(
  [...new Set(all.flatMap((walk) => walk.fixtures))].map((fixture) => [
    fixture,
    all.filter((walk) => walk.fixtures.includes(fixture)),
  ]),
);
