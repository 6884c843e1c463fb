/** Writes docs/CONFORMANCE.md from the record of a run. */
import type { Conformance, Extension, Row } from './record.js';
import { SETTINGS } from './record.js';
import type { Unproved } from './unproved.js';

const count = (value: number): string => value.toLocaleString('en-US');
const sum = (values: Iterable<number>): number => [...values].reduce((a, b) => a + b, 0);
const total = (rows: readonly Row[], of: (row: Row) => number): number => sum(rows.map(of));

/** Per cent with three digits; of nothing, 0. */
function share(part: number, whole: number): string {
  return `${((100 * part) / Math.max(1, whole)).toFixed(3)} %`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((_, at) => Math.max(3, ...[head, ...rows].map((row) => (row[at] ?? '').length)));
  const line = (row: readonly string[]): string =>
    `| ${widths.map((width, at) => (at === 0 ? (row[at] ?? '').padEnd(width) : (row[at] ?? '').padStart(width))).join(' | ')} |`;
  const rule = widths.map((width, at) => (at === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  return [line(head), line(rule), ...rows.map(line)].join('\n');
}

function added(rows: readonly Row[], of: (row: Row) => Readonly<Record<string, number>>): [string, number][] {
  const all = new Map<string, number>();
  for (const row of rows)
    for (const [cause, number] of Object.entries(of(row))) all.set(cause, (all.get(cause) ?? 0) + number);
  return [...all].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
}

/** The figures by which a run is judged. */
export interface Totals {
  readonly packets: number;
  readonly wrong: number;
  readonly drawn: number;
  readonly hedged: number;
  readonly refused: number;
  readonly skipped: number;
  readonly traced: number;
  readonly untold: number;
}

export function totalsOf({ rows }: Conformance): Totals {
  return {
    packets: total(rows, ({ packets }) => packets),
    wrong: total(rows, ({ wrong }) => wrong),
    drawn: total(rows, ({ drawn }) => sum(Object.values(drawn))),
    hedged: total(rows, ({ hedged }) => sum(Object.values(hedged))),
    refused: total(rows, ({ refused }) => sum(Object.values(refused))),
    skipped: total(rows, ({ skipped }) => sum(Object.values(skipped))),
    traced: total(rows, ({ traced }) => traced),
    untold: total(rows, ({ untold }) => untold),
  };
}

function profiles(rows: readonly Row[]): string {
  const cells = (own: readonly Row[]): string[] => {
    const packets = total(own, (row) => row.packets);
    const hedged = total(own, (row) => sum(Object.values(row.hedged)));
    return [
      ...[total(own, (row) => row.cases), packets, total(own, (row) => row.agree)].map(count),
      count(total(own, (row) => sum(Object.values(row.drawn)))),
      `${count(hedged)} (${share(hedged, packets)})`,
      count(total(own, (row) => row.wrong)),
      count(total(own, (row) => sum(Object.values(row.refused)))),
      count(total(own, (row) => sum(Object.values(row.skipped)))),
      count(total(own, (row) => row.traced)),
    ];
  };
  return table(
    [
      'profile',
      'cases',
      'packets',
      'AGREE',
      'DRAWN',
      'HEDGED',
      'WRONG',
      'refused',
      'skipped',
      'paths traced',
    ],
    [
      ...rows.map((row) => [`${row.profile} IPv${String(row.family)} ${row.backend}`, ...cells([row])]),
      ['all', ...cells(rows)],
    ],
  );
}

function causes(rows: readonly Row[], of: (row: Row) => Readonly<Record<string, number>>): string {
  const found = added(rows, of);
  const packets = total(rows, (row) => row.packets);
  if (found.length === 0) return 'None.';
  return table(
    ['cause', 'packets', 'share'],
    found.map(([cause, number]) => [cause, count(number), share(number, packets)]),
  );
}

function warned(rows: readonly Row[]): string {
  const found = added(rows, (row) => row.warned);
  if (found.length === 0) return 'None.';
  return table(
    ['warning', 'cases'],
    found.map(([warning, number]) => [warning, count(number)]),
  );
}

function extensions(list: readonly Extension[], kind: string): string {
  return table(
    [kind, ...SETTINGS],
    list.map(({ name, counts }) => [
      name,
      ...SETTINGS.map((setting) => (counts[setting] ?? []).map(count).join(' / ') || '-'),
    ]),
  );
}

/** The whole document. */
export function documentOf(record: Conformance, unproved: readonly Unproved[]): string {
  const { rows, versions, seed, matches, targets, expressions, statements } = record;
  const { packets, wrong, drawn, hedged, traced, untold } = totalsOf(record);
  const used = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return `# Conformance with the kernel

Made by \`npm run soak:kernel -- --packets ${String(packets)} --seed ${String(seed)} --write\`, on ${used.join(', ')}; do not edit.

Generated snapshots were loaded into network namespaces by the real tools, generated packets were sent through them, and what the
kernel did was held against what natwalk says of the same dumps:

- verdict, device and neighbour, and that one packet leaves;
- addresses, ports, type, code and id of ICMP, TTL and TOS of what leaves or is delivered, and of the packet that an ICMP error quotes.
  TCP's flags, options and numbers, lengths, fragments and IPv6 flow labels are not compared;
- the mark behind the last chain;
- of conntrack's entry as the kernel's events tell it: both tuples, that it is made or is not, mark and status;
- who is answered and with which error where a rule rejects, the TTL ends or there is no route, and what a sending socket is told. Of the
  errors about IPv4 packets without a route, which the kernel sends each sender few of, none is missed;
- the rules that matched: the kernel's TRACE lines for iptables-legacy, its nf_tables trace for iptables-nft and native tables.

Each packet is in one count:

- **AGREE**: one outcome, and the kernel did that.
- **DRAWN**: the same, but for a port, id or address that the kernel draws: it is within a range, which is no wider than what the
  kernel draws from.
- **HEDGED**: several outcomes, or unknown bits of a mark, and the kernel did one of them; each hangs on what is named below.
- **WRONG**: the kernel did something else. What seems wrong is looked at again, since an answer may be late; that is counted too.

Of ${count(packets)} packets, **${count(wrong)} were WRONG**, ${share(hedged, packets)} were HEDGED and ${share(drawn, packets)} DRAWN. The kernel traced the
paths of ${count(traced)} packets, and they were natwalk's, rule by rule (another path would be WRONG). ${count(untold)} more that met
rules were answers of the node's own stack, whose paths are not told apart from those of the packets they answer.

## By profile

${profiles(rows)}

## What HEDGED packets hang on

\`chance\` is a number that the kernel draws (statistic, multipath hash): the outcomes have known probabilities.

${causes(rows, ({ hedged: own }) => own)}

## What DRAWN packets leave open

${causes(rows, ({ drawn: own }) => own)}

## What was looked at again

By what differed at first. What is still there is WRONG.

${causes(rows, ({ again }) => again)}

## What was refused

Snapshots that a tool or the kernel did not load, by what it said. Never counted as agreement.

${causes(rows, ({ refused }) => refused)}

## What tools warned of

Cases that were loaded and judged nonetheless.

${warned(rows)}

## What was skipped

What could not be judged. Never counted as agreement.

${causes(rows, ({ skipped }) => skipped)}

## Matches

How often a match said yes / no on the way of packets that went as natwalk said.

${extensions(matches, 'match')}

## Targets

How often a target was met on the way of such packets.

${extensions(targets, 'target')}

## Expressions of nftables

How often an expression of a native rule let the rule go on / ended it, on the way of such packets. A rule ends at what fails first.

${extensions(expressions, 'expression')}

## Statements of nftables

How often a statement of a native rule was met on the way of such packets. The columns are of the iptables beside it.

${extensions(statements, 'statement')}

## Not put to the kernel here

Read, checked and printed back like the others; their answers are confirmed by their tables alone, or are open.

${table(
  ['extension', 'kind', 'why'],
  unproved.map(({ name, kind, why }) => [name, kind, why]),
)}
`;
}
