/** Reads the specs that `natwalk check` is given, and the nodes that they name. */
import { readFile, stat } from 'node:fs/promises';
import { posix } from 'node:path';
import { type Check, type NodeRef, type Spec, readSpec } from '../check/spec.js';
import { factsOf } from '../explain/facts.js';
import { type Language, describe } from '../explain/messages/index.js';
import type { Facts } from '../explain/view.js';
import type { Node } from '../packet/node.js';
import type { Diagnostic } from '../source/diagnostic.js';
import { Diagnostics } from '../source/diagnostic.js';
import { SourceText } from '../source/source.js';
import type { Io } from './io.js';
import { readNodePath } from './node-path.js';
import { readQuietly } from './read-node.js';
import { UsageError, misuse } from './usage.js';

/** A node as a spec names it, read. */
export interface LoadedNode {
  /** From here, not from the spec. */
  readonly path: string;
  readonly node: Node;
  readonly facts: Facts;
  /** Its dumps are files of their own below the path. */
  readonly isFolder: boolean;
}

/** A check, the spec that it is of, and its node. */
export interface LoadedCheck {
  readonly spec: Spec;
  readonly check: Check;
  readonly node: LoadedNode;
}

export interface LoadedSuite {
  readonly specs: readonly Spec[];
  readonly nodes: readonly LoadedNode[];
  readonly checks: readonly LoadedCheck[];
  /** Faults; nothing is run when there are any. */
  readonly faults: readonly Diagnostic[];
}

/** A path that a spec gives, from here. */
export function fromHere(spec: string, path: string): string {
  return path.startsWith('/') ? path : posix.join(posix.dirname(spec), path);
}

const reasonOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : String(error);

async function readText(path: string): Promise<SourceText> {
  try {
    return new SourceText(path, (await readFile(path, 'utf8')).replace(/^\ufeff/, ''));
  } catch (error) {
    throw misuse('CHECK_SPEC_UNREADABLE', null, { path, reason: reasonOf(error) });
  }
}

async function isFolder(typed: string): Promise<boolean> {
  const { path } = await readNodePath(typed);
  return (await stat(path)).isDirectory();
}

/** The reason within an error that says which path could not be read. */
function nodeReason(error: UsageError, language: Language): string {
  const [mistake] = error.mistakes;
  if (mistake === undefined) return '';
  const { reason } = mistake.params;
  if (mistake.code === 'NODE_UNREADABLE' && reason !== undefined) return String(reason);
  return describe(mistake.code, mistake.params, language);
}

class Loader {
  readonly diagnostics = new Diagnostics();
  readonly nodes = new Map<string, LoadedNode | null>();
  readonly #io: Io;
  readonly #language: Language;

  constructor(io: Io, language: Language) {
    this.#io = io;
    this.#language = language;
  }

  /** Reads a node, once. Null after telling why it cannot be read. */
  async node(spec: Spec, { path: written, span }: NodeRef): Promise<LoadedNode | null> {
    const path = fromHere(spec.path, written);
    const known = this.nodes.get(path);
    if (known !== undefined && known !== null) return known;
    try {
      const node = await readQuietly(path, this.#io, { lang: this.#language });
      const loaded = { path, node, facts: factsOf(node), isFolder: await isFolder(path) };
      this.nodes.set(path, loaded);
      return loaded;
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      const reason = nodeReason(error, this.#language);
      this.diagnostics.error('CHECK_NODE_PATH', span, { path: written, reason });
      this.nodes.set(path, null);
      return null;
    }
  }
}

/**
 * Reads specs and their nodes; every fault of all of them is told at once.
 * @throws UsageError for a spec that cannot be read at all
 */
export async function loadSuite(paths: readonly string[], io: Io, language: Language): Promise<LoadedSuite> {
  const loader = new Loader(io, language);
  const specs: Spec[] = [];
  for (const path of new Set(paths)) specs.push(readSpec(path, await readText(path), loader.diagnostics));
  const checks: LoadedCheck[] = [];
  for (const spec of specs) {
    const nodes = new Map<NodeRef, LoadedNode | null>();
    for (const reference of spec.nodes) nodes.set(reference, await loader.node(spec, reference));
    for (const check of spec.checks) {
      const node = nodes.get(check.node);
      if (node !== undefined && node !== null) checks.push({ spec, check, node });
    }
  }
  const nodes = [...loader.nodes.values()].flatMap((node) => node ?? []);
  return { specs, nodes, checks, faults: loader.diagnostics.list };
}
