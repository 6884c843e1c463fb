/** `pod:NAME`, `svc:NAME:PORT`, `node:NAME`: ends of a packet by their names. */
import { type Address, type Family, familyOf } from '../address/address.js';
import type { Params } from '../source/diagnostic.js';
import type { NameBook } from './book.js';
import type { Cluster } from './merge.js';
import { namedNodes } from './hosts.js';
import { nearest } from './nearest.js';
import { type Pod, type Service, type ServicePort, fullName } from './model.js';

export type ReferenceKind = 'pod' | 'svc' | 'node';

/** An end of a packet as it was named. */
export interface Reference {
  readonly kind: ReferenceKind;
  readonly namespace: string | null;
  readonly name: string;
  /** A number, or of services a port's name; null when left out. */
  readonly port: string | null;
  /** As it was written. */
  readonly text: string;
}

/** Why a name leads nowhere: a message id, and which part of the text is to blame. */
export class NameProblem {
  readonly code: string;
  readonly params: Params;
  readonly part: 'name' | 'port';

  constructor(code: string, params: Params, part: 'name' | 'port' = 'name') {
    this.code = code;
    this.params = params;
    this.part = part;
  }
}

const KINDS: ReadonlyMap<string, ReferenceKind> = new Map([
  ['pod', 'pod'],
  ['po', 'pod'],
  ['svc', 'svc'],
  ['service', 'svc'],
  ['node', 'node'],
  ['no', 'node'],
]);

/**
 * Reads `KIND:NAME[:PORT]` with `ns/` before the name where it has a namespace. No address begins so: the kinds have
 * letters that no hexadecimal number has. @returns null for anything else
 */
export function parseReference(text: string): Reference | null {
  const [, word = '', namespace, name = '', port] =
    /^([a-z]{2,7}):(?:([^:/\s]{1,253})\/)?([^:/\s]{1,253})(?::([^:\s]{1,63}))?$/.exec(text) ?? [];
  const kind = KINDS.get(word);
  return kind === undefined ? null : { kind, namespace: namespace ?? null, name, port: port ?? null, text };
}

/** Whether a text means a name, well or ill written, and no address. */
export function isReference(text: string): boolean {
  return KINDS.has(/^([a-z]{2,7}):/.exec(text)?.[1] ?? '');
}

/** What a name stands for: its addresses, at most the first of each family counts; and its ports, of a service. */
export interface Found {
  readonly title: string;
  readonly addresses: readonly Address[];
  /** Of a service; null for what has no ports of its own. */
  readonly ports: readonly ServicePort[] | null;
  /** Ports that the pods behind a service listen on, as far as they are listed. */
  readonly targets: readonly number[];
}

interface Candidate {
  readonly namespace: string | null;
  readonly name: string;
}

/** The ones that a name means: by their whole name; of pods, failing that, by its beginning. */
function matching<T extends Candidate>(
  all: readonly T[],
  { kind, namespace, name }: Reference,
): readonly T[] {
  const inside = all.filter(
    (one) => namespace === null || one.namespace === namespace || one.namespace === null,
  );
  const exact = inside.filter((one) => one.name === name);
  if (exact.length > 0 || kind !== 'pod') return exact;
  return inside.filter((one) => one.name.startsWith(name));
}

/** So many are named in a message. */
const MOST_SHOWN = 5;

/** A few of the names, and how many more there are. */
export function some(names: readonly string[]): string {
  const more = names.length - MOST_SHOWN;
  return names.slice(0, MOST_SHOWN).join(', ') + (more > 0 ? ` (+${String(more)})` : '');
}

/** The one candidate of a name, or why there is not just one. */
function only<T extends Candidate>(all: readonly T[], reference: Reference): T | NameProblem {
  const { kind, namespace, name } = reference;
  const wanted = fullName({ namespace, name });
  const found = matching(all, reference);
  const [one, ...others] = found;
  if (one !== undefined && others.length === 0) return one;
  if (one !== undefined)
    return new NameProblem('NAME_AMBIGUOUS', {
      kind,
      name: wanted,
      names: some(found.map(fullName)),
    });
  if (all.length === 0) return new NameProblem('NAME_NO_LISTING', { kind, name: wanted });
  const near = nearest(wanted, all.map(fullName), MOST_SHOWN);
  return new NameProblem('NAME_UNKNOWN', { kind, name: wanted, names: near.join(', ') });
}

/** Pods that have ended are meant only where no other bears the name. */
function findPod({ pods, endpoints }: Cluster, reference: Reference): Found | NameProblem {
  const implied = endpoints.flatMap(({ pod, address }) =>
    pod === null ? [] : [{ ...pod, addresses: [address], state: 'running' as const }],
  );
  const seen = new Set(pods.map(fullName));
  const more = new Map(implied.filter((one) => !seen.has(fullName(one))).map((one) => [fullName(one), one]));
  const all: readonly Pick<Pod, 'namespace' | 'name' | 'addresses' | 'state'>[] = [...pods, ...more.values()];
  const alive = all.filter(({ state }) => state !== 'ended');
  const pod = only(matching(alive, reference).length > 0 ? alive : all, reference);
  if (pod instanceof NameProblem) return pod;
  const title = fullName(pod);
  if (pod.state === 'ended') return new NameProblem('NAME_ENDED', { name: title });
  return { title, addresses: pod.addresses, ports: null, targets: [] };
}

function findService({ services, endpoints }: Cluster, reference: Reference): Found | NameProblem {
  const service: Service | NameProblem = only(services, reference);
  if (service instanceof NameProblem) return service;
  const title = fullName(service);
  if (service.headless && service.clusterIps.length === 0)
    return new NameProblem('NAME_HEADLESS', { name: title });
  const { externalName } = service;
  if (externalName !== null)
    return new NameProblem('NAME_EXTERNAL_NAME', { name: title, target: externalName });
  const targets = endpoints
    .filter(
      (one) => one.service === service.name && (one.namespace ?? service.namespace) === service.namespace,
    )
    .flatMap(({ port }) => port ?? []);
  return { title, addresses: service.clusterIps, ports: service.ports, targets: [...new Set(targets)] };
}

/** A node may be known by nothing but the NODE column of its pods, which has no address. */
function findNode(cluster: Cluster, reference: Reference): Found | NameProblem {
  const node = only(
    namedNodes(cluster).map((one) => ({ ...one, namespace: null })),
    reference,
  );
  if (node instanceof NameProblem) return node;
  const { name: title, addresses } = node;
  const isListed = cluster.nodes.some(({ name }) => name === title);
  if (addresses.length === 0 && !isListed) return new NameProblem('NAME_NODE_OF_PODS', { name: title });
  return { title, addresses, ports: null, targets: [] };
}

const FIND = { pod: findPod, svc: findService, node: findNode } as const;

/** Looks a name up. */
export function findReference(book: NameBook, reference: Reference): Found | NameProblem {
  const found = FIND[reference.kind](book.cluster, reference);
  if (found instanceof NameProblem || found.addresses.length > 0) return found;
  return new NameProblem('NAME_NO_ADDRESS', { kind: reference.kind, name: found.title });
}

/** The address of a family; null when it has none of it. */
export function addressOf({ addresses }: Found, family: Family): Address | null {
  return addresses.find((one) => familyOf(one) === family) ?? null;
}
