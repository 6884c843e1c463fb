/** The table of a run, for the terminal and for RESULTS.md. */
import type { Machine } from './machine.js';
import { type Row, isMet } from './row.js';

/** Three digits that count. */
export function digits(ratio: number): string {
  if (!Number.isFinite(ratio)) return '-';
  return ratio >= 100 ? ratio.toFixed(0) : ratio >= 10 ? ratio.toFixed(1) : ratio.toFixed(2);
}

function barOf({ bar, better }: Row): string {
  return bar === undefined ? '' : `${better === 'higher' ? '>=' : '<='} ${String(bar)}`;
}

function metOf(row: Row): string {
  const met = isMet(row);
  return met === null ? '' : met ? 'met' : 'NOT MET';
}

const HEAD = ['row', 'ratio', 'bar', 'met', 'middle half', 'of'] as const;

function cells(row: Row, was: number | undefined): readonly string[] {
  const [low, high] = row.half;
  const before = was === undefined ? '' : ` (recorded ${digits(was)})`;
  return [
    row.what,
    `${digits(row.ratio)}${before}`,
    barOf(row),
    metOf(row),
    `${digits(low)} to ${digits(high)}`,
    row.of,
  ];
}

/** Lines of columns, for the terminal. */
export function printTable(rows: readonly Row[], recorded: Readonly<Record<string, number>>): string {
  const lines = [HEAD, ...rows.map((row) => cells(row, recorded[row.id]))];
  const widths = HEAD.map((_, at) => Math.max(...lines.map((line) => (line[at] ?? '').length)));
  return lines
    .map(
      (line) =>
        `${line
          .map((cell, at) => cell.padEnd(widths[at] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}

const line = (parts: readonly string[]): string => `| ${parts.join(' | ')} |\n`;

function markdownTable(rows: readonly Row[]): string {
  return `${line(HEAD)}${line(HEAD.map(() => '---'))}${rows.map((row) => line(cells(row, undefined))).join('')}`;
}

/** What is said of the machine. */
export function machineLines(machine: Machine, load: string): string {
  const { cpu, kernel, node, iptables } = machine;
  return `cpu ${cpu}; kernel ${kernel}; Node.js ${node}; iptables ${iptables}; load ${machine.load} before, ${load} after\n`;
}

/** RESULTS.md. @param leftOut rows that could not be measured, each with the reason */
export function resultsText(
  rows: readonly Row[],
  machineText: string,
  rounds: number,
  leftOut: readonly string[],
): string {
  const goals = rows.filter((row) => isMet(row) !== null);
  const compared = rows.filter((row) => isMet(row) === null);
  const met = goals.filter((row) => isMet(row) === true).length;
  const missing = leftOut.length === 0 ? '' : `\nNot measured: ${leftOut.join('; ')}.\n`;
  return `# What it costs

Written by \`npm run bench\`. Every figure is the median of ratios, each taken within one round in which the contenders took turns;
half of the rounds lie within "middle half". Absolute figures ("of", medians too) are of this machine at that hour and mean little
elsewhere. cpu is user and system time of the whole process, start-up included; memory is the peak resident set. S counts service
ports: the dumps are those of a node with kube-proxy in iptables mode and the AWS VPC CNI (\`bench/kube-proxy.ts\`), S=10,000 has about
184,000 lines. A packet of a batch costs what 50,000 cost more than 2,000, divided by 48,000; one result of ours has all outcomes of
the packet, unless one is drawn, while the kernel takes one way. The kernel's figure is the thread's cpu clock around writes into TUN devices of a
namespace with the same rules (iptables-legacy), routes and policy rules (\`bench/helper/stack.c\`).

${machineText}
${met} of ${goals.length} are met, in ${rounds} rounds.

${markdownTable(goals)}
## In comparison

Linear walks are the published form of the tools that walk such dumps: a rule is an object, and a packet meets one after the other.
Addresses are integers where the tool prepared them, or the range of each rule is parsed when the rule is looked at. Both were written
for this benchmark, stop at the first endpoint, and walk nat PREROUTING alone; ours is the whole walk with every outcome.

${markdownTable(compared)}${missing}`;
}
