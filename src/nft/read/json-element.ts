/** Elements of named sets in `nft -j`, which may carry statements (src/json.c set_elem_expr_json of nftables). */
import type { Element } from '../model.js';
import { printStateless } from '../print-statement.js';
import { elementOf, optionsOf } from './json-expression.js';
import type { Style } from './json-expression.js';
import { statementOf } from './json-statement.js';
import { type Json, prop } from './json-value.js';

/** Statements that an element may have, in the order in which they are looked for. */
const STATEMENTS = ['counter', 'limit', 'quota', 'ct count', 'last'];

function statementTexts(body: Json): readonly string[] {
  return STATEMENTS.flatMap((name) => {
    const found = prop(body, name);
    const statement = found === undefined ? null : statementOf({ [name]: found });
    if (statement === null) return [];
    // An element shows its counter also when nothing was counted.
    return statement.kind === 'counter'
      ? [`counter packets ${String(statement.packets)} bytes ${String(statement.bytes)}`]
      : [printStateless(statement)];
  });
}

function options(body: Json): string {
  return [...statementTexts(body), optionsOf(body)].filter((text) => text !== '').join(' ');
}

/** An element of a named set or map, written as text has it; null for one that is not known. */
export function setElementOf(value: Json, keys: Style, data: Style): Element | null {
  return elementOf(value, keys, data, options);
}
