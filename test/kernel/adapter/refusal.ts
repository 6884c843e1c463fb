/** A rule set that a tool does not load: which tool, what it says, and which line of the dump it says it of. */
import { about } from './complaints.js';

export interface Refusal {
  readonly tool: string;
  readonly message: string;
  /** Of the dump, from 1; null when the tool names none. */
  readonly line: number | null;
  /** What stands there. */
  readonly text: string | null;
}

/** Loading ended with a refusal: nothing of the snapshot can be judged. */
export class RefusedError extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(inWords(refusal));
    this.refusal = refusal;
  }
}

/** `iptables-legacy-restore refused line 4, "-A FORWARD …": unknown option "--frob"`. */
export function inWords({ tool, message, line, text }: Refusal): string {
  const where = line === null ? 'the snapshot' : `line ${String(line)}`;
  return `${tool} refused ${where}${text === null ? '' : `, "${text}"`}: ${message}`;
}

/** The same for every line that is refused for the same reason: what can be counted. */
export function reasonFor({ tool, message }: Refusal): string {
  return `${tool}: ${message.replaceAll(/\d+/g, 'N').replaceAll(/(chain) \S+/g, '$1')}`.slice(0, 160);
}

/** What comes before a tool's own words, and its name stands behind. */
const MARK = 'refused by ';

/**
 * A shell function: runs a tool that loads rules, its input being a file. What the tool says is a refusal when it fails,
 * and a mere warning when it does not.
 */
export const TOOL = `tool() {
  local name=$1 file=$2 said status
  shift 2
  said=$("$@" < "$file" 2>&1 > /dev/null)
  status=$?
  if [ "$status" != 0 ]; then refusal "$name" "$file" "\${said:-ended with $status}"
  elif [ -n "$said" ]; then warning "$name" "$said"
  fi
}
warning() { printf '\\fwarnings\\n%s: %s\\n' "$1" "$2" >&2; ${about('rules').trimEnd()}; }
refusal() { printf '${MARK}%s of %s\\n%s\\n' "$1" "$2" "$3" >&2; }
`;

/** Words of usage, and of where: the line is told apart. */
const NOISE = /^(?:Try `.*|Error occurred at line: \d+|\s*)$/;

/** The words of the first tool that refused something. */
function wordsOf(said: string): { tool: string; file: string; words: string } | null {
  const start = said.indexOf(MARK);
  if (start < 0) return null;
  const [first = ''] = said.slice(start + MARK.length).split(`\n${MARK}`);
  const [, tool = '', file = '', words = ''] = /^(\S+) of (.*)\n([^]*)$/.exec(first) ?? [];
  return { tool, file, words };
}

/**
 * @param said about the rules, by tools that were run by `TOOL`
 * @param read a file of the snapshot
 * @returns null when no tool refused anything
 */
export function refusalIn(said: string, read: (path: string) => string): Refusal | null {
  const found = wordsOf(said);
  if (found === null) return null;
  const { tool, file, words } = found;
  const number = /(?:\bline:? |^[^\s:]*:)(\d+)/m.exec(words)?.[1];
  const line = number === undefined ? null : Number(number);
  const text = line === null ? null : (read(file).split('\n')[line - 1] ?? null);
  const message = words
    .split('\n')
    .filter((one) => !NOISE.test(one))
    .map((one) => one.replace(/^\S+ v[\d.]+(?: \(\w+\))?: ?/, '').replace(/^Error in line \d+: /, ''))
    .filter((one) => one !== '')
    .join(' ');
  return { tool, message: message === '' ? words.trim() : message, line, text };
}
