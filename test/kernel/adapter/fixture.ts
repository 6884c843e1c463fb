/** Fixtures with native tables, as the judge loads them. */
import { cpSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scratchFolder } from './scratch.js';
import { Judge, type JudgeOptions } from './judge.js';

/** A table that iptables-nft keeps, with the warning before it: its save loads it, and says more of it. */
const MANAGED = /^# Warning: [^\n]*\n|^table ip6? (?:raw|mangle|nat|filter|security) \{.*?^\}\n/gms;

function prepare(folder: string): void {
  const at = (name: string): string => join(folder, name);
  const listing = at('nft-ruleset.txt');
  if (existsSync(listing)) writeFileSync(listing, readFileSync(listing, 'utf8').replace(MANAGED, ''));
  if (existsSync(at('iptables-legacy-save.txt')))
    renameSync(at('iptables-legacy-save.txt'), at('iptables-save.txt'));
}

/**
 * Loads a fixture.
 * @param turn changes the copy of its folder before it is loaded
 */
export async function loadFixture(
  fixture: string,
  options: JudgeOptions = {},
  turn?: (folder: string) => void,
): Promise<Judge> {
  const folder = scratchFolder('fixture');
  try {
    cpSync(fixture, folder, { recursive: true });
    prepare(folder);
    turn?.(folder);
    return await Judge.load(folder, options);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
