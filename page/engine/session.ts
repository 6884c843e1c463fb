/** What the worker keeps: the texts, the node, and the answers to the last questions. */
import { traceJson } from '../../src/explain/json.js';
import { factsOf } from '../../src/explain/facts.js';
import { describe } from '../../src/explain/messages/index.js';
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
import type { ChainView, Language } from '../shared/walk.js';
import { chainAt } from './chain-at.js';
import { BadEdit, withEdits } from './edits.js';
import { findingView, findingViews } from './findings.js';
import { packetOfForm, problemsOf } from './form.js';
import { examplePacket, interfacesOf, ruleCount } from './node-parts.js';
import { Suggestions } from './suggest.js';
import { sliceOf } from './slice.js';
import { walkView } from './walk-view.js';

/** Findings that are told in full. */
const MOST_FINDINGS = 60;
/** Cells of a line of what is told about one rule: it stands in a column. */
const WHY_WIDTH = 52;
/** Questions whose answers are kept. */
const MOST_KEPT = 6;

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
  readonly #kept = new Map<string, Kept | BadEdit>();
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
    this.#kept.clear();
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
      findings: findingViews(all, MOST_FINDINGS, language),
      moreFindings: Math.max(0, all.length - MOST_FINDINGS),
      errors: all.filter(({ severity }) => severity === 'error').length,
      warnings: all.filter(({ severity }) => severity === 'warning').length,
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
    const key = JSON.stringify(question);
    const known = this.#kept.get(key);
    if (known !== undefined) return known;
    const made = this.#make(ask);
    this.#kept.set(key, made);
    for (const old of [...this.#kept.keys()].slice(0, -MOST_KEPT)) this.#kept.delete(old);
    return made;
  }

  #make({ packet, settled, pick, edits }: Ask): Kept | BadEdit {
    const given = { assume: settled, ...(pick === null ? {} : { pick }) };
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
    try {
      const kept = this.#walk(ask);
      if (kept instanceof BadEdit)
        return {
          kind: 'edit',
          edit: kept.edit,
          findings: kept.faults.map((one) => findingView(one, language)),
        };
      const { node, input, walked, before } = kept;
      const { options, result, warnings } = walked;
      if (ask.flow) kept.said ??= walkConversation(node, input, options);
      const said = ask.flow ? (kept.said ?? []) : [];
      const again = againOf(node, { ...input, in: result.packet.in }, options);
      const notes = warnings.map(({ code, params }) => describe(code, params, language));
      const answered = { node, edits: ask.edits, result, before: before?.result ?? null, said };
      return { kind: 'walk', walk: walkView(answered, notes, { ...this.#view(node, language), again }) };
    } catch (error) {
      const problems = problemsOf(error, language);
      if (problems === null) throw error;
      return { kind: 'form', problems };
    }
  }

  #demand(ask: Ask): Kept {
    const kept = this.#walk(ask);
    if (kept instanceof BadEdit) throw new Error('the change cannot be made');
    return kept;
  }

  chain(ask: Calls['chain']['takes']): ChainView | null {
    const kept = this.#demand(ask.ask);
    const { node, input, walked } = kept;
    kept.full ??= walkSettled(
      node,
      input,
      { assume: ask.ask.settled, ...(ask.ask.pick === null ? {} : { pick: ask.ask.pick }) },
      { reply: true, allRules: true },
    );
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

  slice({ ask, outcome, language }: Calls['slice']['takes']): Calls['slice']['gives'] {
    const answer = this.trace(ask, language);
    if (answer.kind !== 'walk') throw new Error('there is no walk');
    const whole = { filter: '', only: null, from: 0, count: Number.MAX_SAFE_INTEGER } as const;
    const sliced = sliceOf(answer.walk, outcome, (leg, step) =>
      this.chain({ ask, outcome, leg, step, language, ...whole }),
    );
    const { node, walked } = this.#demand(ask);
    const named = namesOfResult(walked.result, this.#view(node, language)) ?? {};
    const names = Object.values(named).flatMap((text) => text.split(/[ ,/]+/));
    return { sliced, names: [...new Set(names)] };
  }

  suggest(text: string): ReturnType<Suggestions['of']> {
    return this.#suggestions.of(text);
  }

  export({ ask, format, language }: Calls['export']['takes']): Calls['export']['gives'] {
    const { node, input, walked } = this.#demand(ask);
    const { result, options } = walked;
    const view = this.#view(node, language);
    const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
    switch (format) {
      case 'json': {
        const json = traceJson(result, node.diagnostics, view.facts);
        return {
          name: 'natwalk.walk.json',
          type: 'application/json',
          bytes: bytes(`${JSON.stringify(json)}\n`),
        };
      }
      case 'pcap':
        return { name: 'natwalk.pcapng', type: 'application/octet-stream', bytes: renderPcap(result) };
      case 'mermaid':
        return { name: 'natwalk.mmd', type: 'text/plain', bytes: bytes(renderMermaid(result, view)) };
      case 'text': {
        const again = againOf(node, { ...input, in: result.packet.in }, options);
        return {
          name: 'natwalk.txt',
          type: 'text/plain',
          bytes: bytes(renderText(result, { ...view, again })),
        };
      }
    }
  }
}
