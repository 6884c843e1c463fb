/** Reads `ip rule` (iproute2 ip/iprule.c print_rule): the policy rules of one family. */
import { type Family, bitsOf, familyOf, parseAddress } from '../address/address.js';
import { type Prefix, prefixOf } from '../address/prefix.js';
import { parse } from '../generated/ip-rule.js';
import { type PolicyAction, type PolicyRule, TABLE_ID } from '../routing/model.js';
import { ruleForAll } from '../routing/policy-rules.js';
import { dsfieldNumber, groupNumber, ipprotoNumber, unsigned } from './iproute-names.js';
import { isJson } from './json/listing.js';
import { jsonRuleLines } from './json/rule.js';
import { type SectionReport, shown } from './report.js';
import type { TableNames } from './table-names.js';
import type { Item } from './word.js';

/** A complete line, as the grammar hands it over; or an object of the JSON form, as that line would be. */
export interface RuleLine {
  readonly start: number;
  readonly end: number;
  readonly priority: string;
  readonly items: readonly Item[];
}

/** A list of policy rules. */
export interface RuleListing {
  readonly family: Family;
  /** The command, the file's name or an address tells the family; IPv4 is a guess otherwise. */
  readonly isTold: boolean;
  readonly rules: readonly PolicyRule[];
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type Draft = Mutable<Omit<PolicyRule, 'action' | 'opaque' | 'words'>> & {
  action: PolicyAction | null;
  opaque: string[];
  words: string[];
};

/** Parses `A/N` or a bare address, which is a host. A prefix length above the family's is refused. */
export function parseNetwork(text: string): Prefix | null {
  const slash = text.indexOf('/');
  const address = parseAddress(slash < 0 ? text : text.slice(0, slash));
  if (address === null) return null;
  const bits = bitsOf(familyOf(address));
  const length = slash < 0 ? bits : unsigned(text.slice(slash + 1), bits);
  return length === null ? null : prefixOf(address, length);
}

/** `A` or `A-B`; null when it is neither, or empty. */
function parseRange(text: string, most: number): { readonly from: number; readonly to: number } | null {
  const dash = text.indexOf('-');
  const from = unsigned(dash < 0 ? text : text.slice(0, dash), most);
  const to = dash < 0 ? from : unsigned(text.slice(dash + 1), most);
  return from === null || to === null || to < from ? null : { from, to };
}

function parseMark(text: string): PolicyRule['fwmark'] {
  const slash = text.indexOf('/');
  const value = unsigned(slash < 0 ? text : text.slice(0, slash));
  const mask = slash < 0 ? 0xffffffff : unsigned(text.slice(slash + 1));
  return value === null || mask === null ? null : { value, mask };
}

/** Sets a field of the draft; returns false when the value cannot be read. */
type Setter = (draft: Draft, text: string, names: TableNames) => boolean;

function network(field: 'from' | 'to'): Setter {
  return (draft, text) => {
    if (text === 'all' || text === 'default') return true;
    const prefix = parseNetwork(text);
    if (prefix === null) return false;
    draft[field] = prefix;
    return true;
  };
}

function range(field: 'sport' | 'dport' | 'uidRange', most: number): Setter {
  return (draft, text) => {
    // A port mask (`sport 80/0xff`, Linux 6.14) is kept as it stands: the rule is then an open question.
    if (text.includes('/') && field !== 'uidRange') {
      draft.opaque.push(`${field} ${text}`);
      return true;
    }
    const value = parseRange(text, most);
    if (value === null) return false;
    draft[field] = value;
    return true;
  };
}

function device(field: 'iif' | 'oif'): Setter {
  return (draft, text) => {
    draft[field] = text;
    return true;
  };
}

const keep =
  (word: string, list: 'opaque' | 'words'): Setter =>
  (draft, text) => {
    if (list === 'opaque') draft.opaque.push(`${word} ${text}`);
    else draft.words.push(word, text);
    return true;
  };

const lookup: Setter = (draft, text, names) => {
  if (text === '[l3mdev-table]') draft.action = { kind: 'l3mdev' };
  else {
    const table = names.idOf(text);
    if (table === null) return false;
    draft.action = { kind: 'lookup', table, name: names.nameOf(table) };
  }
  return true;
};

const tos: Setter = (draft, text) => (draft.tos = dsfieldNumber(text)) !== null;

const SETTERS: ReadonlyMap<string, Setter> = new Map<string, Setter>([
  ['from', network('from')],
  ['to', network('to')],
  ['tos', tos],
  ['dsfield', tos],
  ['dscp', keep('dscp', 'opaque')],
  ['flowlabel', keep('flowlabel', 'opaque')],
  ['tun_id', keep('tun_id', 'opaque')],
  ['fwmark', (draft, text) => (draft.fwmark = parseMark(text)) !== null],
  ['iif', device('iif')],
  ['dev', device('iif')],
  ['oif', device('oif')],
  ['uidrange', range('uidRange', 0xffffffff)],
  ['ipproto', (draft, text) => (draft.ipproto = ipprotoNumber(text)) !== null],
  ['sport', range('sport', 0xffff)],
  ['dport', range('dport', 0xffff)],
  ['lookup', lookup],
  ['table', lookup],
  [
    'goto',
    (draft, text) => {
      const priority = unsigned(text);
      if (priority !== null) draft.action = { kind: 'goto', priority, unresolved: false };
      return priority !== null;
    },
  ],
  ['suppress_prefixlength', (draft, text) => (draft.suppressPrefixLength = unsigned(text, 128)) !== null],
  [
    'suppress_ifgroup',
    (draft, text) => {
      const group = groupNumber(text);
      if (group === null) draft.opaque.push(`suppress_ifgroup ${text}`);
      else draft.suppressGroup = group;
      return true;
    },
  ],
  ['realms', keep('realms', 'words')],
  ['proto', keep('proto', 'words')],
  ['protocol', keep('proto', 'words')],
]);

/** With -N actions are numbers (include/uapi/linux/rtnetlink.h RTN_BLACKHOLE …). */
const NUMBERED: Readonly<Record<string, string>> = { '6': 'blackhole', '7': 'unreachable', '8': 'prohibit' };

function alone(draft: Draft, item: Item, previous: Item | undefined): boolean {
  const word = Object.hasOwn(NUMBERED, item.word) ? NUMBERED[item.word] : item.word;
  switch (word) {
    case 'not':
      draft.not = true;
      return true;
    case 'nop':
    case 'blackhole':
    case 'unreachable':
    case 'prohibit':
      draft.action = { kind: word };
      return true;
    case '[detached]':
      draft.words.push(previous?.word === 'oif' ? 'oif' : 'iif', item.word);
      return true;
    case '[unresolved]':
      if (draft.action?.kind === 'goto') draft.action = { ...draft.action, unresolved: true };
      return true;
    default:
      return false;
  }
}

function emptyDraft(family: Family, priority: number): Draft {
  return { ...ruleForAll(family, priority), action: null, opaque: [], words: [] };
}

function readLine(
  line: RuleLine,
  family: Family,
  names: TableNames,
  report: SectionReport,
): PolicyRule | null {
  const priority = unsigned(line.priority);
  if (priority === null) {
    report.error('READ_PRIORITY', line.start, line.start + line.priority.length, {
      value: shown(line.priority),
    });
    return null;
  }
  const draft = emptyDraft(family, priority);
  let unknown: string[] = [];
  // Words that follow each other are one selector and its values.
  const endUnknown = (): void => {
    if (unknown.length > 0) draft.opaque.push(unknown.join(' '));
    unknown = [];
  };
  for (const [place, item] of line.items.entries()) {
    const setter = SETTERS.get(item.word);
    const isValue = unknown.length > 0 && /^\d/.test(item.word);
    if (setter === undefined && (isValue || !alone(draft, item, line.items[place - 1]))) {
      if (unknown.length === 0)
        report.warn('READ_RULE_WORD', item.at, item.at + item.word.length, { word: shown(item.word) });
      unknown.push(item.word);
      continue;
    }
    endUnknown();
    if (setter === undefined || (item.value !== null && setter(draft, item.value.text, names))) continue;
    report.badValue(item);
    return null;
  }
  endUnknown();
  const { action } = draft;
  if (action === null) report.error('READ_RULE_NO_ACTION', line.start, line.end, { priority });
  return action !== null ? { ...draft, action, span: report.span(line.start, line.end) } : null;
}

/** The family that an address in a line tells, or null. */
function familyOfLine(line: RuleLine): Family | null {
  for (const { word, value } of line.items) {
    if ((word !== 'from' && word !== 'to') || value === null) continue;
    if (value.text.includes(':')) return 6;
    if (value.text.includes('.')) return 4;
  }
  return null;
}

function textLines(report: SectionReport): readonly RuleLine[] {
  const lines: RuleLine[] = [];
  parse(report.source.text, {
    sink: {
      rule: (line: RuleLine) => lines.push(line),
      other: (start: number, end: number) => report.other(start, end),
    },
  });
  return lines;
}

/**
 * Reads a listing of policy rules, in text or JSON form. Rules come back in the kernel's order: by priority, equal ones as listed.
 * @param family the family when it is known from the command or the file's name; otherwise the addresses tell, else IPv4
 */
export function readPolicyRules(
  family: Family | null,
  names: TableNames,
  report: SectionReport,
): RuleListing {
  const lines = isJson(report.source.text) ? jsonRuleLines(report) : textLines(report);
  const tells = lines.map(familyOfLine).find((found) => found !== null);
  const decided = tells ?? family ?? 4;
  const rules: PolicyRule[] = [];
  let highest = -1;
  let ordered = true;
  for (const line of lines) {
    const rule = readLine(line, decided, names, report);
    if (rule === null) continue;
    if ([rule.from, rule.to].some((prefix) => prefix !== null && familyOf(prefix.address) !== decided)) {
      report.error('READ_OTHER_FAMILY', line.start, line.end, { family: decided });
      continue;
    }
    if (rule.priority < highest && ordered) {
      ordered = false;
      report.warn('READ_RULE_ORDER', line.start, line.end, { priority: rule.priority });
    }
    highest = Math.max(highest, rule.priority);
    rules.push(rule);
  }
  return {
    family: decided,
    isTold: family !== null || (tells ?? null) !== null,
    rules: ordered ? rules : rules.toSorted((a, b) => a.priority - b.priority),
  };
}

const looksUp = ({ action }: PolicyRule, table: number): boolean =>
  action.kind === 'lookup' && action.table === table;

const hasDefault = ({ rules }: RuleListing): boolean => rules.some((rule) => looksUp(rule, TABLE_ID.default));

/** The rule for table main is the last one of a list of IPv6 that nobody has changed; one that is cut off ends earlier. */
const endsWithMain = ({ rules }: RuleListing): boolean =>
  rules.slice(-1).some((rule) => looksUp(rule, TABLE_ID.main));

/**
 * Gives lists to IPv6 that nothing tells the family of. The kernel makes a rule for table default for IPv4 alone
 * (net/ipv4/fib_rules.c fib_default_rules_init): beside a list with it, one without it is the other family's.
 */
export function withFamilies<T extends RuleListing>(lists: readonly T[]): readonly T[] {
  const isSix = (list: T): boolean =>
    !list.isTold &&
    list.family === 4 &&
    endsWithMain(list) &&
    !hasDefault(list) &&
    lists.some((other) => other !== list && other.family === 4 && hasDefault(other));
  return lists.map((list) =>
    isSix(list) ? { ...list, family: 6, rules: list.rules.map((rule) => ({ ...rule, family: 6 })) } : list,
  );
}
