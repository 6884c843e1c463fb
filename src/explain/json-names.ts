/** The names of a result's addresses in JSON; for many results of one node, in which the same addresses come again. */
import { parseAddress } from '../address/address.js';
import type { CompletedPacket, Outcome } from '../packet/result.js';
import { type NamedAddress, namesOfEnd } from './names.js';
import { type Facts, type View, viewOf } from './view.js';

/** Addresses and ports that are kept; beyond that the memory begins anew. */
const MOST = 100_000;

/** A name as a member of the object of names. */
interface Member {
  readonly label: string;
  readonly text: string;
}

const NONE: readonly Member[] = [];

// Kept for every address: what `join` makes is one piece, a template is a tree of pieces.
const member = ({ label, short }: NamedAddress): Member => ({
  label,
  text: [JSON.stringify(label), JSON.stringify(short)].join(':'),
});

/** What is known of an address. */
interface Known {
  /** The ports that have a part in its names; null: any may have. */
  readonly ports: ReadonlySet<number> | null;
  /** Its names whatever the port is, but for ports that have a part in them. */
  plain: readonly Member[] | null;
  /** With the first of the others that was asked for: nearly every address has one. */
  first: Ported | null;
  /** With those that came later, by port and protocol. */
  later: Map<number, readonly Member[]> | null;
}

/** Names of an address with a port. */
interface Ported {
  /** The port, and the protocol. */
  readonly key: number;
  readonly names: readonly Member[];
}

export class JsonNames {
  readonly #view: View;
  readonly #known = new Map<string, Known>();
  #size = 0;

  constructor(facts: Facts) {
    this.#view = viewOf({ facts });
  }

  /** `,"names":{…}`, or nothing when no address has a name. */
  of(packet: CompletedPacket, outcomes: readonly Outcome[], protocol: number): string {
    const { src, sport, dst, dport } = packet;
    const source = this.#namesOf(src, sport, protocol);
    const destination = this.#namesOf(dst, dport, protocol);
    const found: Member[] = [];
    for (const { final } of outcomes) {
      add(found, source);
      add(found, destination);
      // Most outcomes leave an end as it was.
      if (final.src !== src || final.sport !== sport)
        add(found, this.#namesOf(final.src, final.sport, protocol));
      if (final.dst !== dst || final.dport !== dport)
        add(found, this.#namesOf(final.dst, final.dport, protocol));
    }
    if (found.length === 0) return '';
    let text = '';
    for (const one of found) text += text === '' ? one.text : `,${one.text}`;
    return `,"names":{${text}}`;
  }

  #namesOf(address: string | undefined, port: number | undefined, protocol: number): readonly Member[] {
    const known = address === undefined ? null : this.#knownOf(address);
    if (address === undefined || known === null) return NONE;
    const { ports } = known;
    const isPlain = ports !== null && port !== undefined && !ports.has(port);
    const key = (port ?? -1) * 256 + protocol;
    const { first, later } = known;
    const found = isPlain ? known.plain : first?.key === key ? first.names : later?.get(key);
    if (found !== null && found !== undefined) return found;
    const names = namesOfEnd({ address, port }, protocol, this.#view);
    const made = names.length === 0 ? NONE : names.map(member);
    if (isPlain) known.plain = made;
    else if (first === null) known.first = { key, names: made };
    else (known.later ??= new Map<number, readonly Member[]>()).set(key, made);
    this.#size += 1;
    return made;
  }

  #knownOf(address: string): Known | null {
    const known = this.#known.get(address);
    if (known !== undefined) return known;
    const value = parseAddress(address);
    if (value === null) return null;
    if (this.#size >= MOST) {
      this.#known.clear();
      this.#size = 0;
    }
    const ports = this.#view.facts.portsOf?.(value) ?? null;
    const made: Known = { ports, plain: null, first: null, later: null };
    this.#known.set(address, made);
    return made;
  }
}

/** Each label once, where it came first, with what was said of it last. */
function add(found: Member[], names: readonly Member[]): void {
  for (const one of names) {
    let at = 0;
    while (at < found.length && found[at]?.label !== one.label) at += 1;
    found[at] = one;
  }
}
