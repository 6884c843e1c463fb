/** The Korean catalogue beside the English one: nothing missing, nothing invented, no particle that may be wrong. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Message } from './catalogue.js';
import { en } from './en/index.js';
import { type MessageId, describe as words, finding, message } from './index.js';
import { ko } from './ko/index.js';
import { koreanValue } from './ko/values.js';

const all = Object.keys(en) as MessageId[];

/** Those that have Korean words; that none lacks them is a test of its own. */
const ids = all.filter((id) => Object.hasOwn(ko, id));

const partsOf = (entry: Message): readonly string[] =>
  typeof entry === 'string' ? [entry] : [entry.text, entry.why, entry.do];

const placeholders = (text: string): readonly string[] => [
  ...new Set([...text.matchAll(/\{\w+\}/g)].map(([name]) => name)),
];

/** Ids whose words are kernel words, commands and parameters alone, the same in every language. */
const SAME: ReadonlySet<MessageId> = new Set<MessageId>([
  'CONNTRACK',
  'PATH_POLICY',
  'POLICY_RULE',
  'REROUTE',
  'ROUTE',
  'ROW_FORWARD_ON',
  'SHOW_SUMMARY_SETS',
  'SHOW_SUMMARY_SYSCTLS',
  'VIA',
  'WHY_POLICY_RULE',
  'WHY_ROUTE',
  'WITHOUT_MARK_TEXT',
  'ASSUMED_AT',
  'AS_FLOW',
  'AND',
  'CHANGED_FIELD',
  'CHANGED_HEAD',
  'CHANGED_mark',
  'CHANGED_via',
  'FLOW_STATE',
  'PAGE_FIELD_CTMARK',
  'PAGE_FIELD_MARK',
  'PAGE_FIELD_TOS',
  'PAGE_FIELD_TTL',
  'PAGE_FIELD_VIA',
  'WAY_END',
]);

/** Advice that is a command to copy. */
const isCommand = (text: string): boolean => /^natwalk [\x20-\x7e]+$/.test(text);

/**
 * A particle that hangs on the last sound of what stands before it, behind a parameter, whose last sound is not known.
 * A bracket takes the particle of the noun before it.
 */
const PARTICLE = /\}["'`]?(?:은|는|이|가|을|를|와|과|으로|로|이나|나|이라|라|이며|며)(?![가-힣])/u;

describe('the Korean catalogue', () => {
  it('has every id of the English one, and no other', () => {
    const missing = all.filter((id) => !Object.hasOwn(ko, id));
    expect(missing, `src/explain/messages/ko lacks: ${missing.join(', ')}`).toEqual([]);
    expect(Object.keys(ko).filter((id) => !Object.hasOwn(en, id))).toEqual([]);
  });

  it('has the same files', () => {
    const list = (language: string): string[] =>
      readdirSync(join(import.meta.dirname, language)).filter((name) => name !== 'values.ts');
    expect(list('ko')).toEqual(list('en'));
  });

  it('has its ids in the order of the English file', () => {
    for (const name of readdirSync(join(import.meta.dirname, 'en'))) {
      const idsOf = (language: string): string[] =>
        [
          ...readFileSync(join(import.meta.dirname, language, name), 'utf8').matchAll(/^ {2}'?([\w-]+)'?:/gm),
        ].map(([, id = '']) => id);
      expect(idsOf('ko'), name).toEqual(idsOf('en'));
    }
  });

  it.each(ids)('%s has the parts and the placeholders of the English words', (id) => {
    const english: Message = en[id];
    const korean: Message = ko[id];
    expect(typeof korean).toBe(typeof english);
    const given = (entry: Message): readonly (readonly string[])[] =>
      partsOf(entry).map((part) => [...placeholders(part)].sort());
    expect(given(korean)).toEqual(given(english));
    for (const part of partsOf(korean)) expect(part).toMatch(/^\S(?:[^]*\S)?$/u);
  });

  it('is Korean, but for kernel words and commands', () => {
    const foreign = ids.filter((id) =>
      partsOf(ko[id]).some((part) => !/[가-힣]/u.test(part) && !isCommand(part)),
    );
    expect([...foreign].sort()).toEqual([...SAME].sort());
  });

  it('leaves no particle that depends on how a parameter ends', () => {
    const wrong = ids.flatMap((id) =>
      partsOf(ko[id]).flatMap((part) => (PARTICLE.test(part) ? [`${id}: ${part}`] : [])),
    );
    expect(wrong).toEqual([]);
  });

  it('ends advice politely, and reasons in a full sentence', () => {
    const rude = ids.flatMap((id) => {
      const entry: Message = ko[id];
      if (typeof entry === 'string') return [];
      return [entry.why, entry.do].filter(
        (part) => !/(?:니다|시오)\.?$/u.test(part) && !isCommand(part) && !/: [^가-힣]+$/u.test(part),
      );
    });
    expect(rude).toEqual([]);
  });

  it('keeps to signs that every terminal gives one cell, and Hangul', () => {
    const odd = ids.filter((id) => partsOf(ko[id]).some((part) => /[^\n\x20-\x7e가-힣]/u.test(part)));
    expect(odd).toEqual([]);
  });

  it('speaks of natwalk as one does: its last sound is a vowel', () => {
    const wrong = ids.filter((id) =>
      partsOf(ko[id]).some((part) => /natwalk(?:은|이|을|과|으로)/u.test(part)),
    );
    expect(wrong).toEqual([]);
  });
});

/** Reasons that code gives as a parameter: `it comes first`. */
function reasonsInCode(): readonly string[] {
  const source = join(import.meta.dirname, '../..');
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(
    // What a failed assertion of a test in code says is English, as the test is.
    (name) => name.endsWith('.ts') && !/\.test\.ts$|messages|^matchers/.test(name),
  );
  return files.flatMap((name) =>
    [...readFileSync(join(source, name), 'utf8').matchAll(/'(its? [a-z][^'\n]*)'/gi)].map(
      ([, text = '']) => text,
    ),
  );
}

describe('parameters in Korean', () => {
  it('have words for every reason that code gives', () => {
    const reasons = reasonsInCode();
    expect(reasons).toContain('it comes first');
    expect(reasons.filter((reason) => koreanValue('reason', reason) === reason)).toEqual([]);
  });

  it('are translated where code gives English words', () => {
    expect(message('UNK_CONNECTED', { answer: 'yes' }, 'ko')).toMatch(/: 예$/);
    expect(message('NO_IN_DEVICE', { has: 'none', wanted: 'not ens5' }, 'ko')).toBe(
      '입력 인터페이스 없음, 조건 ! ens5',
    );
    expect(finding('RULE_DUMPS_DISAGREE', { reason: 'it shows more rules' }, 'ko')?.why).toContain(
      '규칙이 더 많음',
    );
    expect(message('BATCH_LINE', { line: 3, reason: 'inner: "ttl" must be a whole number' }, 'ko')).toBe(
      '3번째 줄이 패킷이 아님: inner: "ttl" 형식: 정수',
    );
    expect(message('BATCH_LINE', { line: 4, reason: '"dst" is missing' }, 'ko')).toContain('"dst" 누락');
  });

  it('stay as they are where they are names of the user or the kernel', () => {
    expect(message('RULE_NAME', { table: 'nat', chain: 'none', number: 1 }, 'ko')).toBe('nat none 규칙 1');
    expect(message('NO_SOURCE', { has: 'constructor', wanted: '__proto__' }, 'ko')).toBe(
      '출발지 constructor, 조건 __proto__',
    );
    expect(words('NOPE', { answer: 'yes' }, 'ko')).toBe('NOPE (answer=yes)');
  });
});
