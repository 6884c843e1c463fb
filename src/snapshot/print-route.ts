/** Routes in the form of `ip route show table all` (iproute2 ip/iproute.c print_route), whatever form they were read from. */
import { formatAddress } from '../address/address.js';
import { formatNetwork } from '../address/prefix.js';
import { type Nexthop, type Route, SCOPE } from '../routing/model.js';
import { scopeName } from './iproute-names.js';

/** Words that stand before the gateway, and `proto`, which stands after the table; all others end the line. */
const EARLY = new Set(['from', 'nhid']);
const FLAGS = new Set(['pervasive', 'offload', 'trap', 'offload_failed']);
/** Flags that iproute2 prints after linkdown. */
const WITHOUT_VALUE = new Set([
  'notify',
  'unresolved',
  'rt_offload',
  'rt_trap',
  'rt_offload_failed',
  'cache',
  'cloned',
  'equalize',
  'fastopen_no_cookie',
  '<>',
]);

interface Sorted {
  readonly early: string[];
  readonly proto: string[];
  readonly flags: string[];
  readonly late: string[];
}

function sortWords(words: readonly string[]): Sorted {
  const sorted: Sorted = { early: [], proto: [], flags: [], late: [] };
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (word.startsWith('encap ')) sorted.early.push(word);
    else if (FLAGS.has(word)) sorted.flags.push(word);
    else if (WITHOUT_VALUE.has(word)) sorted.late.push(word);
    else {
      const list = EARLY.has(word) ? sorted.early : word === 'proto' ? sorted.proto : sorted.late;
      list.push(word, words[at + 1] ?? '');
      at += 1;
      if (words[at] === 'lock') {
        list.push(words[at + 1] ?? '');
        at += 1;
      }
    }
  }
  return sorted;
}

function gateway(hop: Nexthop, family: 4 | 6): string[] {
  if (hop.via === null) return [];
  const text = formatAddress(hop.via);
  return family === 4 && typeof hop.via === 'bigint' ? ['via', 'inet6', text] : ['via', text];
}

function hopFlags(hop: Nexthop, between: readonly string[]): string[] {
  return [
    ...(hop.dead ? ['dead'] : []),
    ...(hop.onlink ? ['onlink'] : []),
    ...between,
    ...(hop.linkdown ? ['linkdown'] : []),
  ];
}

function hopText(hop: Nexthop, family: 4 | 6): string {
  const sorted = sortWords(hop.words ?? []);
  const device = hop.device === null ? [] : ['dev', hop.device];
  const weight = ['weight', String(hop.weight)];
  const flags = hopFlags(hop, sorted.flags);
  return [
    'nexthop',
    ...sorted.early,
    ...gateway(hop, family),
    ...device,
    ...weight,
    ...flags,
    ...sorted.late,
  ].join(' ');
}

/** Does the route print its next hops as lines of their own? */
function isMultipath(route: Pick<Route, 'nexthops'>): boolean {
  const only = route.nexthops[0];
  return route.nexthops.length > 1 || (only !== undefined && only.weight !== 1);
}

/**
 * A route's line and, for a multipath route, a line per next hop.
 * @param table the table as it is printed, or null for none: table main, and listings of one table
 */
export function routeLines(route: Omit<Route, 'text'>, table: string | null): readonly string[] {
  const { family } = route;
  const sorted = sortWords(route.words);
  const single = isMultipath(route) ? undefined : route.nexthops[0];
  const isAny = route.destination.length === 0;
  const line = [
    ...(route.type === 'unicast' ? [] : [route.type]),
    isAny ? 'default' : formatNetwork(route.destination),
    ...sorted.early.filter((word) => word.startsWith('encap ')),
    ...(route.tos === 0 ? [] : ['tos', `0x${route.tos.toString(16).padStart(2, '0')}`]),
    ...sorted.early.filter((word) => !word.startsWith('encap ')),
    ...(single === undefined ? [] : gateway(single, family)),
    ...(single === undefined || single.device === null ? [] : ['dev', single.device]),
    ...(table === null ? [] : ['table', table]),
    ...sorted.proto,
    ...(route.scope === SCOPE.global ? [] : ['scope', scopeName(route.scope)]),
    ...(route.source === null ? [] : ['src', formatAddress(route.source)]),
    ...(route.metric === 0 && family === 4 ? [] : ['metric', String(route.metric)]),
    ...(single === undefined ? sorted.flags : hopFlags(single, sorted.flags)),
    ...sorted.late,
  ].join(' ');
  return single === undefined ? [line, ...route.nexthops.map((hop) => hopText(hop, family))] : [line];
}
