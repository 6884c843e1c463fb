/** `natwalk lab bundle`: the labs with their nodes in a folder of their own, for a teacher or for students. */
import { randomBytes } from 'node:crypto';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join, posix, relative } from 'node:path';
import { readYaml } from '../check/yaml.js';
import { readCluster } from '../cluster/read.js';
import { bundledLab } from '../labs/bundle.js';
import { Diagnostics } from '../source/diagnostic.js';
import { SourceText } from '../source/source.js';
import { fromHere } from './check-load.js';
import type { LabContext } from './lab-command.js';
import { isNamed, labPaths, readLabFile } from './lab-files.js';
import { tellFindings } from './read-node.js';
import { STATUS } from './status.js';
import { misuse } from './usage.js';

const reasonOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : String(error);

/** Places of the copied nodes: each is copied once, under its own name or one with a number. */
class Places {
  readonly #target: string;
  readonly #known = new Map<string, string>();

  constructor(target: string) {
    this.#target = target;
  }

  /** The path of a node's copy, within the bundle. */
  of(path: string): { readonly name: string; readonly isNew: boolean } {
    const known = this.#known.get(path);
    if (known !== undefined) return { name: known, isNew: false };
    const taken = new Set(this.#known.values());
    let name = `nodes/${basename(path)}`;
    for (let number = 2; taken.has(name); number += 1) name = `nodes/${basename(path)}-${String(number)}`;
    this.#known.set(path, name);
    return { name, isNew: true };
  }

  async copy(path: string): Promise<string> {
    const { name, isNew } = this.of(path);
    if (isNew) await cp(path, join(this.#target, name), { recursive: true });
    return name;
  }
}

/** A cluster file with the nodes that it names: its own paths are written anew. */
async function copyCluster(path: string, target: string, places: Places): Promise<string> {
  const text = await readFile(path, 'utf8');
  const spec = readCluster(path, new SourceText(path, text), new Diagnostics());
  const { name, isNew } = places.of(dirname(path));
  const file = posix.join(name, basename(path));
  if (!isNew) return file;
  let copied = text;
  // From the last to the first, so that the places of those before stay what they are.
  for (const { path: written, span } of [...spec.nodes].sort((a, b) => b.span.start - a.span.start)) {
    const node = await places.copy(fromHere(path, written));
    copied = `${copied.slice(0, span.start)}${JSON.stringify(posix.relative(name, node))}${copied.slice(span.end)}`;
  }
  await mkdir(join(target, name), { recursive: true });
  await writeFile(join(target, file), copied);
  return file;
}

async function bundleOne(
  path: string,
  target: string,
  places: Places,
  isStudent: boolean,
  context: LabContext,
): Promise<boolean> {
  const { lab, diagnostics } = await readLabFile(path);
  await tellFindings(diagnostics.list, context.io, context.options);
  if (lab === null || diagnostics.list.length > 0) throw misuse('LAB_FAULTY', null, { path });
  const folder = basename(dirname(path));
  const copies = new Map<string, string>();
  for (const node of lab.nodes) copies.set(node.path, await places.copy(fromHere(path, node.path)));
  if (lab.cluster !== null)
    copies.set(lab.cluster.path, await copyCluster(fromHere(path, lab.cluster.path), target, places));
  const tree = readYaml(lab.source, new Diagnostics());
  if (tree?.kind !== 'map') return false;
  const pathOf = (written: string): string => posix.join('..', copies.get(written) ?? written);
  const text = bundledLab(tree, { isStudent, pathOf, salt: randomBytes(8).toString('hex') });
  await mkdir(join(target, folder), { recursive: true });
  await writeFile(join(target, folder, 'lab.yaml'), text);
  return true;
}

/** Runs the verb. @returns the exit status. @throws UsageError */
export async function bundleLabs(words: readonly string[], context: LabContext): Promise<number> {
  const { options, io, view, folder } = context;
  const [target, ...wanted] = words;
  if (target === undefined)
    throw misuse('USAGE_LAB_WORDS', null, { verb: 'bundle', form: 'bundle DIR [LAB...]' });
  if ((options.student === true) === (options.teacher === true)) throw misuse('LAB_BUNDLE_WHO', null);
  try {
    await mkdir(dirname(target), { recursive: true });
    await mkdir(target);
  } catch (error) {
    if (reasonOf(error) === 'EEXIST') throw misuse('LAB_BUNDLE_THERE', null, { path: target });
    throw misuse('LAB_PROGRESS_IO', null, { path: target, reason: reasonOf(error) });
  }
  const places = new Places(target);
  let count = 0;
  for (const path of await labPaths(folder)) {
    const { lab } = await readLabFile(path);
    if (wanted.length > 0 && (lab === null || !wanted.some((word) => isNamed(lab, word)))) continue;
    if (await bundleOne(path, target, places, options.student === true, context)) count += 1;
  }
  await io.stdout.write(`${view.say('LAB_BUNDLED', { count, path: relative('.', target) || target })}\n`);
  return STATUS.done;
}
