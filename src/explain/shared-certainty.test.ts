import { describe, expect, it } from 'vitest';
import { aResult, anOutcome } from '../../test/support/result.js';
import type { Assumption, Outcome } from '../packet/result.js';
import { renderSummary } from './summary.js';
import { renderText } from './text.js';

describe('what all outcomes rest on', () => {
  it('is said once, and the answers say it no more', () => {
    const everywhere = { code: 'ASM_NO_TABLE', params: { table: 'raw' }, rule: null };
    const own = (answer: string): Assumption => ({
      rule: null,
      code: 'UNK_MATCH',
      params: { name: 'bpf', text: '', answer },
    });
    const assumed = (yes: string): Outcome => ({
      ...anOutcome({ probability: null }),
      assumptions: [everywhere, own(yes)],
      path: [yes],
      reply: { ...anOutcome({ probability: null }), assumptions: [everywhere] },
    });
    for (const render of [renderText, renderSummary]) {
      const text = render(aResult([assumed('yes'), assumed('no')]));
      const [before = '', after = '', ...more] = text.split('table raw');
      expect(more).toEqual([]);
      expect(before.split('ASSUMES')).toHaveLength(4);
      expect(before).toMatch(/IN ALL OUTCOMES\n {2}ASSUMES {6}$/);
      expect(after).not.toContain('ASSUMES');
    }
  });
});
