/** The network part of a cluster file: VPC, segments, load balancers. */
import { type Address, addToAddress, formatAddress, parseAddress } from '../address/address.js';
import { contains, formatPrefix } from '../address/prefix.js';
import type { Entry, Mapping, Tree } from '../check/tree.js';
import type { Fields } from './fields.js';
import type { Balancer, DefaultRoute, Segment, Subnet, Target, Vpc } from './spec.js';

export const VPC_KEYS = ['cidrs', 'subnets', 'public', 'nat-gateway'] as const;
export const SUBNET_KEYS = ['cidr', 'router', 'default'] as const;
export const NAT_KEYS = ['address', 'public'] as const;
export const SEGMENT_KEYS = ['cidr', 'gateway', 'nat', 'answers'] as const;
export const BALANCER_KEYS = [
  ...['addresses', 'public', 'names', 'protocol', 'port', 'mode', 'targets'],
  ...['client-address', 'proxy-protocol'],
] as const;

const ROUTES: readonly DefaultRoute[] = ['internet-gateway', 'nat-gateway', 'none'];

/** A mapping of addresses to what `read` makes of the values; an address that is none is told. */
function addressMap<T>(
  entries: readonly Entry[],
  fields: Fields,
  read: (value: Tree, key: string) => T | null,
): ReadonlyMap<Address, T> {
  const map = new Map<Address, T>();
  for (const { key, keySpan, value } of entries) {
    const address = parseAddress(key);
    if (address === null) fields.faults.tell('CLUSTER_ADDRESS', keySpan, { key: 'key', text: key });
    const found = read(value, key);
    if (address !== null && found !== null) map.set(address, found);
  }
  return map;
}

function readSubnet(tree: Tree, fields: Fields): Subnet | null {
  const { faults } = fields;
  const map = faults.map(tree, 'subnets');
  if (map === null) return null;
  faults.keys(map, SUBNET_KEYS);
  const cidr = fields.demanded(map, 'cidr', 'subnet');
  const prefix = cidr === null ? null : fields.prefix(cidr, 'cidr');
  const router = fields.optional(map, 'router');
  const gateway = fields.optional(map, 'default');
  const given = router === null ? null : fields.address(router, 'router');
  const route = gateway === null ? 'none' : faults.choice(gateway, 'default', ROUTES);
  if (prefix === null) return null;
  if (router !== null && given !== null && !contains(prefix, given))
    faults.tell('CLUSTER_OUT_OF', router.span, {
      key: 'router',
      text: formatAddress(given),
      cidr: formatPrefix(prefix),
    });
  return { prefix, router: given ?? addToAddress(prefix.address, 1), gateway: route ?? 'none' };
}

function readNatGateway(tree: Tree, fields: Fields): Vpc['natGateway'] {
  const map = fields.faults.map(tree, 'nat-gateway');
  if (map === null) return null;
  fields.faults.keys(map, NAT_KEYS);
  const read = (key: string): Address | null => {
    const value = fields.demanded(map, key, 'nat-gateway');
    return value === null ? null : fields.address(value, key);
  };
  const own = read('address');
  const shown = read('public');
  return own === null || shown === null ? null : { address: own, publicAddress: shown };
}

export function readVpc(tree: Tree, fields: Fields): Vpc | null {
  const { faults } = fields;
  const map = faults.map(tree, 'vpc');
  if (map === null) return null;
  faults.keys(map, VPC_KEYS);
  fields.demanded(map, 'cidrs', 'vpc');
  const prefixes = fields.items(map, 'cidrs').flatMap((item) => fields.prefix(item, 'cidrs') ?? []);
  const subnets: Subnet[] = [];
  for (const item of fields.items(map, 'subnets')) {
    const subnet = readSubnet(item, fields);
    if (subnet === null) continue;
    const { prefix } = subnet;
    if (!prefixes.some((one) => contains(one, prefix.address)))
      faults.tell('CLUSTER_SUBNET_OUTSIDE', item.span, { cidr: formatPrefix(prefix) });
    const other = subnets.find(
      (one) => contains(one.prefix, prefix.address) || contains(prefix, one.prefix.address),
    );
    if (other !== undefined)
      faults.tell('CLUSTER_OVERLAP', item.span, {
        cidr: formatPrefix(prefix),
        other: formatPrefix(other.prefix),
      });
    subnets.push(subnet);
  }
  const nat = fields.optional(map, 'nat-gateway');
  const publicOf = addressMap(fields.entries(map, 'public'), fields, (value, key) =>
    fields.address(value, key),
  );
  const natGateway = nat === null ? null : readNatGateway(nat, fields);
  const wanting = subnets.find((subnet) => subnet.gateway === 'nat-gateway');
  if (wanting !== undefined && nat === null) faults.tell('CLUSTER_NO_NAT', map.span);
  return { prefixes, subnets, publicOf, natGateway };
}

export function readSegment(
  { key, value }: Entry,
  nodes: ReadonlySet<string>,
  fields: Fields,
): Segment | null {
  const { faults } = fields;
  const map = faults.map(value, key);
  if (map === null) return null;
  faults.keys(map, SEGMENT_KEYS);
  const cidr = fields.demanded(map, 'cidr', 'segment');
  const prefix = cidr === null ? null : fields.prefix(cidr, 'cidr');
  const gateway = fields.optional(map, 'gateway');
  const nat = fields.optional(map, 'nat');
  if (nat !== null && gateway === null)
    faults.tell('CLUSTER_MISSING', map.span, { key: 'gateway', of: 'segment' });
  const answers = addressMap(fields.entries(map, 'answers'), fields, (tree, name) =>
    readNodeName(tree, name, nodes, fields),
  );
  if (prefix === null) return null;
  return {
    name: key,
    prefix,
    gateway: gateway === null ? null : fields.address(gateway, 'gateway'),
    nat: nat === null ? null : fields.address(nat, 'nat'),
    answers,
  };
}

/** The name of a node of the file. */
export function readNodeName(
  tree: Tree,
  key: string,
  nodes: ReadonlySet<string>,
  fields: Fields,
): string | null {
  const name = fields.faults.text(tree, key);
  if (name === null || nodes.has(name)) return name;
  fields.faults.tell('CLUSTER_NO_NODE', tree.span, { key, text: name, names: [...nodes].join(', ') });
  return null;
}

/** `NODE:PORT` or `ADDRESS:PORT`, `[IPv6]:PORT`. */
function readTarget(
  tree: Tree,
  mode: Balancer['mode'],
  nodes: ReadonlySet<string>,
  fields: Fields,
): Target | null {
  const text = fields.faults.text(tree, 'targets');
  if (text === null) return null;
  const [, six, four, digits = ''] = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(text) ?? [];
  const name = six ?? four ?? '';
  const port = Number(digits);
  const address = parseAddress(name);
  const fits = mode === 'ip' ? address !== null : nodes.has(name);
  if (digits !== '' && port <= 65535 && fits)
    return mode === 'ip' ? { node: null, address, port } : { node: name, address: null, port };
  fields.faults.tell('CLUSTER_TARGET', tree.span, { text, mode });
  return null;
}

export function readBalancer(
  { key, value }: Entry,
  nodes: ReadonlySet<string>,
  fields: Fields,
): Balancer | null {
  const { faults } = fields;
  const map: Mapping | null = faults.map(value, key);
  if (map === null) return null;
  faults.keys(map, BALANCER_KEYS);
  const port = fields.demanded(map, 'port', 'balancer');
  const mode = fields.optional(map, 'mode');
  const protocol = fields.optional(map, 'protocol');
  const client = fields.optional(map, 'client-address');
  fields.demanded(map, 'addresses', 'balancer');
  const chosen = (mode === null ? null : faults.choice(mode, 'mode', ['instance', 'ip'])) ?? 'instance';
  const word = (protocol === null ? null : faults.choice(protocol, 'protocol', ['tcp', 'udp'])) ?? 'tcp';
  const said = client === null ? null : faults.choice(client, 'client-address', ['kept', 'replaced']);
  const targets = fields
    .items(map, 'targets')
    .flatMap((item) => readTarget(item, chosen, nodes, fields) ?? []);
  return {
    name: key,
    addresses: fields.addresses(map, 'addresses'),
    publicAddresses: fields.addresses(map, 'public'),
    dnsNames: fields.texts(map, 'names'),
    protocol: word,
    port: port === null ? 0 : (faults.number(port, 'port', 1, 65535) ?? 0),
    mode: chosen,
    targets,
    // Kept by default but for TCP to addresses; UDP keeps it always.
    keepsClient: word === 'udp' || (said === null ? chosen === 'instance' : said === 'kept'),
    proxyProtocol: fields.yes(map, 'proxy-protocol', false),
  };
}
