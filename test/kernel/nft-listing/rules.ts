/** The rules of rules.txt, by the family of the table that they go into. */
import { readFileSync } from 'node:fs';
import type { NftFamily } from '../../../src/nft/model.js';

/** The rules of one family, in the order of the file. */
export function rulesOf(family: NftFamily): readonly string[] {
  const lines = readFileSync(new URL('rules.txt', import.meta.url), 'utf8').split('\n');
  const rules: string[] = [];
  let isOwn = false;
  for (const line of lines) {
    const families = /^\[(.*)\]$/.exec(line)?.[1];
    if (families !== undefined) isOwn = families.split(' ').includes(family);
    else if (isOwn && line !== '' && !line.startsWith('# ')) rules.push(line);
  }
  return rules;
}
