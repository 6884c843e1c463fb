/** Labs in folders: which there are, their files, and the nodes that they name. */
import { readFile, readdir } from 'node:fs/promises';
import { posix } from 'node:path';
import { readCluster } from '../cluster/read.js';
import type { ClusterSpec } from '../cluster/spec.js';
import { type Lab, labName } from '../labs/lab.js';
import { readLab } from '../labs/read.js';
import type { Material } from '../labs/session.js';
import { readSnapshot } from '../snapshot/files.js';
import type { SnapshotFile } from '../snapshot/places.js';
import { type Diagnostic, Diagnostics } from '../source/diagnostic.js';
import { SourceText, type Span } from '../source/source.js';
import { fromHere } from './check-load.js';
import { misuse } from './usage.js';

/** A lab's folder: `06-pod-to-internet`. */
const FOLDER = /^\d{2}-[a-z0-9]+(?:-[a-z0-9]+)*$/;

const reasonOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : String(error);

/** A lab with all that it names, and what is wrong with it: it is whole only if nothing is. */
export interface OpenedLab {
  readonly lab: Lab | null;
  readonly material: Material;
  readonly diagnostics: readonly Diagnostic[];
}

/** Paths of the labs of a folder, by number. @throws UsageError */
export async function labPaths(folder: string): Promise<readonly string[]> {
  let names: readonly string[];
  try {
    names = await readdir(folder);
  } catch (error) {
    throw misuse('LAB_UNREADABLE', null, { path: folder, reason: reasonOf(error) });
  }
  const found: string[] = [];
  for (const name of names.filter((one) => FOLDER.test(one)).sort()) {
    const files = await readdir(posix.join(folder, name)).catch((): string[] => []);
    if (files.includes('lab.yaml')) found.push(posix.join(folder, name, 'lab.yaml'));
  }
  if (found.length === 0) throw misuse('LAB_UNREADABLE', null, { path: folder, reason: 'ENOENT' });
  return found;
}

/** The text of a lab's file, read. @throws UsageError when there is none */
export async function readLabFile(
  path: string,
): Promise<{ readonly lab: Lab | null; readonly diagnostics: Diagnostics }> {
  const diagnostics = new Diagnostics();
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw misuse('LAB_UNREADABLE', null, { path, reason: reasonOf(error) });
  }
  return { lab: readLab(path, new SourceText(path, text.replace(/^\ufeff/, '')), diagnostics), diagnostics };
}

/** The dumps of a node; none after a finding. */
async function filesOf(
  path: string,
  written: string,
  span: Span,
  diagnostics: Diagnostics,
): Promise<readonly SnapshotFile[]> {
  const { files, diagnostics: found } = await readSnapshot(path);
  if (files.length === 0) {
    const reason = String(found.list[0]?.params['reason'] ?? 'ENOENT');
    diagnostics.error('LAB_NODE_PATH', span, { path: written, reason });
  }
  return files;
}

async function clusterOf(path: string, span: Span, diagnostics: Diagnostics): Promise<ClusterSpec | null> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    diagnostics.error('LAB_NODE_PATH', span, { path, reason: reasonOf(error) });
    return null;
  }
  return readCluster(path, new SourceText(path, text.replace(/^\ufeff/, '')), diagnostics);
}

/** Reads the nodes that a lab names. */
async function materialOf(lab: Lab, diagnostics: Diagnostics): Promise<Material> {
  const files = new Map<string, readonly SnapshotFile[]>();
  for (const { name, path, span } of lab.nodes)
    files.set(name, await filesOf(fromHere(lab.path, path), path, span, diagnostics));
  if (lab.cluster === null) return { files, cluster: null };
  const path = fromHere(lab.path, lab.cluster.path);
  const cluster = await clusterOf(path, lab.cluster.span, diagnostics);
  for (const node of cluster?.nodes ?? [])
    files.set(node.name, await filesOf(fromHere(path, node.path), node.path, node.span, diagnostics));
  return { files, cluster };
}

/** Reads a lab and all that it names. @throws UsageError when there is no such file */
export async function openLab(path: string): Promise<OpenedLab> {
  const { lab, diagnostics } = await readLabFile(path);
  const nothing: Material = { files: new Map(), cluster: null };
  const material = lab === null || diagnostics.list.length > 0 ? nothing : await materialOf(lab, diagnostics);
  return { lab, material, diagnostics: diagnostics.list };
}

/** Is it the lab that was meant: by number, name, or number and name? */
export function isNamed(lab: Lab, text: string): boolean {
  return (
    text === lab.slug || text === labName(lab) || (/^\d{1,2}$/.test(text) && Number(text) === lab.number)
  );
}
