/** What the worker keeps of a cluster: its nodes, the network between them, and the answers to the last questions. */
import { pathPacketOf } from '../../src/ask/path-packet.js';
import type { PathResult } from '../../src/cluster/hop.js';
import { walkPath } from '../../src/cluster/path.js';
import type { World } from '../../src/cluster/world.js';
import { factsOf } from '../../src/explain/facts.js';
import { namesOfResult } from '../../src/explain/names.js';
import { pathJson, renderPathMermaid } from '../../src/explain/path-json.js';
import { renderPath } from '../../src/explain/path.js';
import { type View, viewOf } from '../../src/explain/view.js';
import type { Ask, Calls, Loaded, PacketForm, TraceAnswer } from '../shared/protocol.js';
import type { ChainView, Language } from '../shared/walk.js';
import { chainAt } from './chain-at.js';
import type { ClusterRead } from './cluster-files.js';
import { findingViews } from './findings.js';
import { optionsOf, problemsOf } from './form.js';
import { EMPTY_PACKET, ruleCount } from './node-parts.js';
import { pathWalkView, walkedHops } from './path-view.js';
import { sliceOf } from './slice.js';
import { type Suggestion, Suggestions, unique } from './suggest.js';

const MOST_FINDINGS = 60;
const MOST_KEPT = 6;
const MOST_OFFERS = 30;

interface Kept {
  readonly result: PathResult;
  /** The same with every rule that did not match. */
  full: PathResult | null;
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
  readonly #kept = new Map<string, Kept>();
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

  #viewFor(name: string, language: Language): View {
    const node = this.#world.nodes.get(name);
    return viewOf({ language, width: 96, ...(node === undefined ? {} : { facts: factsOf(node) }) });
  }

  #walk({ packet }: Ask, isFull: boolean): PathResult {
    const key = JSON.stringify(packet);
    const { origin, input } = pathPacketOf(this.#world, optionsOf(packet));
    const walk = (allRules: boolean): PathResult => walkPath(this.#world, origin, input, { allRules });
    const kept = this.#kept.get(key) ?? { result: walk(false), full: null };
    this.#kept.set(key, kept);
    for (const old of [...this.#kept.keys()].slice(0, -MOST_KEPT)) this.#kept.delete(old);
    if (!isFull) return kept.result;
    kept.full ??= walk(true);
    return kept.full;
  }

  trace(ask: Ask, language: Language): TraceAnswer {
    try {
      const result = this.#walk(ask, false);
      const viewFor = (node: string): View => this.#viewFor(node, language);
      return {
        kind: 'walk',
        walk: pathWalkView(result, this.#world.nodes, viewFor, viewOf({ language, width: 96 })),
      };
    } catch (error) {
      const problems = problemsOf(error, language);
      if (problems === null) throw error;
      return { kind: 'form', problems };
    }
  }

  chain(ask: Calls['chain']['takes']): ChainView | null {
    const outcome = this.#walk(ask.ask, true).outcomes[ask.outcome];
    const hop = outcome === undefined ? undefined : walkedHops(outcome)[ask.leg];
    const node = hop === undefined ? undefined : this.#world.nodes.get(hop.place.name);
    if (hop === undefined || node === undefined) return null;
    const { result, outcome: own } = hop.walk;
    const whole = { node, edits: [], packet: result.packet, outcome: own };
    const view = chainAt(whole, ask, this.#viewFor(hop.place.name, ask.language));
    if (view === null) return null;
    // What would be otherwise is asked of one node.
    return { ...view, policyEdit: null, rows: view.rows.map((row) => ({ ...row, edit: null })) };
  }

  /** Rules are told why of one node, which is walked by itself. */
  why(_takes: Calls['why']['takes']): string {
    return '';
  }

  slice({ ask, outcome, language }: Calls['slice']['takes']): Calls['slice']['gives'] {
    const answer = this.trace(ask, language);
    if (answer.kind !== 'walk') throw new Error('there is no walk');
    const whole = { filter: '', only: null, from: 0, count: Number.MAX_SAFE_INTEGER } as const;
    const sliced = sliceOf(answer.walk, outcome, (leg, step) =>
      this.chain({ ask, outcome, leg, step, language, ...whole }),
    );
    const hops = this.#walk(ask, false).outcomes.flatMap(walkedHops);
    const named = hops.flatMap(({ place, walk }) =>
      Object.values(namesOfResult(walk.result, this.#viewFor(place.name, language)) ?? {}),
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
    const result = this.#walk(ask, false);
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
