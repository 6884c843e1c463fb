// Builds the nodes of variants.mjs with the real tools and writes what the real commands print. Needs root, iproute2
// and both iptables backends. `node scripts/capture/main.mjs [PART-OF-FOLDER …]` captures those alone.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { captureEksNode } from './eks-node.mjs';
import { enterPrivateMounts } from './namespace.mjs';
import { variants } from './variants.mjs';

enterPrivateMounts();
const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const wanted = process.argv.slice(2);
for (const [folder, variant] of Object.entries(variants)) {
  if (wanted.length > 0 && !wanted.some((part) => folder.includes(part))) continue;
  const files = captureEksNode(variant);
  mkdirSync(join(root, folder), { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(root, folder, name), text);
  process.stdout.write(`${folder}: ${Object.keys(files).join(' ')}\n`);
}
