/** IPv6 source address selection: RFC 6724 as net/ipv6/addrconf.c ipv6_dev_get_saddr has it. */
import { contains, parsePrefix } from '../address/prefix.js';
import { SCOPE6, isLoopback, isMulticast, scope6 } from './address-kind.js';
import { labelOf } from './label.js';
import type { InterfaceAddress, Network } from './model.js';
import { type SourceChoice, isTentative, vrfOf } from './source.js';
import { readNumber, sysctlName } from './sysctl.js';

const ORCHID = parsePrefix('2001:10::/28');

/** Number of leading bits that two addresses share. */
function commonBits(a: bigint, b: bigint): number {
  const difference = a ^ b;
  return difference === 0n ? 128 : 128 - difference.toString(2).length;
}

interface Candidate {
  readonly device: string;
  readonly own: InterfaceAddress;
  readonly address: bigint;
}

/** The scores of a candidate by the kernel's rules in order; the first that differs decides, more is better. */
function scores(
  network: Network,
  candidate: Candidate,
  device: string | null,
  destination: bigint,
): readonly number[] {
  const { address, own } = candidate;
  const scope = scope6(address);
  const temporary = own.words.includes('temporary');
  const prefersTemporary = (readNumber(network, sysctlName(6, candidate.device, 'use_tempaddr')) ?? 0) >= 2;
  const orchid = ORCHID !== null && contains(ORCHID, address) === contains(ORCHID, destination);
  return [
    Number(address === destination),
    scope >= scope6(destination) ? -scope : scope - 128,
    Number(isLoopback(address) || !(own.words.includes('deprecated') || own.words.includes('optimistic'))),
    Number(device === null || device === candidate.device),
    Number(labelOf(network, address, candidate.device) === labelOf(network, destination, device)),
    Number(temporary === prefersTemporary),
    Number(orchid),
    Math.min(commonBits(address, destination), own.length),
  ];
}

function better(a: readonly number[], b: readonly number[]): boolean {
  for (const [i, value] of a.entries()) {
    const other = b[i] ?? 0;
    if (value !== other) return value > other;
  }
  return false;
}

/**
 * The best own address for a destination. Link-local and multicast destinations take only addresses of the output
 * device; of equal ones the first in the order of devices and of each device's list stays.
 */
export function selectSource6(network: Network, device: string | null, destination: bigint): SourceChoice {
  const out = device === null ? undefined : network.links.get(device);
  if (!network.known.links || (device !== null && out === undefined)) return { kind: 'unknown' };
  const onlyDevice = device !== null && needsDevice(network, device, destination);
  const vrf = out === undefined ? null : vrfOf(network, out);
  let best: { readonly candidate: Candidate; readonly scores: readonly number[] } | null = null;
  for (const link of network.links.values()) {
    if (onlyDevice ? link.name !== device : vrfOf(network, link) !== vrf) continue;
    for (const own of link.addresses) {
      if (typeof own.address !== 'bigint' || own.address === 0n || isMulticast(own.address)) continue;
      if (isTentative(own.words) || own.words.includes('dadfailed')) continue;
      const candidate = { device: link.name, own, address: own.address };
      const points = scores(network, candidate, device, destination);
      if (best === null || better(points, best.scores)) best = { candidate, scores: points };
    }
  }
  if (best === null) return { kind: 'none' };
  const why = best.candidate.device === device ? 'device' : 'any-device';
  return { kind: 'address', address: best.candidate.address, why };
}

function needsDevice(network: Network, device: string, destination: bigint): boolean {
  if (isMulticast(destination) || scope6(destination) <= SCOPE6.link) return true;
  return readNumber(network, sysctlName(6, device, 'use_oif_addrs_only')) === 1;
}
