/** A cluster among the files of a drop: its file, and for each of its nodes the dumps that the file names. */
import { readCluster } from '../../src/cluster/read.js';
import type { ClusterSpec, NodeSpec } from '../../src/cluster/spec.js';
import { World } from '../../src/cluster/world.js';
import type { Node } from '../../src/packet/node.js';
import { loadNode } from '../../src/snapshot/load-any.js';
import type { SnapshotFile } from '../../src/snapshot/places.js';
import { Diagnostics } from '../../src/source/diagnostic.js';
import { SourceText } from '../../src/source/source.js';

/** What a drop holds. */
export interface ClusterRead {
  /** Null where the file is faulty, or a node of it is not there. */
  readonly world: World | null;
  readonly nodes: ReadonlyMap<string, Node>;
  readonly diagnostics: Diagnostics;
}

/** Does the text of a file so named describe a cluster? */
export function isCluster(name: string, text: string): boolean {
  return /\.ya?ml$/i.test(name) && /^nodes[ \t]*:/m.test(text);
}

const depth = (name: string): number => name.split('/').length;

/** The cluster file; of several the outermost. */
export function clusterFileIn(files: readonly SnapshotFile[]): SnapshotFile | null {
  const found = files.filter(({ name, text }) => isCluster(name, text));
  return found.toSorted((a, b) => depth(a.name) - depth(b.name))[0] ?? null;
}

/** A path beside a file, without `.` and `..`. */
function beside(file: string, path: string): string {
  const parts: string[] = path.startsWith('/') ? [] : file.split('/').slice(0, -1);
  for (const part of path.split('/'))
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  return parts.join('/');
}

function below(files: readonly SnapshotFile[], folder: string): readonly SnapshotFile[] {
  if (folder === '') return files;
  return files.flatMap(({ name, text }) => {
    if (name === folder) return [{ name: name.split('/').at(-1) ?? name, text }];
    const at = name.indexOf(`${folder}/`);
    const isBelow = at === 0 || (at > 0 && name[at - 1] === '/');
    return isBelow ? [{ name: name.slice(at + folder.length + 1), text }] : [];
  });
}

/** The dumps of a node: where the file says, else in a folder of that name wherever it was dropped. */
function dumpsOf({ path }: NodeSpec, cluster: SnapshotFile, files: readonly SnapshotFile[]) {
  const [, folder = path, which = null] = /^(.*)#([^#]+)$/.exec(path) ?? [];
  const own = below(files, beside(cluster.name, folder));
  const last = folder.replace(/\/+$/, '').split('/').at(-1) ?? folder;
  return { dumps: own.length > 0 ? own : below(files, last), which };
}

function nodesOf(
  spec: ClusterSpec,
  cluster: SnapshotFile,
  files: readonly SnapshotFile[],
  diagnostics: Diagnostics,
): ReadonlyMap<string, Node> {
  const nodes = new Map<string, Node>();
  for (const one of spec.nodes) {
    const { dumps, which } = dumpsOf(one, cluster, files);
    if (dumps.length > 0) nodes.set(one.name, loadNode(one.name, dumps, which ?? undefined));
    else diagnostics.error('CLUSTER_NODE_PATH', one.span, { path: one.path, reason: 'ENOENT' });
  }
  return nodes;
}

/** Reads it. Never throws: every fault is among the diagnostics. */
export function readClusterFiles(cluster: SnapshotFile, files: readonly SnapshotFile[]): ClusterRead {
  const diagnostics = new Diagnostics();
  const source = new SourceText(cluster.name, cluster.text.replace(/^\ufeff/, ''));
  const spec = readCluster(cluster.name, source, diagnostics);
  const others = files.filter((one) => one !== cluster);
  const nodes = nodesOf(spec, cluster, others, diagnostics);
  const isFaulty = diagnostics.list.length > 0;
  return { world: isFaulty ? null : new World(spec, nodes), nodes, diagnostics };
}
