/** The Kubernetes objects in a text of YAML. Only this file knows the parser, which is loaded when a YAML text is met. */
import { type Document, isMap, isNode, isSeq, parseAllDocuments } from 'yaml';
import type { KubeItem, KubeItems, NameFinding } from './model.js';
import { yamlParts } from './yaml-parts.js';
import { asListed, at, list, text } from './value.js';

/** The longest text that is read. JSON takes a tenth of the time. */
export const MOST_YAML = 64 * 1024 * 1024;

/** Longer texts are read an object at a time: a document needs some forty times the memory of its text. */
const AT_ONCE = 1024 * 1024;

/** The longest object, without what names do not need. */
const MOST_OF_ONE = 4 * 1024 * 1024;

/** More aliases than an object of kubectl's ever has; fewer than would make a small text huge. */
const MOST_ALIASES = 100;

/** The objects of a document: the items of a list, or the document. An item with a fault in it is left out. */
function itemsOf(document: Document): KubeItem[] {
  const { contents, errors } = document;
  const value: unknown = document.toJS({ maxAliasCount: MOST_ALIASES });
  const listed = isMap(contents) ? contents.get('items', true) : contents;
  const nodes: readonly unknown[] = isSeq(listed) ? listed.items : [contents];
  const values = isSeq(listed) ? list(isMap(contents) ? at(value, 'items') : value) : [value];
  const fault = Math.min(Infinity, ...errors.map(({ pos }) => pos[0]));
  return nodes.flatMap((node, place) => {
    const [start, end] = (isNode(node) ? node.range : null) ?? [0, 0];
    return end > fault ? [] : [{ value: asListed(values[place], text(at(value, 'kind'))), start, end }];
  });
}

/** The parser's sentences end with a frame of the text; findings have one of their own. */
function reasonOf(error: unknown): string {
  if (error instanceof RangeError) return 'it is nested too deeply';
  return error instanceof Error ? (error.message.split('\n')[0] ?? '') : '';
}

/**
 * Reads `kubectl get -o yaml`, and several documents between `---` lines. Where the text stops being YAML, what stands
 * before is kept. Never throws; aliases cannot blow it up.
 */
export function readKubeYaml(whole: string): KubeItems {
  if (whole.length > MOST_YAML) return { items: [], findings: [tooLong(0, MOST_YAML)] };
  return whole.length > AT_ONCE ? readParts(whole) : readAtOnce(whole);
}

function tooLong(start: number, most: number): NameFinding {
  return { code: 'NAMES_YAML_LARGE', start, end: start, params: { most } };
}

/** The same of a long text: an object at a time, and no more of each than names need. */
function readParts(whole: string): KubeItems {
  const findings: NameFinding[] = [];
  const listed = /^kind: (\w{1,60}List)\s*$/m.exec(whole)?.[1] ?? null;
  function* items(): Generator<KubeItem> {
    for (const { start, end, text: part } of yamlParts(whole)) {
      if (part.length > MOST_OF_ONE) findings.push(tooLong(start, MOST_OF_ONE));
      else {
        const read = readAtOnce(part);
        // Places within the part are not those in the text: what was left out is missing.
        for (const { value } of read.items) yield { value: asListed(value, listed), start, end };
        for (const finding of read.findings) findings.push({ ...finding, start, end: start + 1 });
      }
    }
  }
  return { items: items(), findings };
}

function readAtOnce(whole: string): KubeItems & { readonly items: readonly KubeItem[] } {
  const items: KubeItem[] = [];
  const findings: NameFinding[] = [];
  const fail = (start: number, end: number, reason: string): void => {
    findings.push({ code: 'NAMES_YAML', start, end, params: { reason } });
  };
  try {
    const documents = parseAllDocuments(whole, { prettyErrors: false, logLevel: 'silent', stringKeys: true });
    for (const document of Array.isArray(documents) ? documents : []) {
      const [error] = document.errors;
      if (error !== undefined) fail(error.pos[0], Math.max(error.pos[1], error.pos[0] + 1), reasonOf(error));
      try {
        items.push(...itemsOf(document));
      } catch (problem) {
        fail(document.range[0], document.range[0] + 1, reasonOf(problem));
      }
    }
  } catch (error) {
    fail(0, 1, reasonOf(error));
  }
  return { items, findings };
}
