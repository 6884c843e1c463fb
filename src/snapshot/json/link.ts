/** `ip -j addr` and `ip -j link` (iproute2 ip/ipaddress.c), long, -o and -br: the lines of the text forms, link by link. */
import type { AddressLine, LinkBuilder } from '../link-builder.js';
import type { SectionReport } from '../report.js';
import type { Item, Word } from '../word.js';
import { alone, item, jsonObjects, plain, strange } from './listing.js';
import { type JsonObject, type JsonValue, itemsOf, member, textAt, wordOf } from './value.js';

/** Keys of an address that are no keyword of its line. */
const ASIDE: ReadonlySet<string> = new Set([
  'index',
  'dev',
  'family',
  'local',
  'prefixlen',
  'address',
  'label',
  'valid_life_time',
  'preferred_life_time',
]);

const WORDS: ReadonlyMap<string, string> = new Map([
  ['broadcast', 'brd'],
  ['anycast', 'any'],
  ['protocol', 'proto'],
  ['ifa_flags', 'flags'],
]);

/** What follows `@` in the text form: the parent's name, its index in another namespace, NONE. */
function peerOf(link: JsonObject): string | null {
  const parent = member(link, 'link');
  const name = wordOf(parent)?.text;
  if (name !== undefined) return name;
  const index = textAt(link, 'link_index');
  return index === null ? (parent === null ? null : 'NONE') : `if${index}`;
}

function flagsOf(link: JsonObject): readonly Word[] {
  return itemsOf(member(link, 'flags')).flatMap((flag) => wordOf(flag) ?? []);
}

/** A keyword and its value under a key; flags have the value true. */
function addressItem(key: string, value: JsonValue): readonly Item[] {
  const word = wordOf(value)?.text;
  if (ASIDE.has(key) || word === 'false') return [];
  // JSON names the protocol 0 too, which text leaves out.
  if (key === 'protocol' && (word === '0' || word === 'unspec')) return [];
  return [word === 'true' ? alone(key, value) : plain(WORDS.get(key) ?? key, value)];
}

function addressLine(own: JsonValue, report: SectionReport): AddressLine | null {
  const local = wordOf(member(own, 'local'));
  const length = textAt(own, 'prefixlen');
  if (own.kind !== 'object' || local === null) {
    strange(report, own);
    return null;
  }
  const peer = wordOf(member(own, 'address'));
  const slash = length === null ? '' : `/${length}`;
  const label = wordOf(member(own, 'label'));
  return {
    start: own.start,
    end: own.end,
    family: textAt(own, 'family') ?? (local.text.includes(':') ? 'inet6' : 'inet'),
    address: peer === null ? `${local.text}${slash}` : local.text,
    addressAt: local.at,
    items: [
      ...(peer === null ? [] : [item('peer', { text: `${peer.text}${slash}`, at: peer.at })]),
      ...own.members.flatMap(({ key, value }) => addressItem(key, value)),
      ...(label === null ? [] : [{ word: label.text, at: label.at, value: null }]),
    ],
  };
}

/** -br leaves out the family, and everything else but peer and metric. */
function briefWords(link: JsonObject): readonly Word[] {
  const mac = wordOf(member(link, 'address'));
  const flags = flagsOf(link).map(({ text }) => text);
  const at = link.start;
  const addresses = itemsOf(member(link, 'addr_info')).flatMap((own): Word[] => {
    const local = wordOf(member(own, 'local'));
    if (local === null) return [];
    const [peer, metric] = [textAt(own, 'address'), textAt(own, 'metric')];
    const length = textAt(own, 'prefixlen') ?? '';
    const slash = length === '' ? '' : `/${length}`;
    return [
      ...(peer === null
        ? [{ text: `${local.text}${slash}`, at: local.at }]
        : [local, { text: 'peer', at }, { text: `${peer}${slash}`, at }]),
      ...(metric === null
        ? []
        : [
            { text: 'metric', at },
            { text: metric, at },
          ]),
    ];
  });
  const layer = flags.length === 0 ? [] : [{ text: `<${flags.join(',')}>`, at }];
  return [...(mac === null ? [] : [mac]), ...layer, ...addresses];
}

/** Keywords of a kind's settings with another word in the text form. */
const SETTINGS: ReadonlyMap<string, string> = new Map([
  ['remote6', 'remote'],
  ['local6', 'local'],
  ['group6', 'group'],
  ['link', 'dev'],
  ['port', 'dstport'],
]);

/** The words that -d prints behind the kind. */
function kindWords(data: JsonValue | null): readonly string[] {
  if (data?.kind !== 'object') return [];
  return data.members.flatMap(({ key, value }) => {
    const word = wordOf(value)?.text ?? null;
    // What a tunnel carries comes without a keyword.
    if (word === null || key === 'proto') return word === null ? [] : [word];
    if (key === 'learning') return [word === 'false' ? 'nolearning' : key];
    if (word === 'true' || word === 'false') return word === 'true' ? [key] : [];
    return [SETTINGS.get(key) ?? key, word];
  });
}

/** What a tunnel carries has to stand first. */
function carriedFirst(data: JsonValue | null): readonly string[] {
  const words = kindWords(data);
  const carried = textAt(data, 'proto');
  return carried === null ? words : [carried, ...words.filter((word) => word !== carried)];
}

function linkInfo(builder: LinkBuilder, link: JsonObject): void {
  const info = member(link, 'linkinfo');
  const kind = textAt(info, 'info_kind');
  const slave = textAt(info, 'info_slave_kind');
  if (kind !== null) builder.kind([kind, ...carriedFirst(member(info, 'info_data'))]);
  if (slave !== null) builder.kind([`${slave}_slave`]);
}

function longForm(
  builder: LinkBuilder,
  link: JsonObject,
  name: string,
  index: Word,
  report: SectionReport,
): void {
  const { start, end } = link;
  const valued = ['mtu', 'master', 'group'].flatMap((key): Item[] => {
    const value = wordOf(member(link, key));
    return value === null ? [] : [item(key, value)];
  });
  const peer = peerOf(link);
  const flags = flagsOf(link).map(({ text }) => text);
  builder.header({ start, end, index: index.text, name, peer, flags, items: valued });
  const layer = textAt(link, 'link_type');
  if (layer !== null) {
    const mac = wordOf(member(link, 'address'));
    const promiscuity = member(link, 'promiscuity');
    builder.linkLayer({
      start,
      end,
      type: layer,
      items: [
        ...(mac === null ? [] : [{ word: mac.text, at: mac.at, value: null }]),
        ...(promiscuity === null ? [] : [alone('promiscuity', promiscuity)]),
      ],
    });
    linkInfo(builder, link);
  }
  for (const own of itemsOf(member(link, 'addr_info'))) {
    const line = addressLine(own, report);
    if (line !== null) builder.address(line);
  }
}

/** -o puts index and device into each address instead of the link. */
function oneLineForm(builder: LinkBuilder, link: JsonObject, report: SectionReport): void {
  for (const own of itemsOf(member(link, 'addr_info'))) {
    const [index, name] = [textAt(own, 'index'), textAt(own, 'dev')];
    if (index === null || name === null) {
      strange(report, own);
      continue;
    }
    const line = addressLine(own, report);
    if (line !== null) builder.oneLine({ ...line, index, name, peer: null });
  }
}

/** Hands the links of a listing to the builder. */
export function jsonLinks(builder: LinkBuilder, report: SectionReport): void {
  for (const link of jsonObjects(report)) {
    const name = textAt(link, 'ifname');
    const index = wordOf(member(link, 'ifindex'));
    const { start, end } = link;
    if (name === null && member(link, 'addr_info') !== null) oneLineForm(builder, link, report);
    else if (name === null) strange(report, link);
    else if (index !== null) longForm(builder, link, name, index, report);
    else
      builder.brief({
        ...{ start, end, name, peer: peerOf(link) },
        state: textAt(link, 'operstate') ?? 'UNKNOWN',
        words: briefWords(link),
      });
  }
}
