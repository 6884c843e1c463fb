/** A rule as results name it, and the words that views say about rules. */
import { hidesInterfaces } from '../iptables/listed.js';
import type { RuleMatch } from '../iptables/model.js';
import { printRule, printRuleBody } from '../iptables/print.js';
import { type AnyRule, backendOf, isNative, tableNameOf } from '../packet/any-rule.js';
import { nativeAction, nativeComment, nativeCondition, nativeText } from './native-rule.js';
import { type ConntrackEntry, printEntry } from '../packet/conntrack-entry.js';
import type { Outcome } from '../packet/result.js';
import type { Setting } from '../routing/decisive-setting.js';
import type { Span } from '../source/source.js';

/** A rule by its place in the rule set and in the dump; `text` is the canonical line of `iptables -S`, or nft's. */
export interface RuleRef {
  /** Which iptables made it, where the kernel runs rules of both; `nftables` for a rule of a native table. */
  readonly backend?: 'legacy' | 'nft' | 'nftables' | undefined;
  /** `nat`; of a native table `ip aws-cni`. */
  readonly table: string;
  readonly chain: string;
  readonly rule: number;
  /** Of a native rule, where the listing shows it. */
  readonly handle?: number;
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

/** Rules are named again and again in bulk; a name is made once. */
const NAMED = new WeakMap<AnyRule, RuleRef>();

/** Names a rule for JSON. */
export function ruleRef(rule: AnyRule): RuleRef {
  const known = NAMED.get(rule);
  if (known !== undefined) return known;
  const made = nameRule(rule);
  NAMED.set(rule, made);
  return made;
}

/** The same for who remembers the name himself. */
export function nameRule(rule: AnyRule): RuleRef {
  const backend = isNative(rule) ? 'nftables' : rule.backend;
  const { source, start } = rule.span;
  return {
    ...(backend === undefined ? {} : { backend }),
    table: tableNameOf(rule),
    chain: rule.chain,
    rule: rule.number,
    ...(isNative(rule) && rule.handle !== null ? { handle: rule.handle } : {}),
    file: source.name,
    line: source.position(start).line,
    text: isNative(rule) ? nativeText(rule) : printRule(rule),
  };
}

/** A sysctl; its value is null where no dump shows it. */
interface SettingRef {
  readonly name: string;
  readonly value: string | null;
  readonly file?: string;
  readonly line?: number;
}

/** Why a packet is dropped, for JSON: by a rule, by the policy of a chain that the dump declares there, by a setting. */
export interface DropRef {
  readonly rule: RuleRef | null;
  readonly reason: string;
  readonly table?: string;
  readonly chain?: string;
  readonly backend?: 'legacy' | 'nft' | undefined;
  readonly file?: string;
  readonly line?: number;
  readonly setting?: SettingRef;
}

const DECLARED = new WeakMap<Span, { readonly file: string; readonly line: number }>();

function declaredAt(span: Span): { readonly file: string; readonly line: number } {
  let known = DECLARED.get(span);
  if (known === undefined) {
    known = { file: span.source.name, line: span.source.position(span.start).line };
    DECLARED.set(span, known);
  }
  return known;
}

function settingRef({ name, value, span }: Setting): SettingRef {
  return { name, value, ...(span === null ? {} : declaredAt(span)) };
}

/** Names the reason of a drop. */
export function dropRef({ declared, rule, setting, ...drop }: NonNullable<Outcome['drop']>): DropRef {
  const place = declared === undefined ? {} : declaredAt(declared);
  return {
    ...drop,
    ...place,
    ...(setting === undefined ? {} : { setting: settingRef(setting) }),
    rule: rule === null ? null : ruleRef(rule),
  };
}

/** Why a packet has no way, for JSON. */
export interface UnroutableRef {
  readonly errno: string;
  readonly hook?: 'OUTPUT';
  readonly setting?: SettingRef;
}

/** Names the reason why there is no way. */
export function unroutableRef({ setting, ...rest }: NonNullable<Outcome['unroutable']>): UnroutableRef {
  return setting === undefined ? rest : { ...rest, setting: settingRef(setting) };
}

/** An entry of a conntrack dump, by its place and as conntrack prints it. */
export interface EntryRef {
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

/** Names an entry for JSON. */
export function entryRef(entry: ConntrackEntry): EntryRef {
  const { source, start } = entry.span;
  return { file: source.name, line: source.position(start).line, text: printEntry(entry) };
}

/** A table's name; with whose it is, where the kernel runs tables of both. */
export function tableLabel({
  table,
  backend,
}: {
  readonly table: string;
  readonly backend?: 'legacy' | 'nft' | undefined;
}): string {
  return backend === undefined ? table : `${backend} ${table}`;
}

/** The same of a rule. */
export function tableLabelOf(rule: AnyRule): string {
  return tableLabel({ table: tableNameOf(rule), backend: backendOf(rule) });
}

/** `file:line` of a place. */
export function placeOf(span: Span): string {
  return `${span.source.name}:${String(span.source.position(span.start).line)}`;
}

/** What stands after `-j`: ACCEPT, SNAT, a chain's name; of a native rule what it does; '' for a rule that does nothing. */
export function targetOf(rule: AnyRule): string {
  if (isNative(rule)) return nativeAction(rule);
  const { action } = rule;
  if (action.kind === 'target') return action.target.extension.name;
  if (action.kind === 'chain') return action.chain;
  return action.kind === 'opaque' ? action.name : '';
}

/** Options that only repeat what the CHANGED column says, each with its value. */
const SAID_BY_CHANGE = /(^| )--(?:to-source|to-destination|nfmask|ctmask) [^ ]+/g;

/** What the target was told, short: without dashes and without what the change itself says. */
export function targetOptions(rule: AnyRule): string {
  if (isNative(rule)) return '';
  const { action } = rule;
  const text = action.kind === 'target' ? action.target.text : action.kind === 'opaque' ? action.text : '';
  return text
    .replace(SAID_BY_CHANGE, '')
    .replace(/(^| )--/g, '$1')
    .trim();
}

/** The rule's comment in quotes, or '' when it has none. */
export function commentOf(rule: AnyRule): string {
  if (isNative(rule)) return nativeComment(rule);
  for (const match of rule.matches) {
    if ('opaque' in match || match.extension.name !== 'comment') continue;
    const text = match.text.replace(/^--comment /, '');
    return text.startsWith('"') ? text : `"${text}"`;
  }
  return '';
}

/** What a rule asks of a packet, without comment and target: `-d 10.0.0.0/8 -m addrtype --dst-type LOCAL`. */
export function conditionOf(rule: AnyRule): string {
  if (isNative(rule)) return nativeCondition(rule);
  const isComment = (match: RuleMatch): boolean => !('opaque' in match) && match.extension.name === 'comment';
  // That a listing shows no interfaces is an assumption, which is told as one.
  const matches = rule.matches.filter((match) => !isComment(match) && !hidesInterfaces(match));
  return printRuleBody({ ...rule, matches, action: { kind: 'none' } });
}
