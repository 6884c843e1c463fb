/** Parts of statements in the one form that the model has for them, whether text or JSON said them. */
import type { Comparison, Element, Expression, Statement, Verdict } from '../model.js';
import { withoutData } from './classes.js';

type Kind<K extends Statement['kind']> = Extract<Statement, { kind: K }>;

/** `log`'s options in the order in which nft prints them (src/statement.c log_stmt_print). */
export function log(options: readonly (readonly [string, string | readonly string[]])[]): Kind<'log'> {
  const one = (key: string): string[] => {
    const value = options.findLast(([other]) => other === key)?.[1];
    if (typeof value !== 'string') return [];
    return [key === 'prefix' ? `prefix "${value}"` : `${key} ${value}`];
  };
  const flags = options.flatMap(([key, value]) =>
    key === 'flags' && typeof value !== 'string' ? value : [],
  );
  const tcp = ['sequence', 'options'].filter((word) => flags.includes(`tcp ${word}`));
  const others = ['ip options', 'skuid', 'ether', 'all'].filter((word) => flags.includes(word));
  const words = [
    ...['prefix', 'group', 'snaplen', 'queue-threshold', 'level'].flatMap(one),
    ...(tcp.length === 0 ? [] : [`flags tcp ${tcp.join(',')}`]),
    ...others.map((word) => `flags ${word}`),
  ];
  return { kind: 'log', text: words.join(' ') };
}

interface LimitParts {
  readonly over: boolean;
  readonly rate: number;
  readonly unit: string | null;
  readonly per: string;
  readonly burst: { readonly amount: number; readonly unit: string } | null;
}

/** What nft prints behind `limit rate over`. A burst of 5 packets, or of no bytes, is the default and is not said. */
export function limit({ over, rate, unit, per, burst }: LimitParts): Kind<'limit'> {
  const packets = unit === null || unit === 'packets';
  const amount = `${String(rate)}${packets ? '' : ` ${unit}`}/${per}`;
  const usual = burst === null || burst.amount === (packets ? 5 : 0);
  const text = usual ? amount : `${amount} burst ${String(burst.amount)} ${burst.unit}`;
  return { kind: 'limit', over, text };
}

interface Bytes {
  readonly value: number | string;
  readonly unit: string;
}

/** What nft prints behind `quota over`. */
export function quota({
  over,
  value,
  unit,
  used,
}: Bytes & { readonly over: boolean; readonly used: Bytes | null }): Kind<'quota'> {
  const text = `${String(value)} ${unit}`;
  return {
    kind: 'quota',
    over,
    text:
      used === null || Number(used.value) === 0 ? text : `${text} used ${String(used.value)} ${used.unit}`,
  };
}

/** Flags of NAT in nft's order. */
export function natFlags(flags: readonly string[]): readonly string[] {
  return ['random', 'fully-random', 'persistent'].filter((flag) => flags.includes(flag));
}

export function queueFlags(flags: readonly string[]): readonly string[] {
  return ['bypass', 'fanout'].filter((flag) => flags.includes(flag));
}

type Action = Kind<'dynamic-set'>['action'];

/** @param parts options of the element as words, and statements beside it */
export function dynamic(
  action: Action,
  set: string,
  key: Expression,
  parts: readonly (string | Statement)[],
  value: Expression | Verdict | null,
): Statement {
  return {
    kind: 'dynamic-set',
    action,
    set,
    key,
    statements: parts.filter((part) => typeof part !== 'string'),
    value,
    rest: parts.filter((part) => typeof part === 'string').join(' '),
  };
}

/** Does it ask something of the packet? */
export function isSelector(expression: Expression): boolean {
  switch (expression.kind) {
    case 'word':
    case 'string':
    case 'prefix':
    case 'range':
    case 'set':
    case 'set-name':
    case 'list':
      return false;
    case 'concat':
      return expression.parts.every(isSelector);
    case 'binary':
      return isSelector(expression.left) || isSelector(expression.right);
    case 'map':
      return isSelector(expression.key);
    default:
      return true;
  }
}

/** Keys whose values are flags: a word right behind them asks for any, `==` for exactly these. */
export function hasFlags(expression: Expression): boolean {
  if (expression.kind === 'ct') return ['state', 'status', 'label', 'event'].includes(expression.key);
  return expression.kind === 'payload' && expression.protocol === 'tcp' && expression.field === 'flags';
}

function isFlagWord({ kind }: Expression): boolean {
  return kind === 'word';
}

/** `fin | syn` of flags as `fin,syn`. */
function flagList(expression: Expression): Expression {
  const words: Expression[] = [];
  let rest = expression;
  while (rest.kind === 'binary' && rest.op === '|') {
    words.unshift(rest.right);
    rest = rest.left;
  }
  if (words.length === 0 || ![rest, ...words].every(isFlagWord)) return expression;
  return { kind: 'list', items: [rest, ...words] };
}

/** A comparison in its one form: see `match` in the model. */
export function match(left: Expression, op: Comparison | 'implicit', compared: Expression): Statement {
  const right =
    compared.kind === 'set' ? { ...compared, elements: withoutData(compared.elements) } : compared;
  if (left.kind === 'binary') {
    const flags = left.op === '&' && hasFlags(left.left);
    return {
      kind: 'match',
      left: flags ? { ...left, right: flagList(left.right) } : left,
      op: op === 'implicit' ? '==' : op,
      right: flags ? flagList(right) : right,
    };
  }
  const isSet = right.kind === 'set' || right.kind === 'set-name';
  if (hasFlags(left) && !isSet) return { kind: 'match', left, op, right: flagList(right) };
  return { kind: 'match', left, op: op === '==' ? 'implicit' : op, right };
}

/** What stands behind the key of a statement that begins with an expression. */
export type Tail =
  | { readonly kind: 'vmap'; readonly map: Expression }
  | { readonly kind: 'set'; readonly value: Expression }
  | {
      readonly kind: 'match';
      readonly op: Comparison | 'implicit';
      readonly right: Expression;
      readonly mask: Expression | null;
    };

/** A statement that begins with an expression. */
export function matching(left: Expression, tail: Tail): Statement {
  if (tail.kind === 'vmap') return { kind: 'vmap', key: left, map: tail.map };
  if (tail.kind === 'set') return { kind: 'set', key: left, value: tail.value };
  if (tail.mask === null) return match(left, tail.op, tail.right);
  return match({ kind: 'binary', op: '&', left, right: tail.mask }, tail.op, tail.right);
}

/** Sets within a set come of variables: their elements are the set's own. */
export function flat(elements: readonly Element[]): readonly Element[] {
  return elements.flatMap((element) =>
    element.key.kind === 'set' && element.value === null ? element.key.elements : element,
  );
}

/** Names that the grammar calls; a grammar is not typed. */
export type Make = Readonly<Record<string, unknown>>;

/** What the grammar builds statements with. */
export const MAKE: Make = { log, limit, quota, natFlags, queueFlags, dynamic, isSelector, matching, flat };
