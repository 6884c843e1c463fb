/** `kubectl get pod,svc,endpointslice,node` as tables: with and without `-A`, `-o wide` and `pod/` before the names. */
import { type Address, parseAddress } from '../address/address.js';
import { protocolNumber } from '../address/protocols.js';
import type { SourceText, Span } from '../source/source.js';
import {
  type Endpoint,
  type KubeObject,
  type NameFinding,
  type PodState,
  type Service,
  type ServicePort,
  isName,
} from './model.js';
import { serviceOfSlice } from './objects.js';

/** The words of a table's head that tell natwalk something; other columns are passed over. */
const HEAD = /^(?:NAMESPACE[ \t]+)?NAME[ \t]+[A-Z]/;

/** Whether a line is the head of a table of kubectl's that natwalk reads or passes over. */
export function isTableHead(line: string): boolean {
  return HEAD.test(line) && /^[A-Z][A-Z0-9()/ \t-]{6,400}$/.test(line);
}

type Cells = ReadonlyMap<string, string>;

interface Head {
  readonly names: readonly string[];
  readonly starts: readonly number[];
}

/** The columns of a head, by where they begin. kubectl leaves three blanks between columns, never fewer than two. */
function headOf(line: string): Head {
  const found = [...line.matchAll(/\S+(?: \S+)*/g)];
  return { names: found.map(([name]) => name), starts: found.map(({ index }) => index) };
}

/** A row below its head: every column begins behind a blank. Null for a row that does not stand so. */
function alignedCells(line: string, { names, starts }: Head): Cells | null {
  // Blanks that a web page took away leave one long column.
  if (!names.includes('NAME')) return null;
  const cells = new Map<string, string>();
  for (const [place, name] of names.entries()) {
    const start = starts[place] ?? 0;
    if (start > 0 && start < line.length && line[start - 1] !== ' ') return null;
    if (start < line.length && line[start] === ' ') return null;
    // Behind the last column may be those whose heads the page broke off.
    const [cell = ''] = line
      .slice(start, starts[place + 1])
      .trim()
      .split(/ {2,}/, 1);
    cells.set(name, cell);
  }
  return cells;
}

/** Words of a row; `3 (5h ago)` is one. */
function wordsOf(line: string): string[] {
  return line
    .trim()
    .replace(/ \((\S{1,12}) ago\)/g, '')
    .split(/\s+/, 40);
}

const SERVICE_TYPES = new Set(['ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName']);

/**
 * A row by itself: its head was cut off (`| grep web`), or it does not stand below it. A pod has `1/1` behind its name, a
 * service its type, a node `Ready`.
 */
function shapedCells(line: string): Cells | null {
  const words = wordsOf(line);
  const ready = words.findIndex((word) => /^\d{1,4}\/\d{1,4}$/.test(word));
  const type = words.findIndex((word) => SERVICE_TYPES.has(word));
  const state = words.findIndex((word) => /^(?:Not)?Ready(?:,|$)/.test(word));
  const at = ready > 0 ? ready : type > 0 ? type : state;
  if (at < 1 || at > 2) return null;
  const cells = new Map([['NAME', words[at - 1] ?? '']]);
  if (at === 2) cells.set('NAMESPACE', words[0] ?? '');
  if (at === ready) {
    cells.set('READY', words[at] ?? '').set('STATUS', words[at + 1] ?? '');
    // NAME READY STATUS RESTARTS AGE IP NODE
    if (words.length > at + 5) cells.set('IP', words[at + 4] ?? '').set('NODE', words[at + 5] ?? '');
  } else if (at === type) {
    cells.set('TYPE', words[at] ?? '').set('CLUSTER-IP', words[at + 1] ?? '');
    cells.set('EXTERNAL-IP', words[at + 2] ?? '').set('PORT(S)', words[at + 3] ?? '');
  } else if (at === 1) {
    // NAME STATUS ROLES AGE VERSION INTERNAL-IP EXTERNAL-IP
    cells.set('ROLES', words[at + 1] ?? '').set('INTERNAL-IP', words[at + 4] ?? '');
    cells.set('EXTERNAL-IP', words[at + 5] ?? '');
  } else return null;
  return cells;
}

function addressesIn(cell: string | undefined): Address[] {
  return (cell ?? '').split(/[,\s]+/, 200).flatMap((word) => parseAddress(word) ?? []);
}

/** What is not there: `<none>`, `<pending>`, `<unset>`. */
function given(cell: string | undefined): string | null {
  return cell === undefined || cell === '' || cell.startsWith('<') ? null : cell;
}

/** Words of the STATUS column that only a pod has which holds its address no more. */
const ENDED = new Set([
  ...['Completed', 'Succeeded', 'Failed', 'Evicted', 'Preempting', 'Shutdown', 'Terminated', 'NodeShutdown'],
  ...['ContainerStatusUnknown', 'UnexpectedAdmissionError', 'NodeAffinity', 'DeadlineExceeded'],
]);
const UNSURE = /^(?:Error|OOMKilled|Unknown|ContainerCannotRun|StartError|ExitCode:\d+|Signal:\d+)$/;

function stateOf(status: string): PodState {
  if (ENDED.has(status)) return 'ended';
  return UNSURE.test(status) ? 'unsure' : 'running';
}

/** `80:32643/TCP,443/TCP`. */
function portsIn(cell: string): ServicePort[] {
  return [...cell.matchAll(/(\d{1,5})(?::(\d{1,5}))?\/([A-Z]{2,10})/g)].flatMap(
    ([, port, node, protocol]) => {
      const number = protocolNumber(protocol ?? '');
      return number === null
        ? []
        : [
            {
              name: null,
              protocol: number,
              port: Number(port),
              nodePort: node === undefined ? null : Number(node),
            },
          ];
    },
  );
}

interface Row {
  readonly namespace: string | null;
  readonly name: string;
  readonly cells: Cells;
  readonly span: Span;
}

function serviceOf({ namespace, name, cells, span }: Row): Service {
  const outside = addressesIn(cells.get('EXTERNAL-IP'));
  const balanced = cells.get('TYPE') === 'LoadBalancer';
  return {
    kind: 'service',
    namespace,
    name,
    clusterIps: addressesIn(cells.get('CLUSTER-IP')),
    headless: cells.get('CLUSTER-IP') === 'None',
    externalName: cells.get('TYPE') === 'ExternalName' ? given(cells.get('EXTERNAL-IP')) : null,
    externalIps: balanced ? [] : outside,
    balancerIps: balanced ? outside : [],
    ports: portsIn(cells.get('PORT(S)') ?? ''),
    span,
  };
}

/** `10.0.0.1:8080,[fd00::1]:8080 + 3 more...`; a slice has addresses alone. */
function endpointsOf({ namespace, name, cells, span }: Row): Endpoint[] {
  const service = cells.has('ADDRESSTYPE') ? serviceOfSlice(name) : name;
  return (cells.get('ENDPOINTS') ?? '').split(/[,\s]+/, 2000).flatMap((word) => {
    const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([\d.]+)):(\d{1,5})$/.exec(word) ?? [];
    const address = parseAddress(bracketed ?? plain ?? word);
    if (address === null) return [];
    const number = port === undefined ? null : Number(port);
    const common = { kind: 'endpoint', namespace, service, portName: null, pod: null, node: null } as const;
    return [{ ...common, address, port: number, protocol: null, span }];
  });
}

/** What a row stands for; nothing for deployments, namespaces and the rest of `kubectl get all`. */
function objectsOf(row: Row): readonly KubeObject[] {
  const { namespace, name, cells, span } = row;
  if (cells.has('CLUSTER-IP')) return [serviceOf(row)];
  if (cells.has('ENDPOINTS')) return endpointsOf(row);
  if (cells.has('ROLES')) {
    const addresses = [...addressesIn(cells.get('INTERNAL-IP')), ...addressesIn(cells.get('EXTERNAL-IP'))];
    return [{ kind: 'node', name, addresses, span }];
  }
  const state = cells.get('STATUS');
  if (cells.has('IP') || (cells.has('READY') && state !== undefined))
    return [
      {
        kind: 'pod',
        namespace,
        name,
        addresses: addressesIn(cells.get('IP')),
        node: given(cells.get('NODE')),
        hostNetwork: null,
        state: stateOf(state ?? ''),
        span,
      },
    ];
  return [];
}

/** A head that the page broke goes on with words that are heads too. */
function isRestOfHead(line: string): boolean {
  return /^ *(?:(?:NOMINATED NODE|READINESS GATES|SELECTOR|LABELS|OS-IMAGE|KERNEL-VERSION|CONTAINER-RUNTIME) *)+$/.test(
    line,
  );
}

/**
 * Reads the tables of a listing. A table ends at a blank line; rows without a head are read where their words tell what
 * they are. Rows that do not are findings only below a head, since anything may stand elsewhere. Never throws.
 * @param namespace of rows that do not say theirs (`-n kube-system`), or null
 */
export function readTables(
  source: SourceText,
  namespace: string | null,
): { readonly objects: readonly KubeObject[]; readonly findings: readonly NameFinding[] } {
  const objects: KubeObject[] = [];
  const findings: NameFinding[] = [];
  const { text } = source;
  let head: Head | null = null;
  for (let start = 0, end = 0; start < text.length; start = end + 1) {
    const newline = text.indexOf('\n', start);
    end = newline < 0 ? text.length : newline;
    const line = text.slice(start, Math.min(end, start + 20_000)).trimEnd();
    if (line === '') head = null;
    else if (isTableHead(line)) head = headOf(line);
    else if (!isRestOfHead(line)) {
      const cells = (head === null ? null : alignedCells(line, head)) ?? shapedCells(line);
      const name = cells?.get('NAME')?.replace(/^[a-z][a-z0-9.-]{1,100}\//, '') ?? '';
      const span = { source, start, end: start + line.length };
      if (cells !== null && isName(name))
        objects.push(
          ...objectsOf({ namespace: given(cells.get('NAMESPACE')) ?? namespace, name, cells, span }),
        );
      else if (head !== null)
        findings.push({ code: 'NAMES_ROW', start, end: start + line.length, params: {} });
    }
  }
  return { objects, findings };
}
