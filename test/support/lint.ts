/** Cases of the linter: what a node's texts give, and what they must not. */
import { expect, it } from 'vitest';
import type { Finding } from '../../src/lint/finding.js';
import { lint } from '../../src/lint/lint.js';
import type { LintRule } from '../../src/lint/rule.js';
import type { Node } from '../../src/packet/node.js';
import { type NodeTexts, nodeOf } from './router.js';

/** `CODE line` of each finding of a rule of the linter: a line that begins with `none ` has no packet. */
export interface LintCase extends NodeTexts {
  readonly title: string;
  readonly finds: readonly string[];
}

/** What one rule of the linter finds in a node, in the order of the lines. */
export function findingsOf(node: Node, rule: LintRule): readonly Finding[] {
  return lint(node).findings.filter(({ code }) => rule.codes.includes(code));
}

function wordsOf({ code, span, proof }: Finding): string {
  const text = span === null ? '' : span.source.line(span.source.position(span.start).line);
  return `${proof.kind === 'packet' ? '' : 'none '}${code} ${text}`.trim();
}

/** One test for each case: its findings by their codes and lines, and no other. */
export function lintCases(rule: LintRule, cases: readonly LintCase[]): void {
  it.each(cases)('$title', ({ finds, ...texts }) => {
    expect(findingsOf(nodeOf(texts), rule).map(wordsOf)).toEqual(finds);
  });
}
