/** The Kubernetes objects in a text of YAML. Only this file knows the parser, which is loaded when a YAML text is met. */
import { type Document, isMap, isNode, isSeq, parseAllDocuments } from 'yaml';
import type { KubeItem, KubeItems, NameFinding } from './model.js';
import { asListed, at, list, text } from './value.js';

/** A text of that many characters takes some seconds and a few hundred megabytes; JSON takes a tenth of that. */
export const MOST_YAML = 16 * 1024 * 1024;

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
  const items: KubeItem[] = [];
  const findings: NameFinding[] = [];
  const fail = (start: number, end: number, reason: string): void => {
    findings.push({ code: 'NAMES_YAML', start, end, params: { reason } });
  };
  if (whole.length > MOST_YAML) {
    findings.push({ code: 'NAMES_YAML_LARGE', start: 0, end: 0, params: { most: MOST_YAML } });
    return { items, findings };
  }
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
