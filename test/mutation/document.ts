/** The score of the last mutation run, as docs/MUTATION.md shows it. */

/** What became of faults: caught by the kernel's word, by a table's packet rows, by nothing, or met by no check. */
export interface Counts {
  readonly faults: number;
  readonly kernel: number;
  readonly table: number;
  readonly survived: number;
  readonly uncovered: number;
}

export interface Score {
  readonly run: { readonly sample: number; readonly packets: number; readonly checks: number };
  readonly total: Counts;
  /** How caught faults showed. */
  readonly how: Readonly<Record<string, number>>;
  readonly leftOut: Readonly<Record<string, number>>;
  readonly rooms: Readonly<Record<string, Counts>>;
  readonly files: Readonly<Record<string, Counts>>;
}

const HOW: Readonly<Record<string, string>> = {
  wrong: 'the kernel, or the tools, contradict',
  hedged: 'a question is asked although the answer was certain',
  threw: 'the engine throws',
  endless: 'it does not end',
};

/** Kinds of faults that survive, by looking at them. */
const SURVIVORS = `## What survives

Every fault that survived a run is printed with its place and its replacement, and [has a class](mutation-survivors.md).
They are of these kinds:

- **Nothing can tell.** A comparison that both ends of a range satisfy, a loop that may run once more, a default that is the
  value already, \`undefined\` where \`null\` was and both are falsy, one of several fields whose change always comes together.
- **The judge does not look.** Steps and their fields, policy rule and table of an outcome, probabilities, conntrack's status
  bits: the views show them, a packet does not. Unit tests and goldens hold them.
- **Findings about bad input.** What is said of a dump that the kernel could not have printed: the suite loads only what the
  kernel takes. Loops of jumps, a match below a hook that refuses it (\`placement\`), spellings that only people write, and what
  is guessed for a misspelt option. The unit tests of the readers hold them.
- **What several rules demand.** \`needsConntrack\` of one match shows only in a rule set where nothing else tracks
  connections; the nat table of most cases does.
- **Faster, not other.** A short cut that is not taken leads to the same answer the long way: an index, a rule read without
  its options' parser, a check of the reverse path that is not needed.
- **Rare states.** TCP conversations that reopen while they close, VRF devices, routes whose carrier is gone, drawn ports that
  meet a range by half: the profiles draw them too seldom for the packets of the suite. \`npm run soak:kernel\` draws more; the
  score grows with \`--packets\`.
- **Not recorded.** The printed forms of routes and policy rules, answers that are walked by \`--reply\`, and batches are held
  by suites that the replay does not run (\`iproute2-printback\`, unit tests): they count as not met.`;

const percent = (part: number, whole: number): string =>
  whole === 0 ? '-' : `${((100 * part) / whole).toFixed(1)} %`;

function row(name: string, counts: Counts): string {
  const { faults, kernel, table, survived, uncovered } = counts;
  const met = faults - uncovered;
  const cells = [faults, kernel, table, survived, uncovered].map(String);
  return `| ${[name, ...cells, percent(kernel, met), percent(kernel + table, met)].join(' | ')} |`;
}

const HEAD = `|  | faults | kernel | table | survive | not met | score | with tables |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |`;

const counted = (rows: Readonly<Record<string, number>>): string[] =>
  Object.entries(rows)
    .sort(([, a], [, b]) => b - a)
    .map(([what, number]) => `- ${String(number)}: ${HOW[what] ?? what}`);

/** The whole document, before it is formatted. */
export function documentOf(score: Score): string {
  const { run, total, rooms, files, how, leftOut } = score;
  const which =
    run.sample === 100
      ? 'all faults'
      : `${String(run.sample)} in 100 faults, taken by a hash of where they are`;
  return [
    '# Faults that the kernel catches',
    '',
    '<!-- Written by `npm run test:mutation -- --write`; a test holds it against test/mutation/score.json. -->',
    '',
    `Deliberate faults are made in the engine, one at a time, and held against what the kernel did with ${String(run.packets)}`,
    `recorded packets of the soak profiles, with the known walks, the random networks of \`ip route get\`, and the tables beside`,
    `the extensions: ${String(run.checks)} checks, which agree without a fault. The run took`,
    `${which}. How it works and what counts is`,
    ' in [ADR 6](adr/0006-mutation-testing.md).',
    '',
    '`kernel` are faults that the kernel or its tools contradict, `table` those that only a packet row of an extension’s table',
    'catches, `not met` those whose code no check runs. The score is of the faults that are met. `npm run test:kernel` itself',
    'fails on contradictions; a question too many (below) it only counts.',
    '',
    HEAD,
    ...Object.entries(rooms).map(([name, counts]) => row(`\`${name}\``, counts)),
    row('all', total),
    '',
    'How they showed:',
    '',
    ...counted(how),
    '',
    'Left out of all that the code allows, sample or not:',
    '',
    ...counted(leftOut),
    '',
    SURVIVORS,
    '',
    '## By file',
    '',
    HEAD,
    ...Object.entries(files).map(([name, counts]) => row(`\`${name}\``, counts)),
    '',
  ].join('\n');
}
