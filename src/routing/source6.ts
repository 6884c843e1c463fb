/** IPv6 source address selection: RFC 6724 as net/ipv6/addrconf.c ipv6_dev_get_saddr has it. */
import { contains, parsePrefix } from '../address/prefix.js';
import type { Chooser } from '../chooser/question.js';
import { SCOPE6, isLoopback, isMulticast, scope6 } from './address-kind.js';
import { labelOf } from './label.js';
import type { InterfaceAddress, Network } from './model.js';
import { isSet } from './open-setting.js';
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
  unseen: number,
): readonly number[] {
  const { address, own } = candidate;
  const scope = scope6(address);
  const temporary = own.words.includes('temporary');
  const prefersTemporary =
    (readNumber(network, sysctlName(6, candidate.device, 'use_tempaddr')) ?? unseen) >= 2;
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
 * @param chooser is asked about settings that the snapshot does not show, where the choice hangs on them
 */
export function selectSource6(
  network: Network,
  device: string | null,
  destination: bigint,
  chooser: Chooser,
): SourceChoice {
  const out = device === null ? undefined : network.links.get(device);
  if (!network.known.links || (device !== null && out === undefined)) return { kind: 'unknown' };
  const near = isMulticast(destination) || scope6(destination) <= SCOPE6.link;
  const choice = best(network, device, destination, device !== null && near);
  const elsewhere = choice.kind === 'address' && choice.why === 'any-device';
  if (device === null || near || !elsewhere) return choice;
  // It takes an address of another device, unless it has to keep to its own.
  const keeps = isSet(network, sysctlName(6, device, 'use_oif_addrs_only'), false, chooser);
  return keeps ? best(network, device, destination, true) : choice;
}

/** The best one, or unknown where it hangs on whether temporary addresses are preferred and that is not shown. */
function best(
  network: Network,
  device: string | null,
  destination: bigint,
  onlyDevice: boolean,
): SourceChoice {
  const usual = bestBy(network, device, destination, onlyDevice, 0);
  if (usual.kind !== 'address') return usual;
  const preferring = bestBy(network, device, destination, onlyDevice, 2);
  return preferring.kind === 'address' && preferring.address === usual.address ? usual : { kind: 'unknown' };
}

/** @param unseen what use_tempaddr is taken to be where it is not shown */
function bestBy(
  network: Network,
  device: string | null,
  destination: bigint,
  onlyDevice: boolean,
  unseen: number,
): SourceChoice {
  const out = device === null ? undefined : network.links.get(device);
  const vrf = out === undefined ? null : vrfOf(network, out);
  let first: { readonly candidate: Candidate; readonly scores: readonly number[] } | null = null;
  for (const link of network.links.values()) {
    if (onlyDevice ? link.name !== device : vrfOf(network, link) !== vrf) continue;
    for (const own of link.addresses) {
      if (typeof own.address !== 'bigint' || own.address === 0n || isMulticast(own.address)) continue;
      if (isTentative(own.words) || own.words.includes('dadfailed')) continue;
      const candidate = { device: link.name, own, address: own.address };
      const points = scores(network, candidate, device, destination, unseen);
      if (first === null || better(points, first.scores)) first = { candidate, scores: points };
    }
  }
  if (first === null) return { kind: 'none' };
  const why = first.candidate.device === device ? 'device' : 'any-device';
  return { kind: 'address', address: first.candidate.address, why };
}
