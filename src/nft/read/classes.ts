/** Classes of traffic control (`1:20`), which look like a key with its data. */
import type { Element, Expression } from '../model.js';

/** The expressions with a colon between them in place of two values. */
function joined(left: Expression, right: Expression): Expression | null {
  const [before, after] = [partsOf(left), partsOf(right)];
  const [last, first] = [before.at(-1), after[0]];
  if (last?.kind !== 'word' || first?.kind !== 'word') return null;
  const whole: Expression = { kind: 'word', text: `${last.text}:${first.text}` };
  const parts = [...before.slice(0, -1), whole, ...after.slice(1)];
  return parts.length === 1 ? whole : { kind: 'concat', parts };
}

function partsOf(expression: Expression): readonly Expression[] {
  return expression.kind === 'concat' ? expression.parts : [expression];
}

/** Elements of a set, which gives no data: what a colon divides is one value. */
export function withoutData(elements: readonly Element[]): readonly Element[] {
  if (elements.every(({ value }) => value === null)) return elements;
  return elements.map((element) => {
    const { key, value } = element;
    const whole = value?.kind === 'word' || value?.kind === 'concat' ? joined(key, value) : null;
    return whole === null ? element : { ...element, key: whole, value: null };
  });
}
