/** What the faults are that survived the last mutation run, as docs/mutation-survivors.md shows it. */

/** Why nothing caught a fault. */
export type SurvivorClass = keyof typeof CLASSES;

const CLASSES = {
  fact: 'a fact of `test/facts` fails with it, which the kernel confirms and the run did not ask',
  same: 'no other answer: equivalent, or only faster or slower',
  view: 'only what a person is shown: steps, names, probabilities, printed forms',
  'bad-input': 'what a kernel does not print: rules it refuses, spellings, dumps that lack a part',
  rare: 'a state that the profiles draw too seldom',
} as const;

/** A fault that survived; its place is its code, as lines move. */
export interface Survivor {
  readonly file: string;
  readonly mutator: string;
  readonly replacement: string;
  readonly code: string;
  /** `unsorted` until somebody has looked at it. */
  readonly class: SurvivorClass | 'unsorted';
  /** The fact that catches it, or the state that is rare. */
  readonly why?: string;
}

const NAMES = Object.keys(CLASSES) as SurvivorClass[];

function countBy(
  survivors: readonly Survivor[],
  keyOf: (survivor: Survivor) => string,
): readonly (readonly [key: string, of: readonly Survivor[]])[] {
  const groups = new Map<string, Survivor[]>();
  for (const survivor of survivors) {
    const key = keyOf(survivor);
    groups.set(key, [...(groups.get(key) ?? []), survivor]);
  }
  return [...groups];
}

function row(name: string, of: readonly Survivor[]): string {
  const counts = NAMES.map((one) => of.filter((survivor) => survivor.class === one).length);
  return `| ${[name, ...[of.length, ...counts].map(String)].join(' | ')} |`;
}

/** The survivors of a class by their reason, the most frequent first. */
function reasons(survivors: readonly Survivor[], name: SurvivorClass): string[] {
  return countBy(
    survivors.filter((survivor) => survivor.class === name),
    ({ why }) => why ?? '',
  )
    .toSorted(([a, one], [b, two]) => two.length - one.length || (a < b ? -1 : 1))
    .map(([why, of]) => {
      const files = [...new Set(of.map(({ file }) => `\`${file}\``))].join(', ');
      return name === 'fact' ? `- ${String(of.length)}: ${why}` : `- ${String(of.length)}: ${why} (${files})`;
    });
}

/** The whole document, before it is formatted. */
export function survivorsDocument(survivors: readonly Survivor[]): string {
  return [
    '# Faults that survived',
    '',
    '<!-- Written from test/mutation/survivors.json; a test holds it against that file. -->',
    '',
    'Every fault of the last run of `npm run test:mutation` that no check caught, and why ([the score](MUTATION.md)).',
    'Faults are known by their file, mutator, replacement and code, so that the classes outlive moved lines.',
    '',
    ...NAMES.map((name) => `- \`${name}\`: ${CLASSES[name]}.`),
    '',
    `| | survive | ${NAMES.join(' | ')} |`,
    `| --- | ${['survive', ...NAMES].map(() => '---:').join(' | ')} |`,
    row('all', survivors),
    ...countBy(survivors, ({ file }) => file).map(([file, of]) => row(`\`${file}\``, of)),
    '',
    '## Rare states',
    '',
    'A larger run draws them (`npm run soak:kernel`, `--packets`); until a fact or a profile asks for one, a fault there stands.',
    '',
    ...reasons(survivors, 'rare'),
    '',
    '## Facts that catch them',
    '',
    'A run asks these too from now on: the next one counts their faults as caught.',
    '',
    ...reasons(survivors, 'fact'),
    '',
  ].join('\n');
}
