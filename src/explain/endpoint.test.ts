/** Addresses as answers write them. */
import { expect, it } from 'vitest';
import { aResult, anOutcome } from '../../test/support/result.js';
import { renderSummary } from './summary.js';

it('gives a packet of the node no address that the snapshot shows none of', () => {
  const nowhere = { ...anOutcome({}).final, src: '0.0.0.0' };
  const unseen = { code: 'ASM_SOURCE', params: {}, rule: null } as const;
  const texts = [[unseen], []].map((assumptions) =>
    renderSummary(aResult([anOutcome({ verdict: 'sent', final: nowhere, assumptions })])),
  );
  expect(texts[0]).toMatch(/ as \*:\d+ > /);
  expect(texts[0]).toMatch(/why \* /);
  expect(texts[1]).toMatch(/ as 0\.0\.0\.0:\d+ > /);
});
