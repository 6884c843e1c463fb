/** Reads a lab's file. Never throws; every fault is among the diagnostics, with its place. */
import type { Allowed } from '../check/compare.js';
import { readCodes, readExpectation } from '../check/expectation.js';
import { readPacket } from '../check/packet.js';
import { Faults } from '../check/reading.js';
import { type Entry, type Mapping, type Tree, entryOf } from '../check/tree.js';
import { readYaml } from '../check/yaml.js';
import type { Diagnostics } from '../source/diagnostic.js';
import type { SourceText, Span } from '../source/source.js';
import { readPathExpectation, readPathSpec } from './across.js';
import type { Lab, LabNode, LabPacket, Misconception, Question, Task, WrongFix } from './lab.js';
import { QuestionReader } from './read-question.js';
import { readWorld } from './read-world.js';
import { Values } from './values.js';

export const LAB_KEYS = [
  ...(['lab', 'title', 'minutes', 'node', 'nodes', 'cluster', 'world', 'scene', 'look', 'packets'] as const),
  ...(['predict', 'reveal', 'cause', 'explain', 'misconceptions', 'task', 'transfer', 'hints'] as const),
  ...(['sources', 'bundle'] as const),
] as const;
export const LAB_PACKET_KEYS = ['about', 'node', 'packet', 'path', 'expect', 'assume'] as const;
export const TASK_KEYS = ['kind', 'text', 'goals', 'collateral', 'budget', 'solution', 'wrong'] as const;
export const WRONG_KEYS = ['commands', 'fails', 'why'] as const;

/** The version of the format that this program reads. */
export const LAB_FORMAT = 1;
/** Words of an English scene. */
const MOST_WORDS = 80;
const MOST_NODES = 20;

class LabReader {
  readonly #faults: Faults;
  readonly #values: Values;
  readonly #map: Mapping;

  constructor(map: Mapping, faults: Faults) {
    this.#map = map;
    this.#faults = faults;
    this.#values = new Values(faults);
  }

  read(path: string, source: SourceText): Lab | null {
    const { number, slug } = this.#name(path, source);
    this.#version();
    const isSealed = this.#isSealed();
    const { nodes, cluster } = this.#nodes();
    const names = nodes.map(({ name }) => name);
    const world = readWorld(this.#values.optional(this.#map, 'world'), names, this.#values);
    const packets = this.#packets(names, cluster !== null);
    const questions = new QuestionReader(this.#values, packets);
    const predict = this.#questions('predict', questions);
    const asked = this.#values.demanded(this.#map, 'cause', 'lab');
    const cause = asked === null ? null : questions.question(asked, 'cause');
    const transfer = this.#questions('transfer', questions);
    const misconceptions = this.#misconceptions(questions);
    const reveal = this.#reveal(questions);
    const task = this.#task(packets, isSealed);
    const text = (key: string): Lab['title'] => this.#values.text(this.#map, key, 'lab');
    const [title, explain, scene] = [text('title'), text('explain'), this.#scene()];
    const hints = this.#values
      .items(this.#map, 'hints', 'lab', 0, 3)
      .map((hint) => this.#values.textOf(hint, 'hints'));
    const minutes = this.#minutes();
    const [look, sources] = [this.#look(), this.#sources()];
    if (cause === null || reveal === null) return null;
    return {
      ...{ path, source, number, slug, title, minutes, nodes, cluster, world, scene, look, packets },
      ...{ predict, reveal, cause, explain, misconceptions, task, transfer, hints, sources, isSealed },
    };
  }

  /** The folder's name: `06-pod-to-internet`. */
  #name(path: string, source: SourceText): { readonly number: number; readonly slug: string } {
    const folder = path.split(/[/\\]/).at(-2) ?? '';
    const [, number = '', slug = ''] = /^(\d{2})-([a-z0-9]+(?:-[a-z0-9]+)*)$/.exec(folder) ?? [];
    if (slug === '') this.#faults.tell('LAB_FOLDER', { source, start: 0, end: 1 }, { folder });
    return { number: Number(number), slug };
  }

  #version(): void {
    const tree = this.#values.demanded(this.#map, 'lab', 'lab');
    const text = tree === null ? null : this.#faults.text(tree, 'lab');
    if (tree !== null && text !== null && text !== String(LAB_FORMAT))
      this.#faults.tell('LAB_VERSION', tree.span, { text, known: LAB_FORMAT });
  }

  #isSealed(): boolean {
    const tree = this.#values.optional(this.#map, 'bundle');
    return tree !== null && this.#faults.choice(tree, 'bundle', ['student', 'teacher']) === 'student';
  }

  #minutes(): number {
    const tree = this.#values.demanded(this.#map, 'minutes', 'lab');
    return (tree === null ? null : this.#faults.number(tree, 'minutes', 1, 240)) ?? 1;
  }

  #scene(): Lab['scene'] {
    const scene = this.#values.text(this.#map, 'scene', 'lab');
    const words = scene.en.split(/\s+/).length;
    const entry = entryOf(this.#map, 'scene');
    if (words > MOST_WORDS && entry !== undefined)
      this.#faults.tell('LAB_LONG', entry.keySpan, { words, most: MOST_WORDS });
    return scene;
  }

  #nodes(): Pick<Lab, 'nodes' | 'cluster'> {
    const given = (['node', 'nodes', 'cluster'] as const).flatMap((key) => entryOf(this.#map, key) ?? []);
    const [only, second] = given;
    if (only === undefined) this.#faults.tell('LAB_MISSING', this.#map.span, { key: 'node', of: 'lab' });
    if (only === undefined || second !== undefined) {
      if (second !== undefined)
        this.#faults.tell('CHECK_CONFLICT', second.keySpan, { key: second.key, other: only?.key ?? '' });
      return { nodes: [], cluster: null };
    }
    if (only.key === 'cluster') {
      const path = this.#faults.text(only.value, 'cluster');
      return { nodes: [], cluster: path === null ? null : { path, span: only.value.span } };
    }
    if (only.key === 'node') {
      const node = this.#node('node', only.value);
      return { nodes: node === null ? [] : [node], cluster: null };
    }
    const map = this.#faults.map(only.value, 'nodes');
    const { length } = map?.entries ?? [];
    if (map !== null && (length === 0 || length > MOST_NODES))
      this.#faults.tell('LAB_COUNT', map.span, { key: 'nodes', count: length, least: 1, most: MOST_NODES });
    return { nodes: (map?.entries ?? []).flatMap((entry) => this.#named(entry) ?? []), cluster: null };
  }

  #named({ key, keySpan, value }: Entry): LabNode | null {
    return this.#values.id(key, keySpan, 'nodes') ? this.#node(key, value) : null;
  }

  #node(name: string, tree: Tree): LabNode | null {
    const path = this.#faults.text(tree, name);
    if (path === null) return null;
    if (!/^[/\\~]|^[A-Za-z]:|[\0-\x1f]/.test(path)) return { name, path, span: tree.span };
    this.#faults.tell('LAB_PATH', tree.span, { path });
    return null;
  }

  #packets(nodes: readonly string[], isCluster: boolean): Lab['packets'] {
    const found = new Map<string, LabPacket>();
    this.#values.demanded(this.#map, 'packets', 'lab');
    for (const { key, keySpan, value } of this.#values.entries(this.#map, 'packets')) {
      const packet = this.#values.id(key, keySpan, 'packets')
        ? this.#packet(key, keySpan, value, nodes, isCluster)
        : null;
      if (packet !== null) found.set(key, packet);
    }
    return found;
  }

  #packet(
    name: string,
    span: Span,
    tree: Tree,
    nodes: readonly string[],
    isCluster: boolean,
  ): LabPacket | null {
    const map = this.#faults.map(tree, name);
    if (map === null) return null;
    this.#faults.keys(map, LAB_PACKET_KEYS);
    const about = this.#values.text(map, 'about', 'packet');
    const [packet, path, expect, assume, node] = (
      ['packet', 'path', 'expect', 'assume', 'node'] as const
    ).map((key) => this.#values.optional(map, key));
    if (path !== null && path !== undefined && !isCluster)
      this.#faults.tell('LAB_NO_CLUSTER', path.span, { name });
    if ((packet ?? null) === null && (path ?? null) === null)
      this.#faults.tell('LAB_MISSING', map.span, { key: 'packet', of: 'packet' });
    if (packet !== null && packet !== undefined && path !== null && path !== undefined)
      this.#faults.tell('CHECK_CONFLICT', path.span, { key: 'path', other: 'packet' }, packet.span);
    const [first = ''] = nodes;
    const chosen =
      node === null || node === undefined || isCluster
        ? node?.kind === 'scalar'
          ? node.text
          : first
        : this.#faults.choice(node, 'node', nodes);
    const isPath = path !== null && path !== undefined;
    const wanted = expect ?? null;
    return {
      ...{ name, span, about, node: chosen ?? first },
      packet: packet === null || packet === undefined ? null : readPacket(packet, this.#faults),
      path: isPath ? readPathSpec(path, this.#faults) : null,
      expect: wanted === null || isPath ? null : readExpectation(wanted, this.#faults),
      expectPath: wanted === null || !isPath ? null : readPathExpectation(wanted, this.#faults),
      allowed: this.#allowed(assume ?? null),
    };
  }

  #allowed(tree: Tree | null): Allowed {
    if (tree === null) return new Set();
    return tree.kind === 'scalar' && tree.text === 'any' ? 'any' : readCodes(tree, 'assume', this.#faults);
  }

  #questions(key: 'predict' | 'transfer', reader: QuestionReader): readonly Question[] {
    return this.#values
      .items(this.#map, key, 'lab', 1, 9)
      .flatMap((item) => reader.question(item, key) ?? []);
  }

  #reveal(reader: QuestionReader): Lab['reveal'] | null {
    const tree = this.#values.demanded(this.#map, 'reveal', 'lab');
    const map = tree === null ? null : this.#faults.map(tree, 'reveal');
    if (map === null) return null;
    this.#faults.keys(map, ['packet', 'text']);
    const named = this.#values.demanded(map, 'packet', 'reveal');
    const packet = named === null ? null : reader.packet(named);
    const text = this.#values.text(map, 'text', 'reveal');
    return packet === null ? null : { packet: packet.name, text };
  }

  /** Each belief is behind a choice, and each choice's belief is told. */
  #misconceptions(reader: QuestionReader): Lab['misconceptions'] {
    const found = new Map<string, Misconception>();
    this.#values.demanded(this.#map, 'misconceptions', 'lab');
    for (const { key, keySpan, value } of this.#values.entries(this.#map, 'misconceptions')) {
      const one = reader.misconception(key, keySpan, value);
      if (one !== null) found.set(key, one);
      if (!reader.believed.has(key)) this.#faults.tell('LAB_UNBELIEVED', keySpan, { name: key });
    }
    const names = this.#values.entries(this.#map, 'misconceptions').map(({ key }) => key);
    for (const [name, span] of reader.believed)
      if (!names.includes(name))
        this.#faults.tell('LAB_NO_MISCONCEPTION', span, { name, names: names.join(', ') });
    return found;
  }

  #look(): Lab['look'] {
    const tree = this.#values.optional(this.#map, 'look');
    const list = tree === null ? null : this.#faults.list(tree, 'look');
    return (list?.items ?? []).flatMap((item) => {
      const command = this.#faults.text(item, 'look');
      return command === null ? [] : [{ command, span: item.span }];
    });
  }

  #sources(): readonly string[] {
    const tree = this.#values.optional(this.#map, 'sources');
    const list = tree === null ? null : this.#faults.list(tree, 'sources');
    return (list?.items ?? []).flatMap((item) => {
      const text = this.#faults.text(item, 'sources');
      if (text !== null && !/^https:\/\/\S+$/.test(text))
        this.#faults.tell('LAB_SOURCE', item.span, { text });
      return text ?? [];
    });
  }

  #task(packets: Lab['packets'], isSealed: boolean): Task | null {
    const tree = this.#values.optional(this.#map, 'task');
    const map = tree === null ? null : this.#faults.map(tree, 'task');
    if (tree === null || map === null) return null;
    this.#faults.keys(map, TASK_KEYS);
    const kind = this.#values.demanded(map, 'kind', 'task');
    const text = this.#values.text(map, 'text', 'task');
    const goals = this.#names(map, 'goals', packets, 'task');
    const collateral = this.#names(map, 'collateral', packets, 'task');
    const budget = this.#values.demanded(map, 'budget', 'task');
    const solution = isSealed ? [] : this.#values.list(map, 'solution', 'task', 1);
    const wrong = isSealed ? [] : this.#values.items(map, 'wrong', 'task', 1, 20);
    return {
      span: tree.span,
      kind: (kind === null ? null : this.#faults.choice(kind, 'kind', ['fix', 'build'])) ?? 'fix',
      ...{ text, goals, collateral, solution },
      budget: (budget === null ? null : this.#faults.number(budget, 'budget', 1, 100)) ?? 100,
      wrong: wrong.flatMap((one) => this.#wrong(one, packets) ?? []),
    };
  }

  /** Packets that have to hold in the end: each says what is expected of it. */
  #names(map: Mapping, key: string, packets: Lab['packets'], of: string): readonly string[] {
    return this.#values.items(map, key, of, 1, 50).flatMap((item) => {
      const name = this.#faults.text(item, key);
      if (name === null) return [];
      const packet = packets.get(name);
      if (packet === undefined)
        this.#faults.tell('LAB_NO_PACKET', item.span, { name, names: [...packets.keys()].join(', ') });
      else if (packet.expect === null && packet.expectPath === null)
        this.#faults.tell('LAB_NO_EXPECT', item.span, { name }, packet.span);
      return packet === undefined ? [] : [name];
    });
  }

  #wrong(tree: Tree, packets: Lab['packets']): WrongFix | null {
    const map = this.#faults.map(tree, 'wrong');
    if (map === null) return null;
    this.#faults.keys(map, WRONG_KEYS);
    return {
      span: tree.span,
      commands: this.#values.list(map, 'commands', 'wrong', 1),
      fails: this.#names(map, 'fails', packets, 'wrong'),
      why: this.#values.text(map, 'why', 'wrong'),
    };
  }
}

/**
 * Reads a lab.
 * @param path of its file; the folder's name is its number and slug
 * @returns null when there is too little of it; use what there is only where there is no error among the diagnostics
 */
export function readLab(path: string, source: SourceText, diagnostics: Diagnostics): Lab | null {
  const faults = new Faults(diagnostics);
  const before = diagnostics.list.length;
  const tree = readYaml(source, diagnostics);
  const start: Span = { source, start: 0, end: 1 };
  const isBlank = tree === null || (tree.kind === 'scalar' && tree.value === null);
  if (isBlank) {
    if (diagnostics.list.length === before) faults.tell('LAB_EMPTY', start);
    return null;
  }
  // What an alias or a tag stood for is missing: whatever else is said would be about that.
  if (diagnostics.list.length > before) return null;
  const map = faults.map(tree, 'lab');
  if (map === null) return null;
  faults.keys(map, LAB_KEYS);
  return new LabReader(map, faults).read(path, source);
}
