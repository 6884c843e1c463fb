/** The form of a rule of the linter: one file in rules/, and its table of cases beside it. */
import type { Finding } from './finding.js';
import type { Subject } from './subject.js';

export interface LintRule {
  /** The codes that it finds. */
  readonly codes: readonly string[];
  look(subject: Subject): Iterable<Finding>;
}
