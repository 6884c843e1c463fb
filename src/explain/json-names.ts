/** The names of a result's addresses in JSON; for many results of one node, in which the same addresses come again. */
import type { CompletedPacket, Outcome } from '../packet/result.js';
import { type NamedAddress, namesOfEnd } from './names.js';
import { type Facts, type View, viewOf } from './view.js';

/** Addresses and ports that are kept; beyond that the memory begins anew. */
const MOST = 20_000;

/** A name as a member of the object of names. */
interface Member {
  readonly label: string;
  readonly text: string;
}

const NONE: readonly Member[] = [];

const member = ({ label, short }: NamedAddress): Member => ({
  label,
  text: `${JSON.stringify(label)}:${JSON.stringify(short)}`,
});

export class JsonNames {
  readonly #view: View;
  /** By address, then by port and protocol. */
  readonly #known = new Map<string, Map<number, readonly Member[]>>();
  #size = 0;

  constructor(facts: Facts) {
    this.#view = viewOf({ facts });
  }

  /** `,"names":{…}`, or nothing when no address has a name. */
  of(packet: CompletedPacket, outcomes: readonly Outcome[], protocol: number): string {
    const found: Member[] = [];
    for (const { final } of outcomes) {
      this.#add(found, packet.src, packet.sport, protocol);
      this.#add(found, packet.dst, packet.dport, protocol);
      this.#add(found, final.src, final.sport, protocol);
      this.#add(found, final.dst, final.dport, protocol);
    }
    if (found.length === 0) return '';
    let text = '';
    for (const one of found) text += text === '' ? one.text : `,${one.text}`;
    return `,"names":{${text}}`;
  }

  /** Each label once, where it came first, with what was said of it last. */
  #add(found: Member[], address: string | undefined, port: number | undefined, protocol: number): void {
    if (address === undefined) return;
    for (const one of this.#namesOf(address, port, protocol)) {
      const at = found.findIndex(({ label }) => label === one.label);
      if (at < 0) found.push(one);
      else found[at] = one;
    }
  }

  #namesOf(address: string, port: number | undefined, protocol: number): readonly Member[] {
    const key = (port ?? -1) * 256 + protocol;
    let ofAddress = this.#known.get(address);
    const known = ofAddress?.get(key);
    if (known !== undefined) return known;
    const names = namesOfEnd({ address, port }, protocol, this.#view);
    const made = names.length === 0 ? NONE : names.map(member);
    if (this.#size >= MOST) {
      this.#known.clear();
      this.#size = 0;
      ofAddress = undefined;
    }
    if (ofAddress === undefined) this.#known.set(address, (ofAddress = new Map<number, readonly Member[]>()));
    ofAddress.set(key, made);
    this.#size += 1;
    return made;
  }
}
