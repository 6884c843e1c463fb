/** What kube-proxy's rules say about one address: found by the rules that have it, without reading all others. */
import { type Address, bitsOf, familyOf, formatAddress } from '../address/address.js';
import type { Rule, RuleFinder, RuleSet } from '../iptables/model.js';
import type { Question } from './book.js';
import { Proxy, commentOf, isEndpointChain, isOuterChain, isPortal, isServiceChain } from './comments.js';
import type { KubeObject } from './model.js';
import { namesOfRule } from './rule-names.js';

type Find = RuleFinder['find'];

/** What stands behind a whole IPv4 address. */
const AFTER = /(?:$|[ :]|\/32(?: |$))/my;

/** Both tables of kube-proxy, to be looked through; null where one can only be read as a whole. */
function searchesOf({ tables }: RuleSet): readonly RuleFinder[] | null {
  const found: RuleFinder[] = [];
  for (const name of ['nat', 'filter'] as const) {
    const table = tables.get(name);
    if (table === undefined) continue;
    if (table.search === undefined) return null;
    found.push(table.search);
  }
  return found;
}

/** What the kernel may run: the tables of one iptables, or of both. */
const withOthers = (ruleSets: readonly RuleSet[]): readonly RuleSet[] =>
  ruleSets.flatMap((one) => (one.other === undefined ? [one] : [one, one.other]));

const chainsOf = (rules: readonly Rule[]): readonly string[] => [...new Set(rules.map(({ chain }) => chain))];

const wordOf = (address: Address): string => ` ${formatAddress(address)}`;

/** `10.0.0.1/32`, as a selector is printed, or `10.0.0.1`, as people write it, and `10.0.0.1:`, as a translation is. */
function rulesWith(address: Address, find: Find): readonly Rule[] {
  const text = formatAddress(address);
  if (familyOf(address) === 6)
    return [` ${text}/${String(bitsOf(6))} `, ` ${text} `, ` [${text}]:`].flatMap((word) => find(word));
  return find(wordOf(address), AFTER);
}

class Mentions {
  readonly #find: Find;
  readonly #proxy = new Proxy();

  constructor(find: Find) {
    this.#find = find;
  }

  about({ address, port, isOwn }: Question): readonly KubeObject[] {
    const rules = rulesWith(address, this.#find);
    for (const rule of rules) if (isPortal(rule.chain)) this.#proxy.portal(namesOfRule(rule));
    const nameless = rules.filter((rule) => isEndpointChain(rule.chain) && commentOf(rule) === null);
    for (const name of chainsOf(nameless)) this.#owners(name);
    for (const rule of rules) if (isEndpointChain(rule.chain)) this.#proxy.endpoint(namesOfRule(rule));
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
    for (const rule of [...above, ...top]) if (isPortal(rule.chain)) this.#proxy.portal(namesOfRule(rule));
    for (const rule of outer) this.#proxy.service(namesOfRule(rule));
    for (const rule of inner) this.#proxy.service(namesOfRule(rule));
  }

  /** A node port's rule names its service, whose own rule says the port. */
  #nodePort(port: number): void {
    for (const rule of this.#find(` --dport ${String(port)} `)) {
      if (rule.chain !== 'KUBE-NODEPORTS') continue;
      const name = this.#proxy.portal(namesOfRule(rule));
      if (name !== null)
        for (const one of this.#find(`"${name} cluster IP"`))
          if (isPortal(one.chain)) this.#proxy.portal(namesOfRule(one));
    }
  }
}

/**
 * What the rules of kube-proxy say about the address that is asked for, and the port of this node.
 * @returns null where rules cannot be looked up by what they have in them
 */
export function mentioned(ruleSets: readonly RuleSet[], question: Question): readonly KubeObject[] | null {
  const found: KubeObject[] = [];
  for (const one of withOthers(ruleSets)) {
    if (one.tables.size === 0) continue;
    const searches = searchesOf(one);
    if (searches === null) return null;
    const find: Find = (text, then) => searches.flatMap((search) => search.find(text, then));
    found.push(...new Mentions(find).about(question));
  }
  return found;
}

/** Says which addresses `mentioned` will be asked about. */
export function expectMentioned(ruleSets: readonly RuleSet[], addresses: readonly Address[]): void {
  const words = addresses.filter((address) => familyOf(address) === 4).map(wordOf);
  for (const one of withOthers(ruleSets)) for (const search of searchesOf(one) ?? []) search.expect(words);
}
