/**
 * `npm run bench`: what a packet costs on a node of 100 services and on one of 20,000, side by side in one run, and what
 * reading each costs. Exit status 1 when the first row is not flat.
 */
import { type Node, loadNode, trace } from '../src/index.js';
import { type Contender, type Measured, sideBySide } from './measure.js';
import { filesOf, serviceAddress } from './services.js';

const SIZES = [100, 20_000] as const;
/** A verdict map is a hash table in the kernel: its size costs nothing. */
const FLAT = 1.3;
const PACKETS = 200;
const ROUNDS = 31;

interface Row {
  readonly what: string;
  /** One figure for each size. */
  readonly figures: readonly Measured[];
  /** Of how many the figure is. */
  readonly of: number;
}

interface Subject {
  readonly size: number;
  readonly node: Node;
  readonly read: number;
}

function subject(size: number): Subject {
  const files = filesOf(size);
  const start = performance.now();
  const node = loadNode(`${String(size)} services`, files);
  return { size, node, read: performance.now() - start };
}

/** Walks packets to services from all over the map, or to addresses that are none of theirs. */
function walking({ size, node }: Subject, hits: boolean): Contender {
  const targets = Array.from({ length: PACKETS }, (_, at) =>
    hits
      ? serviceAddress(Math.floor((at * size) / PACKETS))
      : `10.112.${String(at >> 8)}.${String(at & 255)}`,
  );
  const walk = (dst: string): string => {
    const packet = { in: 'eth0', proto: 'tcp', src: '198.51.100.7', sport: 40000, dst, dport: 80 };
    const { outcomes } = trace(node, packet, { steps: false });
    const [outcome, ...others] = outcomes;
    if (outcome === undefined || others.length > 0)
      throw new Error(`${dst} has ${String(outcomes.length)} outcomes`);
    return outcome.final.dst ?? '';
  };
  const [first = ''] = targets;
  if (walk(first).startsWith('10.244.') !== hits) throw new Error(`${first} went to ${walk(first)}`);
  return { name: String(size), run: () => targets.forEach(walk) };
}

function print(rows: readonly Row[]): void {
  const head = ['', ...SIZES.map((size) => `${String(size)} services`), 'ratio', 'middle half'];
  const cells = rows.map(({ what, figures, of }) => {
    const per = ({ median }: Measured): number => (median / of) * 1000;
    const [small, large] = figures;
    const spread = figures.map(
      ({ quartiles: [low, high], median }) => `${((100 * (high - low)) / median).toFixed(0)}%`,
    );
    return [
      what,
      ...figures.map((one) => `${per(one).toFixed(1)} us`),
      small === undefined || large === undefined ? '' : (per(large) / per(small)).toFixed(2),
      spread.join(' / '),
    ];
  });
  const lines = [head, ...cells];
  const widths = head.map((_, at) => Math.max(...lines.map((line) => (line[at] ?? '').length)));
  for (const line of lines)
    process.stdout.write(
      `${line.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join('  ')}\n`,
    );
}

const subjects = SIZES.map(subject);
const measured = (what: string, contenders: readonly Contender[]): Row => ({
  what,
  figures: sideBySide(contenders, ROUNDS, 5),
  of: PACKETS,
});
const rows: readonly Row[] = [
  measured(
    'a packet to a service, through the verdict map',
    subjects.map((one) => walking(one, true)),
  ),
  measured(
    'a packet to no service, through the verdict map',
    subjects.map((one) => walking(one, false)),
  ),
];
print(rows);
for (const { size, read } of subjects)
  process.stdout.write(`reading ${String(size)} services: ${read.toFixed(0)} ms\n`);
const [small, large] = rows[0]?.figures ?? [];
const ratio = (large?.median ?? 0) / (small?.median ?? 1);
if (ratio > FLAT) {
  process.stdout.write(`NOT FLAT: ${ratio.toFixed(2)} is more than ${String(FLAT)}\n`);
  process.exitCode = 1;
}
