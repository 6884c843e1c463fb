/**
 * Which policy rules may select a flow at all. A node has a few rules for each of its pods, and each of those asks for one
 * exact address or device: it is found by that, and all others are always tried, in the kernel's order.
 */
import { type Address, bitsOf } from '../address/address.js';
import type { Prefix } from '../address/prefix.js';
import type { Flow } from './lookup.js';
import type { PolicyRule } from './model.js';
import { type Selector, UNKNOWN_DEVICE, selectors } from './policy-rule.js';

/** A policy rule with its place in the list, and its selectors at hand. */
export interface PlacedRule {
  readonly place: number;
  readonly rule: PolicyRule;
  readonly selectors: readonly Selector[];
}

/** Rules that ask for one value of a field. */
interface Group {
  readonly own: PlacedRule[];
  /** With those that are always tried, once that was asked for. */
  all: readonly PlacedRule[] | null;
}

function isHost({ family }: PolicyRule, prefix: Prefix | null): prefix is Prefix {
  return prefix !== null && prefix.length === bitsOf(family);
}

function enter<K>(map: Map<K, Group>, key: K, rule: PlacedRule): void {
  const group = map.get(key);
  if (group === undefined) map.set(key, { own: [rule], all: null });
  else group.own.push(rule);
}

const inOrder = (...lists: readonly (readonly PlacedRule[])[]): readonly PlacedRule[] =>
  lists.flat().sort((a, b) => a.place - b.place);

function merged(one: readonly PlacedRule[], two: readonly PlacedRule[]): readonly PlacedRule[] {
  const all: PlacedRule[] = [];
  let next = 0;
  for (const rule of one) {
    for (let other = two[next]; other !== undefined && other.place < rule.place; other = two[next]) {
      all.push(other);
      next += 1;
    }
    all.push(rule);
  }
  for (let other = two[next]; other !== undefined; other = two[next]) {
    all.push(other);
    next += 1;
  }
  return all;
}

/** A list of policy rules, by what they ask for. */
export class PolicyIndex {
  readonly #to = new Map<Address, Group>();
  readonly #from = new Map<Address, Group>();
  readonly #iif = new Map<string, Group>();
  readonly #others: PlacedRule[] = [];

  constructor(rules: readonly PolicyRule[]) {
    for (const [place, rule] of rules.entries()) {
      const placed = { place, rule, selectors: selectors(rule) };
      if (rule.not) this.#others.push(placed);
      else if (isHost(rule, rule.to)) enter(this.#to, rule.to.address, placed);
      else if (isHost(rule, rule.from)) enter(this.#from, rule.from.address, placed);
      else if (rule.iif !== null) enter(this.#iif, rule.iif, placed);
      else this.#others.push(placed);
    }
  }

  /** The rules that may select the flow, in their order. */
  of(flow: Flow): readonly PlacedRule[] {
    const { destination, source, inInterface } = flow;
    // A device that nobody can name may be any.
    if (inInterface === UNKNOWN_DEVICE && this.#iif.size > 0)
      return this.#with(flow, [...this.#iif.values()]);
    const to = this.#to.get(destination);
    const from = this.#from.get(source);
    const iif = this.#iif.get(inInterface);
    if (iif !== undefined) return this.#with(flow, [iif]);
    if (to !== undefined && from !== undefined) return merged(this.#withOthers(to), from.own);
    const only = to ?? from;
    return only === undefined ? this.#others : this.#withOthers(only);
  }

  #withOthers(group: Group): readonly PlacedRule[] {
    group.all ??= inOrder(this.#others, group.own);
    return group.all;
  }

  #with({ destination, source }: Flow, devices: readonly Group[]): readonly PlacedRule[] {
    const groups = [...devices, this.#to.get(destination), this.#from.get(source)];
    return inOrder(this.#others, ...groups.map((group) => group?.own ?? []));
  }
}
