import { describe, expect, it } from 'vitest';
import { finding, isMessageId } from '../explain/messages/index.js';
import { lint as words } from '../explain/messages/en/lint.js';
import { lintVpc } from '../explain/messages/en/lint-vpc.js';
import { LINT_RULES } from './registry.js';

describe('the registry', () => {
  const codes = LINT_RULES.flatMap((rule) => rule.codes);

  it('has each code once, and words for it that say why and what to do', () => {
    expect(new Set(codes).size).toBe(codes.length);
    expect(codes.filter((code) => !isMessageId(code) || finding(code) === null)).toEqual([]);
  });

  it('has a rule for each finding of the catalogue', () => {
    const told = Object.entries({ ...words, ...lintVpc }).flatMap(([id, entry]) =>
      typeof entry === 'string' ? [] : [id],
    );
    expect(told.filter((id) => !codes.includes(id))).toEqual([]);
  });
});
