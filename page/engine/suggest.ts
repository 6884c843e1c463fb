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

/** The node's own addresses, and what its listings name. */
function all({ names, networks }: Node, isLarge: boolean): readonly Suggestion[] {
  const { pods, services, endpoints } = isLarge ? names.listed : names.cluster;
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

/** What a line of kube-proxy's rules names. */
const SERVICE = /-d ([\d.:a-f]+)\/\d+ .*--comment "([^":\s]+)(?::\S*)? cluster IP".*--dport (\d+)/;
const ENDPOINT = /--to-destination \[?([\d.:a-f]+?)\]?:(\d+)/;

/** What the lines in which a word stands name, up to so many: of a large node nothing is looked up beforehand. */
function inLines(text: string, wanted: string, most: number): readonly Suggestion[] {
  const found: Suggestion[] = [];
  let at = text.indexOf(wanted);
  while (at >= 0 && found.length < most) {
    const end = text.indexOf('\n', at);
    const line = text.slice(text.lastIndexOf('\n', at) + 1, end < 0 ? undefined : end);
    const [, address, name, port = ''] = SERVICE.exec(line) ?? [];
    const [, endpoint, own = ''] = ENDPOINT.exec(line) ?? [];
    if (address !== undefined && name !== undefined)
      found.push({ value: `svc:${name}:${port}`, label: address });
    else if (endpoint !== undefined) found.push({ value: endpoint, label: `endpoint :${own}` });
    at = end < 0 ? -1 : text.indexOf(wanted, end);
  }
  return found;
}

/** A node with more rules than this is searched line by line. */
const LARGE = 5000;

/** Offers of one node; they are made when first asked for. */
export class Suggestions {
  readonly #node: Node;
  readonly #texts: readonly string[];
  readonly #isLarge: boolean;
  #all: readonly Suggestion[] | null = null;

  constructor(node: Node, texts: readonly string[], rules: number) {
    this.#node = node;
    this.#texts = texts;
    this.#isLarge = rules > LARGE;
  }

  of(text: string): readonly Suggestion[] {
    this.#all ??= unique(all(this.#node, this.#isLarge));
    const wanted = text.trim().toLowerCase();
    const fitting = this.#all.filter(
      ({ value, label }) => value.toLowerCase().includes(wanted) || label.includes(wanted),
    );
    const own = fitting.slice(0, MOST);
    if (!this.#isLarge || own.length === MOST) return own;
    const word = wanted.replace(/^(?:svc|pod):/, '') || 'cluster IP';
    return unique([...own, ...this.#texts.flatMap((one) => inLines(one, word, MOST))]).slice(0, MOST);
  }
}

/** Each value once. */
export function unique(list: readonly Suggestion[]): readonly Suggestion[] {
  return [...new Map(list.map((one) => [one.value, one])).values()];
}
