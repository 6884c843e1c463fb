/** Which rendering was asked for, and in which colour. */
import { type ColourChoice, type Paint, coloured, plain, wantsColour } from '../explain/colour.js';
import type { Io, Sink } from './io.js';
import { misuse } from './usage.js';

export const FORMATS = [
  ...['text', 'wide', 'summary', 'minimal', 'json', 'trace'],
  ...['conntrack', 'tcpdump', 'pcap', 'counters', 'mermaid', 'dot'],
] as const;

export type Format = (typeof FORMATS)[number];

/** Options that every command has. */
export interface CommonOptions {
  readonly color?: string | true;
  readonly lang?: string;
}

/** `-o FORMAT` out of those that a command has, or `--json`, or what it does by itself. @throws UsageError */
export function formatOf<F extends string>(
  { output, json }: { readonly output?: string; readonly json?: true },
  formats: readonly (F | 'json')[],
  otherwise: F | 'json',
): F | 'json' {
  if (output === undefined) return json === true ? 'json' : otherwise;
  const found = formats.find((format) => format === output);
  if (found === undefined)
    throw misuse('USAGE_CHOICE', '--output', {
      option: '--output',
      text: output,
      choices: formats.join(', '),
    });
  if (json === true && found !== 'json')
    throw misuse('USAGE_CONFLICT', '--json', { option: '--json', other: `-o ${found}` });
  return found;
}

/** The colour that a command line asks for, however wrong it is otherwise. */
export function colourOfLine(argv: readonly string[]): string | undefined {
  const given = argv.flatMap((word, at) => {
    if (word.startsWith('--color=')) return word.slice('--color='.length);
    if (word !== '--color') return [];
    const next = argv[at + 1];
    return next === undefined || next.startsWith('-') ? 'always' : next;
  });
  return given.at(-1);
}

const CHOICES: readonly ColourChoice[] = ['auto', 'always', 'never'];

/** How to paint what goes to `sink`. @throws UsageError */
export function paintFor(sink: Sink, io: Io, options: CommonOptions): Paint {
  const given = options.color === true ? 'always' : (options.color ?? 'auto');
  const choice = CHOICES.find((one) => one === given);
  if (choice === undefined)
    throw misuse('USAGE_CHOICE', '--color', {
      option: '--color',
      text: given,
      choices: CHOICES.join(', '),
    });
  return wantsColour(choice, io.env, sink.isTerminal) ? coloured : plain;
}
