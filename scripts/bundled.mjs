// Which packages the bundles have within: their licences ask to go along, and the bill of materials names them.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './bundle.mjs';

/**
 * A package that is within.
 * @typedef {{ name: string, version: string, license: string, text: string }} Bundled
 */

/** @param {string} folder */
function packageAt(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
  const file = readdirSync(join(root, folder)).find((entry) => /^licen[cs]e/i.test(entry));
  if (file === undefined) throw new Error(`${folder} has no licence`);
  return { name, version, license, text: readFileSync(join(root, folder, file), 'utf8').trim() };
}

/** @param {readonly string[]} inputs files of a bundle, from the project's root @returns {Bundled[]} by name */
export function bundledIn(inputs) {
  const folders = inputs.flatMap((input) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0] ?? []);
  return [...new Set(folders)].sort().map(packageAt);
}

/** The licences as one text. @param {readonly Bundled[]} packages */
export function licencesText(packages) {
  const one = ({ name, version, license, text }) => `${name} ${version} (${license})\n\n${text}\n`;
  return `natwalk has these packages within.\n\n${packages.map(one).join(`\n${'-'.repeat(80)}\n\n`)}`;
}
