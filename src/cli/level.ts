/** `-v LEVEL`: how much of a walk is told, in words of its own for what `-o` and `--all-rules` choose. */
import { misuse } from './usage.js';

/** What a level chooses. */
interface Shown {
  readonly output?: string;
  readonly json?: true;
  readonly allRules?: true;
}

const LEVELS = {
  answer: { output: 'summary' },
  walk: { output: 'text' },
  full: { output: 'text', allRules: true },
} as const satisfies Record<string, Shown>;

const isLevel = (text: string): text is keyof typeof LEVELS => Object.hasOwn(LEVELS, text);

/** The options with what their level stands for. `-o wide` goes with any level that has rows. @throws UsageError */
export function leveled<Options extends Shown & { readonly level?: string }>(options: Options): Options {
  const { level, output, json } = options;
  if (level === undefined) return options;
  if (!isLevel(level))
    throw misuse('USAGE_CHOICE', '--level', {
      option: '--level',
      text: level,
      choices: Object.keys(LEVELS).join(', '),
    });
  if (json === true) throw misuse('USAGE_CONFLICT', '--json', { option: '--json', other: `-v ${level}` });
  const chosen = LEVELS[level];
  const fits = output === undefined || output === chosen.output || (output === 'wide' && level !== 'answer');
  if (!fits) throw misuse('USAGE_CONFLICT', '-o', { option: `-o ${output}`, other: `-v ${level}` });
  return { ...options, ...chosen, output: output ?? chosen.output };
}
