/** Reads a cluster file. Never throws; every fault is among the diagnostics, with its place. */
import { type Address, parseAddress } from '../address/address.js';
import { Faults } from '../check/reading.js';
import { type Entry, type Mapping, type Tree } from '../check/tree.js';
import { readYaml } from '../check/yaml.js';
import type { Diagnostics } from '../source/diagnostic.js';
import type { SourceText } from '../source/source.js';
import { Fields } from './fields.js';
import { readBalancer, readNodeName, readSegment, readVpc } from './read-network.js';
import type { ClusterSpec, EniSpec, NodeSpec, PodSpec } from './spec.js';

export const CLUSTER_KEYS = ['nodes', 'pods', 'vpc', 'segments', 'balancers', 'outside'] as const;
export const NODE_KEYS = ['snapshot', 'enis', 'source-check'] as const;
export const POD_KEYS = ['node', 'address'] as const;

/** A host of the internet, where the file names none (TEST-NET-2, RFC 5737). */
const OUTSIDE = parseAddress('198.51.100.7') ?? 0;

/** Longer files nobody wrote; the reader of YAML would be busy with one for long. */
const MOST_CHARACTERS = 1_000_000;

/** More nodes than that are no cluster that somebody wrote down. */
const MOST_NODES = 1000;

function readEnis(map: Mapping, fields: Fields): readonly EniSpec[] {
  return fields.entries(map, 'enis').map(({ key, value }) => {
    const list = fields.faults.list(value, key);
    const addresses = (list?.items ?? []).flatMap((item) => fields.prefix(item, key) ?? []);
    return { device: key, addresses };
  });
}

function readNode({ key, value }: Entry, fields: Fields): NodeSpec | null {
  const { faults } = fields;
  if (value.kind === 'scalar') {
    const path = faults.text(value, key);
    return path === null ? null : { name: key, path, span: value.span, enis: [], sourceCheck: true };
  }
  const map = faults.map(value, key);
  if (map === null) return null;
  faults.keys(map, NODE_KEYS);
  const snapshot = fields.demanded(map, 'snapshot', 'node');
  const path = snapshot === null ? null : faults.text(snapshot, 'snapshot');
  const enis = readEnis(map, fields);
  const sourceCheck = fields.yes(map, 'source-check', true);
  if (snapshot === null || path === null) return null;
  return { name: key, path, span: snapshot.span, enis, sourceCheck };
}

function readPod({ key, value }: Entry, nodes: ReadonlySet<string>, fields: Fields): PodSpec | null {
  const { faults } = fields;
  const map = faults.map(value, key);
  if (map === null) return null;
  faults.keys(map, POD_KEYS);
  const on = fields.demanded(map, 'node', 'pod');
  const at = fields.demanded(map, 'address', 'pod');
  const node = on === null ? null : readNodeName(on, 'node', nodes, fields);
  const address = at === null ? null : fields.address(at, 'address');
  return node === null || address === null ? null : { name: key, node, address };
}

/** Two pods cannot have one address. */
function tellTwice(pods: readonly PodSpec[], entries: readonly Entry[], fields: Fields): void {
  const first = new Map<Address, string>();
  const places = new Map(entries.map(({ key, keySpan }) => [key, keySpan]));
  for (const { name, address } of pods) {
    const other = first.get(address);
    const place = places.get(name);
    if (other !== undefined && place !== undefined)
      fields.faults.tell('CLUSTER_ADDRESS_TWICE', place, { name, other });
    else first.set(address, name);
  }
}

/** @returns what could be read; use it only where there is no error among the diagnostics */
export function readCluster(path: string, source: SourceText, diagnostics: Diagnostics): ClusterSpec {
  const faults = new Faults(diagnostics);
  const fields = new Fields(faults);
  const empty: ClusterSpec = {
    path,
    ...{ nodes: [], pods: [], vpc: null, segments: [], balancers: [], outside: OUTSIDE },
  };
  const before = diagnostics.list.length;
  if (source.text.length > MOST_CHARACTERS) {
    faults.tell('CLUSTER_LARGE', { source, start: 0, end: 1 }, { most: MOST_CHARACTERS });
    return empty;
  }
  const tree: Tree | null = readYaml(source, diagnostics);
  if (tree === null) {
    const span = { source, start: 0, end: 1 };
    if (diagnostics.list.length === before)
      faults.tell('CLUSTER_MISSING', span, { key: 'nodes', of: 'cluster' });
    return empty;
  }
  const map = faults.map(tree, 'cluster');
  if (map === null) return empty;
  faults.keys(map, CLUSTER_KEYS);
  fields.demanded(map, 'nodes', 'cluster');
  const listed = fields.entries(map, 'nodes');
  const tooMany = listed[MOST_NODES];
  if (tooMany !== undefined) faults.tell('CLUSTER_MANY', tooMany.keySpan, { most: MOST_NODES });
  // None of too many: nobody should wait until all of them are loaded, to be told that they are too many.
  const nodes = tooMany === undefined ? listed.flatMap((entry) => readNode(entry, fields) ?? []) : [];
  const names = new Set(listed.map(({ key }) => key));
  const podEntries = fields.entries(map, 'pods');
  const pods = podEntries.flatMap((entry) => readPod(entry, names, fields) ?? []);
  tellTwice(pods, podEntries, fields);
  const vpc = fields.optional(map, 'vpc');
  const outside = fields.optional(map, 'outside');
  return {
    path,
    nodes,
    pods,
    vpc: vpc === null ? null : readVpc(vpc, fields),
    segments: fields.entries(map, 'segments').flatMap((entry) => readSegment(entry, names, fields) ?? []),
    balancers: fields.entries(map, 'balancers').flatMap((entry) => readBalancer(entry, names, fields) ?? []),
    outside: (outside === null ? null : fields.address(outside, 'outside')) ?? OUTSIDE,
  };
}
