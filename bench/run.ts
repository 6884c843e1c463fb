/**
 * `npm run bench`: what reading a node, a packet and a batch cost, as ratios to what iptables, Node.js and the kernel take
 * for the same, side by side in one run. Exit status 1 when a ratio is more than 1.5 times worse than the recorded one;
 * never for a time, nor for a bar that is not met.
 */
import { writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { whyNoKernel } from '../test/kernel/available.js';
import { whyNoHelper } from './helper.js';
import { machine } from './machine.js';
import { BadOptions, type BenchOptions, USAGE, readOptions } from './options.js';
import { onlyRows, planOf } from './plan.js';
import { ROOT } from './places.js';
import { type Ratios, readRecord, recordWith, regressions, writeRecord } from './record.js';
import { type Group, type Row, WORSE, rowOf, worsening } from './row.js';
import { digits, machineLines, printTable, resultsText } from './table.js';

const say = (text: string): unknown => process.stdout.write(text);

interface Measured {
  readonly rows: readonly Row[];
  readonly leftOut: readonly string[];
}

async function rowsOf(group: Group, count: number): Promise<readonly Row[]> {
  const figures = await group.measure(count);
  return group.rows.map((plan) => {
    const own = figures.get(plan.id);
    if (own === undefined) throw new Error(`${plan.id} was not measured`);
    return rowOf(plan, own);
  });
}

/** Of two runs, each row as it was better. */
function better(first: readonly Row[], second: readonly Row[]): readonly Row[] {
  return first.map((row, at) => {
    const other = second[at] ?? row;
    return worsening(other, row.ratio) < 1 ? other : row;
  });
}

/** Measures group by group. @param told takes what there is after each of them */
async function measureAll(
  options: BenchOptions,
  noKernel: string | null,
  recorded: Ratios,
  told: (measured: Measured) => void,
): Promise<Measured> {
  const rows: Row[] = [];
  const leftOut: string[] = [];
  const groups = planOf(options).flatMap((whole) => onlyRows(whole, options.rows) ?? []);
  for (const [at, group] of groups.entries()) {
    if (group.needs === 'root' && noKernel !== null) {
      leftOut.push(...group.rows.map(({ what }) => `${what} (${noKernel})`));
      continue;
    }
    let made = await rowsOf(group, options.rounds);
    // What another process did in these seconds does not show twice.
    if (regressions(made, recorded).length > 0) made = better(made, await rowsOf(group, options.rounds));
    rows.push(...made);
    for (const row of made) process.stderr.write(`${row.id} ${digits(row.ratio)}  (${row.of})\n`);
    const open = groups.slice(at + 1).flatMap((next) => next.rows.map(({ what }) => `${what} (broken off)`));
    told({ rows, leftOut: [...leftOut, ...open] });
  }
  return { rows, leftOut };
}

async function bench(options: BenchOptions): Promise<number> {
  const noKernel = whyNoKernel();
  const reason = whyNoHelper() ?? (options.kernel ? noKernel : null);
  if (reason !== null) {
    process.stderr.write(`Nothing was measured: ${reason}\n`);
    return 2;
  }
  const on = machine();
  const record = readRecord();
  const mode = options.quick ? 'quick' : 'full';
  const recorded = options.record ? {} : record[mode];
  const machineText = (): string => machineLines(on, (loadavg()[0] ?? 0).toFixed(1));
  // A run takes a quarter of an hour: one that is broken off leaves what it has.
  const keep = ({ rows, leftOut }: Measured): void => {
    if (options.quick || options.rows !== null) return;
    const text = resultsText(rows, machineText(), options.rounds, leftOut);
    writeFileSync(join(ROOT, 'bench/RESULTS.md'), text);
  };
  const { rows, leftOut } = await measureAll(options, noKernel, recorded, keep);
  if (rows.length === 0) {
    process.stderr.write(`No row has ${JSON.stringify(options.rows)}, or none can be measured here\n`);
    return 2;
  }
  say(`\n${printTable(rows, recorded)}\n${machineText()}`);
  for (const what of leftOut) say(`not measured: ${what}\n`);
  const worse = regressions(rows, recorded);
  for (const { id, ratio } of worse)
    say(`WORSE than ${String(WORSE)} times: ${id} is ${digits(ratio)}, was ${digits(recorded[id] ?? NaN)}\n`);
  const next = recordWith(record[mode], rows, options.record);
  if (worse.length === 0) writeRecord({ ...record, [mode]: next });
  return worse.length > 0 ? 1 : 0;
}

try {
  process.exitCode = await bench(readOptions(process.argv.slice(2)));
} catch (error) {
  if (!(error instanceof BadOptions)) throw error;
  process.stderr.write(`${error.message}\n\n${USAGE}`);
  process.exitCode = 2;
}
