/** What kube-proxy's rules say about one address: found by the rules that have it, without reading all others. */
import { type Address, bitsOf, familyOf, formatAddress } from '../address/address.js';
import type { Rule, RuleSet, Table } from '../iptables/model.js';
import type { Question } from './book.js';
import { Proxy, commentOf, isEndpointChain, isOuterChain, isPortal, isServiceChain } from './comments.js';
import type { KubeObject } from './model.js';

type Find = NonNullable<Table['find']>;

/** What stands behind a whole IPv4 address. */
const AFTER = /(?:$|[ :]|\/32(?: |$))/my;

/** Looks a word up in both tables of kube-proxy; null where a table can only be read as a whole. */
function finderOf(ruleSet: RuleSet): Find | null {
  const tables = (['nat', 'filter'] as const).flatMap((name): Table[] => {
    const table = ruleSet.tables.get(name);
    return table === undefined ? [] : [table];
  });
  if (tables.some(({ find }) => find === undefined)) return null;
  return (text, then) => tables.flatMap(({ find }) => find?.(text, then) ?? []);
}

const chainsOf = (rules: readonly Rule[]): readonly string[] => [...new Set(rules.map(({ chain }) => chain))];

/** `10.0.0.1/32`, as a selector is printed, or `10.0.0.1`, as people write it, and `10.0.0.1:`, as a translation is. */
function rulesWith(address: Address, find: Find): readonly Rule[] {
  const text = formatAddress(address);
  if (familyOf(address) === 6)
    return [` ${text}/${String(bitsOf(6))} `, ` ${text} `, ` [${text}]:`].flatMap((word) => find(word));
  return find(` ${text}`, AFTER);
}

class Mentions {
  readonly #find: Find;
  readonly #proxy = new Proxy();

  constructor(find: Find) {
    this.#find = find;
  }

  about({ address, port, isOwn }: Question): readonly KubeObject[] {
    const rules = rulesWith(address, this.#find);
    for (const rule of rules) if (isPortal(rule.chain)) this.#proxy.portal(rule);
    const nameless = rules.filter((rule) => isEndpointChain(rule.chain) && commentOf(rule) === null);
    for (const name of chainsOf(nameless)) this.#owners(name);
    for (const rule of rules)
      if (isEndpointChain(rule.chain)) this.#proxy.endpoint({ name: rule.chain, rules: [rule] });
    if (isOwn && port !== null) this.#nodePort(port);
    this.#proxy.finish();
    return this.#proxy.found;
  }

  /** The rules that lead to an endpoint's chain: from its service's, and to that from where services begin. */
  #owners(end: string): void {
    const inner = this.#find(` ${end}`).filter(({ chain }) => isServiceChain(chain));
    const above = chainsOf(inner).flatMap((name) => this.#find(` ${name}`));
    const outer = above.filter(({ chain }) => isOuterChain(chain));
    const top = chainsOf(outer).flatMap((name) => this.#find(` ${name}`));
    for (const rule of [...above, ...top]) if (isPortal(rule.chain)) this.#proxy.portal(rule);
    for (const rule of outer) this.#proxy.service({ name: rule.chain, rules: [rule] });
    for (const rule of inner) this.#proxy.service({ name: rule.chain, rules: [rule] });
  }

  /** A node port's rule names its service, whose own rule says the port. */
  #nodePort(port: number): void {
    for (const rule of this.#find(` --dport ${String(port)} `)) {
      if (rule.chain !== 'KUBE-NODEPORTS') continue;
      const name = this.#proxy.portal(rule);
      if (name !== null)
        for (const one of this.#find(`"${name} cluster IP"`))
          if (isPortal(one.chain)) this.#proxy.portal(one);
    }
  }
}

/**
 * What the rules of kube-proxy say about the address that is asked for, and the port of this node.
 * @returns null where rules cannot be looked up by what they have in them
 */
export function mentioned(ruleSets: readonly RuleSet[], question: Question): readonly KubeObject[] | null {
  const found: KubeObject[] = [];
  for (const ruleSet of ruleSets)
    for (const one of ruleSet.other === undefined ? [ruleSet] : [ruleSet, ruleSet.other]) {
      if (one.tables.size === 0) continue;
      const find = finderOf(one);
      if (find === null) return null;
      found.push(...new Mentions(find).about(question));
    }
  return found;
}
