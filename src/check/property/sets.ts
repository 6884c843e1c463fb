/** What `pods`, `services`, `node`, `vpc` and `outside-vpc` are on a node. */
import { type Address, type Family, familyOf, formatAddress } from '../../address/address.js';
import { type Prefix, lengthOfMask } from '../../address/prefix.js';
import { protocolWord } from '../../address/protocols.js';
import { findReference, NameProblem } from '../../names/reference.js';
import type { Node } from '../../packet/node.js';
import { SCOPE, TABLE_ID } from '../../routing/model.js';
import type { Params } from '../../source/diagnostic.js';
import type { Span } from '../../source/source.js';
import { type Range, without } from './pool.js';
import type { EndSet, SetName } from './spec.js';

/** A service's port: it says protocol and port of the packet itself. */
export interface Target {
  readonly address: string;
  readonly proto: string;
  readonly port: number;
}

/** What a set is, in one family. */
export interface EndPool {
  readonly ranges: readonly Range[];
  readonly targets: readonly Target[];
}

/** The sets that an end is drawn from, in one family. */
export interface EndPools {
  readonly sets: readonly (readonly Range[])[];
  readonly targets: readonly Target[];
}

/** A set that cannot be filled: a message id. */
export class SetFault {
  readonly code: string;
  readonly params: Params;
  readonly span: Span;

  constructor(code: string, params: Params, span: Span) {
    this.code = code;
    this.params = params;
    this.span = span;
  }
}

const NONE: EndPool = { ranges: [], targets: [] };

const toBig = (address: Address): bigint => (typeof address === 'bigint' ? address : BigInt(address >>> 0));

/** The address of a number. */
export function addressOf(value: bigint, family: Family): string {
  return formatAddress(family === 6 ? value : Number(value) | 0);
}

const single = (address: Address): Range => ({ low: toBig(address), high: toBig(address) });

function rangeOf({ address, length }: Prefix): Range {
  const low = toBig(address);
  const bits = BigInt((familyOf(address) === 6 ? 128 : 32) - (length ?? 0));
  return { low, high: low + (1n << bits) - 1n };
}

/** Addresses that the node itself has, but for loopback and link-local ones. */
function ownAddresses(node: Node, family: Family): readonly Address[] {
  return [...node.networks[family].links.values()].flatMap(({ addresses }) =>
    addresses.flatMap(({ address, scope }) =>
      familyOf(address) === family && scope < SCOPE.link ? [address] : [],
    ),
  );
}

/**
 * Pods of this node: addresses with a host route to a device, without a gateway, as CNI plugins set them; and those that
 * the cluster's listings name within a network that is on a link of this node without being that of a device's own way out.
 */
function podsOf(node: Node, family: Family): readonly Address[] {
  const own = new Set(ownAddresses(node, family));
  const routes = (node.networks[family].tables.get(TABLE_ID.main) ?? []).filter(
    ({ type, nexthops }) =>
      type === 'unicast' && nexthops.every(({ via, device }) => via === null && device !== null),
  );
  const bits = family === 6 ? 128 : 32;
  const uplinks = new Set(
    [...node.networks[family].tables.values()].flatMap((table) =>
      table.flatMap(({ destination, nexthops }) =>
        destination.length === 0 ? nexthops.flatMap(({ device }) => device ?? []) : [],
      ),
    ),
  );
  const inside = routes.filter(({ nexthops }) => nexthops.every(({ device }) => !uplinks.has(device ?? '')));
  const hosts = inside.flatMap(({ destination }) =>
    destination.length === bits ? [destination.address] : [],
  );
  const ranges = inside.map(({ destination }) => rangeOf(destination));
  const named = node.names.cluster.pods.flatMap(({ addresses, hostNetwork, state }) =>
    hostNetwork === true || state === 'ended' ? [] : addresses.filter((one) => familyOf(one) === family),
  );
  const near = named.filter((one) => ranges.some(({ low, high }) => toBig(one) >= low && toBig(one) <= high));
  const all = new Map([...hosts, ...near].filter((one) => !own.has(one)).map((one) => [toBig(one), one]));
  return [...all].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}

function servicesOf(node: Node, family: Family): readonly Target[] {
  return node.names.cluster.services.flatMap(({ clusterIps, ports }) =>
    clusterIps.flatMap((address) =>
      familyOf(address) === family
        ? ports.map(({ protocol, port }) => ({
            address: formatAddress(address),
            proto: protocolWord(protocol),
            port,
          }))
        : [],
    ),
  );
}

/** The prefixes that the AWS VPC CNI's chains let go untranslated: those of the VPC. */
function vpcByRules(node: Node): readonly Prefix[] {
  const chains = [...(node.ruleSets[4].tables.get('nat')?.chains.values() ?? [])].filter(({ name }) =>
    /^AWS-(?:SNAT|CONNMARK)-CHAIN-/.test(name),
  );
  return chains.flatMap(({ rules }) =>
    rules.flatMap(({ header, action }) => {
      const to = header.destination;
      const returns = action.kind === 'target' && action.target.extension.name === 'RETURN';
      if (!returns || to === null || to.inverted || 'hostName' in to.value) return [];
      return lengthOfMask(to.value.mask) === null ? [] : [to.value];
    }),
  );
}

/** What is nobody's: this network, loopback, link-local, multicast and beyond (RFC 6890). */
const NOT_FOR_ALL: readonly Range[] = [
  { low: 0n, high: 0x00ffffffn },
  { low: 0x7f000000n, high: 0x7fffffffn },
  { low: 0xa9fe0000n, high: 0xa9feffffn },
  { low: 0xe0000000n, high: 0xffffffffn },
];

const ALL_4: Range = { low: 0n, high: 0xffffffffn };

/** Global unicast addresses of IPv6 (RFC 4291). */
const ALL_6: Range = { low: 0x2n << 124n, high: (0x4n << 124n) - 1n };

/** Fills sets for one node. */
export class Sets {
  readonly #node: Node;
  readonly #vpc: readonly Prefix[];

  /** @param vpc as the spec tells; null: as the node's rules do */
  constructor(node: Node, vpc: readonly Prefix[] | null) {
    this.#node = node;
    this.#vpc = vpc ?? vpcByRules(node);
  }

  #vpcRanges(family: Family): readonly Range[] {
    return this.#vpc.filter(({ address }) => familyOf(address) === family).map(rangeOf);
  }

  #outside(family: Family): readonly Range[] {
    const services = this.#node.names.cluster.services.flatMap(({ clusterIps }) => clusterIps);
    const taken = [...services, ...ownAddresses(this.#node, family)]
      .filter((one) => familyOf(one) === family)
      .map(single);
    const holes = [...this.#vpcRanges(family), ...taken, ...(family === 4 ? NOT_FOR_ALL : [])];
    return without(family === 4 ? ALL_4 : ALL_6, holes);
  }

  #named(name: SetName, family: Family): EndPool {
    switch (name) {
      case 'pods':
        return { ranges: podsOf(this.#node, family).map(single), targets: [] };
      case 'services':
        return { ranges: [], targets: servicesOf(this.#node, family) };
      case 'node':
        return { ranges: ownAddresses(this.#node, family).map(single), targets: [] };
      case 'vpc':
        return { ranges: this.#vpcRanges(family), targets: [] };
      case 'outside-vpc':
        return { ranges: this.#outside(family), targets: [] };
    }
  }

  #one(set: EndSet, family: Family): EndPool | SetFault {
    if (set.kind === 'prefix')
      return familyOf(set.prefix.address) === family ? { ranges: [rangeOf(set.prefix)], targets: [] } : NONE;
    if (set.kind === 'set') {
      if ((set.name === 'vpc' || set.name === 'outside-vpc') && this.#vpc.length === 0)
        return new SetFault('CHECK_NO_VPC', { set: set.name }, set.span);
      return this.#named(set.name, family);
    }
    const found = findReference(this.#node.names, set.reference);
    if (found instanceof NameProblem)
      return new SetFault(found.code, { option: set.reference.text, ...found.params }, set.span);
    const addresses = found.addresses.filter((one) => familyOf(one) === family);
    if (found.ports === null) return { ranges: addresses.map(single), targets: [] };
    const { port } = set.reference;
    const ports = found.ports.filter(
      (one) => port === null || port === one.name || port === String(one.port),
    );
    const targets = addresses.flatMap((address) =>
      ports.map((one) => ({
        address: formatAddress(address),
        proto: protocolWord(one.protocol),
        port: one.port,
      })),
    );
    return { ranges: [], targets };
  }

  /** All sets of an end, in one family. */
  pools(sets: readonly EndSet[], family: Family): EndPools | SetFault {
    const ranges: (readonly Range[])[] = [];
    const targets: Target[] = [];
    for (const set of sets) {
      const pool = this.#one(set, family);
      if (pool instanceof SetFault) return pool;
      ranges.push(pool.ranges);
      targets.push(...pool.targets);
    }
    return { sets: ranges, targets };
  }
}
