import { expect, it } from 'vitest';
import { answerLines } from './blocks.js';
import { viewOf } from './view.js';

it.each([
  [20, ['[5] assumed', '  NO ROUTE', '  to 10.0.0.1']],
  [60, ['[5] assumed  NO ROUTE to 10.0.0.1']],
])('keeps number, word and rest of an outcome within %i columns', (width, lines) => {
  const answer = { word: 'NO ROUTE', meaning: 'bad', rest: 'to 10.0.0.1', reasons: [] } as const;
  expect(answerLines(answer, { ...viewOf(), width }, '[5] assumed  ')).toEqual(lines);
});
