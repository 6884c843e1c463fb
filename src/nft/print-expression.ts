/** Expressions and elements as nft prints them (src/expression.c, src/payload.c, src/meta.c, src/ct.c of nftables). */
import type { Element, Expression, Verdict } from './model.js';
import { hasFlags } from './read/make.js';

type Of<K extends Expression['kind']> = Extract<Expression, { kind: K }>;

/** nft leaves out `meta` before these (src/meta.c meta_key_is_unqualified). */
const UNQUALIFIED: ReadonlySet<string> = new Set([
  'iif',
  'oif',
  'iifname',
  'oifname',
  'iifgroup',
  'oifgroup',
]);

const TIGHT = { '|': 1, '^': 2, '&': 3, '<<': 4, '>>': 4 } as const;

function words(...parts: readonly (string | null)[]): string {
  return parts.filter((part) => part !== null && part !== '').join(' ');
}

function operand(expression: Expression, op: Of<'binary'>['op'], isRight: boolean): string {
  // Flags in a mask stand between strokes, where commas may not.
  const text =
    expression.kind === 'list'
      ? expression.items.map(printExpression).join(' | ')
      : printExpression(expression);
  const loose =
    expression.kind === 'list'
      ? TIGHT['|'] <= TIGHT[op]
      : expression.kind === 'binary' &&
        (isRight ? TIGHT[expression.op] <= TIGHT[op] : TIGHT[expression.op] < TIGHT[op]);
  return loose ? `(${text})` : text;
}

function hash({ kind, of, modulus, seed, offset }: Of<'jhash' | 'symhash'>): string {
  return words(
    kind,
    of === null ? null : printExpression(of),
    `mod ${String(modulus)}`,
    seed === null ? null : `seed 0x${seed.toString(16)}`,
    offset === 0 ? null : `offset ${String(offset)}`,
  );
}

function fields(expression: Of<'exthdr' | 'tcp-option' | 'ip-option' | 'sctp-chunk'>): string {
  const { field } = expression;
  switch (expression.kind) {
    case 'exthdr':
      return field === null ? `exthdr ${expression.header}` : `${expression.header} ${field}`;
    case 'tcp-option':
      return words('tcp option', expression.option, field);
    case 'ip-option':
      return words('ip option', expression.option, field);
    case 'sctp-chunk':
      return words('sctp chunk', expression.chunk, field);
  }
}

/** A set that stands in a rule. */
function set(elements: readonly Element[]): string {
  return elements.length === 0 ? '{ }' : `{ ${elements.map(printElement).join(', ')} }`;
}

/** An expression without what stands around it. */
export function printExpression(expression: Expression): string {
  switch (expression.kind) {
    case 'word':
    case 'other':
      return expression.text;
    case 'string':
      return `"${expression.text}"`;
    case 'prefix':
      return `${printExpression(expression.address)}/${String(expression.length)}`;
    case 'range':
      return `${printExpression(expression.from)}-${printExpression(expression.to)}`;
    case 'set':
      return set(expression.elements);
    case 'set-name':
      return `@${expression.name}`;
    case 'list':
      return expression.items.map(printExpression).join(',');
    case 'concat':
      return expression.parts.map(printExpression).join(' . ');
    case 'binary':
      return `${operand(expression.left, expression.op, false)} ${expression.op} ${operand(expression.right, expression.op, true)}`;
    case 'map':
      return `${printExpression(expression.key)} map ${printExpression(expression.map)}`;
    case 'payload':
      return `${expression.protocol} ${expression.field}`;
    case 'raw-payload':
      return `@${expression.base},${String(expression.offset)},${String(expression.length)}`;
    case 'exthdr':
    case 'tcp-option':
    case 'ip-option':
    case 'sctp-chunk':
      return fields(expression);
    case 'meta':
      return UNQUALIFIED.has(expression.key) ? expression.key : `meta ${expression.key}`;
    case 'ct':
      return words('ct', expression.direction, expression.family, expression.key);
    case 'rt':
      return words('rt', expression.family, expression.key);
    case 'socket':
      return `socket ${expression.key}`;
    case 'fib':
      return `fib ${expression.flags.join(' . ')} ${expression.result}`;
    case 'numgen': {
      const { mode, modulus, offset } = expression;
      return words(`numgen ${mode} mod ${String(modulus)}`, offset === 0 ? null : `offset ${String(offset)}`);
    }
    case 'jhash':
    case 'symhash':
      return hash(expression);
  }
}

export function printVerdict(verdict: Verdict): string {
  return 'chain' in verdict ? `${verdict.kind} ${verdict.chain}` : verdict.kind;
}

/** Verdicts and expressions are told apart by what only verdicts are. */
export function isVerdict(value: Expression | Verdict): value is Verdict {
  return ['accept', 'drop', 'continue', 'return', 'jump', 'goto'].includes(value.kind);
}

export function printData(value: Expression | Verdict): string {
  return isVerdict(value) ? printVerdict(value) : printExpression(value);
}

export function printElement({ key, value, rest }: Element): string {
  // A comma would end the element.
  const own = key.kind === 'list' ? key.items.map(printExpression).join(' | ') : printExpression(key);
  return words(own, rest, value === null ? null : `: ${printData(value)}`);
}

/** `tcp flags syn / syn,ack` for flags under a mask; null for any other comparison. */
export function printMasked(left: Expression, op: string, right: Expression): string | null {
  if (left.kind !== 'binary' || left.op !== '&' || !hasFlags(left.left)) return null;
  if (op !== '==' && op !== '!=') return null;
  const symbolic = [right, left.right].every((side) =>
    (side.kind === 'list' ? side.items : [side]).every(
      (one) => one.kind === 'word' && !/^0x0*$|^0$/u.test(one.text),
    ),
  );
  if (!symbolic) return null;
  return words(
    printExpression(left.left),
    op === '==' ? null : op,
    printExpression(right),
    '/',
    printExpression(left.right),
  );
}
