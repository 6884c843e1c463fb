/** What was dropped or chosen, as names and bytes. */
import type { GivenFile } from '../../shared/protocol.js';

/** The largest file that is taken in, in bytes. */
export const LARGEST: number = 256 * 1024 * 1024;
const MOST_FILES = 5000;

/** A file that is too large to be read here. */
export interface TooLarge {
  readonly name: string;
  readonly size: number;
}

export interface Taken {
  readonly files: readonly GivenFile[];
  readonly tooLarge: readonly TooLarge[];
}

/** A file with its path below what was dropped. */
export interface Named {
  readonly path: string;
  readonly file: File;
}

async function entriesOf(folder: FileSystemDirectoryEntry): Promise<readonly FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<readonly FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) return all;
    all.push(...some);
  }
}

async function walk(entry: FileSystemEntry, prefix: string, into: Named[]): Promise<void> {
  if (into.length >= MOST_FILES) return;
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) =>
      (entry as FileSystemFileEntry).file(resolve, reject),
    );
    into.push({ path: `${prefix}${entry.name}`, file });
  } else
    for (const one of await entriesOf(entry as FileSystemDirectoryEntry))
      await walk(one, `${prefix}${entry.name}/`, into);
}

/** Files of a drop, those below dropped folders too; a folder dropped by itself gives its files their names within it. */
export async function dropped(transfer: DataTransfer): Promise<readonly Named[]> {
  const entries = [...transfer.items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  if (entries.length === 0) return [...transfer.files].map((file) => ({ path: file.name, file }));
  const found: Named[] = [];
  for (const entry of entries) await walk(entry, '', found);
  const [only] = entries;
  if (entries.length > 1 || only === undefined || only.isFile) return found;
  const cut = only.name.length + 1;
  return found.map(({ path, file }) => ({ path: path.slice(cut), file }));
}

/** Files of a chooser. */
export function chosen(list: FileList): readonly Named[] {
  return [...list].map((file) => ({
    path: file.webkitRelativePath.replace(/^[^/]*\//, '') || file.name,
    file,
  }));
}

/** Reads them. @param told is called after each */
export async function take(list: readonly Named[], told: (done: number) => void): Promise<Taken> {
  const files: GivenFile[] = [];
  const tooLarge: TooLarge[] = [];
  const sorted = list.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  for (const [index, { path, file }] of sorted.entries()) {
    if (file.size > LARGEST) tooLarge.push({ name: path, size: file.size });
    else files.push({ name: path, bytes: new Uint8Array(await file.arrayBuffer()) });
    told(index + 1);
  }
  return { files, tooLarge };
}
