/** Type of an address, for `-m addrtype`. net/netfilter/xt_addrtype.c, net/ipv4/fib_frontend.c inet_dev_addr_type. */
import { type Address, anyAddress, formatAddress } from '../address/address.js';
import { type Chooser, type Ternary, unsure } from '../chooser/question.js';
import { LIMITED_BROADCAST, isMulticast, isZeroNet } from './address-kind.js';
import { MERGED, type TableResult, searchTable, tableShown } from './fib.js';
import { type Flow, UNTOLD, findRoute, hasDefaultRules, rulesEverAdded } from './lookup.js';
import { type Network, type RouteType, TABLE_ID } from './model.js';
import { isCertainlyOwn } from './own.js';

const LOCAL: ReadonlySet<string> = new Set(['LOCAL']);

function flowTo(destination: Address, outInterface: string | null): Flow {
  return {
    destination,
    source: anyAddress(typeof destination === 'bigint' ? 6 : 4),
    inInterface: 'lo',
    outInterface,
    mark: 0,
    markUnknown: 0,
    tos: 0,
    protocol: 0,
    sourcePort: 0,
    destinationPort: 0,
    uid: 0,
  };
}

/**
 * Is the address of one of the types? IPv4 looks in table local alone, whatever the policy rules say; IPv6 makes a
 * route lookup, in which every type named must hold.
 * @param types RTN_ names without the prefix (LOCAL, UNICAST …)
 * @param device limits the answer to routes on that device (`--limit-iface-in`), or null
 */
export function addressTypeIs(
  network: Network,
  address: Address,
  types: ReadonlySet<string>,
  device: string | null,
): Ternary {
  return typeof address === 'bigint'
    ? typeIs6(network, address, types, device)
    : typeIs4(network, address, types, device);
}

/**
 * May a local process send from the address (__ip_dev_find)? An address of an interface, whatever table local says of
 * it, or one that is local by that table.
 */
export function isOwnAddress(network: Network, address: Address): Ternary {
  if (isCertainlyOwn(network, address)) return true;
  return addressTypeIs(network, address, LOCAL, null);
}

function typeIs4(
  network: Network,
  address: number,
  types: ReadonlySet<string>,
  device: string | null,
): Ternary {
  if (isZeroNet(address) || address === LIMITED_BROADCAST) return types.has('BROADCAST');
  if (isMulticast(address)) return types.has('MULTICAST');
  if (!tableShown(network, TABLE_ID.local)) return unseenLocal(network, address, types);
  const flow = flowTo(address, null);
  const split = types.has(typeOf(searchTable(network, TABLE_ID.local, flow), device));
  if (!hasDefaultRules(network)) return split;
  const merged = types.has(typeOf(searchTable(network, MERGED, flow), device));
  return split === merged ? split : { ...rulesEverAdded(), negated: !split };
}

const TYPE_NAMES: Readonly<Record<RouteType, string>> = {
  unicast: 'UNICAST',
  local: 'LOCAL',
  broadcast: 'BROADCAST',
  multicast: 'MULTICAST',
  anycast: 'ANYCAST',
  blackhole: 'BLACKHOLE',
  unreachable: 'UNREACHABLE',
  prohibit: 'PROHIBIT',
  throw: 'THROW',
  nat: 'NAT',
};

function typeOf(hit: TableResult | null, device: string | null): string {
  if (hit?.kind !== 'route') return 'UNICAST';
  if (device !== null && hit.route.nexthops[0]?.device !== device) return 'UNICAST';
  return TYPE_NAMES[hit.route.type];
}

/** Table local is not shown: local is what the snapshot implies to be the node's own, and the rest is taken as unicast. */
function unseenLocal(network: Network, address: Address, types: ReadonlySet<string>): boolean {
  return types.has(isCertainlyOwn(network, address) ? 'LOCAL' : 'UNICAST');
}

const ROUTED6: ReadonlySet<string> = new Set(['LOCAL', 'ANYCAST', 'UNREACHABLE', 'PROHIBIT', 'BLACKHOLE']);

/** match_type6: the address' own kind first, then one lookup for the types that need a route. */
function typeIs6(
  network: Network,
  address: bigint,
  types: ReadonlySet<string>,
  device: string | null,
): Ternary {
  if (types.has('MULTICAST') && !isMulticast(address)) return false;
  if (types.has('UNICAST') && (isMulticast(address) || address === 0n)) return false;
  if (types.has('UNSPEC') && address !== 0n) return false;
  if (![...types].some((type) => ROUTED6.has(type))) return true;
  const open = new OpenQuestions();
  const own = device !== null && types.has('LOCAL') && ownsOn(network, address, device);
  const found = findRoute(network, flowTo(address, device), open, UNTOLD);
  const seen = new Set<string>(own ? ['LOCAL'] : []);
  if (found.kind !== 'route') seen.add('UNREACHABLE');
  else if (found.route.type === 'anycast') seen.add('ANYCAST');
  else if (found.route.type === 'local' && device === null) seen.add('LOCAL');
  const holds = [...types].some((type) => seen.has(type));
  if (!open.asked) return holds;
  const to = formatAddress(address);
  const names = [...types].sort().join(',');
  return unsure(`type of ${to} is ${names}`, 'UNK_ADDRESS_TYPE', { address: to, types: names });
}

function ownsOn(network: Network, address: bigint, device: string): boolean {
  return network.links.get(device)?.addresses.some((own) => own.address === address) ?? false;
}

/** Notes that a lookup hangs on something open; its answer is then not used. */
class OpenQuestions implements Chooser {
  asked = false;

  choose(): number {
    this.asked = true;
    return 1;
  }
}
