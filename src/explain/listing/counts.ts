/** What packets add to the counters of rules and policies. */
import type { Family } from '../../address/address.js';
import type { Counters, Rule } from '../../iptables/model.js';
import { isNative } from '../../packet/any-rule.js';
import type { Step } from '../../packet/steps.js';

export type Backend = 'legacy' | 'nft' | undefined;

const NOTHING: Counters = { packets: 0, bytes: 0 };

/** A place that counts: a rule of a chain by its number, or the policy of a chain. */
const keyOf = (
  family: Family,
  backend: Backend,
  table: string,
  chain: string,
  place: number | 'policy',
): string => [family, backend ?? '', table, place, chain].join(' ');

/** The counters of one walk, or of many. */
export class Counts {
  readonly #counted = new Map<string, { packets: number; bytes: number }>();
  /** `FAMILY BACKEND TABLE` of the tables that packets came to. */
  readonly #visited = new Set<string>();
  /** Rules that may or may not have counted, by their place in words. */
  readonly maybe = new Set<string>();

  /** Adds a packet of so many bytes. */
  add(steps: readonly Step[], family: Family, bytes: number): void {
    const count = (backend: Backend, table: string, chain: string, place: number | 'policy'): void => {
      const key = keyOf(family, backend, table, chain, place);
      const known = this.#counted.get(key) ?? { packets: 0, bytes: 0 };
      known.packets += 1;
      known.bytes += bytes;
      this.#counted.set(key, known);
    };
    for (const step of steps) {
      if (step.kind === 'table') this.#visited.add([family, step.backend ?? '', step.table].join(' '));
      else if (step.kind === 'policy') count(step.backend, step.table, step.chain, 'policy');
      else if (step.kind === 'rule' && !isNative(step.rule))
        count(step.rule.backend, step.rule.table, step.rule.chain, step.rule.number);
      else if (step.kind === 'maybe' && !isNative(step.rule))
        this.maybe.add(`${step.rule.table} ${step.rule.chain} ${String(step.rule.number)}`);
    }
  }

  isVisited(family: Family, backend: Backend, table: string): boolean {
    return this.#visited.has([family, backend ?? '', table].join(' '));
  }

  ofRule(family: Family, rule: Rule): Counters {
    return this.#counted.get(keyOf(family, rule.backend, rule.table, rule.chain, rule.number)) ?? NOTHING;
  }

  ofPolicy(family: Family, backend: Backend, table: string, chain: string): Counters {
    return this.#counted.get(keyOf(family, backend, table, chain, 'policy')) ?? NOTHING;
  }
}
