/** Which rules no packet of the suite met: for people, for viewers of line coverage, for programs. */
import { jsonLine } from '../../explain/json-text.js';
import { sanitize } from '../../explain/sanitize.js';
import { type ViewOptions, viewOf } from '../../explain/view.js';
import { widthOf, wrap } from '../../explain/width.js';
import type { Covered } from '../coverage.js';

/** A node's rules, and the path of a dump from here. */
export interface NodeCoverage {
  readonly node: string;
  readonly rules: readonly Covered[];
  readonly fileOf: (file: string) => string;
}

const hitOf = (rules: readonly Covered[]): number => rules.filter(({ hits }) => hits > 0).length;

function percent(rules: readonly Covered[]): string {
  return rules.length === 0 ? '100' : ((hitOf(rules) / rules.length) * 100).toFixed(1);
}

function nameOf({ kind, table, chain, rule }: Covered): string {
  return kind === 'policy-rule' ? `rule/${String(rule)}` : `${table}/${chain}:${String(rule)}`;
}

/** The rules that never matched, each with its place. Ends with a line feed. */
export function coverageText(nodes: readonly NodeCoverage[], options: ViewOptions): string {
  const { say, paint, width } = viewOf(options);
  const folded = (text: string): string[] => wrap(sanitize(text), width);
  const lines = nodes.flatMap(({ node, rules, fileOf }) => {
    const missed = rules.filter(({ hits }) => hits === 0);
    const count = say('CHECK_COVERAGE_COUNT', {
      node,
      hit: hitOf(rules),
      all: rules.length,
      percent: percent(rules),
    });
    if (missed.length === 0) return folded(count);
    const rows = missed.flatMap((one) => {
      const text = sanitize(`${fileOf(one.file)}:${String(one.line)}  ${nameOf(one)}  ${one.text}`);
      if (widthOf(text) + 2 <= width) return [`  ${text}`];
      return wrap(text, width - 4).map((line, at) => `${at === 0 ? '  ' : '    '}${line}`);
    });
    return [...folded(count), ...folded(say('CHECK_COVERAGE')).map((line) => paint('strong', line)), ...rows];
  });
  return lines.map((line) => `${line}\n`).join('');
}

/** Tracefiles of geninfo(1): a line of a dump counts as run as often as its rule matched. */
export function coverageLcov(nodes: readonly NodeCoverage[]): string {
  const files = new Map<string, Map<number, number>>();
  for (const { rules, fileOf } of nodes)
    for (const { file, line, hits } of rules) {
      const path = fileOf(file).replace(/[\r\n]/g, ' ');
      const lines = files.get(path) ?? new Map<number, number>();
      files.set(path, lines.set(line, (lines.get(line) ?? 0) + hits));
    }
  const records = [...files].map(([path, lines]) => {
    const sorted = [...lines].sort(([a], [b]) => a - b);
    const hit = sorted.filter(([, hits]) => hits > 0).length;
    const rows = sorted.map(([line, hits]) => `DA:${String(line)},${String(hits)}`);
    return [
      'TN:natwalk',
      `SF:${path}`,
      ...rows,
      `LF:${String(sorted.length)}`,
      `LH:${String(hit)}`,
      'end_of_record',
    ];
  });
  return records
    .flat()
    .map((line) => `${line}\n`)
    .join('');
}

/** The same as JSON, schema natwalk/coverage/1. */
export function coverageJson(nodes: readonly NodeCoverage[]): string {
  const made = {
    schema: 'natwalk/coverage/1',
    nodes: nodes.map(({ node, rules, fileOf }) => ({
      node,
      matched: hitOf(rules),
      rules: rules.length,
      list: rules.map((one) => ({ ...one, file: fileOf(one.file) })),
    })),
  };
  return jsonLine(made);
}
