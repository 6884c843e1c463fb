/** A rule of a listing as the words that `-S` would print, so that the one reader of rules reads it. */
import type { Family } from '../../address/address.js';
import { LISTED, WITHOUT_INTERFACES } from '../../iptables/listed.js';
import { inQuotes } from '../../iptables/quoting.js';
import { type Extras, isSilent, readExtras } from './extras.js';
import { host } from './names.js';

/** The columns of a rule's line. */
export interface Columns {
  readonly packets: string | null;
  readonly bytes: string | null;
  /** Null: the column is empty. */
  readonly target: string | null;
  readonly protocol: string;
  readonly option: string;
  /** Null: a listing without -v does not show them. */
  readonly input: string | null;
  readonly output: string | null;
  readonly source: string;
  readonly destination: string;
  readonly extra: string;
}

/** A rule's words, and what about them cannot be told. */
export interface RuleWords {
  readonly words: readonly string[];
  /** Texts of matches that the listing does not settle. */
  readonly obscure: readonly string[];
  /** The text that no extension claims; '' when all is read. */
  readonly unread: string;
}

function selector(flag: string, text: string, any: (word: string) => boolean): readonly string[] {
  const inverted = text.startsWith('!');
  const word = inverted ? text.slice(1) : text;
  if (!inverted && any(word)) return [];
  return [...(inverted ? ['!'] : []), flag, word];
}

/**
 * Two matches print no blank before themselves: they follow at once what stands before, be it a destination that fills
 * its column. What `-m bpf` prints ends with a NUL byte.
 */
function unglued({ destination, extra: tail }: Columns): readonly [destination: string, extra: string] {
  const extra = tail
    .replaceAll('\0', '')
    .replace(/(\S)(match bpf (?=pinned |\d+ \d+ \d+ \d+)|eui64(?= |$))/g, '$1 $2')
    .trimEnd();
  const found = /^([0-9a-f:./]+?)(eui64|match)$/i.exec(destination);
  return found === null ? [destination, extra] : [found[1] ?? '', `${found[2] ?? ''}${extra}`];
}

const address = (flag: string, text: string, family: Family): readonly string[] => {
  const bang = text.startsWith('!') ? '!' : '';
  const word = host(text.slice(bang.length), family);
  return selector(flag, bang + word, (one) => one === '0.0.0.0/0' || one === '::/0');
};

function headerWords(columns: Columns, destination: string, family: Family): readonly string[] {
  const { source, input, output, protocol, option } = columns;
  const device = (word: string): boolean => word === '*' || word === 'any';
  return [
    ...address('-s', source, family),
    ...address('-d', destination, family),
    ...(input === null ? [] : selector('-i', input, device)),
    ...(output === null ? [] : selector('-o', output, device)),
    ...selector('-p', protocol, (word) => word === 'all' || word === '0'),
    ...(option === '--' ? [] : option === '!f' ? ['!', '-f'] : ['-f']),
  ];
}

/** What a line says without words: a listing without -v has no interfaces. */
function hidden({ input }: Columns): readonly string[] {
  return input === null ? ['-m', LISTED, WITHOUT_INTERFACES] : [];
}

function actionWords(target: string, extras: Extras, unread: string, isChain: boolean): readonly string[] {
  if (extras.goto) return ['-g', target];
  if (isChain || isSilent(extras.targetName)) return ['-j', isChain ? target : extras.targetName];
  return ['-j', extras.targetName, ...(extras.target ?? ['--listed', unread])];
}

/**
 * The words of a rule. What the listing leaves open becomes a match of its own, `-m listing`, which nobody can
 * evaluate: the rule is never wider than the one it was printed from.
 * @param isChain whether the table has a chain of that name
 */
export function ruleWords(columns: Columns, family: Family, isChain: (name: string) => boolean): RuleWords {
  const [destination, extra] = unglued(columns);
  const target = columns.target ?? '';
  const chain = isChain(target);
  const extras = readExtras(extra, family, chain ? '' : target);
  const unread = extra.slice(extras.unread).trim();
  const obscure: string[] = [];
  const matches: string[] = [];
  const shown = (part: string): void => {
    obscure.push(part);
    matches.push('-m', LISTED, '--shown', part);
  };
  for (const { name, words, obscure: open, start, end } of extras.matches) {
    if (open) shown(extra.slice(start, end).trim());
    else matches.push('-m', name, ...words);
  }
  if (unread !== '') matches.push('-m', LISTED, '--shown', unread);
  const words = [
    ...headerWords(columns, destination, family),
    ...hidden(columns),
    ...matches,
    ...(target === '' ? [] : actionWords(target, extras, unread === '' ? extra.trim() : unread, chain)),
  ];
  return { words, obscure, unread };
}

/** Words as a line, each quoted where it would not be read as one word otherwise. */
export function asLine(words: readonly string[]): string {
  return words
    .map((word) => (/^(?:!|[\w.:,/@%+=~^*[\]-][\w.:,/@%+=~^*[\]#!-]*)$/.test(word) ? word : inQuotes(word)))
    .join(' ');
}
