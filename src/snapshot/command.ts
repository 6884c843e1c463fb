/** Commands that print dumps, as people type them: what a listing is, of which family, table and namespace. */
import type { Family } from '../address/address.js';
import { type ConntrackKind, conntrackCommand } from './conntrack-command.js';
import { isKubectlGet } from './kubectl.js';
import { readLoop } from './loop.js';
import { nftListCommand } from './nft-command.js';
import { enter } from './runner.js';
import { catOfSave, saveCommandOf } from './save-name.js';

/** The kinds of listing that are told apart. */
export type Kind =
  | 'iptables'
  | 'iptables -L'
  | 'ip rule'
  | 'ip route'
  | 'ip addr'
  | 'ip maddr'
  | 'ip addrlabel'
  | 'ipset save'
  | 'ipset list'
  | 'nft list ruleset'
  | 'nft -j list ruleset'
  | 'sysctl'
  | 'rt_tables'
  | 'kubectl get'
  | ConntrackKind
  | UnusedKind;

/** Kinds that are recognised and not read. */
export type UnusedKind = 'ip neigh' | 'bridge fdb' | 'JSON' | 'route -n' | 'ifconfig' | 'ip route get';

/** What a command line tells about the listing below it. */
export interface Command {
  /** The command as typed, without the prompt. */
  readonly text: string;
  /** Null for a command that prints no known dump. */
  readonly kind: Kind | null;
  readonly family: Family | null;
  /** `-t` of iptables; `table N` of ip route ('all' included). */
  readonly table: string | null;
  /** A filter or a selector leaves lines out. */
  readonly partial: boolean;
  /** Its output goes to a file, a pager or the clipboard, or may go there: nothing below it says nothing. */
  readonly isElsewhere: boolean;
  /** What it says on its standard error is hidden: nothing below it may be an error. */
  readonly isSilenced: boolean;
  /** Settings of which it prints nothing but the values, a line each. */
  readonly settings: readonly string[];
  /** The host that the command ran on, when it went to another one. */
  readonly host: string | null;
  /** The network namespace that the command ran in, when it names one. */
  readonly namespace: string | null;
  /** It opens a shell there, for what is typed next. */
  readonly isShell: boolean;
  /** What a loop prints before the output of each node; its group is the node's name. */
  readonly marker: RegExp | null;
}

/** Filters that keep every line in its place. */
const HARMLESS = new Set([
  'cat',
  'tee',
  'less',
  'more',
  'most',
  'column',
  'pbcopy',
  'xclip',
  'iconv',
  'ccze',
  'nl',
]);

/** Filters that leave nothing below the command: what goes through a pager is gone when one leaves it. */
const KEEPS = /^(?:less|more|most|pbcopy|xclip|xsel|wl-copy|clip(?:\.exe)?)$/;

/** A redirection: what stands before it in its word, its sign, its target. */
const REDIRECTION = /(\S*?)(&?>{1,2}[|&]?)\s*([^\s;|&)"'`]*)/g;

/** Whether a redirection takes the output away: not that of errors, and not to the terminal. */
function takesOutput([, before = '', sign = '', target = '']: RegExpMatchArray): boolean {
  if (/(?:^|\s)[02-9]$|[-=<]$/.test(before) || target === '') return false;
  return (
    !/^\/dev\/(?:tty|stdout|stderr|fd\/[12])$/.test(target) && !(sign === '>&' && /^[12-]$/.test(target))
  );
}

/** Redirections of errors to a file, or to nowhere. */
const SILENCED = /(?:^|\s)2>{1,2}\s*(?!&[12]|\/dev\/(?:tty|stdout|stderr|fd\/))\S/;

/** Options of saves that name the file to write. */
function writesFile(words: readonly string[]): boolean {
  const tool = TOOL.exec(words[0] ?? '')?.[1] ?? '';
  if (tool === 'ipset') return words.some((word) => /^--?f(?:ile)?(?:=|$)/.test(word));
  return tool.endsWith('-save') && words.some((word) => /^(?:-[cM]*f|--file(?:=|$))/.test(word));
}

const TOOL =
  /^(?:\S{0,60}\/)?(ip|ip6?tables(?:-legacy|-nft)?(?:-save)?|xtables-(?:legacy|nft)-multi|ipset|sysctl|conntrack|nft|bridge|route|ifconfig|netstat|arp)$/;

/** `ip` accepts any beginning of an object or keyword. */
function short(word: string | undefined, full: string, least = 1): boolean {
  return word !== undefined && word.length >= least && full.startsWith(word);
}

type Told = Pick<Command, 'kind' | 'family' | 'table' | 'partial'>;
const NOTHING: Told = { kind: null, family: null, table: null, partial: false };

function routeSelectors(words: readonly string[]): Pick<Told, 'table' | 'partial'> {
  let table: string | null = null;
  let partial = false;
  for (let i = 0; i < words.length; i += 1) {
    if (short(words[i], 'table')) {
      table = words[i + 1] ?? null;
      i += 1;
    } else partial = true;
  }
  return { table, partial };
}

/** Options of `ip` before the object; -j changes the form of a listing, not what is in it. */
function ipOptions(words: readonly string[]): {
  readonly family: Family | null;
  readonly rest: readonly string[];
} {
  let family: Family | null = null;
  let at = 0;
  for (; words[at]?.startsWith('-') === true; at += 1) {
    const word = words[at] ?? '';
    const takesValue = /^-(?:f|family|rc|rcvbuf|l|loops)$/.test(word);
    const value = takesValue ? (words[at + 1] ?? '') : '';
    if (word === '-6' || value === 'inet6') family = 6;
    else if (word === '-4' || value === 'inet') family = 4;
    if (takesValue) at += 1;
  }
  return { family, rest: words.slice(at) };
}

function ipCommand(words: readonly string[]): Told {
  const { family, rest: own } = ipOptions(words.slice(1));
  const [object, verb, ...rest] = own;
  const listing = verb === undefined || short(verb, 'show') || short(verb, 'list') || short(verb, 'lst', 2);
  const selectors = listing ? rest : [verb, ...rest];
  if (short(object, 'route')) {
    if (short(verb, 'get', 1)) return { ...NOTHING, kind: 'ip route get', family };
    return listing || short(verb, 'table', 2)
      ? { kind: 'ip route', family, ...routeSelectors(selectors) }
      : NOTHING;
  }
  if (short(object, 'rule', 2))
    return listing ? { ...NOTHING, kind: 'ip rule', family, partial: rest.length > 0 } : NOTHING;
  if (short(object, 'address') || short(object, 'link'))
    return listing ? { ...NOTHING, kind: 'ip addr', family, partial: rest.length > 0 } : NOTHING;
  if (short(object, 'addrlabel', 5)) return listing ? { ...NOTHING, kind: 'ip addrlabel', family } : NOTHING;
  // Groups are known of the devices that are listed: a listing of one device is whole.
  if (short(object, 'maddress') && listing) return { ...NOTHING, kind: 'ip maddr', family };
  if (object !== undefined && (short(object, 'neighbour') || short(object, 'neighbor')))
    return listing
      ? { ...NOTHING, kind: 'ip neigh', family, partial: !['', 'proxy', 'nud all'].includes(rest.join(' ')) }
      : NOTHING;
  return NOTHING;
}

function iptablesCommand(tool: string, words: readonly string[]): Told {
  const family = tool.startsWith('ip6') ? 6 : 4;
  const at = words.findIndex((word) => word === '-t' || word === '--table');
  const joined = words.find((word) => /^(?:--table=|-t.)/.test(word));
  const table = at >= 0 ? (words[at + 1] ?? null) : (joined?.replace(/^(?:--table=|-t)/, '') ?? null);
  if (tool.endsWith('-save')) {
    // Under -t it is the whole of that table; several of them (`-t $t` in a loop) are not all that there are.
    const several = words.filter((word) => /^(?:-t|--table)/.test(word)).length > 1;
    return {
      kind: 'iptables',
      family,
      table,
      partial: several || (table !== null && !/^[a-z]+$/.test(table)),
    };
  }
  const has = (letter: string, long: string): number =>
    words.findIndex((word, i) => i > 0 && (word === long || new RegExp(`^-[nvxwt]*${letter}`).test(word)));
  const rules = has('S', '--list-rules');
  if (rules >= 0)
    return {
      kind: 'iptables',
      family,
      table: table ?? 'filter',
      partial: /^[A-Za-z]/.test(words[rules + 1] ?? ''),
    };
  const list = has('L', '--list');
  return list >= 0
    ? {
        kind: 'iptables -L',
        family,
        table: table ?? 'filter',
        partial: /^[A-Za-z]/.test(words[list + 1] ?? ''),
      }
    : NOTHING;
}

/** bridge, and the tools of net-tools. */
function netToolsCommand(tool: string, words: readonly string[]): Told {
  const options = words.filter((word) => word.startsWith('-'));
  const [object, verb, ...rest] = words.filter((word) => !word.startsWith('-'));
  if (tool === 'bridge' && object === 'fdb') {
    const listing = verb === undefined || short(verb, 'show', 2) || short(verb, 'list');
    return listing ? { ...NOTHING, kind: 'bridge fdb', partial: rest.length > 0 } : NOTHING;
  }
  if (tool === 'route' && object === undefined && !options.some((word) => word.includes('6')))
    return { ...NOTHING, kind: 'route -n' };
  if (tool === 'netstat' && options.some((word) => /^-\w*r/.test(word)))
    return { ...NOTHING, kind: 'route -n' };
  if (tool === 'ifconfig' && verb === undefined)
    return { ...NOTHING, kind: 'ifconfig', partial: object !== undefined };
  return NOTHING;
}

/**
 * The settings whose bare values a command prints, in their order: `cat /proc/sys/…`, `sysctl -n NAME`; none for a
 * command that prints names.
 */
function settingsOf(words: readonly string[]): readonly string[] {
  const [tool = '', ...rest] = words;
  const names = rest.filter((word) => !word.startsWith('-'));
  const isCat =
    /^(?:\S{0,60}\/)?(?:cat|head|tail)$/.test(tool) && names.every((name) => name.startsWith('/proc/sys/'));
  const isBare =
    /^(?:\S{0,60}\/)?sysctl$/.test(tool) &&
    rest.some((word) => word === '--values' || /^-[a-zA-Z]*n/.test(word)) &&
    !rest.some(
      (word) =>
        /^(?:-[a-zA-Z]*[apwrXA]|--(?:all|load|system|write|pattern).*)$/.test(word) || word.includes('='),
    );
  return isCat || isBare ? names : [];
}

function toolCommand(words: readonly string[]): Told {
  const save = catOfSave(words);
  if (save !== null) {
    const tool = saveCommandOf(save) ?? '';
    return iptablesCommand(tool, [tool]);
  }
  const tool = TOOL.exec(words[0] ?? '')?.[1] ?? '';
  const has = (word: string): boolean => words.some((other, i) => i > 0 && other.replace(/^-+/, '') === word);
  if (settingsOf(words).length > 0 && tool === '') return { ...NOTHING, kind: 'sysctl' };
  if (tool === '') return isKubectlGet(words) ? { ...NOTHING, kind: 'kubectl get' } : NOTHING;
  if (tool === 'ip') return ipCommand(words);
  if (tool.startsWith('ip') && tool.includes('tables')) return iptablesCommand(tool, words);
  if (tool === 'ipset') {
    const verb = has('save') ? 'ipset save' : has('list') || has('L') ? 'ipset list' : null;
    return { ...NOTHING, kind: verb, partial: words.length > 2 };
  }
  if (tool === 'sysctl')
    return words.length > 1 ? { ...NOTHING, kind: 'sysctl', partial: !has('a') && !has('all') } : NOTHING;
  const table = tool === 'conntrack' ? conntrackCommand(words) : null;
  if (table !== null) return { ...NOTHING, ...table };
  const nft = tool === 'nft' ? nftListCommand(words) : null;
  if (nft !== null)
    return {
      ...NOTHING,
      kind: nft.json ? 'nft -j list ruleset' : 'nft list ruleset',
      partial: nft.partial,
    };
  return netToolsCommand(tool, words.slice(1));
}

/** Whether a word is one of the tools whose listings natwalk knows. */
export function isTool(word: string): boolean {
  return TOOL.test(word);
}

/** What one statement prints, and where it ran. */
function readStatement(text: string): Omit<Command, 'text' | 'marker'> {
  // Quotes around a command for another host, or around a pattern, change nothing here.
  const stages = text
    .replace(/(?:\s[\d&]?|(?<=\w))>{1,2}[|&]?\s?\S+/g, '')
    .replace(/["'`]/g, ' ')
    .split('|');
  const { words, host, namespace, isShell } = enter((stages[0] ?? '').trim().split(/\s+/), isTool);
  const told = toolCommand(words);
  const filtered = stages.slice(1).some((stage) => !HARMLESS.has(stage.trim().split(/\s+/)[0] ?? ''));
  const isElsewhere =
    [...text.matchAll(REDIRECTION)].some(takesOutput) ||
    stages.some((stage) => KEEPS.test(stage.trim().split(/\s+/)[0] ?? '')) ||
    writesFile(words);
  const settings = stages.length === 1 ? settingsOf(words) : [];
  const isSilenced = SILENCED.test(text);
  const partial = told.partial || filtered;
  return { ...told, settings, partial, isElsewhere, isSilenced, host, namespace, isShell };
}

/** Reads a command line (one line, prompt removed). Never fails: what it does not know has kind null. */
export function readCommand(line: string): Command {
  const text = line.trim().slice(0, 1000);
  const loop = readLoop(text);
  if (loop === null) return { text, ...readStatement(text), marker: null };
  const statements = loop.body.map(readStatement);
  const told = statements.find(({ kind }) => kind !== null) ?? readStatement('');
  return { text, ...told, isShell: false, marker: loop.marker };
}

/** `iptables-save` without -t and grep: what is not in its output does not exist. */
export function isWholeSave({ kind, table, partial, text }: Command): boolean {
  return kind === 'iptables' && table === null && !partial && /-save\b/.test(text);
}
