/** Expressions in a few words, for questions and reasons. */
import type { Expression } from './model.js';
import { printExpression } from './print-expression.js';

const SHOWN = 4;

/** As nft writes it, with a long set cut short. */
export function describe(expression: Expression): string {
  if (expression.kind === 'map') return `${describe(expression.key)} map ${describe(expression.map)}`;
  if (expression.kind !== 'set' || expression.elements.length <= SHOWN) return printExpression(expression);
  const shown = expression.elements.slice(0, SHOWN).map(({ key }) => printExpression(key));
  return `{ ${shown.join(', ')}, … }`;
}
