/**
 * A node of the AWS VPC CNI, as its rules and routes describe it: the ENIs, the pods on each, and what is outside the VPC
 * (amazon-vpc-cni-k8s: pkg/networkutils/network.go, cmd/routed-eni-cni-plugin/driver/driver.go).
 */
import { type Address, bitsOf } from '../../address/address.js';
import { type Prefix, contains } from '../../address/prefix.js';
import type { Rule } from '../../iptables/model.js';
import { type Network, type PolicyRule, type Route, TABLE_ID } from '../../routing/model.js';
import type { Ground } from '../ground.js';
import { snatAddress } from '../rules/snat-address.js';
import type { Ruled, Subject } from '../subject.js';

export interface Eni {
  readonly device: string;
  readonly table: number;
  /** Its primary address. */
  readonly address: Address;
}

export interface VpcPod {
  readonly address: Address;
  readonly veth: string;
  /** Its route in table main. */
  readonly route: Route;
  /** The policy rule that sends its packets to a secondary ENI's table, and the ENI; null for one of the primary ENI. */
  readonly way: { readonly rule: PolicyRule; readonly eni: Eni } | null;
}

export interface VpcNode {
  readonly ground: Ground;
  readonly network: Network;
  /** The primary ENI. */
  readonly primary: { readonly device: string; readonly address: Address };
  readonly enis: readonly Eni[];
  readonly pods: readonly VpcPod[];
  /** The rule that gives packets to the outside the node's address; null where SNAT is left to others. */
  readonly snat: { readonly rule: Rule; readonly ruled: Ruled; readonly address: Address } | null;
  /** The networks that keep their source: the VPC's, and those that are excluded from SNAT. */
  readonly inside: readonly Prefix[];
  /** A host outside of all of them. */
  readonly outside: Address;
}

const VETH = /^eni[0-9a-f]/;

function snatOf(subject: Subject): VpcNode['snat'] {
  for (const ruled of subject.tables) {
    if (ruled.family !== 4 || ruled.table.name !== 'nat') continue;
    for (const chain of ruled.table.chains.values()) {
      if (!chain.name.startsWith('AWS-SNAT-CHAIN-')) continue;
      for (const rule of chain.rules) {
        const address = snatAddress(rule);
        if (address !== null) return { rule, ruled, address };
      }
    }
  }
  return null;
}

/** Networks of the RETURN rules, and of the older ladder's `! -d`. */
function insideOf(subject: Subject): readonly Prefix[] {
  return subject.tables.flatMap(({ family, table }) =>
    family !== 4 || table.name !== 'nat'
      ? []
      : [...table.chains.values()]
          .filter(({ name }) => name.startsWith('AWS-SNAT-CHAIN-'))
          .flatMap(({ rules }) => rules)
          .flatMap(({ header: { destination } }) =>
            destination === null || 'hostName' in destination.value ? [] : [destination.value],
          ),
  );
}

function enisOf(network: Network, ground: Ground, primary: string): readonly Eni[] {
  const found: Eni[] = [];
  for (const { device, address } of ground.own) {
    if (device === primary || found.some((one) => one.device === device)) continue;
    for (const [table, routes] of network.tables) {
      if (table === TABLE_ID.main || table === TABLE_ID.local || table === TABLE_ID.default) continue;
      if (routes.some(({ nexthops }) => nexthops.some((one) => one.device === device))) {
        found.push({ device, table, address });
        break;
      }
    }
  }
  return found;
}

function podsOf(network: Network, enis: readonly Eni[]): readonly VpcPod[] {
  const ways = new Map<Address, PolicyRule>();
  for (const rule of network.rules)
    if (rule.from?.length === bitsOf(4) && rule.to === null && rule.fwmark === null && rule.iif === null)
      ways.set(rule.from.address, rule);
  return (network.tables.get(TABLE_ID.main) ?? []).flatMap((route) => {
    const { destination, nexthops, type } = route;
    const veth = nexthops[0]?.device ?? '';
    if (type !== 'unicast' || destination.length !== bitsOf(4) || !VETH.test(veth)) return [];
    const rule = ways.get(destination.address);
    const eni =
      rule?.action.kind === 'lookup' ? enis.find(({ table }) => table === tableOf(rule)) : undefined;
    const way = rule === undefined || eni === undefined ? null : { rule, eni };
    return [{ address: destination.address, veth, route, way }];
  });
}

const tableOf = ({ action }: PolicyRule): number => (action.kind === 'lookup' ? action.table : -1);

/** The primary ENI: the device that has the SNAT address, or by which the node's own packets leave. */
function primaryOf(network: Network, ground: Ground, snat: VpcNode['snat']): VpcNode['primary'] | null {
  const bySnat = ground.own.find(({ address }) => address === snat?.address);
  if (bySnat !== undefined) return bySnat;
  const way = (network.tables.get(TABLE_ID.main) ?? []).find(({ destination }) => destination.length === 0);
  const device = way?.nexthops[0]?.device;
  return ground.own.find((one) => one.device === device) ?? null;
}

/** @returns null for a node that is none of the VPC CNI, or whose snapshot shows too little of it */
export function vpcNode(subject: Subject): VpcNode | null {
  const network = subject.node.networks[4];
  const { known } = network;
  if (!known.rules || !known.links) return null;
  const ground = subject.ground(4);
  const snat = snatOf(subject);
  const hasVeths = [...network.links.keys()].some((name) => VETH.test(name));
  const isVpc = snat !== null || network.rules.some(({ priority }) => priority === 512 || priority === 1536);
  if (!isVpc || !hasVeths) return null;
  const primary = primaryOf(network, ground, snat);
  if (primary === null) return null;
  const inside = insideOf(subject);
  const outside = ground.outside.find((one) => !inside.some((prefix) => contains(prefix, one)));
  if (outside === undefined) return null;
  const enis = enisOf(network, ground, primary.device);
  return { ground, network, primary, enis, pods: podsOf(network, enis), snat, inside, outside };
}
