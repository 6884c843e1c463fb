/** `ip -j route` (iproute2 ip/iproute.c print_route): each object as the lines that the text form has for it. */
import type { RouteLine } from '../ip-route.js';
import type { SectionReport } from '../report.js';
import type { Item } from '../word.js';
import { alone, item, jsonObjects, plain, strange } from './listing.js';
import {
  type JsonMember,
  type JsonObject,
  type JsonValue,
  itemsOf,
  member,
  textAt,
  wordOf,
} from './value.js';

/** Keys with another word in the text form. */
const WORDS: ReadonlyMap<string, string> = new Map([
  ['gateway', 'via'],
  ['protocol', 'proto'],
  ['prefsrc', 'src'],
  ['congestion', 'congctl'],
  ['ttl-propogate', 'ttl-propagate'],
]);

/** Statistics and what -d says of a nexthop object: nothing about the route. */
const ASIDE: ReadonlySet<string> = new Set(['type', 'dst', 'nexthops', 'nh_info', 'ipid', 'ts', 'tsage']);

/** Keys that end the flat list of an encapsulation, as iproute2 up to 6.1 prints it. */
const BEHIND_ENCAP: ReadonlySet<string> = new Set([
  'gateway',
  'via',
  'dev',
  'table',
  'protocol',
  'scope',
  'prefsrc',
  'metric',
  'flags',
]);

/** Times are numbers of milliseconds or seconds here; the text form adds the unit. */
function withUnit(key: string, value: JsonValue): Item {
  const word = wordOf(value);
  if (word === null) return alone(key, value);
  const milliseconds = Number(word.text);
  const inSeconds = key === 'expires' || key === 'age';
  const text = inSeconds
    ? `${word.text}sec`
    : milliseconds >= 1000
      ? `${String(milliseconds / 1000)}s`
      : `${word.text}ms`;
  return item(key, { text, at: word.at });
}

/** Keywords with a value. */
const KNOWN: ReadonlySet<string> = new Set(
  (
    'via dev table proto scope src metric tos nhid from weight mark uid iif pref error users used mtu advmss window ' +
    'reordering hoplimit initcwnd initrwnd features quickack congctl cwnd ssthresh ttl-propagate fastopen_no_cookie'
  ).split(' '),
);

const TIMES: ReadonlySet<string> = new Set(['expires', 'age', 'rtt', 'rttvar', 'rto_min']);
const FEATURES: ReadonlySet<string> = new Set(['ecn', 'tcp_usec_ts']);

/** The words of an encapsulation in the order of its members; that of MPLS has no keyword before its labels. */
function encapText(type: string, members: readonly JsonMember[]): string {
  const words = members.flatMap(({ key, value }): string[] => {
    if (value.kind === 'array') {
      const list = value.items.flatMap((one) => wordOf(one)?.text ?? []);
      return [key, String(list.length), '[', ...list, ']'];
    }
    const word = wordOf(value)?.text;
    if (word === undefined || word === 'true') return [key];
    return type === 'mpls' && key === 'dst' ? [word] : [key, word];
  });
  return [type, ...words].join(' ');
}

/** An encapsulation, and how many members after its own belong to it. */
function encap(members: readonly JsonMember[], at: number): { readonly item: Item; readonly more: number } {
  const { value } = members[at] ?? { value: null };
  if (value?.kind === 'object') {
    const type = textAt(value, 'encap_type') ?? '';
    const own = value.members.filter(({ key }) => key !== 'encap_type');
    return { item: item('encap', { text: encapText(type, own), at: value.start }), more: 0 };
  }
  const type = value === null ? null : wordOf(value);
  const rest = members.slice(at + 1);
  // The route's own tos is a string, the encapsulation's a number.
  const end = rest.findIndex(
    ({ key, value: other }) => BEHIND_ENCAP.has(key) || (key === 'tos' && other.kind === 'string'),
  );
  const own = end < 0 ? rest : rest.slice(0, end);
  return {
    item: item('encap', { text: encapText(type?.text ?? '', own), at: type?.at ?? 0 }),
    more: own.length,
  };
}

function via(value: JsonValue): Item {
  const host = textAt(value, 'host') ?? '';
  return item('via', { text: `${textAt(value, 'family') ?? 'inet6'} ${host}`, at: value.start });
}

function realm(value: JsonValue): Item {
  const to = textAt(value, 'to') ?? '';
  const from = textAt(value, 'from');
  return item(from === null ? 'realm' : 'realms', {
    text: from === null ? to : `${from}/${to}`,
    at: value.start,
  });
}

/** Metrics are a list with one object. */
function metrics(value: JsonValue): readonly Item[] {
  return itemsOf(value).flatMap((one) => (one.kind === 'object' ? itemsOfObject(one.members) : []));
}

function itemsOfMember({ key, value }: JsonMember): readonly Item[] {
  if (ASIDE.has(key)) return [];
  if (key === 'flags')
    return itemsOf(value)
      .flatMap((flag) => wordOf(flag) ?? [])
      .map(({ text, at }) => ({ word: text, at, value: null }));
  if (key === 'metrics') return metrics(value);
  if (key === 'via' && value.kind === 'object') return [via(value)];
  if (key === 'flow') return [realm(value)];
  if (key === 'to') return [item('as', { text: `to ${wordOf(value)?.text ?? ''}`, at: value.start })];
  if (key === 'cache') return [alone('cache', value)];
  if (TIMES.has(key)) return [withUnit(key, value)];
  if (FEATURES.has(key)) return [item('features', { text: key, at: value.start })];
  const word = WORDS.get(key) ?? key;
  // A key that no version is known to print may change what the route means, like a word of a line.
  return [KNOWN.has(word) ? plain(word, value) : alone(word, value)];
}

function itemsOfObject(members: readonly JsonMember[]): readonly Item[] {
  const items: Item[] = [];
  for (let at = 0; at < members.length; at += 1) {
    const one = members[at];
    if (one === undefined) break;
    if (one.key === 'encap') {
      const { item: own, more } = encap(members, at);
      items.push(own);
      at += more;
    } else items.push(...itemsOfMember(one));
  }
  return items;
}

function lineOf(object: JsonObject, report: SectionReport): RouteLine | null {
  const destination = wordOf(member(object, 'dst'));
  if (destination === null) {
    strange(report, object);
    return null;
  }
  const hops = itemsOf(member(object, 'nexthops')).map((hop) => ({
    at: hop.start,
    items: hop.kind === 'object' ? itemsOfObject(hop.members) : [],
  }));
  return {
    start: object.start,
    end: object.end,
    type: textAt(object, 'type'),
    destination: destination.text,
    destinationAt: destination.at,
    items: itemsOfObject(object.members),
    hops,
  };
}

/** The lines of a listing; an object without a destination is an error. */
export function jsonRouteLines(report: SectionReport): readonly RouteLine[] {
  return jsonObjects(report).flatMap((object) => lineOf(object, report) ?? []);
}
