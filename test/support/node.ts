/** The nodes that this repository holds: the embedded one and the fixtures of the walks. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Node } from '../../src/packet/node.js';
import { loadNode } from '../../src/snapshot/load.js';

const root = join(import.meta.dirname, '../..');

/** Reads a folder of dumps; a path that is not absolute is meant from the repository's root. */
export function nodeOf(folder: string): Node {
  const path = folder.startsWith('/') ? folder : join(root, folder);
  const files = readdirSync(path).map((name) => ({ name, text: readFileSync(join(path, name), 'utf8') }));
  return loadNode(folder, files);
}
