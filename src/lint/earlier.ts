/**
 * The rules of a chain that end it, found by what they ask for: a chain may have ten thousand rules, and comparing each
 * pair would take minutes.
 */
import { formatAddress, maskAddress } from '../address/address.js';
import { maskOfLength, type Prefix } from '../address/prefix.js';
import { familyOf } from '../address/address.js';
import type { Header, Rule } from '../iptables/model.js';
import { implies } from './implies.js';
import { type Shape, shapeOf } from './shape.js';

/** How many pairs of rules may be compared in one node. */
export interface Allowance {
  left: number;
}

export interface Entry {
  readonly rule: Rule;
  readonly index: number;
}

const ANY = 'any';

type Side = 'source' | 'destination';

function plainPrefix(selector: Header[Side]): (Prefix & { readonly length: number }) | null {
  if (selector === null || selector.inverted || 'hostName' in selector.value) return null;
  const { address, mask, length } = selector.value;
  return length === null ? null : { address, mask, length };
}

const addressKey = (side: Side, { address }: Prefix, length: number): string =>
  `${side}/${String(length)}/${formatAddress(maskAddress(address, maskOfLength(length, familyOf(address))))}`;

function exactName(selector: Header['inInterface']): string | null {
  return selector === null || selector.inverted || selector.value.endsWith('+') ? null : selector.value;
}

function exactPort({ dport }: Shape): number | null {
  const [span, ...more] = dport ?? [];
  return span !== undefined && more.length === 0 && span[0] === span[1] ? span[0] : null;
}

/** Rules that end a chain, to be asked which of them take all that another rule takes. */
export class EarlierRules {
  readonly #buckets = new Map<string, Entry[]>();
  readonly #lengths: Readonly<Record<Side, Set<number>>> = { source: new Set(), destination: new Set() };

  /** Puts in a rule under the most telling thing that it asks for. */
  add(entry: Entry): void {
    const key = this.#keyOf(shapeOf(entry.rule));
    const list = this.#buckets.get(key);
    if (list === undefined) this.#buckets.set(key, [entry]);
    else list.push(entry);
  }

  #keyOf(shape: Shape): string {
    for (const side of ['destination', 'source'] as const) {
      const prefix = plainPrefix(shape.header[side]);
      if (prefix === null) continue;
      this.#lengths[side].add(prefix.length);
      return addressKey(side, prefix, prefix.length);
    }
    const port = exactPort(shape);
    if (port !== null) return `port/${String(port)}`;
    const input = exactName(shape.header.inInterface);
    if (input !== null) return `in/${input}`;
    const output = exactName(shape.header.outInterface);
    if (output !== null) return `out/${output}`;
    const [other] = shape.others;
    return other ?? ANY;
  }

  /** What a rule must have been put in under for taking all that `shape` takes. */
  *#keysFor(shape: Shape): Iterable<string> {
    yield ANY;
    for (const side of ['destination', 'source'] as const) {
      const prefix = plainPrefix(shape.header[side]);
      if (prefix === null) continue;
      for (const length of this.#lengths[side])
        if (length <= prefix.length) yield addressKey(side, prefix, length);
    }
    const port = exactPort(shape);
    if (port !== null) yield `port/${String(port)}`;
    const input = exactName(shape.header.inInterface);
    if (input !== null) yield `in/${input}`;
    const output = exactName(shape.header.outInterface);
    if (output !== null) yield `out/${output}`;
    yield* shape.others;
  }

  /** The first rule that takes all that `rule` takes and for which `counts` says yes; null when none is known. */
  covering(rule: Rule, allowance: Allowance, counts: (entry: Entry) => boolean): Entry | null {
    const shape = shapeOf(rule);
    let found: Entry | null = null;
    for (const key of this.#keysFor(shape)) {
      for (const entry of this.#buckets.get(key) ?? []) {
        if (found !== null && entry.index >= found.index) break;
        if (allowance.left <= 0) return found;
        allowance.left -= 1;
        if (implies(shape, shapeOf(entry.rule)) && counts(entry)) {
          found = entry;
          break;
        }
      }
    }
    return found;
  }
}
