/**
 * Which policy rules may select a flow at all. A node has a few rules for each of its pods, and each of those asks for one
 * exact address or device: it is found by that, and all others are always tried, in the kernel's order.
 */
import { type Address, bitsOf } from '../address/address.js';
import type { Prefix } from '../address/prefix.js';
import type { Flow } from './lookup.js';
import type { PolicyRule } from './model.js';
import { UNKNOWN_DEVICE } from './policy-rule.js';

type Places = readonly number[];

const NONE: Places = [];

function isHost({ family }: PolicyRule, prefix: Prefix | null): prefix is Prefix {
  return prefix !== null && prefix.length === bitsOf(family);
}

function enter<K>(map: Map<K, number[]>, key: K, place: number): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [place]);
  else list.push(place);
}

/** A list of policy rules, by what they ask for. */
export class PolicyIndex {
  readonly #to = new Map<Address, number[]>();
  readonly #from = new Map<Address, number[]>();
  readonly #iif = new Map<string, number[]>();
  readonly #others: number[] = [];
  readonly #end: number;

  constructor(rules: readonly PolicyRule[]) {
    this.#end = rules.length;
    for (const [place, rule] of rules.entries()) {
      if (rule.not) this.#others.push(place);
      else if (isHost(rule, rule.to)) enter(this.#to, rule.to.address, place);
      else if (isHost(rule, rule.from)) enter(this.#from, rule.from.address, place);
      else if (rule.iif !== null) enter(this.#iif, rule.iif, place);
      else this.#others.push(place);
    }
  }

  /** The places of the rules that may select the flow, in their order. */
  of(flow: Flow): Places {
    const to = this.#to.get(flow.destination) ?? NONE;
    const from = this.#from.get(flow.source) ?? NONE;
    const iif = this.#byDevice(flow.inInterface);
    if (to.length + from.length + iif.length === 0) return this.#others;
    return merge(merge(this.#others, to), merge(from, iif));
  }

  /** A device that nobody can name may be any. */
  #byDevice(device: string): Places {
    if (device !== UNKNOWN_DEVICE) return this.#iif.get(device) ?? NONE;
    return [...this.#iif.values()].flat().sort((a, b) => a - b);
  }

  /** The place of the first rule behind the last. */
  get end(): number {
    return this.#end;
  }
}

function merge(one: Places, two: Places): Places {
  if (one.length === 0) return two;
  if (two.length === 0) return one;
  const merged: number[] = [];
  let [i, j] = [0, 0];
  while (i < one.length || j < two.length) {
    const [a = Infinity, b = Infinity] = [one[i], two[j]];
    if (a < b) i += 1;
    else j += 1;
    merged.push(Math.min(a, b));
  }
  return merged;
}
