/** What the worker keeps of a cluster: its nodes, the network between them, and the answers to the last questions. */
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
import { whyIn } from '../../src/why/why.js';
import { EMPTY_PACKET } from '../shared/empty-packet.js';
import type { Ask, Calls, Loaded, PacketForm, TraceAnswer } from '../shared/protocol.js';
import type { ChainView, Edit, Language } from '../shared/walk.js';
import { chainAt } from './chain-at.js';
import type { ClusterRead } from './cluster-files.js';
import { BadEdit } from './edits.js';
import { findingView, findingViews } from './findings.js';
import { optionsOf, problemsOf } from './form.js';
import { ruleCount } from './node-parts.js';
import { chainOf, changedWorld, editsOf } from './path-edits.js';
import { type WalkedHop, pathWalkView, walkedHops } from './path-view.js';
import { sliceOf } from './slice.js';
import { type Suggestion, Suggestions, unique } from './suggest.js';

const MOST_FINDINGS = 60;
const MOST_KEPT = 6;
const MOST_OFFERS = 30;

/** Cells of a line of what is told about one rule: it stands in a column. */
const WHY_WIDTH = 52;

interface Kept {
  /** With what is otherwise. */
  readonly world: World;
  readonly origin: Origin;
  readonly input: PacketInput;
  readonly result: PathResult;
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
  readonly #kept = new Map<string, Kept | BadEdit>();
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

  #walk({ packet, edits }: Ask): Kept | BadEdit {
    const key = JSON.stringify([packet, edits]);
    const kept = this.#kept.get(key) ?? this.#make(packet, edits);
    this.#kept.set(key, kept);
    for (const old of [...this.#kept.keys()].slice(0, -MOST_KEPT)) this.#kept.delete(old);
    return kept;
  }

  #make(packet: PacketForm, edits: readonly Edit[]): Kept | BadEdit {
    const { origin, input } = pathPacketOf(this.#world, optionsOf(packet));
    const before = walkPath(this.#world, origin, input);
    if (edits.length === 0)
      return { world: this.#world, origin, input, result: before, before: null, full: null };
    const world = changedWorld(this.#world, edits);
    if (world instanceof BadEdit) return world;
    const same = sameInput(origin, input, before);
    const result = walkPath(world, origin, same);
    return { world, origin, input: same, result, before, full: null };
  }

  #demand(ask: Ask): Kept {
    const kept = this.#walk(ask);
    if (kept instanceof BadEdit) throw new Error('the change cannot be made');
    return kept;
  }

  /** A node's own walk on the way, as it is when more is reported. */
  #hop({ world, origin, input }: Kept, at: HopAt, options: PathOptions): WalkedHop | undefined {
    return hopAt(walkPath(world, origin, input, options), at);
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
      const { result, before, world } = kept;
      const viewFor = (node: string): View => this.#viewFor(kept, node, language);
      const walked = { result, before, nodes: world.nodes, edits: ask.edits };
      return { kind: 'walk', walk: pathWalkView(walked, viewFor, viewOf({ language, width: 96 })) };
    } catch (error) {
      const problems = problemsOf(error, language);
      if (problems === null) throw error;
      return { kind: 'form', problems };
    }
  }

  chain(ask: Calls['chain']['takes']): ChainView | null {
    const kept = this.#demand(ask.ask);
    kept.full ??= walkPath(kept.world, kept.origin, kept.input, { allRules: true });
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

  slice({ ask, outcome, language }: Calls['slice']['takes']): Calls['slice']['gives'] {
    const answer = this.trace(ask, language);
    if (answer.kind !== 'walk') throw new Error('there is no walk');
    const whole = { filter: '', only: null, from: 0, count: Number.MAX_SAFE_INTEGER } as const;
    const sliced = sliceOf(answer.walk, outcome, (leg, step) =>
      this.chain({ ask, outcome, leg, step, language, ...whole }),
    );
    const kept = this.#demand(ask);
    const hops = kept.result.outcomes.flatMap(walkedHops);
    const named = hops.flatMap(({ place, walk }) =>
      Object.values(namesOfResult(walk.result, this.#viewFor(kept, place.name, language)) ?? {}),
    );
    const { nodes, pods, balancers, segments } = this.#world.spec;
    const own = [...nodes, ...pods, ...balancers, ...segments].map(({ name }) => name);
    return { sliced, names: [...new Set([...own, ...named.flatMap((text) => text.split(/[ ,/]+/))])] };
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
    const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
    switch (format) {
      case 'json':
        return {
          name: 'natwalk.path.json',
          type: 'application/json',
          bytes: bytes(`${JSON.stringify(pathJson(result))}\n`),
        };
      case 'mermaid':
        return {
          name: 'natwalk.mmd',
          type: 'text/plain',
          bytes: bytes(renderPathMermaid(result, { language })),
        };
      case 'text':
        return {
          name: 'natwalk.txt',
          type: 'text/plain',
          bytes: bytes(renderPath(result, { language, width: 96 })),
        };
      case 'pcap':
        throw new Error('a way across nodes is no one packet');
    }
  }
}

/** What is told of a cluster; of a faulty one nothing but its faults. */
export function loadedOf(
  name: string,
  all: Parameters<typeof findingViews>[0],
  language: Language,
  digest: string,
): Loaded {
  return {
    ...{ name, digest, isEmpty: false, isCluster: true, held: [], nodes: [], chosen: null, interfaces: [] },
    findings: findingViews(all, MOST_FINDINGS, language),
    moreFindings: Math.max(0, all.length - MOST_FINDINGS),
    errors: all.filter(({ severity }) => severity === 'error').length,
    warnings: all.filter(({ severity }) => severity === 'warning').length,
    ...{ example: EMPTY_PACKET, rules: 0 },
  };
}
