/** What the expressions and statements of native rules are called where a run counts them. */
import type { Expression, Statement } from '../../../../src/nft/model.js';

/** Constants have no name: what they are compared with says what was asked. */
function ownName(expression: Expression): string | null {
  switch (expression.kind) {
    case 'payload':
      return `${expression.protocol} ${expression.field}`;
    case 'raw-payload':
      return `@${expression.base}`;
    case 'exthdr':
      return expression.field === null
        ? `exthdr ${expression.header}`
        : `${expression.header} ${expression.field}`;
    case 'tcp-option':
    case 'ip-option':
      return `${expression.kind.replace('-', ' ')} ${expression.option}`;
    case 'sctp-chunk':
      return `sctp chunk ${expression.chunk}`;
    case 'ct':
      return ['ct', expression.direction, expression.key].filter((part) => part !== null).join(' ');
    case 'meta':
    case 'rt':
    case 'socket':
      return `${expression.kind} ${expression.key}`;
    case 'fib':
      return `fib ${expression.flags.join(' . ')} ${expression.result}`;
    case 'numgen':
      return `numgen ${expression.mode}`;
    case 'jhash':
    case 'symhash':
    case 'map':
      return expression.kind;
    case 'concat':
      return 'concatenation';
    case 'binary':
      return `a ${expression.op} b`;
    case 'set':
      return 'anonymous set';
    case 'set-name':
      return 'named set';
    case 'range':
    case 'prefix':
      return expression.kind;
    default:
      return null;
  }
}

function partsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'concat':
      return expression.parts;
    case 'binary':
      return [expression.left, expression.right];
    case 'map':
      return [expression.key, expression.map];
    case 'jhash':
      return expression.of === null ? [] : [expression.of];
    default:
      return [];
  }
}

/** The expression and all that it is made of, each once. */
export function namesOf(expressions: readonly Expression[]): ReadonlySet<string> {
  const names = new Set<string>();
  const todo = [...expressions];
  for (let one = todo.pop(); one !== undefined; one = todo.pop()) {
    const name = ownName(one);
    if (name !== null) names.add(name);
    todo.push(...partsOf(one));
  }
  return names;
}

/** The expressions by which a statement decides whether its rule goes on; none where it does not. */
export function askedBy(statement: Statement): readonly Expression[] {
  if (statement.kind === 'match') return [statement.left, statement.right];
  return statement.kind === 'vmap' ? [statement.key, statement.map] : [];
}

/** The expressions whose value a statement uses. */
export function usedBy(statement: Statement): readonly Expression[] {
  if (statement.kind === 'set') return [statement.value];
  if (statement.kind === 'dynamic-set') return [statement.key];
  const nat = 'address' in statement ? statement.address : null;
  return nat === null ? [] : [nat];
}

/** Null for a match, which does nothing. */
export function statementName(statement: Statement): string | null {
  switch (statement.kind) {
    case 'match':
      return null;
    case 'verdict':
      return statement.verdict.kind;
    case 'set':
      return `${ownName(statement.key) ?? statement.key.kind} set`;
    case 'reject':
      return statement.type === null ? 'reject' : `reject with ${statement.type}`;
    case 'dynamic-set':
      return `${statement.action} @set`;
    case 'object':
      return `${statement.type} object`;
    case 'ct-count':
      return 'ct count';
    case 'flow':
      return 'flow add';
    case 'strip-option':
      return 'reset tcp option';
    case 'xt':
      return `xt ${statement.type}`;
    default:
      return statement.kind;
  }
}
