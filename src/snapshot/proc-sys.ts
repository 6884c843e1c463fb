/** Files of a copied /proc/sys: the path is the setting's name, the content its value. */
import { SourceText } from '../source/source.js';
import type { Section } from './sections.js';

/** The path below /proc/sys, wherever the copy is; null for any other file. */
export function procSysPath(file: string): string | null {
  return /(?:^|\/)proc\/sys\/(.+)$/.exec(file)?.[1] ?? null;
}

/** The one listing of such a file, also when its value is empty; null for any other file. */
export function procSysSection(file: { readonly name: string; readonly text: string }): Section | null {
  if (procSysPath(file.name) === null) return null;
  const source = new SourceText(file.name, file.text);
  return { source, command: null, kind: 'sysctl', host: null, namespace: null };
}
