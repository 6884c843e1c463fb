/** Names and addresses of the node that a word may be the beginning of. */
import { formatAddress } from '../../src/address/address.js';
import type { Node } from '../../src/packet/node.js';

export interface Suggestion {
  readonly value: string;
  readonly label: string;
}

/** So many are offered at once. */
const MOST = 30;

const named = (namespace: string | null, name: string): string =>
  namespace === null ? name : `${namespace}/${name}`;

function all({ names, networks }: Node): readonly Suggestion[] {
  const { pods, services, endpoints } = names.cluster;
  const links = [...networks[4].links.values(), ...networks[6].links.values()];
  const own = new Map(
    links.flatMap(({ name, addresses }) =>
      addresses.map(({ address }): [string, string] => [formatAddress(address), name]),
    ),
  );
  return [
    ...pods.map(({ namespace, name, addresses }) => ({
      value: `pod:${named(namespace, name)}`,
      label: addresses.map(formatAddress).join(', '),
    })),
    ...services.map(({ namespace, name, clusterIps, ports }) => ({
      value: `svc:${named(namespace, name)}${ports[0] === undefined ? '' : `:${String(ports[0].port)}`}`,
      label: clusterIps.map(formatAddress).join(', '),
    })),
    ...endpoints.map(({ address, port }) => ({
      value: formatAddress(address),
      label: port === null ? 'endpoint' : `endpoint :${String(port)}`,
    })),
    ...[...own].map(([value, label]) => ({ value, label })),
  ];
}

/** Offers of one node; they are made when first asked for. */
export class Suggestions {
  readonly #node: Node;
  #all: readonly Suggestion[] | null = null;

  constructor(node: Node) {
    this.#node = node;
  }

  of(text: string): readonly Suggestion[] {
    this.#all ??= unique(all(this.#node));
    const wanted = text.trim().toLowerCase();
    const fitting: Suggestion[] = [];
    for (const one of this.#all) {
      if (fitting.length >= MOST) break;
      if (one.value.toLowerCase().includes(wanted) || one.label.includes(wanted)) fitting.push(one);
    }
    return fitting;
  }
}

function unique(list: readonly Suggestion[]): readonly Suggestion[] {
  return [...new Map(list.map((one) => [one.value, one])).values()];
}
