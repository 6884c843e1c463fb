/** Reads `ifconfig` (net-tools lib/interface.c, both forms, and busybox): links, and the addresses that it can show. */
import { formatAddress, parseAddress4, parseAddress6 } from '../address/address.js';
import { lengthOfMask, prefixOf } from '../address/prefix.js';
import { type InterfaceAddress, type Link, SCOPE } from '../routing/model.js';
import { unsigned } from './iproute-names.js';
import { type TextLine, textLines } from './lines.js';
import { usualScope } from './link-builder.js';
import { type SectionReport, shown } from './report.js';
import type { Word } from './word.js';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type Draft = Mutable<Omit<Link, 'addresses' | 'flags'>> & { addresses: InterfaceAddress[]; flags: string[] };

/** Flags that `ip` prints too, in its order (print_link_flags). */
const FLAGS: readonly string[] = [
  ...['LOOPBACK', 'BROADCAST', 'POINTOPOINT', 'MULTICAST', 'NOARP', 'ALLMULTI', 'PROMISC', 'MASTER', 'SLAVE'],
  ...['DEBUG', 'DYNAMIC', 'AUTOMEDIA', 'PORTSEL', 'NOTRAILERS', 'UP'],
];

/** `ip` prints NO-CARRIER where RUNNING is missing, and LOWER_UP where the carrier is there. */
export function flagsAsIp(words: readonly string[]): string[] {
  const up = words.includes('UP');
  const running = words.includes('RUNNING');
  return [
    ...(up && !running ? ['NO-CARRIER'] : []),
    ...FLAGS.filter((flag) => words.includes(flag)),
    ...(up && running ? ['LOWER_UP'] : []),
  ];
}

/** Link layers by the names of ifconfig; the word of `ip link` for each. */
const LAYERS: readonly (readonly [RegExp, string])[] = [
  [/^(?:ether|Ethernet)/, 'ether'],
  [/^(?:loop|Local Loopback)/, 'loopback'],
  [/^(?:infiniband|InfiniBand)/, 'infiniband'],
  [/^(?:ppp|Point-to-Point)/, 'ppp'],
  [/^(?:tunnel|IPIP)/, 'ipip'],
  [/^(?:sit|IPv6-in-IPv4)/, 'sit'],
  [/^(?:unspec|UNSPEC)/, 'none'],
];

const SCOPES: ReadonlyMap<string, number> = new Map([
  ['link', SCOPE.link],
  ['host', SCOPE.host],
  ['site', SCOPE.site],
  ['global', SCOPE.global],
]);

const HEAD = /^(\S+?):? +(?:flags=\d+<([A-Z,]*)>|Link encap:(.*))/;

class Reader {
  readonly links: Draft[] = [];
  readonly #report: SectionReport;
  readonly #byName = new Map<string, Draft>();
  #current: Draft | null = null;
  /** What addresses of the current entry are called: the device, or `eth0:1`. */
  #label = '';
  /** A second node's listing follows the first one's. */
  #ended = false;

  constructor(report: SectionReport) {
    this.#report = report;
  }

  head(line: TextLine, name: string, flags: string | undefined, encap: string | undefined): void {
    const colon = name.indexOf(':');
    const base = colon < 0 ? name : name.slice(0, colon);
    const known = this.#byName.get(base);
    if (this.#ended || (known !== undefined && colon < 0)) {
      if (!this.#ended) this.#report.warn('READ_SECOND_NODE', line.start, line.end, { name: shown(name) });
      this.#ended = true;
      this.#current = null;
      return;
    }
    this.#label = name;
    this.#current = known ?? this.#open(base, line);
    if (known !== undefined) return;
    if (flags !== undefined) this.#flags(this.#current, flags.split(','));
    if (encap !== undefined)
      this.#layer(this.#current, encap, /HWaddr ([0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2})+)/.exec(encap)?.[1]);
    this.#mtu(this.#current, line);
  }

  #open(name: string, line: TextLine): Draft {
    const link: Draft = {
      ...{ index: -(this.links.length + 1), name, peer: null, flags: [], up: false, mtu: null, master: null },
      ...{ group: null, mac: null, addresses: [], span: this.#report.span(line.start, line.end) },
    };
    this.#byName.set(name, link);
    this.links.push(link);
    return link;
  }

  #flags(link: Draft, words: readonly string[]): void {
    link.flags = flagsAsIp(words);
    link.up = words.includes('UP');
  }

  #layer(link: Draft, text: string, mac: string | undefined): void {
    const layer = LAYERS.find(([pattern]) => pattern.test(text))?.[1];
    if (layer !== undefined) link.layer = layer;
    if (mac !== undefined) link.mac = mac.toLowerCase();
    else if (layer === 'loopback') link.mac = '00:00:00:00:00:00';
  }

  #mtu(link: Draft, line: TextLine): void {
    const value = /\bmtu[ :](\d+)/i.exec(textOf(line))?.[1];
    if (value !== undefined) link.mtu = unsigned(value);
  }

  /** A line below an entry. */
  body(line: TextLine): void {
    const link = this.#current;
    const text = textOf(line);
    if (link === null) {
      if (!this.#ended) this.#report.other(line.start, line.end);
      return;
    }
    const { words } = line;
    const first = words[0]?.text ?? '';
    const isOwn = this.#label === link.name;
    if (first === 'inet') this.#address4(link, line);
    else if (first === 'inet6') this.#address6(link, line);
    else if (/\bMTU:\d/.test(text)) {
      if (!isOwn) return;
      this.#flags(
        link,
        words.map((word) => word.text),
      );
      this.#mtu(link, line);
    } else if (/^(?:ether|loop|infiniband|ppp|tunnel|sit|unspec)$/.test(first)) {
      const mac = words[1]?.text;
      if (isOwn) this.#layer(link, first, mac !== undefined && /^[0-9a-f]{2}:/.test(mac) ? mac : undefined);
    } else if (!isDetail(text)) this.#report.other(line.start, line.end);
  }

  #bad(word: string, value: Word): void {
    this.#report.error('READ_VALUE', value.at, value.at + value.text.length, {
      word,
      value: shown(value.text),
    });
  }

  /** `inet A  netmask M  broadcast B`, `inet addr:A  Bcast:B  Mask:M`; the far end is `destination` or `P-t-P:`. */
  #address4(link: Draft, line: TextLine): void {
    const values = valuesOf(line);
    const own = values.get('inet') ?? values.get('addr');
    if (own === undefined) return;
    const address = parseAddress4(own.text);
    if (address === null) {
      this.#bad('inet', own);
      return;
    }
    const maskWord = values.get('netmask') ?? values.get('mask');
    const mask = maskWord === undefined ? -1 : parseAddress4(maskWord.text);
    const length = mask === null ? null : lengthOfMask(mask);
    if (length === null) {
      this.#bad('netmask', maskWord ?? own);
      return;
    }
    const parsed = (key: string, other: string): number | null => {
      const word = values.get(key) ?? values.get(other);
      const found = word === undefined ? null : parseAddress4(word.text);
      return found === 0 ? null : found;
    };
    const peer = parsed('destination', 'p-t-p');
    const secondary = link.addresses.some((other) => isSameSubnet(other, address, length));
    link.addresses.push({
      ...{ address, length, peer: peer === address ? null : peer, broadcast: parsed('broadcast', 'bcast') },
      ...{ scope: usualScope(address), secondary, metric: null, words: [this.#label] },
    });
  }

  /** `inet6 A  prefixlen N  scopeid 0x20<link>`, `inet6 addr: A/N Scope:Link`. */
  #address6(link: Draft, line: TextLine): void {
    const values = valuesOf(line);
    const own = values.get('inet6') ?? values.get('addr');
    if (own === undefined) return;
    const [text = '', slash] = own.text.split('/');
    const address = parseAddress6(text.replace(/%.*/, ''));
    const length = unsigned(values.get('prefixlen')?.text ?? slash ?? '', 128);
    if (address === null || length === null) {
      this.#bad('inet6', own);
      return;
    }
    const named = values.get('scopeid')?.text ?? values.get('scope')?.text ?? '';
    const scope = SCOPES.get((/<(\w+)>/.exec(named)?.[1] ?? named).toLowerCase()) ?? usualScope(address);
    link.addresses.push({
      ...{ address, length, peer: null, broadcast: null, scope, secondary: false, metric: null, words: [] },
    });
  }
}

/** The kernel makes an address of a subnet that the device already has a secondary one (inet_insert_ifa). */
function isSameSubnet(other: InterfaceAddress, address: number, length: number): boolean {
  if (other.secondary || other.length !== length || typeof other.address !== 'number') return false;
  return prefixOf(other.peer ?? other.address, length).address === prefixOf(address, length).address;
}

function textOf({ words }: TextLine): string {
  return words.map(({ text }) => text).join(' ');
}

/** Keywords with their values, by the keyword in small letters: `netmask M`, `Mask:M`, `addr: A`. */
function valuesOf({ words }: TextLine): ReadonlyMap<string, Word> {
  const values = new Map<string, Word>();
  for (const [place, { text, at }] of words.entries()) {
    const [, key = '', value = ''] = /^([A-Za-z-]{1,20}):(.*)$/.exec(text) ?? [];
    const next = words[place + 1];
    if (key !== '' && value !== '') values.set(key.toLowerCase(), { text: value, at: at + key.length + 1 });
    else if (next !== undefined && /^[A-Za-z][\w-]{1,20}:?$/.test(text) && !next.text.startsWith('addr:'))
      values.set(text.replace(':', '').toLowerCase(), next);
  }
  return values;
}

/** Counters and hardware: nothing about routing. */
function isDetail(text: string): boolean {
  return /^(?:RX|TX|collisions|Interrupt|Base|Memory|device|Media|DMA|options|nd6|media|status|EtherTalk|IPX|inet)\b/.test(
    text,
  );
}

/**
 * Reads a listing. Links get negative indexes in its order; a warning says what ifconfig does not show: further
 * addresses of a device without a label of their own, indexes, masters, and without -a links that are down.
 */
export function readIfconfig(report: SectionReport): readonly Link[] {
  const reader = new Reader(report);
  const { text } = report.source;
  for (const line of textLines(text)) {
    const head = line.words[0]?.at === line.start ? HEAD.exec(text.slice(line.start, line.end)) : null;
    if (head === null) {
      reader.body(line);
      continue;
    }
    if (reader.links.length === 0) report.warn('READ_IFCONFIG', line.start, line.end);
    reader.head(line, head[1] ?? '', head[2], head[3]);
  }
  return reader.links;
}

/** Flags and their bits (include/uapi/linux/if.h), in the order of ifconfig. */
const BITS: readonly (readonly [string, number])[] = [
  ['UP', 0x1],
  ['BROADCAST', 0x2],
  ['DEBUG', 0x4],
  ['LOOPBACK', 0x8],
  ['POINTOPOINT', 0x10],
  ['NOTRAILERS', 0x20],
  ['RUNNING', 0x40],
  ['NOARP', 0x80],
  ['PROMISC', 0x100],
  ['ALLMULTI', 0x200],
  ['MASTER', 0x400],
  ['SLAVE', 0x800],
  ['MULTICAST', 0x1000],
  ['PORTSEL', 0x2000],
  ['AUTOMEDIA', 0x4000],
  ['DYNAMIC', 0x8000],
];

/** The link layers by their names in the new form. */
const SHORT: ReadonlyMap<string, string> = new Map([
  ['ether', 'ether'],
  ['loopback', 'loop'],
  ['infiniband', 'infiniband'],
  ['ppp', 'ppp'],
  ['ipip', 'tunnel'],
  ['sit', 'sit'],
  ['none', 'unspec'],
]);

function maskText(length: number): string {
  return formatAddress(prefixOf(-1, length).address);
}

function scopeText(scope: number): string {
  const name = [...SCOPES].find(([, number]) => number === scope)?.[0] ?? 'global';
  return `scopeid 0x0<${name}>`;
}

function addressText(own: InterfaceAddress): string {
  const { address, length, peer, broadcast } = own;
  const words =
    typeof address === 'bigint'
      ? ['inet6', formatAddress(address), '', 'prefixlen', String(length), '', scopeText(own.scope)]
      : [
          ...['inet', formatAddress(address), '', 'netmask', maskText(length)],
          ...(peer === null ? [] : ['', 'destination', formatAddress(peer)]),
          ...(broadcast === null ? [] : ['', 'broadcast', formatAddress(broadcast)]),
        ];
  return `        ${words.join(' ')}`;
}

/** The lines of a link in the new form of ifconfig: each label that is not the device's own is an entry. */
export function ifconfigLines(link: Link): readonly string[] {
  const words = [...link.flags, ...(link.flags.includes('LOWER_UP') ? ['RUNNING'] : [])];
  const set = BITS.filter(([flag]) => words.includes(flag));
  const number = set.reduce((sum, [, bit]) => sum + bit, 0);
  const tail = `flags=${String(number)}<${set.map(([flag]) => flag).join(',')}>${link.mtu === null ? '' : `  mtu ${String(link.mtu)}`}`;
  const labelOf = ({ words: own }: InterfaceAddress): string =>
    own.find((word) => word.startsWith(`${link.name}:`)) ?? link.name;
  const labels = [...new Set([link.name, ...link.addresses.map(labelOf)])];
  const layer = SHORT.get(link.layer ?? '');
  const mac = link.mac === null || link.layer === 'loopback' ? '' : ` ${link.mac}`;
  return labels.flatMap((label) => [
    `${label}: ${tail}`,
    ...link.addresses.filter((own) => labelOf(own) === label).map(addressText),
    ...(label === link.name && layer !== undefined ? [`        ${layer}${mac}`] : []),
  ]);
}
