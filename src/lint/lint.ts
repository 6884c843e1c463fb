/** Looks a node over for faults that need no packet, and finds the packet that shows each. */
import type { Node } from '../packet/node.js';
import type { Finding, LintReport } from './finding.js';
import { LINT_RULES } from './registry.js';
import { Subject } from './subject.js';

/** More findings than this of one rule of the linter tell nobody anything new. */
const EACH = 500;

function compare({ span: a, code: one }: Finding, { span: b, code: other }: Finding): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  if (a.source.name !== b.source.name) return a.source.name < b.source.name ? -1 : 1;
  const [first, second] = [a.source.position(a.start), b.source.position(b.start)];
  if (first.line !== second.line) return first.line - second.line;
  return first.column - second.column || (one < other ? -1 : Number(one > other));
}

/** What the linter may be told. */
export interface LintOptions {
  /** Called before each walk of a packet. */
  readonly onWalk?: () => void;
}

/**
 * Finds faults in a node's rule sets and routing. What the snapshot does not show gives no finding, and each claim about
 * a packet's fate has been walked.
 */
export function lint(node: Node, options: LintOptions = {}): LintReport {
  const subject = new Subject(node, options.onWalk);
  const findings: Finding[] = [];
  let cut = false;
  for (const rule of LINT_RULES) {
    let found = 0;
    for (const finding of rule.look(subject)) {
      found += 1;
      if (found > EACH) {
        cut = true;
        break;
      }
      findings.push(finding);
    }
    cut ||= subject.isCut;
    subject.renew();
  }
  return { findings: findings.sort(compare), cut };
}
