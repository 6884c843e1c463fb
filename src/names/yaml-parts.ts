/**
 * Cuts a long YAML text of kubectl's into its objects, without what no name or address stands in. A parser of YAML needs
 * some forty times the memory of its text; an object at a time needs hardly any.
 */

/** One object's text, as a list with it alone where it was an item of a list. */
export interface YamlPart {
  /** Where the object stands in the whole text. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Members that hold most of an object, and nothing that a name or an address is read from. */
const LEFT_OUT = new Set([
  ...['managedFields', 'annotations', 'ownerReferences', 'template', 'data', 'binaryData'],
  ...['containers', 'initContainers', 'ephemeralContainers', 'volumes', 'tolerations', 'affinity'],
  ...['containerStatuses', 'initContainerStatuses', 'ephemeralContainerStatuses', 'conditions'],
  ...['images', 'nodeInfo', 'capacity', 'allocatable', 'volumesAttached', 'volumesInUse', 'securityContext'],
]);

/** A member that begins on a line of its own, its value below it. */
const MEMBER = /^( *)([A-Za-z]{4,30}):[ ]*$/;

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

/** Does the line go on with the member that began at an indent? Items of a list may stand as far to the left as its name. */
function isWithin(line: string, indent: number): boolean {
  const own = indentOf(line);
  return line.trim() === '' || own > indent || (own === indent && line.startsWith('- ', own));
}

function* linesOf(text: string): Generator<{ readonly at: number; readonly line: string }> {
  for (let at = 0; at < text.length;) {
    const newline = text.indexOf('\n', at);
    const end = newline < 0 ? text.length : newline;
    yield { at, line: text.slice(at, end).replace(/\r$/, '') };
    at = end + 1;
  }
}

function slim(text: string): string {
  const kept: string[] = [];
  let dropped: number | null = null;
  for (const { line } of linesOf(text)) {
    if (dropped !== null && isWithin(line, dropped)) continue;
    const [, blanks = '', name = ''] = MEMBER.exec(line) ?? [];
    dropped = LEFT_OUT.has(name) ? blanks.length : null;
    if (dropped === null) kept.push(line);
  }
  return kept.join('\n');
}

/**
 * The objects of the text: the items of block lists below `items:`, items of a bare list, and documents that are objects
 * themselves. In a block list nothing but an item begins with `- ` at the list's own indent (YAML 1.2, 8.2.1).
 */
export function* yamlParts(whole: string): Generator<YamlPart> {
  let start: number | null = null;
  let mode: 'document' | 'items' | 'behind' = 'document';
  let indent: number | null = null;
  const part = (end: number): YamlPart[] =>
    start === null ? [] : [{ start, end, text: slim(whole.slice(start, end)) }];
  for (const { at, line } of linesOf(whole)) {
    const dash = /^ *(?=- )/.exec(line)?.[0].length ?? null;
    const isNext = dash !== null && dash === (indent ?? dash) && (mode === 'items' || start === null);
    if (/^(?:---|\.\.\.)(?:\s|$)/.test(line)) {
      yield* part(at);
      [start, mode, indent] = [null, 'document', null];
    } else if (mode === 'document' && /^items:\s*$/.test(line)) [start, mode] = [null, 'items'];
    else if (mode !== 'behind' && isNext) {
      yield* part(at);
      [start, mode, indent] = [at, 'items', dash];
    } else if (mode === 'items' && /^[^\s#]/.test(line)) {
      yield* part(at);
      [start, mode] = [null, 'behind'];
    } else if (mode === 'document' && start === null && line.trim() !== '') start = at;
  }
  yield* part(whole.length);
}
