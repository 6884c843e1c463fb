/** The words of a pasted command line, each with its place in it. */

/** A word as a shell would hand it on. */
export interface Word {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** What adds, replaces or deletes a rule, whatever stood before it on the line: a prompt, `sudo`. */
export interface Command {
  readonly tool: string;
  /** Behind the tool's name. */
  readonly words: readonly Word[];
}

const WORD = /(?:[^\s"'\\]|\\.|"(?:[^"\\]|\\.)*"|'[^']*'|["'\\])+/gsu;
const PIECE = /\\(.)|"((?:[^"\\]|\\.)*)"|'([^']*)'/gsu;

const unquoted = (raw: string): string =>
  raw.replace(
    PIECE,
    (_whole: string, escaped?: string, double?: string, single?: string) =>
      escaped ?? double?.replace(/\\(["\\$`])/g, '$1') ?? single ?? '',
  );

export function wordsIn(line: string): readonly Word[] {
  return [...line.matchAll(WORD)].map(({ 0: raw, index }) => ({
    text: unquoted(raw),
    start: index,
    end: index + raw.length,
  }));
}

const TOOL = /^(?:\S*\/)?(ip6?tables(?:-legacy|-nft)?|ip|nft)$/;
/** Words that may stand before a command. */
const BEFORE = /^(?:sudo|\S*[#$%>]|\[\S*|\S*\])$/;

/** A command that stands in quotes as a whole, as nft takes it. */
function inOne(line: string, words: readonly Word[]): readonly Word[] {
  const [only, another] = words;
  if (
    only === undefined ||
    another !== undefined ||
    !/^(['"]).*\s.*\1$/s.test(line.slice(only.start, only.end))
  )
    return words;
  const at = only.start + 1;
  const inner = wordsIn(line.slice(at, only.end - 1));
  return inner.map(({ text, start, end }) => ({ text, start: start + at, end: end + at }));
}

/** Null for what is no such command. A rule without its tool is one of iptables. */
export function commandIn(line: string): Command | null {
  const words = wordsIn(line);
  const at = words.findIndex(({ text }) => !BEFORE.test(text));
  const first = words[at];
  if (first === undefined) return null;
  const tool = TOOL.exec(first.text)?.[1];
  if (tool !== undefined) return { tool, words: inOne(line, words.slice(at + 1)) };
  return /^-[ADIRt]|^--(?:append|delete|insert|replace|table)/.test(first.text)
    ? { tool: 'iptables', words: words.slice(at) }
    : null;
}
