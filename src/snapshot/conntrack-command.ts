/** The `conntrack` command (conntrack-tools): what it prints, and whether that is the whole table. */
import type { Family } from '../address/address.js';

/** The kinds of output that conntrack has. Only the table itself is read. */
export type ConntrackKind = 'conntrack -L' | UnusedConntrackKind;

/** Recognised and not read: what is gone, what is only expected, counters, and other forms of the table. */
export type UnusedConntrackKind =
  | 'conntrack -D'
  | 'conntrack -E'
  | 'conntrack -S'
  | 'conntrack -L expect'
  | 'conntrack -L dying'
  | 'conntrack -o xml'
  | 'conntrack -o save';

/** What a conntrack command says of the output below it. */
export interface ConntrackCommand {
  readonly kind: ConntrackKind;
  readonly family: Family | null;
  readonly partial: boolean;
}

/** Options that leave no entry out, with the number of words that they take. */
const WHOLE: ReadonlyMap<string, number> = new Map([
  ['-o', 1],
  ['--output', 1],
  ['-b', 1],
  ['--buffer-size', 1],
  ['-z', 0],
  ['--zero', 0],
  ['-f', 1],
  ['--family', 1],
]);

const ACTIONS: Readonly<Record<string, ConntrackKind | null>> = {
  L: 'conntrack -L',
  dump: 'conntrack -L',
  G: 'conntrack -L',
  get: 'conntrack -L',
  D: 'conntrack -D',
  delete: 'conntrack -D',
  E: 'conntrack -E',
  event: 'conntrack -E',
  S: 'conntrack -S',
  stats: 'conntrack -S',
};

function valueOf(words: readonly string[], names: readonly string[]): string {
  const at = words.findIndex((word) => names.includes(word));
  const joined = words.find((word) => names.some((name) => word.startsWith(`${name}=`)));
  return at >= 0 ? (words[at + 1] ?? '') : (joined?.slice(joined.indexOf('=') + 1) ?? '');
}

/** Does an option choose among the entries? */
function selects(words: readonly string[]): boolean {
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    const takes = WHOLE.get(word.split('=')[0] ?? '');
    if (takes === undefined) return true;
    if (!word.includes('=')) at += takes;
  }
  return false;
}

/** Reads the words of a conntrack command; null when it prints no table. */
export function conntrackCommand(words: readonly string[]): ConntrackCommand | null {
  const at = words.findIndex(
    (word, place) => place > 0 && word.startsWith('-') && Object.hasOwn(ACTIONS, word.replace(/^-+/, '')),
  );
  const action = ACTIONS[(words[at] ?? '').replace(/^-+/, '')] ?? null;
  if (at < 0 || action === null) return null;
  const output = valueOf(words, ['-o', '--output']).split(',');
  const given = valueOf(words, ['-f', '--family']);
  const family = given === 'ipv6' ? 6 : given === 'ipv4' ? 4 : null;
  const table = words[at + 1]?.startsWith('-') === false ? words[at + 1] : 'conntrack';
  const rest = [...words.slice(1, at), ...words.slice(at + (words[at + 1] === table ? 2 : 1))];
  const partial = /^-*(?:G|get)$/.test(words[at] ?? '') || selects(rest);
  if (action !== 'conntrack -L') return { kind: action, family, partial: false };
  if (table !== 'conntrack')
    return { kind: table === 'expect' ? 'conntrack -L expect' : 'conntrack -L dying', family, partial };
  if (output.includes('xml')) return { kind: 'conntrack -o xml', family, partial };
  return { kind: output.includes('save') ? 'conntrack -o save' : 'conntrack -L', family, partial };
}

const UNUSED: ReadonlySet<string> = new Set<UnusedConntrackKind>([
  'conntrack -D',
  'conntrack -E',
  'conntrack -S',
  'conntrack -L expect',
  'conntrack -L dying',
  'conntrack -o xml',
  'conntrack -o save',
]);

/**
 * The kind of a listing that looks like the table. The command knows better: `conntrack -D` prints the entries that it
 * deleted in the same form, and all forms have the same last line.
 */
export function toldKind<K extends string>(byLines: K | null, byCommand: K | null): K | null {
  const isOther = byCommand !== null && UNUSED.has(byCommand);
  return byLines === 'conntrack -L' && isOther ? byCommand : byLines;
}
