/** Links out of the lines of `ip addr`, `ip link` and their other forms, in whatever form the lines were read. */
import { type Address, type Family, bitsOf, familyOf, parseAddress } from '../address/address.js';
import { type InterfaceAddress, type Link, SCOPE } from '../routing/model.js';
import { isKind, readDetails } from './link-kind.js';
import { groupNumber, isMac, scopeNumber, unsigned } from './iproute-names.js';
import { type SectionReport, shown } from './report.js';
import type { Item, Word } from './word.js';

export interface HeaderLine {
  readonly start: number;
  readonly end: number;
  readonly index: string;
  readonly name: string;
  readonly peer: string | null;
  readonly flags: readonly string[];
  readonly items: readonly Item[];
}
export interface AddressLine {
  readonly start: number;
  readonly end: number;
  readonly family: string;
  readonly address: string;
  readonly addressAt: number;
  readonly items: readonly Item[];
}
export type OneLine = AddressLine & Pick<HeaderLine, 'index' | 'name' | 'peer'>;
export interface LinkLayerLine {
  readonly start: number;
  readonly end: number;
  readonly type: string;
  readonly items: readonly Item[];
}
export interface BriefLine {
  readonly start: number;
  readonly end: number;
  readonly name: string;
  readonly peer: string | null;
  readonly state: string;
  readonly words: readonly Word[];
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type LinkDraft = Mutable<Omit<Link, 'addresses'>> & { addresses: InterfaceAddress[] };

/** `A/N`; a bare address is a host, as `ip addr` prints it before `peer`. */
function parseInterfaceAddress(text: string): { readonly address: Address; readonly length: number } | null {
  const slash = text.indexOf('/');
  const address = parseAddress(slash < 0 ? text : text.slice(0, slash));
  if (address === null) return null;
  const bits = bitsOf(familyOf(address));
  const length = slash < 0 ? bits : unsigned(text.slice(slash + 1), bits);
  return length === null ? null : { address, length };
}

/** The scope that -br leaves out, as the kernel and iproute2 choose it for an address by default. */
export function usualScope(address: Address): number {
  if (typeof address === 'bigint') {
    if (address === 1n) return SCOPE.host;
    return address >> 118n === 0x3fan ? SCOPE.link : SCOPE.global;
  }
  return address >>> 24 === 127 ? SCOPE.host : SCOPE.global;
}

/** Words of the link layer's line where an address is missing. */
const NOT_A_MAC: ReadonlySet<string> = new Set([
  'brd',
  'peer',
  'promiscuity',
  'permaddr',
  'link-netns',
  'link-netnsid',
]);
/** Lines that may follow the link layer's where there is no kind. */
const NO_KIND: ReadonlySet<string> = new Set([
  'alias',
  'altname',
  'prog',
  'vf',
  'valid_lft',
  'inet',
  'inet6',
]);

/** Gathers links in the order of the listing. */
export class LinkBuilder {
  readonly links: LinkDraft[] = [];
  /** Families of which an address could not be read. */
  readonly damaged: Set<Family>;
  readonly #byName = new Map<string, LinkDraft>();
  readonly #indexes = new Set<number>();
  readonly #report: SectionReport;
  readonly #detailed: boolean;
  #current: LinkDraft | null = null;
  /** The line before was the one of the link layer. */
  #kindMayFollow = false;
  /** A second node's listing follows the first one's: it is left out. */
  #ended = false;

  /** @param detailed the listing was made with -d */
  constructor(report: SectionReport, detailed: boolean) {
    this.damaged = new Set();
    this.#report = report;
    this.#detailed = detailed;
  }

  /** The link of a line; null once a second listing began. A header never comes twice, a one-line address does. */
  #open(name: string, index: number, start: number, end: number, header: boolean): LinkDraft | null {
    if (this.#ended) return null;
    const known = this.#byName.get(name);
    if (known?.index === index && !header) return known;
    if (known !== undefined || this.#indexes.has(index)) {
      this.#ended = true;
      this.#current = null;
      this.#report.warn('READ_SECOND_NODE', start, end, { name: shown(name) });
      return null;
    }
    const link: LinkDraft = {
      index,
      name,
      peer: null,
      flags: [],
      up: true,
      mtu: null,
      master: null,
      group: null,
      mac: null,
      addresses: [],
      span: this.#report.span(start, end),
    };
    this.#byName.set(name, link);
    this.#indexes.add(index);
    this.links.push(link);
    return link;
  }

  header(line: HeaderLine): void {
    this.#kindMayFollow = false;
    const index = unsigned(line.index, 0x7fffffff);
    if (index === null || index === 0) {
      this.#report.error('READ_VALUE', line.start, line.start + line.index.length, {
        word: 'index',
        value: shown(line.index),
      });
      return;
    }
    const link = this.#open(line.name, index, line.start, line.end, true);
    this.#current = link;
    if (link === null) return;
    link.peer = line.peer;
    link.flags = line.flags;
    link.up = link.flags.includes('UP') || /^\.\.\.|…/.test(link.flags[0] ?? '');
    for (const item of line.items) this.#headerItem(link, item);
  }

  #headerItem(link: LinkDraft, item: Item): void {
    const text = item.value?.text ?? null;
    if (text === null) return;
    if (item.word === 'mtu') {
      link.mtu = unsigned(text);
      if (link.mtu === null) this.#report.badValue(item);
    } else if (item.word === 'master') link.master = text;
    else if (item.word === 'group') link.group = groupNumber(text);
  }

  linkLayer(line: LinkLayerLine): void {
    const mac = line.items[0];
    const link = this.#current;
    if (link === null) return;
    link.layer = line.type;
    if (mac?.value === null && !NOT_A_MAC.has(mac.word)) link.mac = mac.word;
    // Only -d shows this word, and the kind; a device without a kind is a physical one, or lo.
    if (this.#detailed || line.items.some(({ word }) => word === 'promiscuity')) link.kind = '';
    this.#kindMayFollow = true;
  }

  /**
   * A line below the one of the link layer. Right below it -d prints the kind, and then what the link is to its master;
   * without -d only a word that is known as a kind counts.
   * @returns false for any other line
   */
  kind(words: readonly string[]): boolean {
    const link = this.#current;
    const [word = '', ...rest] = words;
    const mayFollow = this.#kindMayFollow;
    this.#kindMayFollow = false;
    if (link === null || !/^[a-z][\w-]*$/.test(word)) return false;
    const slave = /^(\w+)_slave$/.exec(word)?.[1];
    if (slave !== undefined) {
      link.slave = slave;
      return true;
    }
    if (!mayFollow || NO_KIND.has(word) || (link.kind !== '' && !isKind(word))) return false;
    link.kind = word;
    link.details = readDetails(word, rest);
    return true;
  }

  address(line: AddressLine): void {
    this.#kindMayFollow = false;
    if (this.#ended) return;
    if (this.#current === null) this.#report.error('READ_NO_LINK', line.start, line.end);
    else this.#addAddress(this.#current, line);
  }

  oneLine(line: OneLine): void {
    const index = unsigned(line.index, 0x7fffffff) ?? 0;
    const link = this.#open(line.name, index, line.start, line.end, false);
    if (link === null) return;
    link.peer ??= line.peer;
    this.#current = link;
    this.#addAddress(link, line);
  }

  #addAddress(link: LinkDraft, line: AddressLine): void {
    const parsed = parseInterfaceAddress(line.address);
    if (parsed === null) {
      const end = line.addressAt + line.address.length;
      this.#report.error('READ_VALUE', line.addressAt, end, {
        word: line.family,
        value: shown(line.address),
      });
      this.damaged.add(line.family === 'inet6' ? 6 : 4);
      return;
    }
    const draft = { ...emptyAddress(parsed.address, parsed.length), words: [] as string[] };
    for (const item of line.items) if (!addressItem(draft, item)) this.#report.badValue(item);
    link.addresses.push(draft);
  }

  brief(line: BriefLine): void {
    const at = -(this.links.length + 1);
    const link = this.#open(line.name, at, line.start, line.end, true);
    this.#current = null;
    if (link === null) return;
    link.peer = line.peer;
    link.up = line.state !== 'DOWN' && line.state !== 'NOTPRESENT';
    for (let i = 0; i < line.words.length; i += 1) i += this.#briefWord(link, line.words, i);
  }

  /** Returns how many words after this one belong to it. */
  #briefWord(link: LinkDraft, words: readonly Word[], at: number): number {
    const { text, at: start } = words[at] ?? { text: '', at: 0 };
    const next = words[at + 1]?.text ?? '';
    const last = link.addresses.at(-1);
    if (text.startsWith('<')) {
      link.flags = text.slice(1, -1).split(',');
      link.up = link.flags.includes('UP');
    } else if (isMac(text) && words[at + 1]?.text.startsWith('<') === true) link.mac = text;
    else if (text === 'metric' && last !== undefined)
      link.addresses.splice(-1, 1, { ...last, metric: unsigned(next) });
    else if (text === 'peer' && last !== undefined) {
      const peer = parseInterfaceAddress(next);
      if (peer !== null) link.addresses.splice(-1, 1, { ...last, peer: peer.address, length: peer.length });
    } else {
      const parsed = parseInterfaceAddress(text);
      if (parsed === null)
        this.#report.error('READ_VALUE', start, start + text.length, { word: 'inet', value: shown(text) });
      else link.addresses.push(emptyAddress(parsed.address, parsed.length));
      return 0;
    }
    return text === 'metric' || text === 'peer' ? 1 : 0;
  }
}

function emptyAddress(address: Address, length: number): InterfaceAddress {
  return {
    address,
    length,
    peer: null,
    broadcast: null,
    scope: usualScope(address),
    secondary: false,
    metric: null,
    words: [],
  };
}

type AddressDraft = Mutable<Omit<InterfaceAddress, 'words'>> & { words: string[] };

function addressItem(draft: AddressDraft, { word, value }: Item): boolean {
  const text = value?.text ?? null;
  switch (word) {
    case 'peer': {
      const peer = text === null ? null : parseInterfaceAddress(text);
      if (peer === null) return false;
      draft.peer = peer.address;
      draft.length = peer.length;
      return true;
    }
    case 'brd':
      draft.broadcast = text === null ? null : parseAddress(text);
      return draft.broadcast !== null;
    case 'scope': {
      const scope = text === null ? null : scopeNumber(text);
      draft.scope = scope ?? draft.scope;
      return scope !== null;
    }
    case 'metric':
      draft.metric = text === null ? null : unsigned(text);
      return draft.metric !== null;
    case 'secondary':
      draft.secondary = true;
      return true;
    default:
      draft.words.push(word, ...(text === null ? [] : [text]));
      return true;
  }
}
