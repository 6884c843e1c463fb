/** A report of the linter as JSON, schema natwalk/lint/1. Fields may be added; those here keep their name and meaning. */
import type { Finding, LintReport, LintSeverity, Shown } from '../lint/finding.js';
import type { PacketInput } from '../packet/result.js';
import type { Span } from '../source/source.js';
import { type OutcomeJson, outcomeJson } from './json.js';
import { answerText, countsOf } from './lint.js';
import { finding as wordsOf } from './messages/index.js';
import { type RuleRef, ruleRef } from './rule-ref.js';
import { traceCommand } from './trace-command.js';
import { type View, type ViewOptions, viewOf } from './view.js';

interface PlaceJson {
  readonly file: string | null;
  readonly line: number | null;
  readonly column: number | null;
}

interface ShownJson {
  readonly packet: PacketInput;
  /** Ready to be copied. */
  readonly command: string;
  /** The answer in one line. */
  readonly answer: string;
  /** The outcome that shows the finding, without its steps. */
  readonly outcome: OutcomeJson;
}

export interface FindingJson extends PlaceJson {
  readonly code: string;
  readonly severity: LintSeverity;
  readonly text: string;
  readonly why: string;
  readonly do: string;
  readonly rule: RuleRef | null;
  readonly related: (PlaceJson & { readonly text: string }) | null;
  /** The packet that shows it, walked; null when none does, and then `unshown` says why. */
  readonly shown: ShownJson | null;
  /** A second packet of the same connection. */
  readonly second?: ShownJson;
  readonly unshown: string | null;
}

/** What `natwalk lint --json` prints. */
export interface LintJson {
  readonly schema: 'natwalk/lint/1';
  readonly counts: Readonly<Record<LintSeverity, number>>;
  /** A bound of the search was reached. */
  readonly cut: boolean;
  readonly findings: readonly FindingJson[];
}

function place(span: Span | null): PlaceJson {
  if (span === null) return { file: null, line: null, column: null };
  return { file: span.source.name, ...span.source.position(span.start) };
}

function shownJson(shown: Shown, node: string, view: View): ShownJson {
  const { outcome } = shown;
  const { reply, ...own } = outcome;
  const plain = { ...own, steps: [], ...(reply === undefined ? {} : { reply: { ...reply, steps: [] } }) };
  return {
    packet: shown.packet,
    command: traceCommand(node, shown.packet),
    answer: answerText(shown, view),
    outcome: outcomeJson(plain),
  };
}

function findingJson(finding: Finding, node: string, view: View): FindingJson {
  const { code, severity, params, span, rule, related, proof } = finding;
  const words = wordsOf(code, params, view.language);
  const second = proof.kind === 'packet' ? proof.second : undefined;
  return {
    code,
    severity,
    text: words?.text ?? view.tell(code, params),
    why: words?.why ?? '',
    do: words?.do ?? '',
    ...place(span),
    rule: rule === null ? null : ruleRef(rule),
    related: related === null ? null : { text: view.tell(related.code), ...place(related.span) },
    shown: proof.kind === 'packet' ? shownJson(proof.shown, node, view) : null,
    ...(second === undefined ? {} : { second: shownJson(second, node, view) }),
    unshown: proof.kind === 'none' ? view.tell(proof.code) : null,
  };
}

/** @param node the snapshot as the user named it, for commands to copy */
/** A report as JSON. @param node the snapshot's path, for the commands that walk its packets again */
export function lintJson(report: LintReport, node: string, options: ViewOptions = {}): LintJson {
  const view = viewOf(options);
  return {
    schema: 'natwalk/lint/1',
    counts: countsOf(report),
    cut: report.cut,
    findings: report.findings.map((finding) => findingJson(finding, node, view)),
  };
}
