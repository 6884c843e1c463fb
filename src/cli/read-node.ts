/** Reads the snapshot that a command names, and tells what was found on the way. */
import type { Family } from '../address/address.js';
import { renderDiagnostics } from '../explain/diagnostic.js';
import { NeedsWhole } from '../iptables/read/needs-whole.js';
import type { Node } from '../packet/node.js';
import type { SnapshotFiles } from '../snapshot/collector.js';
import { readSnapshot } from '../snapshot/files.js';
import { type YamlReader, hasYaml } from '../snapshot/kubectl.js';
import { loadNode } from '../snapshot/load.js';
import { checkMet, isPartlyRead } from '../snapshot/met.js';
import type { Diagnostic } from '../source/diagnostic.js';
import { type Io, widthFor } from './io.js';
import { languageOf } from './language.js';
import { readNodePath } from './node-path.js';
import { type CommonOptions, paintFor } from './output.js';
import { withProgress } from './progress.js';
import { UsageError, misuse } from './usage.js';

/** What a snapshot lacks of the other family does not concern a packet of this one. */
function concerns({ span, params }: Diagnostic, family: Family | null): boolean {
  return family === null || span !== null || params['family'] === undefined || params['family'] === family;
}

/** Writes findings to standard error. */
export async function tellFindings(
  findings: readonly Diagnostic[],
  io: Io,
  options: CommonOptions,
): Promise<void> {
  const text = renderDiagnostics(findings, {
    language: languageOf(io, options),
    paint: paintFor(io.stderr, io, options),
    width: widthFor(io.stderr),
  });
  if (text !== '') await io.stderr.write(`${text}\n`);
}

/** Why there is no text at all. @throws UsageError */
export function demandFiles({ files, diagnostics }: SnapshotFiles, path: string): void {
  if (files.length > 0) return;
  const reason = diagnostics.list[0]?.params['reason'];
  throw misuse('NODE_UNREADABLE', null, { path, reason: reason ?? 'no file in it is a text' });
}

/** The reader of YAML, if there is any: its parser takes its time to load. */
async function yamlReader({ files }: SnapshotFiles): Promise<YamlReader | null> {
  if (!hasYaml(files.map(({ text }) => text))) return null;
  const { readKubeYaml } = await import('../names/yaml.js');
  return readKubeYaml;
}

/** The node must be one, and there. @throws UsageError */
function demandOne(path: string, findings: readonly Diagnostic[]): void {
  for (const { code, params } of findings) {
    const names = String(params['names']);
    if (code === 'READ_SEVERAL_NODES')
      throw misuse('NODE_SEVERAL', null, { path, names, first: names.split(', ')[0] ?? '' });
    if (code === 'READ_NO_SUCH_NODE')
      throw misuse('NODE_NOT_THERE', null, { path, names, node: String(params['node']) });
  }
}

/** Does nothing but logs of packets stand where the dumps should? */
function onlyTraces(findings: readonly Diagnostic[]): boolean {
  const traces = findings.filter(({ code, params }) => code === 'READ_ASIDE' && params['kind'] === TRACE);
  return traces.length > 0 && findings.every(({ code }) => !UNKNOWN_TEXT.has(code));
}

/** What `READ_ASIDE` calls the lines of the TRACE target, of xtables-monitor and of `nft monitor trace`. */
const TRACE = 'a packet trace';

/** Texts of which nobody knows what they are. */
const UNKNOWN_TEXT = new Set(['READ_UNRECOGNISED', 'READ_BINARY', 'READ_PACKING', 'READ_UNREADABLE']);

/** Why a snapshot without any listing is refused, which its findings go before. */
export function nothingIn(
  path: string,
  findings: readonly Diagnostic[],
  otherwise: 'NODE_EMPTY' | 'NODES_NONE',
): UsageError {
  return misuse(onlyTraces(findings) ? 'NODE_TRACES' : otherwise, null, { path });
}

/** The texts of a snapshot, and how they become the node that is meant. */
interface Opened {
  readonly path: string;
  readonly snapshot: SnapshotFiles;
  readonly load: (partlyFrom?: number) => Node;
}

async function open(typed: string, io: Io, options: CommonOptions): Promise<Opened> {
  const { path, node: which } = await readNodePath(typed);
  const snapshot = await withProgress(
    io,
    options,
    () => ({ id: 'PROGRESS_READING', params: { path } }),
    () => readSnapshot(path, io.stdin()),
  );
  const yaml = await yamlReader(snapshot);
  const load = (partlyFrom?: number): Node => {
    const loaded = loadNode(typed, snapshot.files, which ?? undefined, yaml, partlyFrom);
    demandOne(path, loaded.diagnostics);
    return { ...loaded, diagnostics: [...snapshot.diagnostics.list, ...loaded.diagnostics] };
  };
  return { path, snapshot, load };
}

/** Texts of so many characters are read for about a second, without a pause in which that could be told. */
const LONG = 16 * 1024 * 1024;

/** Reads what was opened, and tells before when it takes long. */
async function loaded(
  { path, snapshot, load }: Opened,
  io: Io,
  options: CommonOptions,
  partlyFrom?: number,
): Promise<Node> {
  const size = snapshot.files.reduce((sum, { text }) => sum + text.length, 0);
  if (size < LONG) return load(partlyFrom);
  const params = { path, megabytes: Math.round(size / 1e6) };
  return withProgress(
    io,
    options,
    () => ({ id: 'PROGRESS_READING_TEXT', params }),
    (progress) => {
      progress.announce();
      return load(partlyFrom);
    },
  );
}

/** Takes the findings of a node that could be read. */
type Tell = (findings: readonly Diagnostic[]) => Promise<void>;

/** @throws UsageError when there is nothing that could be read */
async function tellAndDemand(
  node: Node,
  { path, snapshot }: Opened,
  io: Io,
  options: CommonOptions,
  tell: Tell,
): Promise<void> {
  const isEmpty = node.diagnostics.some((one) => one.code === 'READ_NOTHING');
  // What the files are, each by its name, is all that there is to say.
  await (isEmpty ? tellFindings(node.diagnostics, io, options) : tell(node.diagnostics));
  demandFiles(snapshot, path);
  if (isEmpty) throw nothingIn(path, node.diagnostics, 'NODE_EMPTY');
}

/**
 * Reads a node.
 * @param typed the snapshot as it was typed, with `#name` for one of several nodes
 * @throws UsageError when there is nothing that could be read, or several nodes and none of them is meant
 */
async function read(typed: string, io: Io, options: CommonOptions, tell: Tell): Promise<Node> {
  const opened = await open(typed, io, options);
  const node = await loaded(opened, io, options);
  await tellAndDemand(node, opened, io, options, tell);
  return node;
}

function tellConcerning(io: Io, options: CommonOptions, family: Family | null): Tell {
  return (findings) =>
    tellFindings(
      findings.filter((one) => concerns(one, family)),
      io,
      options,
    );
}

/**
 * Reads a node; its findings go to standard error.
 * @param family of the packet that the node is read for; null for all
 * @throws UsageError when there is nothing that could be read, or several nodes and none of them is meant
 */
export async function readNode(
  typed: string,
  io: Io,
  options: CommonOptions,
  family: Family | null,
): Promise<Node> {
  return read(typed, io, options, tellConcerning(io, options, family));
}

/** Saves from this length on are read in parts for one answer: at 1,000 lines, before anybody notices. */
const LARGE = 128 * 1024;

/**
 * Reads a node for one answer: of a large save only what the answer comes to, as long as nothing is to be told of that.
 * Faults elsewhere in it are then not told; `doctor` and `show` tell all.
 * @param answer works the answer out, again if the node has to be read as a whole
 * @throws UsageError as readNode does; what `answer` throws
 */
export async function answerFrom<T>(
  typed: string,
  io: Io,
  options: CommonOptions,
  family: Family | null,
  answer: (node: Node) => T,
): Promise<T> {
  const opened = await open(typed, io, options);
  const tell = tellConcerning(io, options, family);
  const partly = await loaded(opened, io, options, LARGE);
  if (isPartlyRead(partly)) {
    const found = answerPartly(partly, answer);
    if (found !== null) {
      await tellAndDemand(partly, opened, io, options, tell);
      return found.value;
    }
  }
  const node = isPartlyRead(partly) ? await loaded(opened, io, options) : partly;
  await tellAndDemand(node, opened, io, options, tell);
  return answer(node);
}

/** @returns null where the node has to be read as a whole, or its findings come before what `answer` throws */
function answerPartly<T>(node: Node, answer: (node: Node) => T): { readonly value: T } | null {
  try {
    const value = answer(node);
    checkMet(node);
    return { value };
  } catch (error) {
    if (error instanceof NeedsWhole || error instanceof UsageError) return null;
    throw error;
  }
}

/**
 * The same, for a command that tells the findings itself.
 * @throws UsageError as readNode does
 */
export async function readQuietly(typed: string, io: Io, options: CommonOptions): Promise<Node> {
  return read(typed, io, options, () => Promise.resolve());
}
