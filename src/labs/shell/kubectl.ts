/** `kubectl` on the emulated node: the lab's pods and services, and commands in a pod's namespace. */
import { formatAddress } from '../../address/address.js';
import type { LabPod, LabService, LabWorld } from '../lab.js';
import { type Call, type Output, lines, refuse, unknownOption } from './output.js';

const KNOWN = 'get pod|svc|node [-o wide] [-n NAMESPACE | -A], exec [-it] POD -- COMMAND';

interface Asked {
  readonly kind: string;
  readonly name: string | null;
  readonly wide: boolean;
  readonly headers: boolean;
  /** Null: all. */
  readonly namespace: string | null;
}

function read(words: readonly string[]): Asked {
  let [wide, headers, namespace]: [boolean, boolean, string | null] = [false, true, 'default'];
  const rest: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    const output =
      word === '-o' || word === '--output' ? words[(at += 1)] : /^(?:-o=?|--output=)(\w+)$/.exec(word)?.[1];
    if (output !== undefined) {
      if (output !== 'wide') throw unknownOption('kubectl get', `-o ${output}`, KNOWN);
      wide = true;
    } else if (word === '-n' || word === '--namespace') namespace = words[(at += 1)] ?? 'default';
    else if (word === '-A' || word === '--all-namespaces') namespace = null;
    else if (word === '--no-headers') headers = false;
    else if (word.startsWith('-')) throw unknownOption('kubectl get', word, KNOWN);
    else rest.push(word);
  }
  const [kind = '', name = null] = rest;
  return { kind, name, wide, headers, namespace };
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

function podRow({ name, address, node }: LabPod, wide: boolean, host: (node: string) => string): string[] {
  const short = [name, '1/1', 'Running', '0', '1h'];
  return wide ? [...short, formatAddress(address), host(node), '<none>', '<none>'] : short;
}

function pods({ pods: all }: LabWorld, asked: Asked, host: (node: string) => string): Output {
  const { wide, headers, name, namespace } = asked;
  const chosen = all.filter(
    (pod) => (namespace === null || pod.namespace === namespace) && (name === null || pod.name === name),
  );
  if (name !== null && chosen.length === 0)
    return refuse(`Error from server (NotFound): pods "${name}" not found`);
  if (chosen.length === 0)
    return refuse(
      namespace === null ? 'No resources found' : `No resources found in ${namespace} namespace.`,
      0,
    );
  const head = [
    'NAME',
    'READY',
    'STATUS',
    'RESTARTS',
    'AGE',
    ...(wide ? ['IP', 'NODE', 'NOMINATED NODE', 'READINESS GATES'] : []),
  ];
  const column = (row: string[], of: string): string[] => (namespace === null ? [of, ...row] : row);
  return table(
    column(head, 'NAMESPACE'),
    chosen.map((pod) => column(podRow(pod, wide, host), pod.namespace)),
    headers,
  );
}

function serviceRow({ name, type, address, external, ports }: LabService, wide: boolean): string[] {
  const outside = external ?? (type === 'LoadBalancer' ? '<pending>' : '<none>');
  return [name, type, address, outside, ports.join(','), '1h', ...(wide ? [`app=${name}`] : [])];
}

function services({ services: all }: LabWorld, { wide, headers, name, namespace }: Asked): Output {
  const chosen = all.filter(
    (one) => (namespace === null || one.namespace === namespace) && (name === null || one.name === name),
  );
  if (name !== null && chosen.length === 0)
    return refuse(`Error from server (NotFound): services "${name}" not found`);
  const head = ['NAME', 'TYPE', 'CLUSTER-IP', 'EXTERNAL-IP', 'PORT(S)', 'AGE', ...(wide ? ['SELECTOR'] : [])];
  const column = (row: string[], of: string): string[] => (namespace === null ? [of, ...row] : row);
  return table(
    column(head, 'NAMESPACE'),
    chosen.map((one) => column(serviceRow(one, wide), one.namespace)),
    headers,
  );
}

function nodes(call: Call, { headers, wide }: Asked): Output {
  const { shell } = call;
  const rows = shell.nodeNames.map((name) => [
    ...[shell.hostOf(name), 'Ready', '<none>', '1h'],
    ...(wide ? [shell.addressOf(name) ?? '<none>'] : []),
  ]);
  return table(['NAME', 'STATUS', 'ROLES', 'AGE', ...(wide ? ['INTERNAL-IP'] : [])], rows, headers);
}

/** `kubectl exec [-it] POD [-n NS] -- COMMAND`. */
function exec(words: readonly string[], call: Call): Output {
  const at = words.indexOf('--');
  const before = (at < 0 ? words : words.slice(0, at)).filter(
    (word) => !/^-(?:i|t|it|ti)$|^--(?:stdin|tty)$/.test(word),
  );
  const [target = '', ...rest] = before;
  const name = target.replace(/^pods?\//, '');
  const namespace = rest[0] === '-n' ? (rest[1] ?? 'default') : 'default';
  const command = at < 0 ? rest : words.slice(at + 1);
  const pod = call.shell.world.pods.find(
    (one) => one.name === name && (rest[0] !== '-n' || one.namespace === namespace),
  );
  if (pod === undefined) return refuse(`Error from server (NotFound): pods "${name}" not found`);
  if (command.length === 0) return refuse('error: you must specify at least one command for the container');
  return call.shell.inPod(pod, command, call.stdin);
}

/** `kubectl get … | exec …`. */
export function kubectl(words: readonly string[], call: Call): Output {
  const [verb = '', ...rest] = words;
  if (verb === 'exec') return exec(rest, call);
  if (verb !== 'get') throw unknownOption('kubectl', words.join(' '), KNOWN);
  const asked = read(rest);
  const { shell } = call;
  switch (asked.kind) {
    case 'pod':
    case 'pods':
    case 'po':
      return pods(shell.world, asked, (node) => shell.hostOf(node));
    case 'svc':
    case 'service':
    case 'services':
      return services(shell.world, asked);
    case 'node':
    case 'nodes':
    case 'no':
      return nodes(call, asked);
    default:
      throw unknownOption('kubectl get', asked.kind, KNOWN);
  }
}
