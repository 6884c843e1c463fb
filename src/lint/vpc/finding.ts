/** Findings about a VPC CNI node. */
import type { AnyRule } from '../../packet/any-rule.js';
import type { Params } from '../../source/diagnostic.js';
import type { Span } from '../../source/source.js';
import type { Finding, LintSeverity, Related, Shown } from '../finding.js';

interface Parts {
  readonly code: string;
  readonly severity?: LintSeverity;
  readonly params: Params;
  readonly span: Span | null;
  readonly rule?: AnyRule;
  readonly related?: readonly [string, Span | null];
  readonly shown: Shown;
  readonly second?: Shown;
}

function relatedOf([code, span]: readonly [string, Span | null]): Related | null {
  return span === null ? null : { code, span };
}

/** An error unless told, shown by a packet that was walked. */
export function vpcFinding({
  code,
  severity = 'error',
  params,
  span,
  rule,
  related,
  shown,
  second,
}: Parts): Finding {
  return {
    code,
    severity,
    params,
    span,
    rule: rule ?? null,
    related: related === undefined ? null : relatedOf(related),
    proof: { kind: 'packet', shown, ...(second === undefined ? {} : { second }) },
  };
}
