/** Commands that a shell elsewhere reads from a here-document: `ssh n2 <<'EOF'`, its lines, `EOF`. */
import { readCommand } from './command.js';
import type { LineList } from './line-list.js';

const OPERATOR = /\s*<<-?\s*(["']?)([A-Za-z_]\w{0,40})\1\s*$/;

/** A shell that reads its commands from its input, by its own word and options. */
const SHELL = /(?:^|\s)(?:\S{0,60}\/)?(?:ba|da|a|z|k)?sh(?:\s+-[a-z]*)*$/;

/** What a shell prints before each line of a here-document. */
const CONTINUES = /^(?:heredoc)?> ?/;

/** More lines than this are no list of commands. */
const MOST = 60;

/** A command line with the lines that its here-document gives to a shell, and how many lines those take. */
export interface WithLines {
  readonly text: string;
  readonly more: number;
}

function inQuotes(statements: readonly string[]): string {
  const body = statements.join('; ');
  const quote = ['"', "'"].find((sign) => !body.includes(sign));
  return quote === undefined ? `'${body.replaceAll("'", '')}'` : `${quote}${body}${quote}`;
}

/**
 * Reads the here-document of a command.
 * @param at the line behind the command
 * @returns the command as if the lines had been typed behind it; null where there are none, or they go to no shell
 */
export function hereDocument(command: string, lines: LineList, at: number): WithLines | null {
  const [operator, , mark] = OPERATOR.exec(command) ?? [];
  if (operator === undefined || mark === undefined) return null;
  const base = command.slice(0, -operator.length).trim();
  const isShell = SHELL.test(base);
  if (!isShell && !readCommand(base).isShell) return null;
  const statements: string[] = [];
  for (let more = 1; more <= MOST && at + more - 1 < lines.length; more += 1) {
    const line = (lines.at(at + more - 1) ?? '').replace(CONTINUES, '').trim();
    if (line === mark) {
      const head = isShell ? `${base.replace(/(?:\s+-[a-z]*)+$/, '')} -c` : base;
      return { text: `${head} ${inQuotes(statements)}`, more };
    }
    if (line !== '' && !line.startsWith('#')) statements.push(line);
  }
  return null;
}
