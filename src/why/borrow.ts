/** Rules, chains and sets of another node, as they may stand in this one: their places name the other node's dumps. */
import type { Family } from '../address/address.js';
import type { Chain, Rule, RuleSet } from '../iptables/model.js';
import type { NftChain, NftRule, NftSet, NftTable } from '../nft/model.js';
import type { Node } from '../packet/node.js';
import type { PolicyRule } from '../routing/model.js';
import { SourceText, type Span } from '../source/source.js';
import { chainOf, numberedRule } from './change.js';

/** `../good/iptables-save.txt` of a folder; a node that is one file has its name already. */
function pathOf(node: string, file: string): string {
  return node === file || node.endsWith(`/${file}`) ? node : `${node}/${file}`;
}

/** What is taken from another node. */
export class Borrowed {
  /** What the user calls the other node. */
  readonly name: string;
  readonly #node: Node;
  readonly #family: Family;
  readonly #sources = new Map<SourceText, SourceText>();

  constructor(node: Node, name: string, family: Family) {
    this.#node = node;
    this.name = name;
    this.#family = family;
  }

  #span({ source, start, end }: Span): Span {
    let known = this.#sources.get(source);
    if (known === undefined) {
      known = new SourceText(pathOf(this.name, source.name), source.text, source.firstLine);
      this.#sources.set(source, known);
    }
    return { source: known, start, end };
  }

  rule(rule: Rule): Rule {
    return { ...numberedRule(rule, rule.number), span: this.#span(rule.span) };
  }

  policyRule(rule: PolicyRule): PolicyRule {
    return rule.span === null ? rule : { ...rule, span: this.#span(rule.span) };
  }

  nativeRule(rule: NftRule): NftRule {
    return { ...rule, span: this.#span(rule.span) };
  }

  /** The chain to which a rule of the other node leads, or null where its dump does not show it. */
  chain(rule: Rule, name: string): Chain | null {
    const own = this.#node.ruleSets[this.#family];
    const sets: readonly RuleSet[] = own.other === undefined ? [own] : [own, own.other];
    const set = sets.find(({ backend }) => rule.backend === undefined || rule.backend === backend);
    const chain = set?.tables.get(rule.table)?.chains.get(name);
    if (chain?.policy !== null) return null;
    const placed = chainOf(
      chain,
      null,
      chain.rules.map((one) => this.rule(one)),
    );
    return { ...placed, span: chain.span === null ? null : this.#span(chain.span) };
  }

  #nativeTable({ family, table }: NftRule): NftTable | undefined {
    return this.#node.nativeTables[this.#family].find((one) => one.family === family && one.name === table);
  }

  /** The same of a native table. */
  nativeChain(rule: NftRule, name: string): NftChain | null {
    const chain = this.#nativeTable(rule)?.chains.get(name);
    if (chain?.base !== null) return null;
    return { ...chain, rules: chain.rules.map((one) => this.nativeRule(one)) };
  }

  /** A set of the table of a native rule. */
  nativeSet(rule: NftRule, name: string): NftSet | null {
    return this.#nativeTable(rule)?.sets.get(name) ?? null;
  }
}
