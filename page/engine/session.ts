/** What the worker keeps: the texts, the node, and the answers to the last questions. */
import { traceJson } from '../../src/explain/json.js';
import { factsOf } from '../../src/explain/facts.js';
import { renderMermaid } from '../../src/explain/mermaid.js';
import { namesOfResult } from '../../src/explain/names.js';
import { renderPcap } from '../../src/explain/pcap.js';
import { renderText } from '../../src/explain/text.js';
import { renderWhy } from '../../src/explain/why-text.js';
import { type Facts, type View, viewOf } from '../../src/explain/view.js';
import { type SettledWalk, walkSettled } from '../../src/ask/settle.js';
import { targetOf } from '../../src/ask/references.js';
import type { Node } from '../../src/packet/node.js';
import type { PacketInput } from '../../src/packet/result.js';
import { loadNode } from '../../src/snapshot/load-any.js';
import { nodesOf } from '../../src/snapshot/nodes.js';
import type { SnapshotFiles } from '../../src/snapshot/snapshot-files.js';
import type { Diagnostic } from '../../src/source/diagnostic.js';
import { againOf } from '../../src/why/again.js';
import { type Said, walkConversation } from '../../src/why/conversation.js';
import { why } from '../../src/why/why.js';
import type { Ask, Calls, Loaded, TraceAnswer } from '../shared/protocol.js';
import type { ChainView, Language, WalkView } from '../shared/walk.js';
import {
  Answers,
  WHY_WIDTH,
  answered,
  demanded,
  givenOf,
  jsonFile,
  namesIn,
  notesOf,
  sliceFor,
  textFile,
  toldOf,
} from './answers.js';
import { chainAt } from './chain-at.js';
import { BadEdit, withEdits } from './edits.js';
import { packetOfForm } from './form.js';
import { examplePacket, interfacesOf, ruleCount } from './node-parts.js';
import { Suggestions } from './suggest.js';
import { walkView } from './walk-view.js';

/** A question that was walked. */
interface Kept {
  readonly node: Node;
  readonly input: PacketInput;
  readonly family: 4 | 6;
  readonly walked: SettledWalk;
  readonly before: SettledWalk | null;
  /** The same with every rule that did not match; walked when a chain is looked at. */
  full: SettledWalk | null;
  /** The connection that the packet begins; and with every rule that did not match. */
  said: readonly Said[] | null;
  saidFull: readonly Said[] | null;
}

/** Nothing looked at yet. */
const UNSEEN = { full: null, said: null, saidFull: null } as const;

/** One node, loaded and asked about. */
export class Session {
  readonly #name: string;
  readonly #snapshot: SnapshotFiles;
  readonly #digest: string;
  #node: Node;
  #suggestions: Suggestions;
  readonly #facts = new WeakMap<Node, Facts>();
  readonly #answers = new Answers<Kept>();
  #which: string | null;

  constructor(name: string, snapshot: SnapshotFiles, which: string | null, digest: string) {
    this.#name = name;
    this.#snapshot = snapshot;
    this.#digest = digest;
    this.#which = which;
    this.#node = this.#load(which);
    this.#suggestions = this.#offers();
  }

  #load(which: string | null): Node {
    const { files } = this.#snapshot;
    const first = loadNode(this.#name, files, which ?? undefined);
    const several = first.diagnostics.find(({ code }) => code === 'READ_SEVERAL_NODES');
    if (several === undefined) return first;
    // Of several nodes the one with the most to read is looked at first, and the others are offered.
    const [largest] = nodesOf(files).toSorted((a, b) => b.lines - a.lines);
    if (largest === undefined) return first;
    this.#which = largest.name;
    return loadNode(this.#name, files, largest.name);
  }

  #offers(): Suggestions {
    const texts = this.#snapshot.files.map(({ text }) => text);
    return new Suggestions(this.#node, texts, ruleCount(this.#node));
  }

  /** Another of the nodes. */
  choose(which: string | null): void {
    if (which === this.#which) return;
    this.#which = which;
    this.#answers.clear();
    this.#node = this.#load(which);
    this.#suggestions = this.#offers();
  }

  loaded(language: Language): Loaded {
    const node = this.#node;
    const all: readonly Diagnostic[] = [...this.#snapshot.diagnostics.list, ...node.diagnostics];
    const { files } = this.#snapshot;
    const nodes = files.length === 0 ? [] : nodesOf(files);
    return {
      name: this.#name,
      isEmpty: files.length === 0 || node.diagnostics.some(({ code }) => code === 'READ_NOTHING'),
      held: node.listings.map(({ kind, file, line, lines }) => ({ kind, file, line, lines })),
      ...toldOf(all, language),
      nodes: nodes.map(({ name, lines }) => ({ name, lines })),
      chosen: this.#which ?? nodes.find(({ isMain }) => isMain)?.name ?? null,
      interfaces: interfacesOf(node),
      example: examplePacket(node),
      rules: ruleCount(node),
      isCluster: false,
      digest: this.#digest,
    };
  }

  #view(node: Node, language: Language): View {
    const facts = this.#facts.get(node) ?? factsOf(node);
    this.#facts.set(node, facts);
    return viewOf({ language, facts, width: 96 });
  }

  /** Walks the question, or gives the walk of before. @throws UsageError, PacketError for a form that is wrong */
  #walk(ask: Ask): Kept | BadEdit {
    const { flow: _flow, ...question } = ask;
    return this.#answers.of(question, () => this.#make(ask));
  }

  #make(ask: Ask): Kept | BadEdit {
    const { packet, edits } = ask;
    const given = givenOf(ask);
    const input = packetOfForm(packet, this.#node);
    const family = input.dst.includes(':') ? 6 : 4;
    if (edits.length === 0) {
      const walked = walkSettled(this.#node, input, given, { reply: true });
      return { node: this.#node, input, family, walked, before: null, ...UNSEEN };
    }
    const node = withEdits(this.#node, edits);
    if (node instanceof BadEdit) return node;
    const before = walkSettled(this.#node, input, given, { reply: true });
    // The packet comes in where it did, though the changed node may route its source elsewhere.
    const same = input.in === undefined ? { ...input, in: before.result.packet.in } : input;
    const walked = walkSettled(node, same, given, { reply: true });
    return { node, input: same, family, walked, before, ...UNSEEN };
  }

  trace(ask: Ask, language: Language): TraceAnswer {
    const show = (kept: Kept): WalkView => {
      const { node, input, walked, before } = kept;
      const { options, result, warnings } = walked;
      if (ask.flow) kept.said ??= walkConversation(node, input, options);
      const said = ask.flow ? (kept.said ?? []) : [];
      const again = againOf(node, { ...input, in: result.packet.in }, options);
      const whole = { node, edits: ask.edits, result, before: before?.result ?? null, said };
      return walkView(whole, notesOf(warnings, language), { ...this.#view(node, language), again });
    };
    return answered(() => this.#walk(ask), show, language);
  }

  #demand(ask: Ask): Kept {
    return demanded(this.#walk(ask));
  }

  chain(ask: Calls['chain']['takes']): ChainView | null {
    const kept = this.#demand(ask.ask);
    const { node, input, walked } = kept;
    kept.full ??= walkSettled(node, input, givenOf(ask.ask), { reply: true, allRules: true });
    const view = this.#view(node, ask.language);
    if (ask.ask.flow) kept.saidFull ??= walkConversation(node, input, { ...walked.options, allRules: true });
    const said = ask.ask.flow ? (kept.saidFull ?? []) : [];
    const own = kept.full.result.outcomes[ask.outcome];
    const outcome =
      said.length > 0 && ask.outcome === 0 ? said[ask.leg]?.outcome : ask.leg === 0 ? own : own?.reply;
    if (outcome === undefined) return null;
    const { packet } = kept.full.result;
    return chainAt({ node, edits: ask.ask.edits, packet, outcome }, ask, view);
  }

  why({ ask, reference, language }: Calls['why']['takes']): string {
    const { node, family, input } = this.#demand(ask);
    const found = why(node, input, targetOf(node, family, reference), { reply: true });
    return renderWhy(found, { ...this.#view(node, language), width: WHY_WIDTH });
  }

  slice(takes: Calls['slice']['takes']): Calls['slice']['gives'] {
    const { ask, language } = takes;
    const sliced = sliceFor(this.trace(ask, language), takes, (one) => this.chain(one));
    const { node, walked } = this.#demand(ask);
    const named = namesOfResult(walked.result, this.#view(node, language)) ?? {};
    return { sliced, names: namesIn(Object.values(named)) };
  }

  suggest(text: string): ReturnType<Suggestions['of']> {
    return this.#suggestions.of(text);
  }

  export({ ask, format, language }: Calls['export']['takes']): Calls['export']['gives'] {
    const { node, input, walked } = this.#demand(ask);
    const { result, options } = walked;
    const view = this.#view(node, language);
    switch (format) {
      case 'json':
        return jsonFile('natwalk.walk.json', traceJson(result, node.diagnostics, view.facts));
      case 'pcap':
        return { name: 'natwalk.pcapng', type: 'application/octet-stream', bytes: renderPcap(result) };
      case 'mermaid':
        return textFile('natwalk.mmd', renderMermaid(result, view));
      case 'text': {
        const again = againOf(node, { ...input, in: result.packet.in }, options);
        return textFile('natwalk.txt', renderText(result, { ...view, again }));
      }
    }
  }
}
