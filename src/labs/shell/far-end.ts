/** Who is at an address: pods, hosts of the lab's world, and the few that everybody knows. */
import { type Address, formatAddress, parseAddress } from '../../address/address.js';
import { contains, parsePrefix } from '../../address/prefix.js';
import type { LabPod, LabWorld, Listener } from '../lab.js';

/** Somebody who may answer. */
export interface FarEnd {
  readonly name: string;
  readonly listens: readonly Listener[];
  /** What it says over HTTP. */
  readonly says: string | null;
}

/** Resolvers that students ping. */
const KNOWN: readonly (readonly [string, string])[] = [
  ['dns.google', '8.8.8.8'],
  ['one.one.one.one', '1.1.1.1'],
];
const DNS: readonly Listener[] = [
  { protocol: 'udp', port: 53 },
  { protocol: 'tcp', port: 53 },
  { protocol: 'tcp', port: 443 },
];

/** Networks that no internet gateway carries (RFC 1918, RFC 6598, RFC 3927, loopback). */
const PRIVATE = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '169.254.0.0/16',
  '127.0.0.0/8',
];
const PRIVATE_PREFIXES = [...PRIVATE, 'fc00::/7', 'fe80::/10'].flatMap((text) => parsePrefix(text) ?? []);

export function isPublic(address: Address): boolean {
  return !PRIVATE_PREFIXES.some((prefix) => contains(prefix, address));
}

const podEnd = ({ name, listens }: LabPod): FarEnd => ({ name, listens, says: `Hostname: ${name}` });

/** Who is at the address; null for nobody that the lab knows. */
export function farEndAt(world: LabWorld, text: string): FarEnd | null {
  const address = parseAddress(text);
  const pod = world.pods.find((one) => one.address === address);
  if (pod !== undefined) return podEnd(pod);
  const host = world.hosts.find((one) => one.address === address);
  if (host !== undefined) return host;
  const known = KNOWN.find(([, at]) => at === text);
  return known === undefined ? null : { name: known[0], listens: DNS, says: null };
}

/** The address that a name stands for; null where nobody knows it. An address stands for itself. */
export function resolve(world: LabWorld, name: string): string | null {
  if (parseAddress(name) !== null) return name;
  const lower = name.toLowerCase().replace(/\.$/, '');
  if (lower === 'localhost') return '127.0.0.1';
  const host = world.hosts.find((one) => one.name.toLowerCase() === lower);
  if (host !== undefined) return formatAddress(host.address);
  const service = world.services.find(({ name: own, namespace }) =>
    [own, `${own}.${namespace}`, `${own}.${namespace}.svc`, `${own}.${namespace}.svc.cluster.local`].includes(
      lower,
    ),
  );
  if (service !== undefined) return service.address;
  return KNOWN.find(([own]) => own === lower)?.[1] ?? null;
}

/**
 * The source as a host of the internet sees it.
 * @returns null where the internet gateway drops it: no public address belongs to it
 */
export function seenFrom(world: LabWorld, source: string, destination: string): string | null {
  const to = parseAddress(destination);
  const isReached = world.hosts.some(({ address, isPrivate }) => isPrivate && address === to);
  if (world.public === null || to === null || isReached || !isPublic(to)) return source;
  const from = parseAddress(source);
  const found = from === null ? undefined : world.public.get(from);
  return found === undefined ? null : formatAddress(found);
}

export function listensOn(listens: readonly Listener[], protocol: string, port: number): boolean {
  return listens.some((one) => one.protocol === protocol && one.port === port);
}
