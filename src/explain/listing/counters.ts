/**
 * What one packet, or a batch of them, adds to the counters: `iptables -t TABLE -L -n -v` of the tables that were
 * visited, as it looks when all counters were zero before.
 */
import type { Family } from '../../address/address.js';
import { BUILTIN_CHAINS, type Chain, type RuleSet, TABLES, type Table } from '../../iptables/model.js';
import type { Node } from '../../packet/node.js';
import type { Outcome, TraceResult } from '../../packet/result.js';
import { outcomeHeading, textOf } from '../heading.js';
import { lengthsOf } from '../hops.js';
import { sanitize } from '../sanitize.js';
import { type Backend, Counts } from './counts.js';
import { COLUMNS, chainLine, ruleLine } from './rule-line.js';

const FAMILIES: readonly Family[] = [4, 6];

function byName(one: Chain, two: Chain): number {
  return one.name < two.name ? -1 : one.name > two.name ? 1 : 0;
}

/** The tool's order: the built-in chains by their hooks, then all others by name. */
function ordered({ name, chains }: Table): readonly Chain[] {
  const builtin = BUILTIN_CHAINS[name].flatMap((hook) => chains.get(hook) ?? []);
  return [...builtin, ...[...chains.values()].filter((chain) => !builtin.includes(chain)).sort(byName)];
}

/** How many rules of the table lead to each chain. */
function referencesOf({ chains }: Table): ReadonlyMap<string, number> {
  const count = new Map<string, number>();
  for (const { rules } of chains.values())
    for (const { action } of rules)
      if (action.kind === 'chain') count.set(action.chain, (count.get(action.chain) ?? 0) + 1);
  return count;
}

/** The listing of a node's tables with counts. */
class Listing {
  readonly #node: Node;
  readonly #counts: Counts;
  readonly #allChains: boolean;

  constructor(node: Node, counts: Counts, allChains: boolean) {
    this.#node = node;
    this.#counts = counts;
    this.#allChains = allChains;
  }

  lines(): readonly string[] {
    const lines = FAMILIES.flatMap((family) => {
      const { other, ...own } = this.#node.ruleSets[family];
      // Only beside another one has a rule set a name that steps carry.
      const sets: readonly (readonly [RuleSet, Backend])[] =
        other === undefined
          ? [[own, undefined]]
          : [own, other].map((set) => [set, set.backend ?? undefined] as const);
      return sets.flatMap(([set, backend]) =>
        TABLES.flatMap((name) => {
          const table = set.tables.get(name);
          const isSeen = table !== undefined && this.#counts.isVisited(family, backend, name);
          return isSeen ? this.#table(family, table, backend) : [];
        }),
      );
    });
    const maybe = [...this.#counts.maybe].map((place) => `# may have counted as well: ${place}`);
    return [...(lines.length === 0 ? ['# no table of iptables counts it'] : lines), ...maybe].map(sanitize);
  }

  #table(family: Family, table: Table, backend: Backend): readonly string[] {
    const tool = `${family === 4 ? 'iptables' : 'ip6tables'}${backend === undefined ? '' : `-${backend}`}`;
    const references = referencesOf(table);
    const chains = ordered(table).flatMap((chain) => {
      const shown = this.#allChains || this.#isCounted(family, chain, backend);
      return shown ? ['', ...this.#chain(family, chain, backend, references.get(chain.name) ?? 0)] : [];
    });
    return [`# ${tool} -t ${table.name} -L -n -v`, ...chains.slice(1), ''];
  }

  #isCounted(family: Family, chain: Chain, backend: Backend): boolean {
    if (this.#counts.ofPolicy(family, backend, chain.table, chain.name).packets > 0) return true;
    return chain.rules.some((rule) => this.#counts.ofRule(family, rule).packets > 0);
  }

  #chain(family: Family, chain: Chain, backend: Backend, references: number): readonly string[] {
    return [
      chainLine(chain, this.#counts.ofPolicy(family, backend, chain.table, chain.name), references),
      COLUMNS,
      ...chain.rules.map((rule) => ruleLine(rule, this.#counts.ofRule(family, rule), family)),
    ];
  }
}

function addOutcome(counts: Counts, result: TraceResult, outcome: Outcome): void {
  const family: Family = result.packet.dst.includes(':') ? 6 : 4;
  const [own, answer] = lengthsOf(result, outcome);
  counts.add(outcome.steps, family, own);
  if (outcome.reply !== undefined) counts.add(outcome.reply.steps, family, answer);
}

/** The outcome that is most to be expected; the first of equal ones. */
function likeliest({ outcomes }: TraceResult): Outcome | undefined {
  return outcomes.reduce<Outcome | undefined>(
    (best, one) => ((one.probability ?? 0) > (best?.probability ?? -1) ? one : best),
    undefined,
  );
}

/**
 * Counters of a node.
 * @param allChains shows the chains of the tables too in which nothing counts
 */
export class CountersView {
  readonly #node: Node;
  readonly #allChains: boolean;
  readonly #counts = new Counts();
  #open = 0;

  constructor(node: Node, allChains: boolean) {
    this.#node = node;
    this.#allChains = allChains;
  }

  /** Adds a packet of a batch: of several outcomes the likeliest. */
  add(result: TraceResult): void {
    const outcome = likeliest(result);
    if (outcome === undefined) return;
    addOutcome(this.#counts, result, outcome);
    if (result.outcomes.length > 1) this.#open += 1;
  }

  /** What all packets together came to. */
  finish(): string {
    const open = this.#open;
    return textOf([
      ...new Listing(this.#node, this.#counts, this.#allChains).lines(),
      ...(open === 0
        ? []
        : [
            `# of ${String(open)} packets with several outcomes the likeliest was counted; --seed N draws where chance decides`,
          ]),
    ]);
  }

  /** One packet by itself: each of its outcomes. */
  render(result: TraceResult): string {
    const several = result.outcomes.length > 1;
    return textOf(
      result.outcomes.flatMap((outcome, index) => {
        const counts = new Counts();
        addOutcome(counts, result, outcome);
        return [
          ...(several ? [outcomeHeading(index, result)] : []),
          ...new Listing(this.#node, counts, this.#allChains).lines(),
        ];
      }),
    );
  }
}
