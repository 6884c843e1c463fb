/** A cluster file that `natwalk ui` is given: the dumps that it names are served with it, by the paths that it gives. */
import { posix } from 'node:path';
import { readCluster } from '../cluster/read.js';
import { readSnapshot } from '../snapshot/files.js';
import type { SnapshotFile } from '../snapshot/places.js';
import { Diagnostics } from '../source/diagnostic.js';
import { SourceText } from '../source/source.js';
import { fromHere } from './check-load.js';
import type { Io } from './io.js';
import { readNodePath } from './node-path.js';

/** Is the only file that was read a cluster's, and not the dumps themselves? */
export function isClusterFile(files: readonly SnapshotFile[]): boolean {
  const [file] = files;
  return (
    files.length === 1 &&
    file !== undefined &&
    /\.ya?ml$/i.test(file.name) &&
    /^nodes[ \t]*:/m.test(file.text)
  );
}

/** The file with the dumps of its nodes. What of them is not there, the page says in place. */
export async function withNodes(path: string, file: SnapshotFile, io: Io): Promise<readonly SnapshotFile[]> {
  const spec = readCluster(path, new SourceText(path, file.text), new Diagnostics());
  const all: SnapshotFile[] = [{ name: posix.basename(path), text: file.text }];
  for (const { path: written } of spec.nodes) {
    const { path: folder } = await readNodePath(fromHere(path, written));
    const { files } = await readSnapshot(folder, io.stdin());
    const name = written.replace(/#[^#]*$/, '').replace(/^(?:\.{0,2}\/)+/, '');
    all.push(...files.map((one) => ({ name: `${name}/${one.name}`, text: one.text })));
  }
  return all;
}
