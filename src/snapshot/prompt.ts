/** Shell prompts and other headings that stand before a tool's output. */
import { isTool, readCommand } from './command.js';

/** A line that says which command printed what follows. */
export interface Heading {
  readonly command: string;
  /** The host that the prompt names, or null. */
  readonly host: string | null;
}

/** Longer lines are output, not something that somebody typed. */
const LONGEST = 400;

/** `user@host:dir$ `, `[user@host dir]# `, with an environment's name in brackets before. */
const FULL_PROMPT =
  /^(?:\([^()\s]{1,60}\) ?)?\[?[\w.+-]{1,60}@([\w.-]{1,80})[^\s#$%>]{0,200}(?: [\w~/.-]{1,200})?\]? ?[#$%>] ?(.*)$/;
/** `sh-4.2# `, `bash-5.1$ `, `/ # `, `~ $ `, `host:~ # `. */
const SHORT_PROMPT =
  /^(?:(?:ba|a|da|z)?sh-[\d.]{1,8}|[\w.-]{0,60}:?[~/][\w./-]{0,200}|[➜❯λ»](?: {1,2}[~\w./-]{1,60})?) ?[#$%>]? (.*)$/u;
/** `$ `, `# `, `> `, `+ `, `### `. */
const BARE_PROMPT = /^(?:#{1,4}|[$%>+]) ?(.*)$/;
/** `*** Output of ip rule ***`, `==> ip rule <==`, `=== ip rule ===`, `--- ip rule ---`. */
const BANNER =
  /^(?:\*{2,}|={2,}>?|-{2,}|\+{2,}) ?(?:output of |command:? )?(.{2,200}?) ?(?:\*{2,}|<?={2,}|-{2,}|\+{2,}|:)?$/i;

/** A word that runs a tool in another place, or as somebody else. */
const RUNNERS = new Set([
  'sudo',
  'doas',
  'docker',
  'podman',
  'kubectl',
  'oc',
  'nsenter',
  'chroot',
  'env',
  'time',
  'timeout',
  'watch',
  'crictl',
  'nerdctl',
  'ssh',
]);

/** Does the text begin with a tool that natwalk knows, or with a runner followed by one? */
function runsTool(text: string): boolean {
  const words = text.trim().split(/\s+/, 30);
  const first = words[0] ?? '';
  return isTool(first) || (RUNNERS.has(first) && words.some(isTool));
}

/** Does it change something? */
function changes(text: string): boolean {
  return /\s(?:-[ADINXFPEZR]|--append|--insert|--delete|add|del|delete|replace|flush|change|set|append|-w|create|destroy|swap)\s/.test(
    `${text} `,
  );
}

/**
 * Whether a line is a heading, and of what.
 * A bare prompt needs a known tool after it: `# ` also begins comments. Text without any prompt counts when it is
 * nothing but a command that lists something.
 */
export function headingOf(whole: string): Heading | null {
  if (whole.length > LONGEST || whole.length < 2) return null;
  const line = whole.trimEnd();
  const full = FULL_PROMPT.exec(line);
  if (full !== null) return { host: full[1] ?? null, command: full[2] ?? '' };
  for (const pattern of [SHORT_PROMPT, BARE_PROMPT, BANNER]) {
    const command = pattern.exec(line)?.[1]?.trim();
    if (command !== undefined && runsTool(command) && (isListing(command) || changes(command)))
      return { host: null, command };
  }
  if (/^\$ \S/.test(line)) return { host: null, command: line.slice(2) };
  return /^[a-z/]/.test(line) && runsTool(line) && isListing(line) && !/[{}:;"]/.test(line)
    ? { host: null, command: line }
    : null;
}

/** Does a command print a dump that natwalk knows? */
function isListing(command: string): boolean {
  return readCommand(command).kind !== null;
}
