/** Checks for programs: texts of specs and nodes that are read already, results as data. `natwalk check` is the same for files. */
import { factsOf } from '../explain/facts.js';
import { plain } from '../explain/colour.js';
import type { Language } from '../explain/messages/index.js';
import type { Node } from '../packet/node.js';
import { type Diagnostic, Diagnostics } from '../source/diagnostic.js';
import { SourceText } from '../source/source.js';
import { type Covered, HitCounter, coverageOf } from './coverage.js';
import type { CheckResult } from './result.js';
import { runCheck } from './run.js';
import { type Check, type Spec, readSpec } from './spec.js';

/** A spec: what messages call it (its path), and its text in YAML. */
export interface SpecFile {
  readonly name: string;
  readonly text: string;
}

/** What checks are run with. */
export interface CheckOptions {
  /** The text of a golden file by its path as the spec writes it; null, as when this is left out: there is none. */
  readonly golden?: (path: string, spec: string) => string | null;
  /** Also tell which rules no packet of the suite met. Default false. */
  readonly coverage?: boolean;
  /** Language of the answers under `CheckResult.answer`. Default `en`. */
  readonly language?: Language;
}

/** What specs came to. */
export interface CheckReport {
  /** There are no faults, there is at least one check, and every check holds. */
  readonly passed: boolean;
  /**
   * What is wrong with the specs themselves (CHECK_…: unknown keys, misspelt words, a node that is not among the given
   * ones, a suite without checks). Nothing is run while there is any.
   */
  readonly faults: readonly Diagnostic[];
  /** A result for each check, in the order of the specs and their flows. */
  readonly results: readonly CheckResult[];
  /** By the nodes' names in the specs; null unless it was asked for. */
  readonly coverage: ReadonlyMap<string, readonly Covered[]> | null;
}

/** A check, its spec, and the node that it is of. */
interface Planned {
  readonly check: Check;
  readonly spec: Spec;
  readonly path: string;
  readonly node: Node;
}

/** One node for all, or nodes by the paths that specs write. */
export type CheckNodes = Node | ReadonlyMap<string, Node>;

const isMap = (nodes: CheckNodes): nodes is ReadonlyMap<string, Node> => nodes instanceof Map;

function planned(specs: readonly Spec[], nodes: CheckNodes, diagnostics: Diagnostics): readonly Planned[] {
  return specs.flatMap((spec) => {
    const found = new Map<string, Node>();
    for (const { path, span } of spec.nodes) {
      const node = isMap(nodes) ? nodes.get(path) : nodes;
      if (node === undefined) diagnostics.error('CHECK_NODE_PATH', span, { path, reason: 'ENOENT' });
      else found.set(path, node);
    }
    return spec.checks.flatMap((check): Planned[] => {
      const node = found.get(check.node.path);
      return node === undefined ? [] : [{ check, spec, path: check.node.path, node }];
    });
  });
}

/**
 * Runs the checks of specs (see schema/check.schema.json) against nodes. Pure: reads no file and writes none, so that
 * golden files are compared (`options.golden`), never updated. Never throws because of what a spec or a dump says.
 * @param specs one spec or several
 * @param nodes the node that every check is of, or nodes by the paths that the specs write behind `node:`
 */
export function check(
  specs: SpecFile | readonly SpecFile[],
  nodes: CheckNodes,
  options: CheckOptions = {},
): CheckReport {
  const diagnostics = new Diagnostics();
  const read = [specs]
    .flat()
    .map(({ name, text }) => readSpec(name, new SourceText(name, text.replace(/^\ufeff/, '')), diagnostics));
  const plan = planned(read, nodes, diagnostics);
  const faults = diagnostics.list;
  if (faults.length > 0) return { passed: false, faults, results: [], coverage: null };
  const counters = new Map<string, { readonly node: Node; readonly counter: HitCounter }>();
  const results = plan.map((one) => {
    const seen = counters.get(one.path) ?? { node: one.node, counter: new HitCounter() };
    counters.set(one.path, seen);
    return runCheck(one.check, {
      spec: one.spec.path,
      node: one.node,
      path: one.path,
      vpc: one.spec.vpc,
      facts: factsOf(one.node),
      language: options.language ?? 'en',
      paint: plain,
      counter: options.coverage === true ? seen.counter : null,
      golden:
        one.check.golden === null ? null : (options.golden?.(one.check.golden.path, one.spec.path) ?? null),
      isUpdate: false,
    }).result;
  });
  const covered = [...counters].map(
    ([path, { node, counter }]) => [path, coverageOf(node, counter.hits)] as const,
  );
  return {
    passed: results.length > 0 && results.every(({ passed }) => passed),
    faults,
    results,
    coverage: options.coverage === true ? new Map(covered) : null,
  };
}
