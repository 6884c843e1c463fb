/** `ip rule` on the emulated node (iproute2 ip/iprule.c): its policy rules, and changes of them. */
import type { Family } from '../../address/address.js';
import { formatNetwork, parsePrefix } from '../../address/prefix.js';
import type { PolicyRule } from '../../routing/model.js';
import { printPolicyRule } from '../../routing/print.js';
import { readFailed } from './ip-words.js';
import { NOTHING, type Call, type Output, lines, noted, refuse, unknownOption } from './output.js';
import type { RuleListing } from './state.js';

const KNOWN =
  'not from to fwmark iif oif pref lookup table ipproto sport dport tos uidrange prohibit blackhole unreachable';

const NO_FILE = 'RTNETLINK answers: No such file or directory';

/** What a command says of a rule. */
interface Wanted {
  priority: number | null;
  /** Table by name or number; null where the command names none. */
  table: string | null;
  type: 'lookup' | 'blackhole' | 'unreachable' | 'prohibit';
  not: boolean;
  readonly selectors: Map<string, string>;
}

const ACTIONS: Readonly<Record<string, Wanted['type']>> = {
  ...{ blackhole: 'blackhole', unreachable: 'unreachable', prohibit: 'prohibit' },
};

const NUMBER = /^(?:\d{1,10}|0x[0-9a-f]{1,8})$/i;

const hex = (text: string): string => `0x${Number(text).toString(16)}`;

/** The mark and its mask as `ip rule` prints them. */
function markText(text: string): string | null {
  const [value = '', mask] = text.split('/');
  if (!NUMBER.test(value) || (mask !== undefined && !NUMBER.test(mask))) return null;
  return mask === undefined || Number(mask) === 0xffffffff ? hex(value) : `${hex(value)}/${hex(mask)}`;
}

/** The value of a selector as `ip rule` prints it; null after an error. */
function selectorText(word: string, value: string, family: Family): string | null {
  if (word === 'from' || word === 'to') {
    if (value === 'all' || value === 'any' || value === 'default') return 'all';
    const prefix = parsePrefix(value);
    return prefix === null || (typeof prefix.address === 'bigint' ? 6 : 4) !== family
      ? null
      : formatNetwork(prefix);
  }
  if (word === 'fwmark') return markText(value);
  if (word === 'iif' || word === 'oif' || word === 'ipproto')
    return /^[\w.@-]{1,32}$/.test(value) ? value : null;
  if (word === 'tos') return NUMBER.test(value) ? `0x${Number(value).toString(16).padStart(2, '0')}` : null;
  return /^\d{1,10}(?:-\d{1,10})?$/.test(value) ? value : null;
}

const SELECTORS: Readonly<Record<string, string>> = {
  ...{ from: 'from', to: 'to', fwmark: 'fwmark', iif: 'iif', dev: 'iif', oif: 'oif', ipproto: 'ipproto' },
  ...{ sport: 'sport', dport: 'dport', tos: 'tos', dsfield: 'tos', uidrange: 'uidrange' },
};
const PRIORITY = new Set(['pref', 'preference', 'prio', 'priority', 'order']);
const TABLE = new Set(['lookup', 'table']);

function read(words: readonly string[], family: Family): Wanted | Output {
  const wanted: Wanted = { priority: null, table: null, type: 'lookup', not: false, selectors: new Map() };
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    const action = Object.hasOwn(ACTIONS, word) ? ACTIONS[word] : undefined;
    if (word === 'not') wanted.not = true;
    else if (action !== undefined) wanted.type = action;
    else {
      const selector = Object.hasOwn(SELECTORS, word) ? SELECTORS[word] : undefined;
      if (selector === undefined && !PRIORITY.has(word) && !TABLE.has(word))
        return refuse(`Error: argument "${word}" is wrong: Failed to parse rule type`, 255);
      at += 1;
      const value = words[at];
      if (value === undefined) return refuse('Command line is not complete. Try option "help"', 255);
      const failed = take(wanted, word, selector ?? null, value, family);
      if (failed !== null) return failed;
    }
  }
  return wanted;
}

function take(
  wanted: Wanted,
  word: string,
  selector: string | null,
  value: string,
  family: Family,
): Output | null {
  if (PRIORITY.has(word)) {
    if (!NUMBER.test(value))
      return refuse(`Error: argument "${value}" is wrong: preference value is invalid\n`, 255);
    wanted.priority = Number(value);
  } else if (TABLE.has(word)) {
    if (!/^[\w.-]{1,40}$/.test(value))
      return refuse(`Error: argument "${value}" is wrong: invalid table ID\n`, 255);
    wanted.table = { 254: 'main', 255: 'local', 253: 'default' }[value] ?? value;
  } else {
    const text = selectorText(selector ?? '', value, family);
    if (text === null)
      return selector === 'from' || selector === 'to'
        ? refuse(`Error: any valid prefix is expected rather than "${value}".`)
        : refuse(
            `Error: argument "${value}" is wrong: ${selector === 'fwmark' ? 'fwmark value is invalid' : `invalid "${selector ?? ''}" value`}\n`,
            255,
          );
    if (text !== 'all') wanted.selectors.set(selector ?? '', text);
  }
  return null;
}

/** The line that `ip rule` prints for what was asked for. */
function lineOf({ not, selectors, type, table }: Wanted, priority: number): string {
  const part = (word: string): string[] => {
    const value = selectors.get(word);
    return value === undefined ? [] : [word, value];
  };
  const words = [
    ...(not ? ['not'] : []),
    ...['from', selectors.get('from') ?? 'all'],
    ...['to', 'tos', 'fwmark', 'iif', 'oif', 'uidrange', 'ipproto', 'sport', 'dport'].flatMap(part),
    ...(type === 'lookup' ? ['lookup', table ?? 'main'] : [type]),
  ];
  return `${String(priority)}:\t${words.join(' ')}`;
}

const priorityIn = (line: string): number => Number(/^\d+/.exec(line)?.[0] ?? 0);

/** A rule without a priority stands before the second rule that there is (fib_default_rule_pref). */
function freePriority(list: readonly string[]): number {
  const [, second] = list;
  const priority = second === undefined ? 0 : priorityIn(second);
  return priority > 0 ? priority - 1 : 0;
}

/** Is it a rule that the command means? What the command does not say does not matter. */
function fits(line: string, wanted: Wanted): boolean {
  const body = ` ${line.slice(line.indexOf('\t') + 1)} `;
  if (wanted.priority !== null && priorityIn(line) !== wanted.priority) return false;
  if (wanted.not !== body.startsWith(' not ')) return false;
  const action =
    wanted.type === 'lookup' ? (wanted.table === null ? '' : `lookup ${wanted.table}`) : wanted.type;
  if (action !== '' && !body.includes(` ${action} `)) return false;
  return [...wanted.selectors].every(([word, value]) =>
    word === 'fwmark' && !value.includes('/')
      ? body.includes(` fwmark ${value} `) || body.includes(` fwmark ${value}/`)
      : body.includes(` ${word} ${value} `),
  );
}

function listingOf(call: Call, family: Family): RuleListing {
  const found = call.shell.machine.state.rules.find((one) => one.family === family);
  return found ?? { command: family === 6 ? 'ip -6 rule' : 'ip rule', family, lines: [] };
}

/** The rules that the node has, as the tool prints them. */
function shown(call: Call, family: Family): readonly string[] {
  return call.shell.machine.node.networks[family].rules.map((rule: PolicyRule) => printPolicyRule(rule));
}

function put(call: Call, listing: RuleListing, list: readonly string[]): Output {
  const { machine } = call.shell;
  const rest = machine.state.rules.filter((one) => one.family !== listing.family);
  const wrong = machine.change({ ...machine.state, rules: [...rest, { ...listing, lines: list }] });
  if (wrong.length > 0) return readFailed(wrong, call);
  call.shell.changed();
  return NOTHING;
}

/** The line that `ip rule add` puts into a list, with its priority; or what the tool says of the command. */
export function addedRule(
  words: readonly string[],
  family: Family,
  list: readonly string[],
): { readonly priority: number; readonly line: string } | Output {
  const wanted = read(words, family);
  if ('status' in wanted) return wanted;
  const priority = wanted.priority ?? freePriority(list);
  const line = lineOf(wanted, priority);
  const isThere = wanted.priority !== null && list.includes(line);
  return isThere ? refuse('RTNETLINK answers: File exists', 2) : { priority, line };
}

function add(words: readonly string[], call: Call, family: Family): Output {
  const list = shown(call, family);
  const added = addedRule(words, family, list);
  if ('status' in added) return added;
  const { priority, line } = added;
  // Of rules with one priority the new one is the last.
  const at = list.findIndex((one) => priorityIn(one) > priority);
  return put(call, listingOf(call, family), at < 0 ? [...list, line] : list.toSpliced(at, 0, line));
}

function remove(words: readonly string[], call: Call, family: Family): Output {
  const wanted = read(words, family);
  if ('status' in wanted) return wanted;
  const list = shown(call, family);
  const at = list.findIndex((line) => fits(line, wanted));
  return at < 0 ? refuse(NO_FILE, 2) : put(call, listingOf(call, family), list.toSpliced(at, 1));
}

function list(words: readonly string[], call: Call, family: Family): Output {
  if (words.length === 0) return lines(shown(call, family));
  const wanted = read(words, family);
  if ('status' in wanted) return wanted;
  return lines(shown(call, family).filter((line) => fits(line, wanted)));
}

/** `ip rule [show | add … | del … | flush]`. */
export function ipRule(words: readonly string[], call: Call, family: Family): Output {
  const [verb = 'show', ...rest] = words;
  const { known } = call.shell.machine.node.networks[family];
  if (/^(?:l|ls|li|lis|list|lst|s|sh|sho|show)$/.test(verb))
    return noted(list(rest, call, family), known.rules, 'ip rule', call);
  if (/^(?:a|ad|add)$/.test(verb)) return add(rest, call, family);
  if (/^(?:d|de|del|dele|delet|delete)$/.test(verb)) return remove(rest, call, family);
  if (/^f(?:l|lu|lus|lush)?$/.test(verb) && rest.length === 0)
    return put(
      call,
      listingOf(call, family),
      shown(call, family).filter((line) => priorityIn(line) === 0),
    );
  throw unknownOption('ip rule', words.join(' '), `show, add, del, flush; ${KNOWN}`);
}
