/** Shell loops over nodes: what they run on each, and the line that they print before each. */

/** A loop, as somebody typed it on one line. */
export interface Loop {
  /** What is done for each, one statement an entry. */
  readonly body: readonly string[];
  /** Matches the line that the loop echoes before each, and takes the name out of it; null when it echoes none. */
  readonly marker: RegExp | null;
}

const LOOP = /^(?:for|while)\s.{1,600}?;\s*do\s+(.{1,900})$/;

/** `echo ">> node $i <<"` as a pattern of what it prints. */
function markerOf(statement: string): RegExp | null {
  const text = /^(?:echo|printf)\s+(?:-[en]+\s+)?(.+)$/
    .exec(statement)?.[1]
    ?.replace(/["']|\\n$/g, '')
    .trim();
  if (text === undefined) return null;
  const parts = text.split(/\$\{?\w+\}?/);
  if (parts.length !== 2) return null;
  const [before = '', after = ''] = parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  // A bare name could be any word of a listing.
  return `${before}${after}`.trim() === '' ? null : new RegExp(`^${before}(\\S{1,200}?)${after}\\s*$`);
}

/** Reads a loop; null for any other command. */
export function readLoop(text: string): Loop | null {
  const inner = LOOP.exec(text)?.[1]?.replace(/;?\s*done\b.*$/, '');
  if (inner === undefined) return null;
  const body = inner
    .split(/;|&&/)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');
  const marker = body.map(markerOf).find((found) => found !== null) ?? null;
  return { body, marker };
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
  new RegExp(`^\\[\\d+\\] \\d\\d:\\d\\d:\\d\\d \\[(?:SUCCESS|FAILURE)\\] ${NAME}`),
];

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
