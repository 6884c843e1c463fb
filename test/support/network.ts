/** Networks for tests, from lines that look like iproute2's. */
import { type Address, type Family, familyOf, parseAddress } from '../../src/address/address.js';
import { everything, parsePrefix } from '../../src/address/prefix.js';
import { deriveLocalTable } from '../../src/routing/derive.js';
import { type Flow, defaultRules } from '../../src/routing/lookup.js';
import {
  type InterfaceAddress,
  type Link,
  type Network,
  type Nexthop,
  type PolicyRule,
  type Route,
  type RouteType,
  SCOPE,
  TABLE_ID,
} from '../../src/routing/model.js';

export function ip(text: string): Address {
  const address = parseAddress(text);
  if (address === null) throw new Error(`not an address: ${text}`);
  return address;
}

/** `global` (default), `link`, `host` and `secondary`, `peer A`, `deprecated` … may follow the address. */
function interfaceAddress(text: string): InterfaceAddress {
  const [target = '', ...words] = text.split(' ');
  const [own = '', length] = target.split('/');
  const address = ip(own);
  const peer = words[words.indexOf('peer') + 1];
  return {
    address,
    length: length === undefined ? (familyOf(address) === 4 ? 32 : 128) : Number(length),
    peer: words.includes('peer') && peer !== undefined ? ip(peer) : null,
    broadcast: null,
    scope: words.includes('link') ? SCOPE.link : words.includes('host') ? SCOPE.host : SCOPE.global,
    secondary: words.includes('secondary'),
    metric: null,
    words,
  };
}

/** A link that is up, with its addresses. */
export function link(name: string, addresses: readonly string[], more: Partial<Link> = {}): Link {
  return {
    index: 0,
    name,
    peer: null,
    flags: name === 'lo' ? ['LOOPBACK', 'UP'] : ['UP'],
    up: true,
    mtu: 1500,
    master: null,
    group: 0,
    mac: null,
    addresses: addresses.map(interfaceAddress),
    span: null,
    ...more,
  };
}

const TYPES: ReadonlySet<string> = new Set([
  'local',
  'broadcast',
  'multicast',
  'anycast',
  'blackhole',
  'unreachable',
  'prohibit',
  'throw',
]);

function isType(word: string | undefined): word is RouteType {
  return word !== undefined && TYPES.has(word);
}

function nexthop(words: readonly string[]): Nexthop {
  const after = (word: string): string | null =>
    words.includes(word) ? (words[words.indexOf(word) + 1] ?? null) : null;
  const via = after('via');
  return {
    via: via === null ? null : ip(via),
    device: after('dev'),
    weight: Number(after('weight') ?? 1),
    onlink: words.includes('onlink'),
    dead: words.includes('dead'),
    linkdown: words.includes('linkdown'),
  };
}

/** A line of `ip route show table all`; the table by number. */
export function route(text: string, family: Family = text.includes(':') ? 6 : 4): Route {
  const [head = '', ...hops] = text.split(' nexthop ');
  const words = head.split(' ');
  const type = isType(words[0]) ? words[0] : 'unicast';
  const target = (type === 'unicast' ? words[0] : words[1]) ?? '';
  const destination = target === 'default' ? everything(family) : parsePrefix(target);
  if (destination === null) throw new Error(`not a prefix: ${target}`);
  const after = (word: string): string | null =>
    words.includes(word) ? (words[words.indexOf(word) + 1] ?? null) : null;
  const source = after('src');
  const scopes: Readonly<Record<string, number>> = SCOPE;
  return {
    family,
    type,
    destination,
    tos: Number(after('tos') ?? 0),
    metric: Number(after('metric') ?? (family === 6 ? 1024 : 0)),
    table: Number(after('table') ?? TABLE_ID.main),
    scope: scopes[after('scope') ?? ''] ?? SCOPE.global,
    source: source === null ? null : ip(source),
    nexthops: (hops.length === 0 ? [head] : hops)
      .map((hop) => nexthop(hop.split(' ')))
      .filter(({ device }) => device !== null),
    words,
    text,
    span: null,
  };
}

/** A policy rule that matches everything and looks up `table`, but for `fields`. */
export function rule(priority: number, table: number, fields: Partial<PolicyRule> = {}): PolicyRule {
  const [first] = defaultRules(4);
  if (first === undefined) throw new Error('no default rules');
  return { ...first, priority, action: { kind: 'lookup', table, name: String(table) }, ...fields };
}

export interface NetworkParts {
  readonly family?: Family;
  readonly links?: readonly Link[];
  /** Besides the default ones. */
  readonly rules?: readonly PolicyRule[];
  readonly routes?: readonly string[];
  readonly sysctls?: Readonly<Record<string, string>>;
  readonly known?: Partial<Network['known']>;
}

export function network(parts: NetworkParts): Network {
  const { family = 4, links = [], rules = [], routes = [], sysctls = {}, known = {} } = parts;
  const tables = new Map<number, Route[]>();
  const add = (one: Route): void => void tables.set(one.table, [...(tables.get(one.table) ?? []), one]);
  for (const one of known.localDerived === false ? [] : deriveLocalTable(links, family)) add(one);
  for (const text of routes) add(route(text, family));
  return {
    family,
    links: new Map(links.map((one) => [one.name, one])),
    rules: [...defaultRules(family), ...rules].sort((a, b) => a.priority - b.priority),
    tables,
    known: { links: true, rules: true, tables: 'all', localDerived: true, ...known },
    groups: new Map(),
    labels: null,
    sysctl: (name) => (Object.hasOwn(sysctls, name) ? (sysctls[name] ?? null) : null),
  };
}

/** What the node itself sends to `to`, but for `fields`. */
export function flow(to: string, fields: Partial<Flow> = {}): Flow {
  const destination = ip(to);
  return {
    destination,
    source: typeof destination === 'bigint' ? 0n : 0,
    inInterface: 'lo',
    outInterface: null,
    mark: 0,
    markUnknown: 0,
    tos: 0,
    protocol: 17,
    sourcePort: 0,
    destinationPort: 0,
    uid: 0,
    ...fields,
  };
}
