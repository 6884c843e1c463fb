/** Words, numbers, ranges and flags of rules and sets as intervals of a data type. */
import type { DataType, Interval } from './datatype.js';
import type { Expression } from './model.js';

function combined(
  left: Interval | null,
  right: Interval | null,
  join: (a: bigint, b: bigint) => bigint,
): Interval | null {
  if (left?.from !== left?.to || right?.from !== right?.to || left === null || right === null) return null;
  const value = join(left.from, right.from);
  return { from: value, to: value };
}

/** A listed connection label is the number of its bit. */
function word(text: string, type: DataType): Interval | null {
  const found = type.parse(text);
  if (type.name !== 'ct_label' || found === null || /^0x/iu.test(text) || found.from > 127n) return found;
  const bit = 1n << found.from;
  return { from: bit, to: bit };
}

function prefixInterval(
  { address, length }: Extract<Expression, { kind: 'prefix' }>,
  type: DataType,
): Interval | null {
  const base = intervalOf(address, type);
  if (base === null || length > type.bits) return null;
  const host = (1n << BigInt(type.bits - length)) - 1n;
  return { from: base.from & ~host, to: base.from | host };
}

function binaryInterval(
  { op, left, right }: Extract<Expression, { kind: 'binary' }>,
  type: DataType,
): Interval | null {
  const [a, b] = [intervalOf(left, type), intervalOf(right, type)];
  const all = (1n << BigInt(type.bits)) - 1n;
  switch (op) {
    case '|':
      return combined(a, b, (x, y) => x | y);
    case '&':
      return combined(a, b, (x, y) => x & y);
    case '^':
      return combined(a, b, (x, y) => x ^ y);
    case '<<':
      return combined(a, b, (x, y) => (y > 128n ? 0n : (x << y) & all));
    case '>>':
      return combined(a, b, (x, y) => x >> y);
  }
}

/** The values that an expression without the packet stands for; null when it is none of the type's. */
export function intervalOf(expression: Expression, type: DataType): Interval | null {
  switch (expression.kind) {
    case 'word':
    case 'string':
      return word(expression.text, type);
    case 'prefix':
      return prefixInterval(expression, type);
    case 'range': {
      const from = intervalOf(expression.from, type);
      const to = intervalOf(expression.to, type);
      return from === null || to === null || from.from > to.to ? null : { from: from.from, to: to.to };
    }
    case 'list':
      return expression.items
        .map((item) => intervalOf(item, type))
        .reduce((a, b) => combined(a, b, (x, y) => x | y), { from: 0n, to: 0n });
    case 'binary':
      return binaryInterval(expression, type);
    default:
      return null;
  }
}

/** One interval for each part of a concatenation; null when one of them is not readable. */
export function intervalsOf(expression: Expression, types: readonly DataType[]): readonly Interval[] | null {
  const parts = expression.kind === 'concat' ? expression.parts : [expression];
  if (parts.length !== types.length) return null;
  const intervals: Interval[] = [];
  for (const [at, part] of parts.entries()) {
    const type = types[at];
    const interval = type === undefined ? null : intervalOf(part, type);
    if (interval === null) return null;
    intervals.push(interval);
  }
  return intervals;
}

/** Does the expression hang on nothing but its words? */
export function isConstant(expression: Expression): boolean {
  switch (expression.kind) {
    case 'word':
    case 'string':
      return true;
    case 'prefix':
      return isConstant(expression.address);
    case 'range':
      return isConstant(expression.from) && isConstant(expression.to);
    case 'list':
      return expression.items.every(isConstant);
    case 'concat':
      return expression.parts.every(isConstant);
    case 'binary':
      return isConstant(expression.left) && isConstant(expression.right);
    default:
      return false;
  }
}
