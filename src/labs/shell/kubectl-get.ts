/** `kubectl get`: the lab's pods, services, endpoints and nodes in kubectl's columns (pkg/printers/internalversion/printers.go). */
import { formatAddress, parseAddress } from '../../address/address.js';
import type { LabPod, LabService } from '../lab.js';
import { byText, endpointsOf } from './endpoints.js';
import { type Call, NOTHING, type Output, lines, refuse, unknownOption } from './output.js';

interface Asked {
  readonly kinds: readonly string[];
  readonly name: string | null;
  readonly wide: boolean;
  readonly headers: boolean;
  /** Null: all. */
  readonly namespace: string | null;
}

function read(words: readonly string[], known: string): Asked {
  let [wide, headers, namespace]: [boolean, boolean, string | null] = [false, true, 'default'];
  const rest: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    const output =
      word === '-o' || word === '--output' ? words[(at += 1)] : /^(?:-o=?|--output=)(\w+)$/.exec(word)?.[1];
    if (output !== undefined) {
      if (output !== 'wide') throw unknownOption('kubectl get', `-o ${output}`, known);
      wide = true;
    } else if (word === '-n' || word === '--namespace') namespace = words[(at += 1)] ?? 'default';
    else if (word === '-A' || word === '--all-namespaces') namespace = null;
    else if (word === '--no-headers') headers = false;
    else if (word.startsWith('-')) throw unknownOption('kubectl get', word, known);
    else rest.push(word);
  }
  const [kinds = '', name = null] = rest;
  return { kinds: kinds.split(','), name, wide, headers, namespace };
}

/** Columns with three blanks between them, as kubectl and docker print tables. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  headers: boolean,
): Output {
  const all = headers ? [head, ...rows] : rows;
  const widths = head.map((_, at) => Math.max(...all.map((row) => row[at]?.length ?? 0)));
  return lines(
    all.map((row) =>
      row.map((cell, at) => (at === row.length - 1 ? cell : cell.padEnd(widths[at] ?? 0))).join('   '),
    ),
  );
}

/** A kind of object, as its table is printed. */
interface Kind {
  /** What stands before a name where several kinds are asked for. */
  readonly prefix: string;
  /** As the API server calls them. */
  readonly plural: string;
  readonly head: readonly string[];
  readonly wide: readonly string[];
  /** Of an object that is in no namespace, null. */
  rows(call: Call): readonly Row[];
}

interface Row {
  readonly namespace: string | null;
  /** The name first. */
  readonly cells: readonly [string, ...string[]];
  readonly wide: readonly string[];
}

const PODS: Kind = {
  ...{ prefix: 'pod', plural: 'pods', head: ['NAME', 'READY', 'STATUS', 'RESTARTS', 'AGE'] },
  wide: ['IP', 'NODE', 'NOMINATED NODE', 'READINESS GATES'],
  rows: ({ shell }) =>
    shell.world.pods.map(({ name, namespace, address, node }: LabPod): Row => ({
      namespace,
      cells: [name, '1/1', 'Running', '0', '1h'],
      wide: [formatAddress(address), shell.hostOf(node), '<none>', '<none>'],
    })),
};

function serviceRow({ name, namespace, type, address, external, ports }: LabService): Row {
  const outside = external ?? (type === 'LoadBalancer' ? '<pending>' : '<none>');
  return {
    namespace,
    cells: [name, type, address, outside, ports.join(','), '1h'],
    wide: [`app=${name}`],
  };
}

const SERVICES: Kind = {
  ...{ prefix: 'service', plural: 'services' },
  head: ['NAME', 'TYPE', 'CLUSTER-IP', 'EXTERNAL-IP', 'PORT(S)', 'AGE'],
  wide: ['SELECTOR'],
  rows: ({ shell }) => shell.world.services.map(serviceRow),
};

/** More endpoints than these are only counted (formatEndpoints). */
const MOST_ENDPOINTS = 3;

function endpointsText(all: readonly string[]): string {
  if (all.length === 0) return '<none>';
  const text = all.slice(0, MOST_ENDPOINTS).join(',');
  const more = all.length - MOST_ENDPOINTS;
  return more > 0 ? `${text} + ${String(more)} more...` : text;
}

const ENDPOINTS: Kind = {
  ...{ prefix: 'endpoints', plural: 'endpoints', head: ['NAME', 'ENDPOINTS', 'AGE'], wide: [] },
  rows: ({ shell }) =>
    shell.world.services.map((service): Row => ({
      namespace: service.namespace,
      cells: [service.name, endpointsText(endpointsOf(service, shell.machines)), '1h'],
      wide: [],
    })),
};

/** What a node's status does not say. */
const UNKNOWN = '<unknown>';

const NODES: Kind = {
  ...{ prefix: 'node', plural: 'nodes', head: ['NAME', 'STATUS', 'ROLES', 'AGE', 'VERSION'] },
  wide: ['INTERNAL-IP', 'EXTERNAL-IP', 'OS-IMAGE', 'KERNEL-VERSION', 'CONTAINER-RUNTIME'],
  rows: ({ shell }) =>
    shell.nodeNames.map((name): Row => {
      const own = shell.addressOf(name);
      const address = own === null ? null : parseAddress(own);
      const outside = address === null ? undefined : shell.world.public?.get(address);
      return {
        namespace: null,
        cells: [shell.hostOf(name), 'Ready', '<none>', '1h', UNKNOWN],
        wide: [
          ...[own ?? '<none>', outside === undefined ? '<none>' : formatAddress(outside)],
          ...[UNKNOWN, UNKNOWN, UNKNOWN],
        ],
      };
    }),
};

const KINDS: ReadonlyMap<string, Kind> = new Map([
  ...['pod', 'pods', 'po'].map((name) => [name, PODS] as const),
  ...['svc', 'service', 'services'].map((name) => [name, SERVICES] as const),
  ...['ep', 'endpoints'].map((name) => [name, ENDPOINTS] as const),
  ...['node', 'nodes', 'no'].map((name) => [name, NODES] as const),
]);

/** The API server lists by namespace, and by name within it. */
const keyOf = ({ namespace, cells }: Row): string => `${namespace ?? ''}/${cells[0]}`;

/** One kind's table; null where there is nothing of it. */
function listed(kind: Kind, asked: Asked, isAmong: boolean, call: Call): Output | null {
  const { name, namespace, wide, headers } = asked;
  const chosen = kind
    .rows(call)
    .filter(
      (row) =>
        (namespace === null || row.namespace === null || row.namespace === namespace) &&
        (name === null || row.cells[0] === name),
    )
    .sort((one, two) => byText(keyOf(one), keyOf(two)));
  if (chosen.length === 0)
    return name === null ? null : refuse(`Error from server (NotFound): ${kind.plural} "${name}" not found`);
  const inColumns = (of: string | null, cells: readonly string[], more: readonly string[]): string[] => [
    ...(namespace === null && of !== null ? [of] : []),
    ...cells,
    ...(wide ? more : []),
  ];
  return table(
    inColumns(kind === NODES ? null : 'NAMESPACE', kind.head, kind.wide),
    chosen.map((row) => {
      const [own, ...rest] = row.cells;
      return inColumns(row.namespace, [isAmong ? `${kind.prefix}/${own}` : own, ...rest], row.wide);
    }),
    headers,
  );
}

/** `kubectl get KIND[,KIND…] [NAME]`; several tables have an empty line between them. */
export function get(words: readonly string[], call: Call, known: string): Output {
  const asked = read(words, known);
  const kinds = asked.kinds.map((word) => {
    const kind = KINDS.get(word);
    if (kind === undefined) throw unknownOption('kubectl get', word, known);
    return kind;
  });
  const tables = kinds.flatMap((kind) => listed(kind, asked, kinds.length > 1, call) ?? []);
  if (tables.length === 0)
    return refuse(
      asked.namespace === null || kinds.includes(NODES)
        ? 'No resources found'
        : `No resources found in ${asked.namespace} namespace.`,
      0,
    );
  const printed = tables.filter(({ out }) => out !== '');
  return {
    ...NOTHING,
    out: printed.map(({ out }) => out).join('\n'),
    err: tables.map(({ err }) => err).join(''),
    status: Math.max(...tables.map(({ status }) => status)),
  };
}
