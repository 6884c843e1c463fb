/** A spec's YAML as a tree. Only this file knows the parser. Nothing in a text makes it large, recursive or clever. */
import { type Node as YamlNode, isAlias, isMap, isScalar, isSeq, parseDocument } from 'yaml';
import type { Diagnostics } from '../source/diagnostic.js';
import type { SourceText, Span } from '../source/source.js';
import type { Entry, Tree } from './tree.js';

/** The longest spec that is read, in characters. */
export const MOST_SPEC: number = 4 * 1024 * 1024;

/** The most values of a spec, each use of an anchor counted anew. */
const MOST_VALUES = 200_000;

/** Tags that say nothing but what the value is anyway. */
const CORE_TAG = /^tag:yaml\.org,2002:(?:str|int|float|bool|null|map|seq)$/;

interface Grown {
  readonly tree: Tree;
  /** Values in it. */
  readonly size: number;
}

class Grower {
  readonly #source: SourceText;
  readonly #diagnostics: Diagnostics;
  readonly #anchors = new Map<string, Grown | 'open'>();
  #isTooLarge = false;

  constructor(source: SourceText, diagnostics: Diagnostics) {
    this.#source = source;
    this.#diagnostics = diagnostics;
  }

  grow(node: YamlNode): Grown | null {
    if (isAlias(node)) return this.#alias(node.source, this.#span(node));
    const span = this.#span(node);
    if (node.tag !== undefined && !CORE_TAG.test(node.tag)) {
      this.#diagnostics.error('CHECK_TAG', span, { tag: node.tag });
      return null;
    }
    const { anchor } = node;
    if (anchor !== undefined) this.#anchors.set(anchor, 'open');
    const grown = this.#plain(node, span);
    if (anchor !== undefined && grown !== null) this.#anchors.set(anchor, grown);
    return grown;
  }

  /** The value of the anchor itself: it is not copied, but it counts. */
  #alias(name: string, span: Span): Grown | null {
    const target = this.#anchors.get(name);
    if (target === undefined || target === 'open') {
      this.#diagnostics.error('CHECK_ALIAS', span, { name });
      return null;
    }
    return this.#bounded(target, span);
  }

  #bounded(grown: Grown, span: Span): Grown | null {
    if (grown.size <= MOST_VALUES) return grown;
    if (!this.#isTooLarge) this.#diagnostics.error('CHECK_VALUES', span, { most: MOST_VALUES });
    this.#isTooLarge = true;
    return null;
  }

  #plain(node: YamlNode, span: Span): Grown | null {
    if (isMap(node)) return this.#map(node.items, span);
    if (isSeq(node)) return this.#list(node.items, span);
    if (!isScalar(node)) return null;
    const { value, source } = node;
    const simple =
      typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
    const text = source ?? (simple === null ? '' : String(simple));
    return { tree: { kind: 'scalar', value: simple, text, span }, size: 1 };
  }

  #map(items: readonly { readonly key: unknown; readonly value: unknown }[], span: Span): Grown | null {
    const entries: Entry[] = [];
    const places = new Map<string, Span>();
    let size = 1;
    for (const { key, value } of items) {
      if (!isScalar(key)) {
        this.#diagnostics.error('CHECK_KEY_FORM', span);
        continue;
      }
      const keySpan = this.#span(key);
      const name = key.source ?? String(key.value);
      const first = places.get(name);
      if (first !== undefined) {
        this.#diagnostics.error('CHECK_KEY_TWICE', keySpan, { key: name }, first);
        continue;
      }
      places.set(name, keySpan);
      const grown = this.#child(value, keySpan);
      if (grown === null) continue;
      size += grown.size + 1;
      entries.push({ key: name, keySpan, value: grown.tree });
    }
    return this.#bounded({ tree: { kind: 'map', entries, span }, size }, span);
  }

  #list(items: readonly unknown[], span: Span): Grown | null {
    let size = 1;
    const trees: Tree[] = [];
    for (const item of items) {
      const grown = this.#child(item, span);
      if (grown === null) continue;
      size += grown.size;
      trees.push(grown.tree);
    }
    return this.#bounded({ tree: { kind: 'list', items: trees, span }, size }, span);
  }

  /** A key without anything behind it has the value null. */
  #child(value: unknown, place: Span): Grown | null {
    if (isAlias(value) || isMap(value) || isSeq(value) || isScalar(value)) return this.grow(value);
    return { tree: { kind: 'scalar', value: null, text: '', span: place }, size: 1 };
  }

  #span({ range }: YamlNode): Span {
    const [start, end] = range ?? [0, 0, 0];
    return { source: this.#source, start, end: Math.max(end, start) };
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof RangeError) return 'it is nested too deeply';
  return error instanceof Error ? (error.message.split('\n')[0] ?? '') : '';
}

/**
 * Reads one YAML document. Never throws; what is wrong is among the diagnostics.
 * @returns null where nothing could be read, or where the text is empty
 */
export function readYaml(source: SourceText, diagnostics: Diagnostics): Tree | null {
  const { text } = source;
  const at = (start: number, end: number): Span => ({ source, start, end: Math.max(end, start + 1) });
  if (text.length > MOST_SPEC) {
    diagnostics.error('CHECK_LARGE', at(0, 1), { most: MOST_SPEC });
    return null;
  }
  try {
    // Keys are told apart here: the parser compares each with each.
    const document = parseDocument(text, {
      prettyErrors: false,
      // 'silent' would also say nothing of a second document, whose checks nobody would miss.
      logLevel: 'error',
      uniqueKeys: false,
      version: '1.2',
      schema: 'core',
      merge: false,
    });
    for (const { code, pos, message } of document.errors)
      if (code === 'MULTIPLE_DOCS') diagnostics.error('CHECK_DOCUMENTS', at(pos[0], pos[0]));
      else diagnostics.error('CHECK_YAML', at(pos[0], pos[1]), { reason: message });
    const { contents } = document;
    if (document.errors.length > 0 || contents === null) return null;
    return new Grower(source, diagnostics).grow(contents)?.tree ?? null;
  } catch (error) {
    diagnostics.error('CHECK_YAML', at(0, 1), { reason: reasonOf(error) });
    return null;
  }
}
