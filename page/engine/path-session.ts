/** What the worker keeps of a cluster: its nodes, the network between them, and the answers to the last questions. */
import { walkPathSettled } from '../../src/ask/settle-path.js';
import { pathPacketOf } from '../../src/ask/path-packet.js';
import type { PathResult } from '../../src/cluster/hop.js';
import { type Origin, type PathOptions, walkPath } from '../../src/cluster/path.js';
import type { World } from '../../src/cluster/world.js';
import { factsOf } from '../../src/explain/facts.js';
import { namesOfResult } from '../../src/explain/names.js';
import { pathJson, renderPathMermaid } from '../../src/explain/path-json.js';
import { renderPath } from '../../src/explain/path.js';
import { type View, viewOf } from '../../src/explain/view.js';
import { renderWhy } from '../../src/explain/why-text.js';
import { targetOf } from '../../src/ask/references.js';
import type { PacketInput } from '../../src/packet/result.js';
import type { Diagnostic } from '../../src/source/diagnostic.js';
import { whyIn } from '../../src/why/why.js';
import { EMPTY_PACKET } from '../shared/empty-packet.js';
import type { Ask, Calls, Loaded, PacketForm, TraceAnswer } from '../shared/protocol.js';
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
import type { ClusterRead } from './cluster-files.js';
import { BadEdit } from './edits.js';
import { optionsOf } from './form.js';
import { ruleCount } from './node-parts.js';
import { chainOf, changedWorld, editsOf } from './path-edits.js';
import { type WalkedHop, pathWalkView, walkedHops } from './path-view.js';
import { type Suggestion, Suggestions, unique } from './suggest.js';

const MOST_OFFERS = 30;

interface Kept {
  /** With what is otherwise. */
  readonly world: World;
  readonly origin: Origin;
  readonly input: PacketInput;
  readonly result: PathResult;
  /** What is settled, for second walks. */
  readonly options: PathOptions;
  /** What was settled in vain. */
  readonly warnings: readonly Diagnostic[];
  readonly before: PathResult | null;
  /** The same with every rule that did not match. */
  full: PathResult | null;
}

/** The packet comes in where it did, though its changed node may route its source elsewhere. */
function sameInput(origin: Origin, input: PacketInput, before: PathResult): PacketInput {
  const device = before.outcomes[0]?.hops[0]?.walk?.result.packet.in;
  return origin.kind === 'pod' && input.in === undefined && device !== undefined
    ? { ...input, in: device }
    : input;
}

/** Which of the nodes' walks: the way, and the place among those of it. */
interface HopAt {
  readonly outcome: number;
  readonly leg: number;
}

function hopAt({ outcomes }: PathResult, { outcome, leg }: HopAt): WalkedHop | undefined {
  const found = outcomes[outcome];
  return found === undefined ? undefined : walkedHops(found)[leg];
}

/** A packet to begin with: from one node's pod to one of another node. */
function exampleOf({ spec, nodes }: World): PacketForm {
  const [first] = spec.pods;
  const other = spec.pods.find(({ node }) => node !== first?.node) ?? spec.pods[1];
  if (first !== undefined && other !== undefined)
    return { ...EMPTY_PACKET, from: `pod:${first.name}`, to: `pod:${other.name}:80` };
  const [one, two] = [...nodes.keys()];
  return { ...EMPTY_PACKET, from: `node:${one ?? ''}`, to: two === undefined ? 'outside' : `node:${two}:80` };
}

/** A cluster, loaded and asked about. */
export class PathSession {
  readonly #name: string;
  readonly #read: ClusterRead;
  readonly #world: World;
  readonly #digest: string;
  readonly #answers = new Answers<Kept>();
  #offers: readonly Suggestions[] | null = null;

  constructor(name: string, read: ClusterRead, world: World, digest: string) {
    this.#name = name;
    this.#read = read;
    this.#world = world;
    this.#digest = digest;
  }

  /** A cluster is looked at as a whole. */
  choose(_which: string | null): void {
    return;
  }

  loaded(language: Language): Loaded {
    const nodes = [...this.#world.nodes];
    const all = [...this.#read.diagnostics.list, ...nodes.flatMap(([, { diagnostics }]) => diagnostics)];
    return {
      ...loadedOf(this.#name, all, language, this.#digest),
      held: nodes.flatMap(([name, { listings }]) =>
        listings.map(({ kind, file, line, lines }) => ({ kind, file: `${name}/${file}`, line, lines })),
      ),
      example: exampleOf(this.#world),
      rules: nodes.reduce((sum, [, node]) => sum + ruleCount(node), 0),
      isCluster: true,
    };
  }

  #viewFor({ world }: Kept, name: string, language: Language): View {
    const node = world.nodes.get(name);
    return viewOf({ language, width: 96, ...(node === undefined ? {} : { facts: factsOf(node) }) });
  }

  #walk(ask: Ask): Kept | BadEdit {
    const { flow: _flow, ...question } = ask;
    return this.#answers.of(question, () => this.#make(ask));
  }

  #make(ask: Ask): Kept | BadEdit {
    const { packet, edits } = ask;
    const given = givenOf(ask);
    const { origin, input } = pathPacketOf(this.#world, optionsOf(packet));
    const whole = { world: this.#world, origin, input, before: null, full: null };
    if (edits.length === 0) return { ...whole, ...walkPathSettled(this.#world, origin, input, given) };
    const world = changedWorld(this.#world, edits);
    if (world instanceof BadEdit) return world;
    const before = walkPathSettled(this.#world, origin, input, given).result;
    const same = sameInput(origin, input, before);
    return { ...whole, world, input: same, before, ...walkPathSettled(world, origin, same, given) };
  }

  #demand(ask: Ask): Kept {
    return demanded(this.#walk(ask));
  }

  /** A node's own walk on the way, as it is when more is reported. */
  #hop(kept: Kept, at: HopAt, more: PathOptions): WalkedHop | undefined {
    const { world, origin, input, options } = kept;
    return hopAt(walkPath(world, origin, input, { ...options, ...more }), at);
  }

  trace(ask: Ask, language: Language): TraceAnswer {
    const show = (kept: Kept): WalkView => {
      const { result, before, world, warnings } = kept;
      const viewFor = (node: string): View => this.#viewFor(kept, node, language);
      const notes = notesOf(warnings, language);
      const walked = { result, before, nodes: world.nodes, edits: ask.edits, notes };
      return pathWalkView(walked, viewFor, viewOf({ language, width: 96 }));
    };
    return answered(() => this.#walk(ask), show, language);
  }

  chain(ask: Calls['chain']['takes']): ChainView | null {
    const kept = this.#demand(ask.ask);
    const { world, origin, input, options } = kept;
    kept.full ??= walkPath(world, origin, input, { ...options, allRules: true });
    const hop = hopAt(kept.full, ask);
    const node = hop === undefined ? undefined : kept.world.nodes.get(hop.place.name);
    if (hop === undefined || node === undefined) return null;
    const { name } = hop.place;
    const { result, outcome: own } = hop.walk;
    const whole = { node, edits: editsOf(name, ask.ask.edits), packet: result.packet, outcome: own };
    const view = chainAt(whole, ask, this.#viewFor(kept, name, ask.language));
    return view === null ? null : chainOf(view, name);
  }

  /** Why of a rule at one node of the way, where the packet is as it came there. */
  why({ ask, reference, language, ...at }: Calls['why']['takes']): string {
    const kept = this.#demand(ask);
    const hop = hopAt(kept.result, at);
    const node = hop === undefined ? undefined : kept.world.nodes.get(hop.place.name);
    if (hop === undefined || node === undefined) return '';
    const family = hop.walk.result.packet.dst.includes(':') ? 6 : 4;
    const found = whyIn(node, targetOf(node, family, reference), (watched) => {
      const { result, outcome } = (this.#hop(kept, at, { watched }) ?? hop).walk;
      return { ...result, outcomes: [outcome] };
    });
    return renderWhy(found, { ...this.#viewFor(kept, hop.place.name, language), width: WHY_WIDTH });
  }

  slice(takes: Calls['slice']['takes']): Calls['slice']['gives'] {
    const { ask, language } = takes;
    const sliced = sliceFor(this.trace(ask, language), takes, (one) => this.chain(one));
    const kept = this.#demand(ask);
    const hops = kept.result.outcomes.flatMap(walkedHops);
    const named = hops.flatMap(({ place, walk }) =>
      Object.values(namesOfResult(walk.result, this.#viewFor(kept, place.name, language)) ?? {}),
    );
    const { nodes, pods, balancers, segments } = this.#world.spec;
    const own = [...nodes, ...pods, ...balancers, ...segments].map(({ name }) => name);
    return { sliced, names: [...new Set([...own, ...namesIn(named)])] };
  }

  suggest(text: string): readonly Suggestion[] {
    const { nodes, pods, balancers } = this.#world.spec;
    const own: readonly Suggestion[] = [
      ...pods.map(({ name, node }) => ({ value: `pod:${name}`, label: node })),
      ...nodes.map(({ name }) => ({ value: `node:${name}`, label: '' })),
      ...balancers.map(({ name, dnsNames }) => ({ value: `nlb:${name}`, label: dnsNames.join(', ') })),
      { value: 'outside', label: '' },
    ];
    this.#offers ??= [...this.#world.nodes.values()].map(
      (node) => new Suggestions(node, [], ruleCount(node)),
    );
    const wanted = text.trim().toLowerCase();
    const fitting = own.filter(({ value, label }) => `${value} ${label}`.toLowerCase().includes(wanted));
    return unique([...fitting, ...this.#offers.flatMap((one) => one.of(text))]).slice(0, MOST_OFFERS);
  }

  export({ ask, format, language }: Calls['export']['takes']): Calls['export']['gives'] {
    const { result } = this.#demand(ask);
    switch (format) {
      case 'json':
        return jsonFile('natwalk.path.json', pathJson(result));
      case 'mermaid':
        return textFile('natwalk.mmd', renderPathMermaid(result, { language }));
      case 'text':
        return textFile('natwalk.txt', renderPath(result, { language, width: 96 }));
      case 'pcap':
        throw new Error('a way across nodes is no one packet');
    }
  }
}

/** What is told of a cluster; of a faulty one nothing but its faults. */
export function loadedOf(
  name: string,
  all: readonly Diagnostic[],
  language: Language,
  digest: string,
): Loaded {
  return {
    ...{ name, digest, isEmpty: false, isCluster: true, held: [], nodes: [], chosen: null, interfaces: [] },
    ...toldOf(all, language),
    ...{ example: EMPTY_PACKET, rules: 0 },
  };
}
