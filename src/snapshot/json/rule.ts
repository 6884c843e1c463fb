/** `ip -j rule` (iproute2 ip/iprule.c print_rule): each object as the line that the text form has for it. */
import type { RuleLine } from '../ip-rule.js';
import type { SectionReport } from '../report.js';
import type { Item, Word } from '../word.js';
import { alone, item, jsonObjects, strange } from './listing.js';
import { type JsonMember, type JsonObject, member, textAt, wordOf } from './value.js';

/** Keys whose value ends the value of another key. */
const TAILS: ReadonlySet<string> = new Set([
  'srclen',
  'dstlen',
  'fwmask',
  'uid_end',
  'sport_end',
  'dport_end',
  'sport_mask',
  'dport_mask',
  'dscp_mask',
  'flowlabel_mask',
]);

/** Keys with a word and a second half: `src` and `srclen` are `from SRC/SRCLEN`. */
const HALVES: Readonly<Record<string, readonly [string, string, string]>> = {
  src: ['from', '/', 'srclen'],
  dst: ['to', '/', 'dstlen'],
  fwmark: ['fwmark', '/', 'fwmask'],
  uid_start: ['uidrange', '-', 'uid_end'],
  sport_start: ['sport', '-', 'sport_end'],
  dport_start: ['dport', '-', 'dport_end'],
};

/** Masks that the text form leaves out when they are all ones. */
const MASKED: Readonly<Record<string, readonly [string, number]>> = {
  sport: ['sport_mask', 0xffff],
  dport: ['dport_mask', 0xffff],
  dscp: ['dscp_mask', 0x3f],
  flowlabel: ['flowlabel_mask', 0xfffff],
};

/** Other keys with another word in the text form. */
const WORDS: Readonly<Record<string, string>> = {
  table: 'lookup',
  suppress_prefixlen: 'suppress_prefixlength',
  protocol: 'proto',
  nat_gateway: 'map-to',
};

function halves(object: JsonObject, key: string, value: Word): Item | null {
  if (!Object.hasOwn(HALVES, key)) return null;
  const [word, join, tail] = HALVES[key] ?? ['', '', ''];
  const end = textAt(object, tail);
  return item(word, { text: end === null ? value.text : `${value.text}${join}${end}`, at: value.at });
}

function masked(object: JsonObject, key: string, value: Word): Item {
  const [tail, full] = Object.hasOwn(MASKED, key) ? (MASKED[key] ?? ['', 0]) : ['', 0];
  const mask = textAt(object, tail);
  const text = mask === null || Number(mask) === full ? value.text : `${value.text}/${mask}`;
  return item(Object.hasOwn(WORDS, key) ? (WORDS[key] ?? key) : key, { text, at: value.at });
}

/** `realms FROM/TO`, where FROM may be missing. */
function realms(object: JsonObject, to: Word): Item {
  const from = textAt(object, 'flow_from');
  return item('realms', { text: from === null ? to.text : `${from}/${to.text}`, at: to.at });
}

function itemOf(object: JsonObject, { key, value }: JsonMember): Item | null {
  if (key === 'priority' || key === 'flow_from' || TAILS.has(key)) return null;
  if (key === 'l3mdev') return item('lookup', { text: '[l3mdev-table]', at: value.start });
  if (key === 'iif_detached' || key === 'oif_detached') return alone('[detached]', value);
  if (key === 'unresolved') return alone('[unresolved]', value);
  const word = wordOf(value);
  if (word === null) return alone(key, value);
  // Actions stand alone: `blackhole`, `unreachable`, `prohibit`.
  if (key === 'action') return { word: word.text, at: word.at, value: null };
  if (key === 'flow_to') return realms(object, word);
  return halves(object, key, word) ?? masked(object, key, word);
}

/** The lines of a listing; an object without a priority is an error. */
export function jsonRuleLines(report: SectionReport): readonly RuleLine[] {
  return jsonObjects(report).flatMap((object) => {
    const priority = wordOf(member(object, 'priority'));
    if (priority === null) {
      strange(report, object);
      return [];
    }
    const items = object.members.flatMap((one) => itemOf(object, one) ?? []);
    return [{ start: object.start, end: object.end, priority: priority.text, items }];
  });
}
