/** An emulated node: its state, what it tracks, what has passed its interfaces, and its clock. */
import { hopsOfOutcome, lengthsOf } from '../../explain/hops.js';
import { printEntry } from '../../packet/conntrack-entry.js';
import { isNative } from '../../packet/any-rule.js';
import type { ConntrackEntry } from '../../packet/conntrack-entry.js';
import type { Node } from '../../packet/node.js';
import type { Outcome, TraceResult } from '../../packet/result.js';
import { loadNode } from '../../snapshot/load-any.js';
import type { SnapshotFile } from '../../snapshot/places.js';
import { readConnections } from '../../snapshot/conntrack.js';
import { SectionReport } from '../../snapshot/report.js';
import { type Diagnostic, Diagnostics } from '../../source/diagnostic.js';
import { SourceText } from '../../source/source.js';
import type { Segment } from './segments.js';
import type { Inside, Sight } from './sight.js';
import { Rereader } from './reread.js';
import { type State, filesOf, filesWith, plainText, stateOf } from './state.js';

/** An entry of conntrack's table: the words around its timeout, and when it goes. */
export interface Kept {
  /** `icmp     1` */
  readonly head: string;
  readonly tail: string;
  /** Two entries of one connection have the same. */
  readonly key: string;
  readonly until: number;
  /** The line as it was when it came. */
  readonly line: string;
  /** As walks have it, once one has asked. */
  read?: readonly ConntrackEntry[];
}

/** More sights than that nobody reads. */
const MOST_SEEN = 500;

/** Seconds of an entry that does not age. */
const LONG = 432_000;

const LINE = /^(\S+ +\d+) (\d+) (.*)$/;

/** What tells connections apart: the first tuple. */
function keyOf(protocol: string, tail: string): string {
  const [first = ''] = /src=\S+ dst=\S+(?: sport=\S+ dport=\S+| type=\S+ code=\S+ id=\S+)?/.exec(tail) ?? [];
  return `${protocol} ${first}`;
}

export class Machine {
  readonly name: string;
  /** The files that it began as: links are listed as they stood there. */
  readonly files: readonly SnapshotFile[];
  readonly start: Node;
  #state: State;
  readonly #first: State;
  readonly #firstText: string;
  /** Null: not read since the session began. */
  #node: Node | null = null;
  /** The entries that the node has. */
  #known: readonly Kept[] = [];
  #kept: readonly Kept[] = [];
  readonly #load: typeof loadNode;
  readonly #rereader: Rereader;
  #isByLine = false;
  #clock = 0;
  #ways = 0;
  /** What the last command that sent packets has let pass. */
  seen: readonly Sight[] = [];

  /** @param load reads a node from files: all of them when somebody asks for it, later only what has changed */
  constructor(name: string, files: readonly SnapshotFile[], load: typeof loadNode = loadNode) {
    this.name = name;
    this.files = files;
    this.#load = load;
    this.#rereader = new Rereader((listings) => load(name, filesWith(listings)));
    this.start = load(name, files);
    this.#first = stateOf(this.start);
    this.#firstText = plainText(this.#first);
    this.#state = this.#first;
    for (const line of this.start.connections === null ? [] : connectionLines(this.start)) this.keep(line);
  }

  /** The node as it is. */
  get node(): Node {
    const node = this.#node ?? this.#whole(this.#state);
    if (this.#node !== null && this.#known === this.#kept) return node;
    const connections = this.#kept.flatMap(entriesOf);
    this.#known = this.#kept;
    this.#node = { ...node, connections };
    return this.#node;
  }

  #whole(state: State): Node {
    const node = this.#load(this.name, filesOf(state, []));
    this.#isByLine = this.#rereader.learn(node, state);
    return node;
  }

  get state(): State {
    return this.#state;
  }

  /** Nothing has changed, or all of it was undone; what was counted does not matter. */
  get isAsAtStart(): boolean {
    return this.#state === this.#first || plainText(this.#state) === this.#firstText;
  }

  get clock(): number {
    return this.#clock;
  }

  /** Time goes by: entries that nothing renews are forgotten. */
  pass(milliseconds: number): void {
    this.#clock += milliseconds;
    const alive = this.#kept.filter(({ until }) => until > this.#clock);
    if (alive.length < this.#kept.length) this.#kept = alive;
  }

  /** Entries of conntrack's table as `conntrack -L` prints them. */
  get connections(): readonly string[] {
    return this.#kept.map(
      ({ head, tail, until }) =>
        `${head} ${String(Math.max(1, Math.round((until - this.#clock) / 1000)))} ${tail}`,
    );
  }

  /** Takes an entry in, in place of what was known of its connection. */
  keep(line: string): void {
    const [, head = '', seconds = '0', tail = ''] = LINE.exec(line) ?? [];
    if (head === '') return;
    const key = keyOf(head, tail);
    const entry: Kept = { head, tail, key, line, until: this.#clock + Number(seconds) * 1000 };
    this.#kept = [entry, ...this.#kept.filter((one) => one.key !== key)];
  }

  /** Takes the entry of a line's connection out. */
  drop(line: string): void {
    const [, head = '', , tail = ''] = LINE.exec(line) ?? [];
    this.#kept = this.#kept.filter(({ key }) => key !== keyOf(head, tail));
  }

  /** Forgets entries; those that the condition names. @returns how many */
  forget(isMeant: (line: string) => boolean): number {
    const lines = this.connections;
    const left = this.#kept.filter((_, at) => !isMeant(lines[at] ?? ''));
    const count = this.#kept.length - left.length;
    this.#kept = left;
    return count;
  }

  /**
   * Tries a changed state: the node is read from it, and what the readers refuse undoes it.
   * @returns what is wrong; nothing when the change was made
   */
  change(next: State): readonly Diagnostic[] {
    const { node } = this;
    const before = new Set(node.diagnostics.map(keyOfDiagnostic));
    const part = this.#isByLine ? this.#rereader.reread(node, this.#state, next) : null;
    const whole = part === null ? this.#whole(next) : null;
    const found = part?.found ?? whole?.diagnostics ?? [];
    const wrong = new Map<string, Diagnostic>();
    for (const one of found) {
      const key = keyOfDiagnostic(one);
      const isRefused = one.severity === 'error' || REFUSED.has(one.code);
      if (isRefused && !before.has(key) && one.code !== 'RULE_LOOP') wrong.set(key, one);
    }
    if (wrong.size > 0) return [...wrong.values()];
    this.#state = next;
    this.#node = part?.node ?? (whole === null ? node : { ...whole, connections: node.connections });
    return [];
  }

  /** Counts what an outcome met, and notes where it was seen. */
  count(
    result: TraceResult,
    outcome: Outcome,
    {
      turn,
      segment = null,
      inside = null,
      says = null,
    }: Pick<Sight, 'turn'> & { segment?: Segment | null; inside?: Inside | null; says?: string | null },
  ): void {
    const family = result.packet.dst.includes(':') ? 6 : 4;
    const [bytes] = lengthsOf(result, outcome);
    for (const step of outcome.steps) {
      if (step.kind === 'policy')
        this.#tables(family, step.backend)?.count(step.table, step.chain, 'policy', bytes);
      else if (step.kind === 'rule' && !isNative(step.rule)) {
        const { backend, table, chain, number } = step.rule;
        this.#tables(family, backend)?.count(table, chain, number, bytes);
      }
    }
    this.#ways += 1;
    const way = this.#ways;
    const hops = hopsOfOutcome(result, { ...outcome });
    const sights = hops.map((hop): Sight => ({ at: this.#clock, turn, way, hop, segment, inside, says }));
    this.seen = [...this.seen, ...sights].slice(-MOST_SEEN);
  }

  #tables(family: 4 | 6, backend: 'legacy' | 'nft' | undefined): State['tables'][number] | undefined {
    return this.#state.tables.find(
      (one) => one.family === family && (backend === undefined || one.backend === backend),
    );
  }
}

/** What the kernel refuses although it can be read. */
const REFUSED: ReadonlySet<string> = new Set([
  ...['RULE_JUMP_BUILTIN', 'RULE_WRONG_TABLE', 'RULE_WRONG_HOOK', 'RULE_NO_CHAIN'],
  ...['RULE_UNKNOWN_TARGET', 'RULE_UNKNOWN_MATCH'],
]);

function keyOfDiagnostic({ code, params }: Diagnostic): string {
  return `${code} ${JSON.stringify(params)}`;
}

/** The line is read once. */
function entriesOf(kept: Kept): readonly ConntrackEntry[] {
  const source = new SourceText('conntrack -L', `${kept.line}\n`);
  kept.read ??= readConnections(new SectionReport(source, new Diagnostics())).entries;
  return kept.read;
}

function connectionLines(node: Node): readonly string[] {
  const { connections } = node;
  return (connections ?? []).map((entry) => printEntry({ ...entry, timeout: entry.timeout ?? LONG }));
}
