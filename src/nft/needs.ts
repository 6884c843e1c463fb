/** Which rules make the kernel track connections: those whose parts call nf_ct_netns_get when they are loaded. */
import type { Family } from '../address/address.js';
import type { Element, Expression, NftRule, NftTable, Statement, Verdict } from './model.js';
import { isVerdict } from './print-expression.js';

function* ofElement({ key, value }: Element): Iterable<Expression> {
  yield key;
  if (value !== null && !isVerdict(value)) yield value;
}

/** The expressions within an expression, one level down. */
function* within(expression: Expression): Iterable<Expression> {
  switch (expression.kind) {
    case 'binary':
      yield* [expression.left, expression.right];
      break;
    case 'concat':
      yield* expression.parts;
      break;
    case 'list':
      yield* expression.items;
      break;
    case 'map':
      yield* [expression.key, expression.map];
      break;
    case 'set':
      for (const element of expression.elements) yield* ofElement(element);
      break;
    case 'jhash':
    case 'symhash':
      if (expression.of !== null) yield expression.of;
      break;
    default:
  }
}

/** Does the expression read the packet's connection? */
function readsConnection(expression: Expression): boolean {
  const todo = [expression];
  for (let one = todo.pop(); one !== undefined; one = todo.pop()) {
    if (one.kind === 'ct') return true;
    for (const part of within(one)) todo.push(part);
  }
  return false;
}

function partsOf(value: Expression | Verdict | null): readonly Expression[] {
  return value === null || isVerdict(value) ? [] : [value];
}

/** The expressions of a statement that are evaluated for a packet. */
function expressionsOf(statement: Statement): readonly Expression[] {
  switch (statement.kind) {
    case 'match':
      return [statement.left, statement.right];
    case 'vmap':
      return [statement.key, statement.map];
    case 'set':
      return [statement.key, statement.value];
    case 'queue':
      return partsOf(statement.to);
    case 'tproxy':
      return [...partsOf(statement.address), ...partsOf(statement.port)];
    case 'dup':
    case 'fwd':
      return [...partsOf(statement.address), ...partsOf(statement.device)];
    case 'dynamic-set':
      return [statement.key, ...partsOf(statement.value)];
    case 'object':
      return [statement.name];
    default:
      return [];
  }
}

/** Objects whose making asks for conntrack (nft_ct.c, nft_synproxy.c). */
const TRACKING_OBJECTS: ReadonlySet<string> = new Set([
  'ct helper',
  'ct timeout',
  'ct expectation',
  'synproxy',
]);

function needs(statement: Statement, family: Family): boolean {
  switch (statement.kind) {
    case 'snat':
    case 'dnat':
    case 'masquerade':
    case 'redirect':
      // Of an inet table, `dnat ip to` asks for the conntrack of its own family alone (nft_nat_init).
      return statement.family === null || (statement.family === 'ip') === (family === 4);
    case 'ct-count':
    case 'synproxy':
    case 'flow':
      return true;
    case 'dynamic-set':
      if (statement.statements.some((one) => needs(one, family))) return true;
      break;
    case 'object':
      if (TRACKING_OBJECTS.has(statement.type)) return true;
      break;
    default:
  }
  return expressionsOf(statement).some(readsConnection);
}

/** Does the rule make the kernel track connections of the family? */
export function ruleNeedsConntrack({ statements }: NftRule, family: Family): boolean {
  return statements.some((statement) => needs(statement, family));
}

/** Do the table's named objects? */
export function objectsNeedConntrack({ objects }: NftTable): boolean {
  return objects.some(({ type }) => TRACKING_OBJECTS.has(type));
}

/** Has the rule a part that nobody could read? It may need conntrack. */
export function ruleMayNeedConntrack({ statements }: NftRule): boolean {
  return statements.some(({ kind }) => kind === 'opaque' || kind === 'xt');
}
