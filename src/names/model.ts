/** What a cluster calls its addresses: pods, services, nodes and endpoints, as kubectl lists them. */
import type { Address } from '../address/address.js';
import type { Params } from '../source/diagnostic.js';
import type { Span } from '../source/source.js';

/** Does the pod hold its addresses? `unsure`: the word that kubectl shows (Error) is said of both. */
export type PodState = 'running' | 'ended' | 'unsure';

export interface Pod {
  readonly kind: 'pod';
  /** Null where the listing does not say it (`kubectl get pod` without -A). */
  readonly namespace: string | null;
  readonly name: string;
  /** None where the listing does not show them (without `-o wide`). */
  readonly addresses: readonly Address[];
  readonly node: string | null;
  /** It has the node's own network and addresses; null where the listing does not say. */
  readonly hostNetwork: boolean | null;
  readonly state: PodState;
  /** Null for what is only implied: by an endpoint, by kube-proxy's rules. */
  readonly span: Span | null;
}

export interface ServicePort {
  readonly name: string | null;
  /** IP protocol number. */
  readonly protocol: number;
  readonly port: number;
  readonly nodePort: number | null;
}

export interface Service {
  readonly kind: 'service';
  readonly namespace: string | null;
  readonly name: string;
  readonly clusterIps: readonly Address[];
  /** `clusterIP: None`: its name leads to its pods without an address of its own. */
  readonly headless: boolean;
  /** Type ExternalName: DNS answers with this name, and nothing is translated. Null for all others. */
  readonly externalName: string | null;
  readonly externalIps: readonly Address[];
  readonly balancerIps: readonly Address[];
  readonly ports: readonly ServicePort[];
  readonly span: Span | null;
}

export interface ClusterNode {
  readonly kind: 'node';
  readonly name: string;
  readonly addresses: readonly Address[];
  readonly span: Span | null;
}

/** One address of a service's endpoints. */
export interface Endpoint {
  readonly kind: 'endpoint';
  readonly namespace: string | null;
  readonly service: string;
  readonly address: Address;
  /** Null where the listing does not say. */
  readonly port: number | null;
  readonly protocol: number | null;
  readonly portName: string | null;
  readonly pod: { readonly namespace: string | null; readonly name: string } | null;
  readonly node: string | null;
  readonly span: Span | null;
}

export type KubeObject = Pod | Service | ClusterNode | Endpoint;

/** Something about a text that its reader should know; `start` and `end` are offsets in it. */
export interface NameFinding {
  readonly code: string;
  readonly start: number;
  readonly end: number;
  readonly params: Params;
}

/** A value of JSON or YAML that may be a Kubernetes object, and where it stands. */
export interface KubeItem {
  readonly value: unknown;
  readonly start: number;
  readonly end: number;
}

/** The items of a text, and what could not be read of it, which is complete when the last item has been taken. */
export interface KubeItems {
  /** To be gone through once: a long text gives them one by one. */
  readonly items: Iterable<KubeItem>;
  readonly findings: readonly NameFinding[];
}

/** `ns/name`, or the name alone where no namespace is known. */
export function fullName({
  namespace,
  name,
}: {
  readonly namespace: string | null;
  readonly name: string;
}): string {
  return namespace === null ? name : `${namespace}/${name}`;
}

/** Names are at most 253 characters (RFC 1123 subdomains); what is longer, or has blanks or control characters, is none. */
export function isName(text: string): boolean {
  return text.length <= 253 && /^[^\s\p{C}/:]+$/u.test(text);
}
