/** Expressions of `nft -j` (libnftables-json(5)) -> the model. */
import type { Element, Expression, Verdict } from '../model.js';
import { type Json, list, number, prop, tagged, text, textOf, texts } from './json-value.js';

/** Keys whose values nft prints in quotation marks. */
const QUOTED_META: ReadonlySet<string> = new Set([
  ...[
    'iif',
    'oif',
    'iifname',
    'oifname',
    'iifgroup',
    'oifgroup',
    'sdif',
    'sdifname',
    'iifkind',
    'oifkind',
    'ibrname',
    'obrname',
  ],
  ...['time', 'day', 'hour'],
]);

function isQuoted(key: Expression): boolean {
  if (key.kind === 'meta') return QUOTED_META.has(key.key);
  if (key.kind === 'ct') return key.key === 'helper';
  if (key.kind === 'fib') return key.result !== 'type';
  return key.kind === 'other' && key.text.startsWith('osf');
}

const MARKS: ReadonlySet<string> = new Set(['meta', 'ct', 'socket']);

function hasMark(key: Expression): boolean {
  return MARKS.has(key.kind) && 'key' in key && key.key === 'mark';
}

/** How the values of a key are written; each part of a concatenation has its own. A `device` may be an address too. */
export type Style = 'plain' | 'quoted' | 'device' | 'mark' | 'hexadecimal' | 'time' | readonly Style[];

/** The style of what a key is compared with. */
export function styleOf(key: Expression): Style {
  if (key.kind === 'concat') return key.parts.map(styleOf);
  if (key.kind === 'binary') return styleOf(key.left);
  if (isQuoted(key)) return 'quoted';
  if (key.kind === 'raw-payload') return 'hexadecimal';
  if (key.kind === 'ct' && key.key === 'expiration') return 'time';
  return hasMark(key) ? 'mark' : 'plain';
}

/** The style of the values of a named data type. */
export function styleOfType(names: readonly string[]): Style {
  const styles = names.map((name): Style => {
    if (['ifname', 'counter', 'quota', 'limit', 'synproxy'].includes(name)) return 'quoted';
    return name === 'mark' ? 'mark' : 'plain';
  });
  return styles.length === 1 ? (styles[0] ?? 'plain') : styles;
}

/** An address of either family; names of devices have no colon. */
const ADDRESS = /^(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f]*:[0-9a-f:.]*)$/u;

function immediate(value: Json, style: Style): Expression | null {
  if (typeof value === 'boolean') return { kind: 'word', text: value ? 'exists' : 'missing' };
  if (typeof value === 'number') {
    if (style === 'mark') return { kind: 'word', text: `0x${value.toString(16).padStart(8, '0')}` };
    if (style === 'time') return { kind: 'word', text: duration(value) };
    return { kind: 'word', text: style === 'hexadecimal' ? `0x${value.toString(16)}` : String(value) };
  }
  if (typeof value !== 'string') return null;
  if (value.startsWith('@')) return { kind: 'set-name', name: value.slice(1) };
  // What is counted (`iif 5`, `oif 0`) has no quotation marks, and neither has the catch-all element.
  const quoted = style === 'quoted' || (style === 'device' && !ADDRESS.test(value));
  const bare = !quoted || value === '*' || /^\d+$/u.test(value);
  return { kind: bare ? 'word' : 'string', text: value };
}

type Reader = (body: Json, style: Style) => Expression | null;

function part(style: Style, at: number): Style {
  return typeof style === 'string' ? style : (style[at] ?? 'plain');
}

function all(values: readonly Json[], style: (at: number) => Style): readonly Expression[] | null {
  const read = values.map((value, at) => expressionOf(value, style(at)));
  return read.every((one) => one !== null) ? read : null;
}

function binary(op: '&' | '|' | '^' | '<<' | '>>'): Reader {
  return (body, style) => {
    const values = list(body);
    const first = expressionOf(values[0], style);
    if (first === null) return null;
    const own = first.kind === 'word' ? style : op === '<<' || op === '>>' ? 'plain' : styleOf(first);
    return values.slice(1).reduce<Expression | null>((left, value) => {
      const right = expressionOf(value, own);
      return left === null || right === null ? null : { kind: 'binary', op, left, right };
    }, first);
  };
}

function hash(kind: 'jhash' | 'symhash'): Reader {
  return (body) => {
    const of = kind === 'symhash' ? null : expressionOf(prop(body, 'expr'), 'plain');
    const modulus = number(body, 'mod');
    if (modulus === null || (kind === 'jhash' && of === null)) return null;
    return { kind, of, modulus, seed: number(body, 'seed'), offset: number(body, 'offset') ?? 0 };
  };
}

function familyOf(value: string | null): 'ip' | 'ip6' | null {
  return value === 'ip' || value === 'ip6' ? value : null;
}

function ct(body: Json): Expression | null {
  const words = text(body, 'key')?.split(' ') ?? [];
  const key = words.at(-1);
  const dir = text(body, 'dir');
  const family = familyOf(words.length > 1 ? (words[0] ?? null) : text(body, 'family'));
  if (key === undefined) return null;
  return { kind: 'ct', key, direction: dir === 'original' || dir === 'reply' ? dir : null, family };
}

function payload(body: Json): Expression | null {
  const [protocol, field] = [text(body, 'protocol'), text(body, 'field')];
  if (protocol !== null && field !== null) {
    const tunnel = text(body, 'tunnel');
    return { kind: 'payload', protocol: tunnel === null ? protocol : `${tunnel} ${protocol}`, field };
  }
  const [base, offset, length] = [text(body, 'base'), number(body, 'offset'), number(body, 'len')];
  return base === null || offset === null || length === null
    ? null
    : { kind: 'raw-payload', base, offset, length };
}

function tcpOption(body: Json): Expression | null {
  const option = text(body, 'name');
  if (option !== null) return { kind: 'tcp-option', option, field: text(body, 'field') };
  const [base, offset, length] = [number(body, 'base'), number(body, 'offset'), number(body, 'len')];
  if (base === null || offset === null || length === null) return null;
  return { kind: 'tcp-option', option: `@${String(base)},${String(offset)},${String(length)}`, field: null };
}

function ipsec(body: Json): Expression {
  const spnum = number(body, 'spnum') ?? 0;
  const words = [
    ...['ipsec', text(body, 'dir')],
    ...(spnum === 0 ? [] : ['spnum', String(spnum)]),
    ...[text(body, 'family'), text(body, 'key')],
  ];
  return { kind: 'other', text: words.filter((word) => word !== null).join(' ') };
}

function osf(body: Json): Expression {
  const ttl = text(body, 'ttl');
  return { kind: 'other', text: `osf ${ttl === null ? '' : `ttl ${ttl} `}${text(body, 'key') ?? 'name'}` };
}

function mapOf(body: Json, style: Style): Expression | null {
  const key = expressionOf(prop(body, 'key'), 'plain');
  const map = key === null ? null : mapping(prop(body, 'data'), key, style);
  return key === null || map === null ? null : { kind: 'map', key, map };
}

const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['prefix', (body, style) => {
    const [address, length] = [expressionOf(prop(body, 'addr'), style), number(body, 'len')];
    return address === null || length === null ? null : { kind: 'prefix', address, length };
  }],
  ['range', (body, style) => {
    const [from, to] = list(body).map((one) => expressionOf(one, style));
    return from && to ? { kind: 'range', from, to } : null;
  }],
  ['concat', (body, style) => {
    const parts = all(list(body), (at) => part(style, at));
    return parts === null ? null : { kind: 'concat', parts };
  }],
  ['set', (body, style) => {
    const elements = elementsOf(list(body), style, 'plain');
    return elements === null ? null : { kind: 'set', elements };
  }],
  ['map', mapOf],
  ...(['&', '|', '^', '<<', '>>'] as const).map((op): [string, Reader] => [op, binary(op)]),
  ['payload', payload],
  ['exthdr', (body) => {
    const header = text(body, 'name');
    return header === null ? null : { kind: 'exthdr', header, field: text(body, 'field') };
  }],
  ['tcp option', tcpOption],
  ['ip option', (body) => ({ kind: 'ip-option', option: text(body, 'name') ?? '', field: text(body, 'field') })],
  ['sctp chunk', (body) => ({ kind: 'sctp-chunk', chunk: text(body, 'name') ?? '', field: text(body, 'field') })],
  ['dccp option', (body) => ({ kind: 'other', text: `dccp option ${String(number(body, 'type') ?? 0)}` })],
  ['meta', (body) => ({ kind: 'meta', key: text(body, 'key') ?? '' })],
  ['ct', ct],
  ['rt', (body) => ({ kind: 'rt', key: text(body, 'key') ?? '', family: familyOf(text(body, 'family')) })],
  ['socket', (body) => ({ kind: 'socket', key: text(body, 'key') ?? '' })],
  ['fib', (body) => ({ kind: 'fib', flags: texts(prop(body, 'flags')), result: text(body, 'result') ?? '' })],
  ['numgen', (body) => {
    const modulus = number(body, 'mod');
    const mode = text(body, 'mode') === 'inc' ? 'inc' : 'random';
    return modulus === null ? null : { kind: 'numgen', mode, modulus, offset: number(body, 'offset') ?? 0 };
  }],
  ['jhash', hash('jhash')],
  ['symhash', hash('symhash')],
  ['osf', osf],
  ['ipsec', ipsec],
]); // prettier-ignore

/** An expression; null for what is not known. @param style how immediate values are written */
export function expressionOf(value: Json, style: Style): Expression | null {
  if (Array.isArray(value)) {
    const items = all(value, () => style);
    if (items === null || items.length === 0) return null;
    return items.length === 1 ? (items[0] ?? null) : { kind: 'list', items };
  }
  const tag = tagged(value);
  if (tag === null) return immediate(value, style);
  return READERS.get(tag[0])?.(tag[1], style) ?? null;
}

const VERDICTS = ['accept', 'drop', 'continue', 'return'] as const;

/** A verdict; null for what is none. */
export function verdictOf(value: Json): Verdict | null {
  const [name, body] = tagged(value) ?? ['', null];
  const kind = VERDICTS.find((one) => one === name);
  if (kind !== undefined) return { kind };
  const chain = text(body, 'target');
  return (name === 'jump' || name === 'goto') && chain !== null ? { kind: name, chain } : null;
}

/** Seconds as nft prints them: `1d2h3m4s`. */
export function duration(seconds: number): string {
  const units = [['d', 86400], ['h', 3600], ['m', 60], ['s', 1]] as const; // prettier-ignore
  let rest = seconds;
  const words = units.map(([unit, size]) => {
    const count = Math.floor(rest / size);
    rest -= count * size;
    return count === 0 ? '' : `${String(count)}${unit}`;
  });
  return words.join('') || '0s';
}

/** Options of an element, apart from statements, as text has them. */
export function optionsOf(body: Json): string {
  const time = (key: string): string[] => {
    const seconds = number(body, key);
    return seconds === null ? [] : [`${key} ${duration(seconds)}`];
  };
  const comment = text(body, 'comment');
  return [...time('timeout'), ...time('expires'), ...(comment === null ? [] : [`comment "${comment}"`])].join(
    ' ',
  );
}

/** An element of a set or map; null for one that is not known. @param options what an element has behind its key */
export function elementOf(
  value: Json,
  keys: Style,
  data: Style,
  options: (body: Json) => string = optionsOf,
): Element | null {
  const pair: readonly Json[] | null = Array.isArray(value) && value.length === 2 ? value : null;
  const key = pair === null ? value : pair[0];
  const elem = prop(key, 'elem');
  const own = expressionOf(elem === undefined ? key : prop(elem, 'val'), keys);
  const given = pair === null ? null : (verdictOf(pair[1]) ?? expressionOf(pair[1], data));
  if (own === null || (pair !== null && given === null)) return null;
  return { key: own, value: given, rest: elem === undefined ? '' : options(elem) };
}

/** Elements of a set or map; null when one of them is not known. */
export function elementsOf(values: readonly Json[], keys: Style, data: Style): readonly Element[] | null {
  const elements = values.map((value) => elementOf(value, keys, data));
  return elements.every((one) => one !== null) ? elements : null;
}

/** What stands behind `map` and `vmap`: a name, or a set of pairs whose keys are written as the key's values are. */
export function mapping(data: Json, key: Expression, values: Style = 'plain'): Expression | null {
  const name = textOf(data);
  if (name !== null) return immediate(name, 'plain');
  const elements = elementsOf(list(prop(data, 'set')), styleOf(key), values);
  return elements === null ? null : { kind: 'set', elements };
}
