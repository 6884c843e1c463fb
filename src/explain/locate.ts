/** Where in its dump a condition of a rule, or what the rule does, is written. */
import { printRuleBody } from '../iptables/print.js';
import type { Header, Rule, RuleMatch } from '../iptables/model.js';
import type { ConditionPart } from '../iptables/inspect.js';
import { printStatement } from '../nft/print-statement.js';
import { type AnyRule, isNative } from '../packet/any-rule.js';
import type { PolicyRule } from '../routing/model.js';
import type { Span } from '../source/source.js';
import { nativeAction } from './native-rule.js';

interface Token {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Words, of which one in quotation marks may hold blanks (iptables-save, xtables_save_string). */
const WORD = /(?:"(?:[^"\\]|\\.)*"|[^\s"])+/gu;

function tokensOf({ source, start, end }: Span): readonly Token[] {
  return [...source.text.slice(start, end).matchAll(WORD)].map((found) => ({
    text: found[0],
    start: start + found.index,
    end: start + found.index + found[0].length,
  }));
}

const HEADER: Readonly<Record<string, readonly string[]>> = {
  '-s': ['-s', '--source', '--src'],
  '-d': ['-d', '--destination', '--dst'],
  '-i': ['-i', '--in-interface'],
  '-o': ['-o', '--out-interface'],
  '-p': ['-p', '--protocol', '--proto'],
  '-f': ['-f', '--fragment'],
};

const ACTIONS: ReadonlySet<string> = new Set(['-j', '--jump', '-g', '--goto']);
const MODULES: ReadonlySet<string> = new Set(['-m', '--match']);
const STARTS: ReadonlySet<string> = new Set([...Object.values(HEADER).flat(), ...ACTIONS, ...MODULES]);

/** From the option at `at`, and a `!` before it, to the last of its values. */
function optionSpan(tokens: readonly Token[], at: number, span: Span): Span {
  let last = at;
  // `! --option`, and the old form `--option ! value`.
  for (let next = at + 1; next < tokens.length; next += 1) {
    const word = tokens[next]?.text ?? '';
    const isInverter = word === '!' && next > at + 1;
    if (
      isInverter ||
      (word === '!' && tokens[next + 1]?.text.startsWith('-') === true) ||
      /^--?[a-z]/i.test(word)
    )
      break;
    last = next;
  }
  const first = tokens[at - 1]?.text === '!' ? at - 1 : at;
  return { ...span, start: tokens[first]?.start ?? span.start, end: tokens[last]?.end ?? span.end };
}

/** The words of the match: from its `-m` to the next module, header option or target. */
function segment(tokens: readonly Token[], name: string, ordinal: number): readonly [number, number] | null {
  let left = ordinal;
  for (let at = 0; at < tokens.length; at += 1) {
    if (!MODULES.has(tokens[at]?.text ?? '') || tokens[at + 1]?.text !== name) continue;
    if (left > 0) {
      left -= 1;
      continue;
    }
    let end = at + 2;
    while (end < tokens.length && !STARTS.has(tokens[end]?.text ?? '')) end += 1;
    // A `!` at the end belongs to what follows.
    return [at, tokens[end - 1]?.text === '!' ? end - 1 : end];
  }
  return null;
}

const nameOf = (match: RuleMatch): string => ('opaque' in match ? match.name : match.extension.name);

function matchSpan({ matches, span }: Rule, index: number, option: string | null): Span {
  const tokens = tokensOf(span);
  const match = matches[index];
  if (match === undefined) return span;
  const name = nameOf(match);
  const ordinal = matches.slice(0, index).filter((one) => nameOf(one) === name).length;
  const own = segment(tokens, name, ordinal);
  const spec =
    option === null || 'opaque' in match || !Object.hasOwn(match.extension.options, option)
      ? undefined
      : match.extension.options[option];
  const flags = spec === undefined ? [] : [spec.flag, ...(spec.aliases ?? [])];
  const [from, to] = own ?? [0, tokens.length];
  const found = tokens.findIndex((token, at) => at >= from && at < to && flags.includes(token.text));
  if (found >= 0) return optionSpan(tokens, found, span);
  if (own === null) return span;
  return { ...span, start: tokens[own[0]]?.start ?? span.start, end: tokens[own[1] - 1]?.end ?? span.end };
}

/** A piece of text within the span; the whole of it where the text is not there. */
function textSpan(span: Span, text: string, from = span.start): Span {
  const at = text === '' ? -1 : span.source.text.indexOf(text, from);
  return at < 0 || at + text.length > span.end ? span : { ...span, start: at, end: at + text.length };
}

function statementText(rule: AnyRule, index: number): string {
  const statement = isNative(rule) ? rule.statements[index] : undefined;
  return statement === undefined ? '' : printStatement(statement);
}

/**
 * The place of a condition in the line of its rule; the whole rule where the dump writes it another way (a listing).
 * @param option the key of the option that decided, if it was one
 */
export function conditionSpan(rule: AnyRule, part: ConditionPart, option: string | null): Span {
  if (part.kind === 'statement') return textSpan(rule.span, statementText(rule, part.index));
  if (isNative(rule)) return rule.span;
  if (part.kind === 'match') return matchSpan(rule, part.index, option);
  const tokens = tokensOf(rule.span);
  const flags = HEADER[part.option] ?? [];
  const at = tokens.findIndex((token) => flags.includes(token.text));
  return at < 0 ? rule.span : optionSpan(tokens, at, rule.span);
}

/** The place of what a rule does. */
export function actionSpan(rule: AnyRule): Span {
  if (isNative(rule)) return textSpan(rule.span, nativeAction(rule));
  const tokens = tokensOf(rule.span);
  const at = tokens.findLastIndex((token) => ACTIONS.has(token.text));
  const start = tokens[at]?.start;
  return start === undefined ? rule.span : { ...rule.span, start, end: tokens.at(-1)?.end ?? rule.span.end };
}

const NO_HEADER: Header = {
  source: null,
  destination: null,
  inInterface: null,
  outInterface: null,
  protocol: null,
  fragment: null,
};

const FIELDS: Readonly<Record<string, keyof Header>> = {
  '-s': 'source',
  '-d': 'destination',
  '-i': 'inInterface',
  '-o': 'outInterface',
  '-p': 'protocol',
  '-f': 'fragment',
};

/** A condition as the tool prints it: `-d 10.0.0.0/16`, `-m conntrack --ctstate NEW`, `ip daddr 10.0.0.0/16`. */
export function conditionText(rule: AnyRule, part: ConditionPart): string {
  if (part.kind === 'statement') return statementText(rule, part.index);
  if (isNative(rule)) return '';
  const action = { kind: 'none' } as const;
  if (part.kind === 'match') {
    const match = rule.matches[part.index];
    return match === undefined ? '' : printRuleBody({ header: NO_HEADER, matches: [match], action });
  }
  const field = FIELDS[part.option];
  if (field === undefined) return '';
  return printRuleBody({ header: { ...NO_HEADER, [field]: rule.header[field] }, matches: [], action });
}

/** Selectors of policy rules by the code that says that one failed. */
const SELECTORS: Readonly<Record<string, RegExp>> = {
  PR_IIF: /\biif (\S+)/,
  PR_OIF: /\boif (\S+)/,
  PR_OIF_UNBOUND: /\boif (\S+)/,
  PR_FWMARK: /\bfwmark (\S+)/,
  PR_UID: /\buidrange (\S+)/,
  PR_FROM: /\bfrom (\S+)/,
  PR_FROM_UNSET: /\bfrom (\S+)/,
  PR_TO: /\bto (\S+)/,
  PR_TOS: /\b(?:tos|dsfield) (\S+)/,
  PR_IPPROTO: /\bipproto (\S+)/,
  PR_SPORT: /\bsport (\S+)/,
  PR_DPORT: /\bdport (\S+)/,
};

/** The place of the selector that a code is about; the whole rule where there is none, null without a dump. */
export function selectorSpan({ span }: PolicyRule, code: string | null): Span | null {
  if (span === null || code === null || !Object.hasOwn(SELECTORS, code)) return span;
  const found = SELECTORS[code]?.exec(span.source.text.slice(span.start, span.end)) ?? null;
  if (found === null) return span;
  const start = span.start + found.index;
  return { ...span, start, end: start + found[0].length };
}
