/** Shell prompts and other headings that stand before a tool's output. */
import { changesOf } from './changes.js';
import { isTool } from './command.js';
import { isRunner } from './runner.js';
import { statementsOf } from './statements.js';
import { readTyped } from './visits.js';

/** A line that says which command printed what follows. */
export interface Heading {
  readonly command: string;
  /** The host that the prompt names, or null. */
  readonly host: string | null;
  /** The prompt itself, without what was typed; empty for a heading that is no prompt. */
  readonly prompt: string;
}

/** Longer lines are output, not something that somebody typed; loops are long. */
const LONGEST = 600;

/** `[12:34:56] `, `12:34:56 AM `, as some prompts begin. */
const TIME = '(?:\\[?(?:\\d{4}-\\d\\d-\\d\\d[ T])?\\d{1,2}:\\d\\d(?::\\d\\d)?(?: ?[AP]M)?\\]? ?)?';
/** `user@host:dir$ `, `[user@host dir]# `, with a time or an environment's name before, a branch after. */
const FULL_PROMPT = new RegExp(
  `^(?:\\([^()\\s]{1,60}\\) ?)?${TIME}\\[?[\\w.+-]{1,60}@([\\w.-]{1,80})[^\\s#$%>]{0,200}(?: [\\w~/.-]{1,200})?\\]?(?: ?\\([^()]{1,60}\\))? ?[#$%>] ?(.*)$`,
);
/** `(pod-1)$ `: a document's way to say where something was typed. */
const NAMED_PROMPT = /^\(([\w.-]{1,80})\) ?[#$] (\S.*)$/;
/** PowerShell and cmd.exe, from where kubectl and ssh go on. */
const WINDOWS_PROMPT = /^(?:PS )?[A-Za-z]:\\[^<>|"]{0,200}> ?(.*)$/;
/** `sh-4.2# `, `bash-5.1$ `, `/ # `, `~ $ `, `host:~ # `. */
const SHORT_PROMPT =
  /^(?:(?:ba|a|da|z)?sh-[\d.]{1,8}|[\w.-]{0,60}:?[~/][\w./-]{0,200}|[➜❯λ»](?: {1,2}[~\w./-]{1,60})?(?: git:\([^()]{1,60}\))?|└─|[\w.-]{1,60}(?=%)) ?[#$%>]? (.*)$/u;
/** `❯ ip rule`, where the word behind the arrow is no folder. */
const ARROW_PROMPT = /^[➜❯λ»] +(.*)$/u;
/** `❯ `, `~/src main ❯ `: no tool prints that sign. */
const CERTAIN_ARROW = /^(?:[~/][\w./-]{0,200} (?:\S{1,60} )?)?❯(?: (.*))?$/u;
/** `$ `, `# `, `> `, `+ `, `### `. */
const BARE_PROMPT = /^(?:#{1,4}|[$%>+]) ?(.*)$/;
/** `sh-4.2# `, `/ # `: whatever is typed there is no output. */
const CERTAIN_PROMPT = /^(?:(?:ba|a|da|z)?sh-[\d.]{1,8}[#$] ?|\/ # )(.*)$/;
/** `/ #`, `~ $`, `host:~ #` with nothing behind: where a transcript ends, or somebody pressed Enter. */
const EMPTY_PROMPT = /^(?:[\w.-]{1,60}:)?[~/][\w./-]{0,200} ?[#$]$/;
/** `*** Output of ip rule ***`, `==> ip rule <==`, `=== ip rule ===`, `--- ip rule ---`. */
const BANNER =
  /^(?:\*{2,}|={2,}>?|-{2,}|\+{2,}) ?(?:output of |command:? )?(.{2,200}?) ?(?:\*{2,}|<?={2,}|-{2,}|\+{2,}|:)?$/i;
/**
 * `Every 2.0s: ip route          host: Sat Nov 28 21:40:59 2026`. Older ones name no host, the one of busybox prints the
 * date in numbers, a narrow terminal leaves no date, and people write words in the place of host and date.
 */
const WATCH =
  /^Every [\d.,]{1,8}s: (\S.*?)(?: {2,}(?:([\w.-]{1,80}): ?)?(?:\w{2,4} .{6,30}|[\d-]{8,10} [\d:.]{5,12}|<?date>?)?| ([\w.-]{1,80}): \w{2,4} .{6,30})?$/;

/** Other tools that are often typed between; alone on a line, without a prompt, they end the output before. */
const OTHERS =
  /^(?:sudo )?(?:kubectl|oc|az|aws|gcloud|eksctl|docker|crictl|helm|curl|dig|ping|tcpdump|ethtool|apt-get|systemctl|cat) [\w./-]|^\.\/[\w.-]{1,80}\.sh\b/;

/** Is there a word of a command at all? Taking a line apart into its statements takes its time, and texts have many lines. */
function mayRunTool(text: string): boolean {
  return text
    .split(/[\s;&|()"'`]+/)
    .some((word) => isTool(word) || isRunner(word) || word === 'for' || word === 'while');
}

/** Does the text begin with a tool that natwalk knows, or with a runner followed by one? */
function runsTool(text: string): boolean {
  if (!mayRunTool(text)) return false;
  return statementsOf(text).some((statement) => {
    const all = statement.split(/[\s;]+/, 60);
    const words = all.slice(all.findIndex((word) => !/^[A-Za-z_]\w{0,60}=/.test(word)));
    const first = words[0] ?? '';
    return isTool(first) || ((isRunner(first) || first === 'for' || first === 'while') && words.some(isTool));
  });
}

/** Does it change something? */
function changes(text: string): boolean {
  return /\s(?:-[ADINXFPEZR]|--append|--insert|--delete|add|del|delete|replace|flush|change|set|append|-w|create|destroy|swap)\s/.test(
    `${text} `,
  );
}

/** Does a command print a dump that natwalk knows, or lead to where such commands are typed? */
function isListing(command: string): boolean {
  const { kind, isShell } = readTyped(command).command;
  return kind !== null || isShell;
}

/** Is that what somebody types at a prompt, not a comment or a sentence? */
function isTyped(command: string): boolean {
  if (/^(?:sudo\s+)?ip\s+netns\s+e(?:x(?:e(?:c)?)?)?\s+[\w.-]+\s+[\w./-]+/.test(command)) return true;
  if (OTHERS.test(command) && /^\.\/|\s-{1,2}\w|\|/.test(command)) return true;
  if (runsTool(command)) return isListing(command) || changes(command) || changesOf(command).length > 0;
  if (/^(?:sudo )?(?:ip6?tables(?:-legacy|-nft)?-restore\b|(?:cat|head|tail) \/proc\/sys\/)/.test(command))
    return true;
  return isRunner(command.split(' ', 1)[0] ?? '') && readTyped(command).command.isShell;
}

function heading(line: string, command: string, host: string | null = null): Heading {
  return { command, host, prompt: line.slice(0, line.length - command.length) };
}

function bareHeading(line: string): Heading | null {
  if (/^\$ \S/.test(line)) return heading(line, line.slice(2));
  const watched = WATCH.exec(line);
  if (watched !== null)
    return { command: watched[1] ?? '', host: watched[2] ?? watched[3] ?? null, prompt: '' };
  if (!/^[a-z/.]/.test(line) || /[{}:;"]\s*$/.test(line)) return null;
  const listing = runsTool(line) && isListing(line) && !/[{}:;"]/.test(line);
  const other =
    (OTHERS.test(line) && !/[.:,!?]$/.test(line)) ||
    /^ip (?:-\S+ )?(?:rule|route|addr) (?:add|del) /.test(line);
  return listing || other ? { command: line, host: null, prompt: '' } : null;
}

/**
 * Whether a line is a heading, and of what.
 * A bare prompt needs a known tool after it: `# ` also begins comments. Text without any prompt counts when it is
 * nothing but a command that lists something, or a tool that prints something else.
 */
export function headingOf(whole: string): Heading | null {
  if (whole.length > LONGEST || whole.length < 2) return null;
  const line = whole.trimEnd();
  for (const pattern of [FULL_PROMPT, NAMED_PROMPT]) {
    const full = pattern.exec(line);
    if (full !== null) return heading(line, full[2] ?? '', full[1] ?? null);
  }
  for (const pattern of [WINDOWS_PROMPT, CERTAIN_PROMPT]) {
    const command = pattern.exec(line)?.[1];
    if (command !== undefined) return heading(line, command);
  }
  if (EMPTY_PROMPT.test(line)) return heading(line, '');
  for (const pattern of [ARROW_PROMPT, SHORT_PROMPT, BARE_PROMPT, BANNER]) {
    const command = pattern.exec(line)?.[1]?.trim();
    if (command !== undefined && isTyped(command))
      return pattern === BANNER ? { host: null, command, prompt: '' } : heading(line, command);
  }
  const arrow = CERTAIN_ARROW.exec(line);
  return arrow === null ? bareHeading(line) : heading(line, arrow[1] ?? '');
}
