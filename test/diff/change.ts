/** A change of one listing, as text. */
import type { Files } from './nodes.js';

export type NodeName = 'eks' | 'busy' | 'native';

export interface Change {
  readonly name: string;
  readonly node: NodeName;
  readonly apply: (files: Files) => Files;
}

const FILES: Readonly<Record<string, string>> = {
  save: 'iptables-save.txt',
  rule: 'ip-rule.txt',
  route: 'ip-route.txt',
  addr: 'ip-addr.txt',
  sysctl: 'sysctl.txt',
  set: 'ipset.txt',
  nft: 'nft.txt',
};

export type FileKey = 'save' | 'rule' | 'route' | 'addr' | 'sysctl' | 'set' | 'nft';

function edited(files: Files, key: FileKey, edit: (text: string) => string, name: string): Files {
  const file = FILES[key] ?? '';
  const before = files[file] ?? '';
  const after = edit(before);
  if (after === before) throw new Error(`${name}: nothing was changed in ${file}`);
  return { ...files, [file]: after };
}

/** Makes changes of one node's listings. */
export function changesOf(node: NodeName): {
  readonly replace: (name: string, key: FileKey, from: string | RegExp, to: string) => Change;
  readonly remove: (name: string, key: FileKey, line: string) => Change;
  readonly add: (name: string, key: FileKey, after: string, line: string) => Change;
  readonly swap: (name: string, key: FileKey, one: string, other: string) => Change;
} {
  const made = (name: string, key: FileKey, edit: (text: string) => string): Change => ({
    name,
    node,
    apply: (files) => edited(files, key, edit, name),
  });
  const lines = (edit: (all: string[]) => string[]): ((text: string) => string) => {
    return (text) => edit(text.split('\n')).join('\n');
  };
  return {
    replace: (name, key, from, to) => made(name, key, (text) => text.replace(from, to)),
    /** The first line that has the text. */
    remove: (name, key, line) =>
      made(
        name,
        key,
        lines((all) => {
          const at = all.findIndex((one) => one.includes(line));
          return all.filter((_one, index) => index !== at);
        }),
      ),
    /** Behind the first line that has the text. */
    add: (name, key, after, line) =>
      made(
        name,
        key,
        lines((all) => {
          const at = all.findIndex((one) => one.includes(after));
          return at < 0 ? all : [...all.slice(0, at + 1), line, ...all.slice(at + 1)];
        }),
      ),
    swap: (name, key, one, other) =>
      made(
        name,
        key,
        lines((all) => {
          const [first, second] = [one, other].map((text) => all.findIndex((line) => line.includes(text)));
          if (first === undefined || second === undefined || first < 0 || second < 0) return all;
          const copy = [...all];
          copy[first] = all[second] ?? '';
          copy[second] = all[first] ?? '';
          return copy;
        }),
      ),
  };
}
