/** Comparisons of a rule: does one hold for the packet (net/netfilter/nft_cmp.c, nft_range.c, nft_lookup.c)? */
import { type Ternary, allOf, invertIf, unsure } from '../chooser/question.js';
import type { Reason } from '../iptables/extension.js';
import { intervalsOf, isConstant } from './constant.js';
import { entryOf } from './ct.js';
import { type DataType, type Interval, dataType } from './datatype.js';
import { describe } from './describe.js';
import { evaluate, isAbsent, scopeOf } from './evaluate.js';
import { fibPresent } from './fib.js';
import { holds, lookupOf } from './lookup.js';
import type { Expression, Statement } from './model.js';
import { typesOf } from './type-of.js';
import { type Value, anyOf, printValue, within } from './value.js';
import type { NftContext } from './world.js';

type Match = Extract<Statement, { kind: 'match' }>;

/** `missing` and `exists`; `nft -n` prints them as 0 and 1, and devices by their names all the same. */
const PRESENCE: ReadonlySet<string> = new Set(['missing', 'exists', '0', '1']);

function asksForPresence({ left, right }: Match): boolean {
  return left.kind === 'fib' && left.result !== 'type' && right.kind === 'word' && PRESENCE.has(right.text);
}

function leftTypes(match: Match, context: NftContext): readonly DataType[] {
  const boolean = dataType('boolean');
  if (asksForPresence(match) && boolean !== null) return [boolean];
  return typesOf(match.left, scopeOf(context));
}

function leftValue(match: Match, types: readonly DataType[], context: NftContext): Value {
  const { left } = match;
  if (left.kind === 'fib' && asksForPresence(match)) return fibPresent(left, context);
  return evaluate(left, context, types);
}

/** `ct label X`: labels are asked for one by one. */
function labelHolds({ op, right }: Match, context: NftContext): Ternary | null {
  const words = right.kind === 'list' ? right.items : [right];
  if (op !== 'implicit') return null;
  const answers: Ternary[] = [];
  for (const word of words) {
    if (word.kind !== 'word' && word.kind !== 'string') return null;
    const label = word.text;
    const has = context.world.connectionLabel?.(label, false) ?? null;
    answers.push(has ?? unsure(`connection has label ${label}`, 'UNK_LABEL', { label }));
  }
  // Any of them is enough.
  return invertIf(true, allOf(answers.map((answer) => invertIf(true, answer))));
}

function bounded(op: '<' | '<=' | '>' | '>=', { from, to }: Interval, { bits }: DataType): Interval {
  const top = (1n << BigInt(bits)) - 1n;
  if (op === '<') return { from: 0n, to: from - 1n };
  if (op === '<=') return { from: 0n, to };
  return { from: op === '>' ? to + 1n : from, to: top };
}

function inAll(value: Value, intervals: readonly Interval[], types: readonly DataType[]): Ternary {
  const parts = value.kind === 'tuple' ? value.parts : [value];
  return allOf(
    intervals.map((interval, at): Ternary => {
      const [part, type] = [parts[at], types[at]];
      return part !== undefined && type !== undefined && within(part, interval, type);
    }),
  );
}

/** Two values that both hang on the packet. */
function sameValue(left: Value, right: Value, statement: Match): Ternary {
  if (isAbsent(right)) return false;
  if (left.kind === 'exact' && right.kind === 'exact')
    return (left.value === right.value) !== (statement.op === '!=');
  const text = `${describe(statement.left)} ${statement.op} ${describe(statement.right)}`;
  return unsure(text, 'UNK_NFT_COMPARE', { text });
}

/**
 * nft lists `meta mark & 0x80000000 == 0x1` as the prefix `0x00000001/1`. What is left of a value under a mask never has
 * bits beside the mask.
 */
function isUnreachable(right: Expression, types: readonly DataType[]): boolean {
  if (right.kind !== 'prefix') return false;
  const [written] = intervalsOf(right.address, types) ?? [];
  const [network] = intervalsOf(right, types) ?? [];
  return written !== undefined && network !== undefined && written.from !== network.from;
}

function compare(value: Value, types: readonly DataType[], statement: Match): Ternary {
  const { op, right } = statement;
  const [type] = types;
  const intervals = intervalsOf(right, types);
  const [only] = intervals ?? [];
  if (intervals === null || type === undefined || only === undefined) {
    const text = `${describe(statement.left)} ${op === 'implicit' ? '' : `${op} `}${describe(right)}`;
    return unsure(text, 'UNK_NFT_COMPARE', { text });
  }
  if (isUnreachable(right, types)) return op === '!=';
  switch (op) {
    case 'implicit':
      if (type.flags && only.from === only.to) return anyOf(value, only.from, type);
      return inAll(value, intervals, types);
    case '==':
      return inAll(value, intervals, types);
    case '!=':
      return invertIf(true, inAll(value, intervals, types));
    case '!':
      return invertIf(true, anyOf(value, only.from, type));
    default:
      return within(value, bounded(op, only, type), type);
  }
}

/** Does the comparison hold? A value that the packet does not have is a no, whatever is asked of it. */
export function matchHolds(statement: Match, context: NftContext): Ternary {
  const { left, op, right } = statement;
  if (left.kind === 'ct' && left.key === 'label') {
    if (entryOf(context) === null) return false;
    const label = labelHolds(statement, context);
    if (label !== null) return label;
  }
  const types = leftTypes(statement, context);
  const value = leftValue(statement, types, context);
  if (isAbsent(value)) return false;
  if (right.kind === 'set' || right.kind === 'set-name') {
    const lookup = lookupOf(right, types, context, scopeOf(context));
    const text = `${describe(left)} in ${describe(right)}`;
    const answer =
      lookup === null
        ? unsure(text, 'UNK_NFT_COMPARE', { text })
        : holds(lookup, value, context, op === '!=');
    return invertIf(op === '!=', answer);
  }
  if (!isConstant(right)) return sameValue(value, evaluate(right, context, types), statement);
  return compare(value, types, statement);
}

/** Why it does not hold. */
export function explainMatch(statement: Match, context: NftContext): Reason {
  const { left, op, right } = statement;
  const what = describe(left);
  const types = leftTypes(statement, context);
  const value = leftValue(statement, types, context);
  if (isAbsent(value)) return { code: 'NO_NFT_ABSENT', option: null, params: { what } };
  const wanted = op === 'implicit' || op === '==' ? describe(right) : `${op} ${describe(right)}`;
  return { code: 'NO_NFT', option: null, params: { what, has: printValue(value, types), wanted } };
}
