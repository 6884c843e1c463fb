/** Where each listing of a snapshot was taken: the folder of its node, the host and the network namespace. */
import type { Family } from '../address/address.js';
import { SourceText } from '../source/source.js';
import { type Command, type Kind, isWholeSave, readCommand } from './command.js';
import { toldKind } from './conntrack-command.js';
import { isClusterWide } from './kubectl.js';
import { bundleRoot, layoutCommand } from './layout.js';
import { procSysPath, procSysSection } from './proc-sys.js';
import { type NameHint, hintOfName, iptablesFamily } from './recognise.js';
import { catOfSave, saveCommandOf } from './save-name.js';
import { type Change, type Section, readTranscript } from './sections.js';

/** A file that the user gave: its name as the user knows it, and its text. */
export interface SnapshotFile {
  readonly name: string;
  readonly text: string;
}

/** A place that outputs come from. Where nothing tells, host and namespace are null, and root is empty. */
export interface NodePlace {
  /** The folder that holds what is of one node, with its slash. */
  readonly root: string;
  readonly host: string | null;
  readonly namespace: string | null;
}

/** A listing, what its file's name says about it, and where it was taken. */
export interface Placed {
  readonly section: Section;
  readonly hint: NameHint;
  readonly kind: Kind | null;
  readonly place: NodePlace;
}

/**
 * The family of a listing by its command, or by its file's name where no command is told; null for what the command prints
 * without being told (`ip rule`: IPv4). A name for the whole of a transcript says nothing of one command in it.
 */
export function familyTold({
  section: { command },
  hint,
  kind,
}: Pick<Placed, 'section' | 'hint' | 'kind'>): Family | null {
  const isTyped = command !== null && command.kind === kind && !command.text.includes('$');
  return isTyped ? command.family : (command?.family ?? hint.family);
}

/** A command of a file that changes the node at a place. */
export interface PlacedChange {
  readonly change: Change;
  readonly place: NodePlace;
}

/** What a file holds. */
export interface PlacedFile {
  readonly file: SnapshotFile;
  readonly list: readonly Placed[];
  readonly changes: readonly PlacedChange[];
  /** A support tool wrote it, but it is none of the files that say how the network is set up. */
  readonly isBundled: boolean;
}

type Unrooted = Omit<Placed, 'place'>;

/** The collector's command stands for the one that is not in the text, unless the text is of another kind. */
function commandFor(section: Section, told: Command | null): Command | null {
  if (section.command !== null || told === null) return section.command;
  return section.kind === null || section.kind === told.kind ? told : null;
}

/** An empty file that is named like a save: iptables-save prints nothing where there are no tables. */
function emptySave({ name, text }: SnapshotFile, told: Command | null, firstLine = 1): readonly Section[] {
  const named = saveCommandOf(name);
  const command = told ?? (named === null ? null : readCommand(named));
  if (text.trim() !== '' || command === null || !isWholeSave(command)) return [];
  return [
    {
      source: new SourceText(name, text, firstLine),
      ...{ command, host: null, namespace: null },
      kind: 'iptables',
      isEmptyFile: true,
    },
  ];
}

/** Somebody looked into such a file, and nothing came of it. */
function emptyBelow(section: Section): Section {
  const { source, command, host, namespace } = section;
  const file = catOfSave(command?.text.split(/\s+/) ?? []);
  if (file === null || source.text.trim() !== '') return section;
  const [empty = section] = emptySave({ name: file, text: '' }, null, source.firstLine);
  return { ...empty, host, namespace };
}

interface Unplaced {
  readonly list: readonly Unrooted[];
  readonly changes: readonly Change[];
}

function sectionsIn(file: SnapshotFile): Unplaced {
  const setting = procSysSection(file);
  const { sections: found, changes } =
    setting === null ? readTranscript(file.name, file.text) : { sections: [setting], changes: [] };
  const hint = hintOfName(file.name);
  const layout = layoutCommand(file.name);
  const told = layout === null ? null : readCommand(layout);
  const sections = found.length > 0 ? found.map(emptyBelow) : emptySave(file, told);
  const alone = sections.length === 1;
  const list = sections.map((section) => {
    const command = commandFor(section, told);
    const byName = section.command === null && alone ? (told?.kind ?? hint.kind) : null;
    const kind = toldKind(section.kind ?? byName, command?.kind ?? null);
    // A collector's file may be of a namespace that its name tells.
    const namespace = section.namespace ?? (command === told ? (told?.namespace ?? null) : null);
    return { section: { ...section, command, namespace }, hint, kind };
  });
  return { list, changes };
}

/** What makes two files of different folders two of a kind: their name, kind and family. */
function identity({ section, kind }: Unrooted): string | null {
  // Copied settings have the same name in the folder of each device.
  if (kind === null || isClusterWide(kind) || procSysPath(section.source.name) !== null) return null;
  const { text, name } = section.source;
  const family: Family =
    kind === 'iptables' ? (iptablesFamily(text) ?? 4) : /[0-9a-f]:[0-9a-f]{0,4}:/.test(text) ? 6 : 4;
  return `${name.slice(name.lastIndexOf('/') + 1)} ${kind} ${String(family)}`;
}

interface Keyed {
  readonly path: string;
  readonly keys: ReadonlySet<string>;
}

function childOf(path: string, folder: string): string | null {
  const end = path.indexOf('/', folder.length);
  return end < 0 ? null : path.slice(0, end + 1);
}

/** Folders side by side that hold files of the same name and kind are one node each. */
function rootsBelow(folder: string, files: readonly Keyed[], roots: Set<string>): void {
  const children = new Map<string, Keyed[]>();
  for (const file of files) {
    const child = childOf(file.path, folder);
    if (child === null) continue;
    const list = children.get(child) ?? [];
    children.set(child, list);
    list.push(file);
  }
  const owners = new Map<string, Set<string>>();
  for (const [child, list] of children)
    for (const key of list.flatMap(({ keys }) => [...keys]))
      owners.set(key, (owners.get(key) ?? new Set<string>()).add(child));
  const doubled = new Set([...owners.values()].filter(({ size }) => size > 1).flatMap((some) => [...some]));
  for (const [child, list] of children)
    if (doubled.has(child)) roots.add(child);
    else rootsBelow(child, list, roots);
}

/** Folders of nodes, from the longest on: a node within a folder of a node is its own. */
interface Roots {
  readonly all: readonly string[];
  readonly isBundled: (path: string) => boolean;
}

function rootsOf(files: readonly { readonly name: string; readonly list: readonly Unrooted[] }[]): Roots {
  const bundles = new Set(files.flatMap(({ name }) => bundleRoot(name) ?? []));
  const tops = [...bundles];
  const isBundled = (path: string): boolean => tops.some((root) => path.startsWith(root));
  const roots = new Set(bundles);
  const loose = files
    .filter(({ name }) => !isBundled(name))
    .map(({ name, list }) => ({ path: name, keys: new Set(list.flatMap((one) => identity(one) ?? [])) }));
  rootsBelow('', loose, roots);
  return { all: [...roots].sort((a, b) => b.length - a.length), isBundled };
}

/** Recognises every file, and tells where each of its listings was taken. */
export function placeFiles(files: readonly SnapshotFile[]): readonly PlacedFile[] {
  const read = files.map((file) => ({ file, name: file.name, ...sectionsIn(file) }));
  const { all, isBundled } = rootsOf(read);
  return read.map(({ file, list, changes }) => {
    const root = all.find((one) => file.name.startsWith(one)) ?? '';
    const placed = list.map((one): Placed => {
      const { host, namespace } = one.section;
      return {
        ...one,
        place: { root, host, namespace: namespace ?? one.hint.namespace },
      };
    });
    return {
      file,
      list: placed,
      changes: changes.map((change) => ({
        change,
        place: { root, host: change.host, namespace: change.namespace },
      })),
      isBundled: isBundled(file.name) && layoutCommand(file.name) === null,
    };
  });
}
