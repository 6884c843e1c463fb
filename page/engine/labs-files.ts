/** Labs out of their texts: the page has no folders to read, only texts by their paths. */
import { readCluster } from '../../src/cluster/read.js';
import type { ClusterSpec } from '../../src/cluster/spec.js';
import type { Lab } from '../../src/labs/lab.js';
import { readLab } from '../../src/labs/read.js';
import type { Material } from '../../src/labs/session.js';
import type { SnapshotFile } from '../../src/snapshot/places.js';
import { Diagnostics } from '../../src/source/diagnostic.js';
import { SourceText } from '../../src/source/source.js';
import type { LabTexts } from '../shared/labs.js';

/** A path that a file names, relative to where it is. */
function pathFrom(file: string, written: string): string {
  const parts = [...file.split('/').slice(0, -1), ...written.split('/')];
  const kept: string[] = [];
  for (const part of parts)
    if (part === '..') kept.pop();
    else if (part !== '.' && part !== '') kept.push(part);
  return kept.join('/');
}

/** The dumps in a folder, with their names as the folder has them. */
function dumpsIn(texts: LabTexts, folder: string): readonly SnapshotFile[] {
  const prefix = `${folder}/`;
  return Object.entries(texts)
    .filter(([path]) => path.startsWith(prefix))
    .map(([path, text]) => ({ name: path.slice(prefix.length), text }))
    .toSorted((one, other) => (one.name < other.name ? -1 : 1));
}

/** A lab by its path, read; null for one that has faults: half of a lab would teach what is wrong. */
export function labAt(texts: LabTexts, path: string): Lab | null {
  const diagnostics = new Diagnostics();
  const lab = readLab(path, new SourceText(path, texts[path] ?? ''), diagnostics);
  return diagnostics.list.length > 0 ? null : lab;
}

/** The nodes that a lab names. */
export function materialOf(texts: LabTexts, lab: Lab): Material {
  const files = new Map<string, readonly SnapshotFile[]>();
  for (const { name, path } of lab.nodes) files.set(name, dumpsIn(texts, pathFrom(lab.path, path)));
  if (lab.cluster === null) return { files, cluster: null };
  const path = pathFrom(lab.path, lab.cluster.path);
  const cluster: ClusterSpec = readCluster(path, new SourceText(path, texts[path] ?? ''), new Diagnostics());
  for (const node of cluster.nodes) files.set(node.name, dumpsIn(texts, pathFrom(path, node.path)));
  return { files, cluster };
}
