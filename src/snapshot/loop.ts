/** Shell loops over nodes: what they run on each, and the line that they print before each. */
import { statementsOf } from './statements.js';

/** A loop, as somebody typed it on one line. */
export interface Loop {
  /** What is done for each, one statement an entry. */
  readonly body: readonly string[];
  /** Matches the line that the loop echoes before each, and takes the name out of it; null when it echoes none. */
  readonly marker: RegExp | null;
  /** What goes over: the same text goes over the same names. */
  readonly head: string;
  /** The names that it goes through, in this order; null when the line does not show them. */
  readonly names: readonly string[] | null;
  /** The body, with a name in the place of the loop's variable. */
  readonly bodyFor: (name: string) => readonly string[];
}

const FOR = /^for\s+(\w{1,60})\s+in\s+(.{1,600}?);\s*do\s+(.{1,900})$/;
const WHILE =
  /^(.{1,400}?\|\s*)?while\s+(.{0,100}?)\bread\s+(?:-\w+\s+)*(\w{1,60})(.{0,100}?);\s*do\s+(.{1,900})$/;
/** Loops over numbers and conditions. */
const OTHER = /^(?:for|while|until)\s.{1,600}?;\s*do\s+(.{1,900})$/;
/** `… | xargs -I{} ssh {} ip rule`, `parallel ssh {} ip rule ::: n1 n2`: their outputs may come in any order. */
const XARGS =
  /^(.{1,400}?\|\s*)(?:sudo\s+)?(?:xargs|parallel)\s+(?:.{0,60}?\s)??(?:-I\s?|-i|--replace=?)(\S{1,20})\s+(?:-\S+\s+(?:\d+\s+)?)*(.{1,600})$/;
const PARALLEL = /^(.{1,400}?\|\s*)?parallel\s+(?:-\S+\s+(?:\d+\s+)?)*(.{1,600}?)(?:\s+:::.{0,300})?$/;

/** Words of a list that the shell leaves as they are. */
function literal(list: string): readonly string[] | null {
  const words = list.replace(/["']/g, ' ').trim().split(/\s+/);
  return words.every((word) => /^[\w.:@/-]+$/.test(word)) ? words : null;
}

/** `echo ">> node $i <<"` as a pattern of what it prints. */
function markerOf(statement: string, names: readonly string[] | null): RegExp | null {
  const text = /^(?:echo|printf)\s+(?:-[en]+\s+)?(.+)$/
    .exec(statement)?.[1]
    ?.replace(/["']|\\n$/g, '')
    .trim();
  if (text === undefined) return null;
  const parts = text.split(/\$\{?\w+\}?/);
  if (parts.length !== 2) return null;
  const escaped = (part: string): string => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const [before = '', after = ''] = parts.map(escaped);
  if (`${before}${after}`.trim() !== '') return new RegExp(`^${before}(\\S{1,200}?)${after}\\s*$`);
  // A bare name could be any word of a listing, unless the names are known.
  // A path is of a file that is shown, not of a node.
  return names === null || names.some((one) => one.startsWith('/'))
    ? null
    : new RegExp(`^(${names.map(escaped).join('|')})\\s*$`);
}

function loopOf(
  head: string,
  names: readonly string[] | null,
  { inner, variable }: { readonly inner: string; readonly variable: RegExp | null },
): Loop {
  const body = statementsOf(inner.replace(/;?\s*done\b.*$/, ''));
  const marker = body.map((one) => markerOf(one, names)).find((found) => found !== null) ?? null;
  const bodyFor = (name: string): readonly string[] =>
    variable === null ? body : body.map((statement) => statement.replace(variable, () => name));
  return { body, marker, head, names, bodyFor };
}

const shellVariable = (name: string): RegExp => new RegExp(`\\$(?:${name}\\b|\\{${name}\\})`, 'g');

/** Reads a loop; null for any other command. */
export function readLoop(text: string): Loop | null {
  const counted = FOR.exec(text);
  if (counted !== null) {
    const [, name = '', list = '', inner = ''] = counted;
    return loopOf(list, literal(list), { inner, variable: shellVariable(name) });
  }
  const reading = WHILE.exec(text);
  if (reading !== null) {
    const [, before = '', , name = '', , inner = ''] = reading;
    const from = /\bdone\b(.*)$/.exec(inner)?.[1] ?? '';
    return loopOf(`${before}${from}`, null, { inner, variable: shellVariable(name) });
  }
  const inner = OTHER.exec(text)?.[1];
  if (inner !== undefined) return loopOf(text, null, { inner, variable: null });
  const piped = XARGS.exec(text);
  if (piped !== null) {
    const [, before = '', token = '', command = ''] = piped;
    const escaped = token.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    return loopOf(before, null, { inner: command, variable: new RegExp(escaped, 'g') });
  }
  const parallel = PARALLEL.exec(text);
  if (parallel?.[2]?.includes('{}') === true)
    return loopOf(text, null, { inner: parallel[2], variable: /\{\}/g });
  return null;
}

const NAME = '([\\w.:@/-]{1,120})';
/** `>> node X <<`, `=== host: X ===`, `### node X`, and what Ansible and pssh print before each host's output. */
const BANNERS: readonly RegExp[] = [
  new RegExp(`^>{2,6} ?(?:node|host|server|instance|worker|master)?:? ?${NAME} ?<{2,6}$`, 'i'),
  new RegExp(
    `^(?:={2,}|-{2,}|#{1,6}|\\*{2,}) ?(?:node|host|server|instance|vm)(?: |: ?)${NAME} ?(?:={2,}|-{2,}|#{1,6}|\\*{2,}|:)?$`,
    'i',
  ),
  new RegExp(`^${NAME} \\| (?:CHANGED|SUCCESS|FAILED)[^>]{0,40}>>$`),
  new RegExp(`^netns: ${NAME}$`),
  new RegExp(`^\\[\\d+\\] \\d\\d:\\d\\d:\\d\\d \\[(?:SUCCESS|FAILURE)\\] ${NAME}`),
];

/** Is it what `ip -all netns exec` prints before the output of each network namespace? */
export function isNamespaceBanner(line: string): boolean {
  return line.startsWith('netns: ');
}

/**
 * The node that a document's heading names (`## node n1`) for all that stands below it; null for any other line. A word
 * without a number is mostly none: `## Node setup`.
 */
export function namedByHeading(line: string): string | null {
  const name = /^#{1,6} /.test(line) ? namedByBanner(line, null) : null;
  return name !== null && /\d/.test(name) ? name : null;
}

/** The node that a line names as the one whose output follows; null for any other line. */
export function namedByBanner(line: string, marker: RegExp | null): string | null {
  if (line.length > 300) return null;
  const text = line.trim();
  for (const pattern of marker === null ? BANNERS : [marker, ...BANNERS]) {
    const name = pattern.exec(text)?.[1];
    if (name !== undefined) return name.replace(/^\S{1,100}@/, '').replace(/^(?:pod|node)\//, '');
  }
  return null;
}
