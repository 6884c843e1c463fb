/** What the kernel draws: ranges that stand for a value in one outcome, and how wide they may be. */
import { compareAddresses, parseAddress } from '../../../src/address/address.js';
import { parsePrefix } from '../../../src/address/prefix.js';
import { printRule } from '../../../src/iptables/print.js';
import { printRule as printNative } from '../../../src/nft/print.js';
import { isNative } from '../../../src/packet/any-rule.js';
import type { AddressTextRange, NumberRange, Outcome, TupleText } from '../../../src/packet/result.js';
import type { Observation } from '../adapter/judge.js';
import { portsOf, protocolOf, withPorts } from '../adapter/wire.js';
import type { Course } from './course.js';

type Ranges = Pick<TupleText, 'srcRange' | 'dstRange' | 'sportRange' | 'dportRange' | 'icmpIdRange'>;

interface Range {
  readonly of: 'source address' | 'destination address' | 'source port' | 'destination port' | 'icmp id';
  readonly ends: NumberRange | AddressTextRange;
}

const NAMES = [
  ['srcRange', 'source address'],
  ['dstRange', 'destination address'],
  ['sportRange', 'source port'],
  ['dportRange', 'destination port'],
  ['icmpIdRange', 'icmp id'],
] as const;

/** Sides as the other direction has them. */
const TURNED: Readonly<Record<Range['of'], Range['of']>> = {
  'source address': 'destination address',
  'destination address': 'source address',
  'source port': 'destination port',
  'destination port': 'source port',
  'icmp id': 'icmp id',
};

function rangesOf(fields: Ranges): Range[] {
  return NAMES.flatMap(([name, of]) => {
    const ends = fields[name];
    return ends === undefined ? [] : [{ of, ends }];
  });
}

/** By which side of the connection's first packet each is, those of the answer's tuple turned round. */
function allOf({ final, conntrack, verdict }: Outcome): Range[] {
  const reply = conntrack === null ? [] : rangesOf(conntrack.reply);
  return [
    ...(['forwarded', 'sent', 'delivered'].includes(verdict) ? rangesOf(final) : []),
    ...reply.map(({ of, ends }) => ({ of: TURNED[of], ends })),
  ];
}

/** What of the outcome is a range, in the words of the report. */
export function drawnOf(outcome: Outcome): readonly string[] {
  return [...new Set(allOf(outcome).map(({ of }) => of))].sort();
}

/** Source ports keep to their class where no rule asks for others (net/netfilter/nf_nat_core.c). */
const CLASSES: readonly NumberRange[] = [
  [1, 511],
  [512, 1023],
  [1024, 65535],
];

const inside = ([low, high]: NumberRange, [from, to]: NumberRange): boolean => low >= from && high <= to;

/** Ranges of numbers that the text finds. */
function rangesIn(text: string, pattern: RegExp): NumberRange[] {
  return [...text.matchAll(pattern)].map(([, low, high]) => [Number(low), Number(high)]);
}

/** Of ports that a rule translates to, as iptables and nft print them. */
const OF_RULE = /(?::|--to-ports )(\d{1,5})-(\d{1,5})(?![^\s"])/g;
/** Wherever else there may be one: in maps. */
const ANYWHERE = /(?<![\d.:])(\d{1,5})-(\d{1,5})(?![\d.:])/g;

/** Is there a range or prefix of addresses in the rules that both ends lie in? */
function writtenAddresses(rules: string, ends: AddressTextRange): boolean {
  const [low, high] = ends.map(parseAddress);
  if (low === null || low === undefined || high === null || high === undefined) return false;
  const within = (from: string, to: string): boolean => {
    const [first, last] = [parseAddress(from), parseAddress(to)];
    if (first === null || last === null || typeof first !== typeof low) return false;
    return compareAddresses(first, low) <= 0 && compareAddresses(high, last) <= 0;
  };
  const ranges = [...rules.matchAll(/([\d.a-f:]+[\da-f])\]?-\[?([\da-f][\d.a-f:]+)/g)];
  if (ranges.some(([, from = '', to = '']) => within(from, to))) return true;
  return [...rules.matchAll(/[\d.a-f:]+\/\d+/g)].some(([text]) => {
    const prefix = parsePrefix(text);
    if (prefix === null) return false;
    const same = (address: typeof low): boolean =>
      typeof address === 'bigint'
        ? typeof prefix.mask === 'bigint' && (address & prefix.mask) === prefix.address
        : typeof prefix.mask === 'number' && (address & prefix.mask) === prefix.address;
    return same(low) && same(high);
  });
}

function isNumbers(ends: Range['ends']): ends is NumberRange {
  return typeof ends[0] === 'number';
}

/** The source port of the connection's first packet. */
function firstPort({ conntrack }: Outcome, { sent }: Observation): number | null {
  const port = conntrack?.original.sport;
  if (port !== undefined) return port;
  return withPorts(protocolOf(sent)) ? portsOf(sent).sport : null;
}

/** Those of the rule that translates; where conntrack's entry does, those of any rule may have been meant. */
function allowedPorts(
  of: Range['of'],
  outcome: Outcome,
  observation: Observation,
  rules: string,
): readonly NumberRange[] {
  const port = firstPort(outcome, observation);
  const own = CLASSES.filter(([low, high]) => port === null || (port >= low && port <= high));
  const classes = of === 'source port' ? own : [];
  const rule = (of === 'source port' ? outcome.snat : outcome.dnat)?.rule ?? null;
  const all = [...classes, ...rangesIn(rules, OF_RULE), ...rangesIn(rules, ANYWHERE)];
  if (rule === null) return all;
  const text = isNative(rule) ? printNative(rule) : printRule(rule);
  // What a map holds stands elsewhere.
  if (text.includes(' map ')) return all;
  const ranges = rangesIn(text, OF_RULE);
  return ranges.length > 0 ? ranges : classes;
}

/**
 * Null when every range of the outcome is one that the kernel draws from; else the first that is not: the side was not
 * translated, or neither the port's class nor a rule is as wide.
 */
export function tooWide(outcome: Outcome, observation: Observation, course: Course): string | null {
  const status = new Set(outcome.conntrack?.status ?? []);
  const source = status.has('SRC_NAT') || outcome.snat !== null;
  const destination = status.has('DST_NAT') || outcome.dnat !== null;
  for (const { of, ends } of allOf(outcome)) {
    const told = `${of} ${ends.join('-')}, more than is drawn from`;
    const translated =
      of === 'icmp id' ? source || destination : of.startsWith('source') ? source : destination;
    if (!translated) return told;
    if (course.rules === null) continue;
    if (!isNumbers(ends)) {
      if (!writtenAddresses(course.rules, ends)) return told;
      continue;
    }
    const allowed =
      of === 'icmp id' ? [[0, 65535] as const] : allowedPorts(of, outcome, observation, course.rules);
    if (!allowed.some((range) => inside(ends, range))) return told;
  }
  return null;
}
