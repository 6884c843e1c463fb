/** The answer of nft's `fib … type` in IPv6 (net/ipv6/netfilter/nft_fib_ipv6.c nft_fib6_eval_type): one route lookup. */
import { isMulticast } from './address-kind.js';
import { type FibQuestion, flowOf } from './fib-query.js';
import { type Chooser } from '../chooser/question.js';
import { UNTOLD, findRoute } from './lookup.js';
import type { Network } from './model.js';

/** Names of route types, RTN_ without the prefix. */
export type FibType =
  'UNSPEC' | 'UNICAST' | 'LOCAL' | 'ANYCAST' | 'MULTICAST' | 'BLACKHOLE' | 'UNREACHABLE' | 'PROHIBIT';

const REFUSED: Readonly<Record<string, FibType>> = { EINVAL: 'BLACKHOLE', EACCES: 'PROHIBIT' };

/** The type; null when a table that decides is not shown. What policy rules leave open is asked of the chooser. */
export function fibType6(network: Network, question: FibQuestion, chooser: Chooser): FibType | null {
  const { destination, device } = question;
  const found = findRoute(network, flowOf(network, question), chooser, UNTOLD);
  if (found.kind === 'unseen') return null;
  if (found.kind === 'error') return REFUSED[found.errno] ?? 'UNREACHABLE';
  if (found.route.type === 'anycast') return 'ANYCAST';
  const own = network.links.get(device ?? '')?.addresses.some(({ address }) => address === destination);
  if (device === null ? found.route.type === 'local' : own === true) return 'LOCAL';
  if (isMulticast(destination)) return 'MULTICAST';
  return destination === 0n ? 'UNSPEC' : 'UNICAST';
}
