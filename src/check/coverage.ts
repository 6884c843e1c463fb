/** Which rules and policy rules of a node the packets of a suite met. */
import { tableLabelOf } from '../explain/rule-ref.js';
import { ruleRef } from '../explain/rule-ref.js';
import type { AnyRule } from '../packet/any-rule.js';
import type { Node } from '../packet/node.js';
import type { Outcome } from '../packet/result.js';
import type { PolicyRule } from '../routing/model.js';
import { printPolicyRule } from '../routing/print.js';

/** A rule or policy rule, and how many walks it matched in. */
export interface Covered {
  readonly kind: 'rule' | 'policy-rule';
  readonly table: string;
  readonly chain: string;
  /** Of a policy rule its priority. */
  readonly rule: number;
  readonly file: string;
  readonly line: number;
  readonly text: string;
  readonly hits: number;
}

/** How often what matched, by keys; threads add theirs up. */
export type Hits = ReadonlyMap<string, number>;

const ruleKey = (rule: AnyRule): string =>
  `${rule.span.source.name}:${String(rule.span.source.firstLine)}:${String(rule.span.start)}`;

const policyKey = ({ family, priority, span }: PolicyRule): string =>
  span === null
    ? `policy ${String(family)} ${String(priority)}`
    : `${span.source.name}:${String(span.source.firstLine)}:${String(span.start)}`;

/** Counts what outcomes met. */
export class HitCounter {
  readonly hits = new Map<string, number>();

  #hit(key: string): void {
    this.hits.set(key, (this.hits.get(key) ?? 0) + 1);
  }

  /** All that a packet may meet counts: each outcome, and its answer. */
  note({ steps, reply }: Outcome): void {
    for (const step of steps) {
      if (step.kind === 'rule' || step.kind === 'maybe') this.#hit(ruleKey(step.rule));
      else if (step.kind === 'route' && step.rule !== null) this.#hit(policyKey(step.rule));
    }
    if (reply !== undefined) this.note(reply);
  }
}

/** Sums of several counters. */
export function addHits(into: Map<string, number>, more: Iterable<readonly [string, number]>): void {
  for (const [key, count] of more) into.set(key, (into.get(key) ?? 0) + count);
}

function rulesOf(node: Node): readonly AnyRule[] {
  const families = [4, 6] as const;
  const sets = families.flatMap((family) =>
    [node.ruleSets[family], node.ruleSets[family].other ?? []].flat(),
  );
  const own = sets.flatMap(({ tables }) =>
    [...tables.values()].flatMap(({ chains }) => [...chains.values()].flatMap(({ rules }) => rules)),
  );
  const tables = new Set(families.flatMap((family) => node.nativeTables[family]));
  const native = [...tables].flatMap(({ chains }) => [...chains.values()].flatMap(({ rules }) => rules));
  return [...own, ...native];
}

/** Every rule and policy rule of a node, in the order of file and line. */
export function coverageOf(node: Node, hits: Hits): readonly Covered[] {
  const rules = rulesOf(node).map((rule): Covered => {
    const { table: _table, chain, rule: number, file, line, text } = ruleRef(rule);
    const count = hits.get(ruleKey(rule)) ?? 0;
    return { kind: 'rule', table: tableLabelOf(rule), chain, rule: number, file, line, text, hits: count };
  });
  const policies = ([4, 6] as const).flatMap((family) =>
    node.networks[family].rules.flatMap((rule): readonly Covered[] => {
      const { span, priority } = rule;
      if (span === null) return [];
      return [
        {
          kind: 'policy-rule',
          table: '',
          chain: '',
          rule: priority,
          file: span.source.name,
          line: span.source.position(span.start).line,
          text: printPolicyRule(rule).replace('\t', ' '),
          hits: hits.get(policyKey(rule)) ?? 0,
        },
      ];
    }),
  );
  return [...rules, ...policies].sort((a, b) =>
    a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1,
  );
}
