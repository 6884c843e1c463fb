// The labs as a part of the page: what the list of labs says, and the texts of all labs and of the nodes that they name.
import { readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parse } from 'yaml';

/** Where the dumps of nodes are. */
const NODES = ['labs/nodes', 'examples/eks-node'];

/** Files below a folder, as paths from the project's root, in the order of their names. */
function filesBelow(/** @type {string} */ root, /** @type {string} */ folder) {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .sort();
}

/** What the list says of a lab: to read all labs in full takes the reader a second. */
function headOf(/** @type {string} */ path, /** @type {string} */ text) {
  const [, number = '', slug = ''] = /(\d{2})-([^/]+)\/lab\.yaml$/.exec(path) ?? [];
  const { title, minutes, task, hints } = parse(text);
  return {
    ...{ path, number: Number(number), slug, title: { en: title.en, ko: title.ko }, minutes },
    ...{ kind: task?.kind ?? 'questions', isExam: hints.length === 0 },
  };
}

/**
 * Every text that a lab may need by its path, and the heads of the labs by number.
 * @param {string} root the project's folder
 */
export function labsPart(root) {
  const labs = readdirSync(join(root, 'labs')).filter((name) => /^\d{2}-/.test(name));
  const files = labs.sort().map((name) => `labs/${name}/lab.yaml`);
  const nodes = NODES.flatMap((folder) => filesBelow(root, folder)).filter((path) => !path.endsWith('.md'));
  /** @type {Record<string, string>} */
  const texts = Object.fromEntries(
    [...files, ...nodes].map((path) => [path, readFileSync(join(root, path), 'utf8')]),
  );
  return { heads: files.map((path) => headOf(path, texts[path] ?? '')), texts };
}
