/** Makes the table of docs/DIFF.md: `npm run diff:table`. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { documentOf } from './document.js';
import { FAULTS } from './faults.js';
import { HARMLESS } from './harmless.js';
import { rowOf } from './table.js';

const root = process.cwd();
const say = (text: string): boolean => process.stderr.write(`${text}\n`);

const faults = FAULTS.map((change, at) => {
  const row = rowOf(change, at + 1);
  say(
    `${row.different > 0 ? 'found ' : 'MISSED'} ${change.node} ${change.name}: ${String(row.different)} of ${String(row.walked)}, at random ${String(row.anywhere)} ${String(row.routes)}`,
  );
  return row;
});
const harmless = HARMLESS.map((change) => {
  const row = rowOf(change, null);
  say(`${row.different > 0 ? 'FALSE ' : 'quiet '} ${change.node} ${change.name}`);
  return row;
});
const record = { faults, harmless };
writeFileSync(join(root, 'test/diff/record.json'), `${JSON.stringify(record, null, 1)}\n`);
writeFileSync(join(root, 'docs/DIFF.md'), documentOf(record));
