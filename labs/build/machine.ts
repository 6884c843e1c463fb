/** A node while it is built: its namespace, those of its pods, and what the tools are told. */
import { spawnSync } from 'node:child_process';
import { Namespace, command } from '../../scripts/capture/namespace.mjs';
import type { Rules, TableRules } from './describe.js';
import { namespaceName } from './names.js';

const TABLES = ['raw', 'mangle', 'nat', 'filter'] as const;

/** Several agents' rules as the input of one restore. */
export function restoreText(
  agents: readonly Rules[],
  policies: Readonly<Record<string, string>> = {},
): string {
  return TABLES.flatMap((table): readonly string[] => {
    const parts: readonly TableRules[] = agents.flatMap((agent) => agent[table] ?? []);
    const policy = table === 'filter' ? Object.entries(policies) : [];
    if (parts.length === 0 && policy.length === 0) return [];
    return [
      `*${table}`,
      ...policy.map(([chain, word]) => `:${chain} ${word} [0:0]`),
      ...[...new Set(parts.flatMap(({ chains }) => chains))].map((chain) => `:${chain} - [0:0]`),
      ...parts.flatMap(({ rules }) => rules),
      ...['COMMIT', ''],
    ];
  }).join('\n');
}

/** A namespace of the node's, and further ones of its pods; all go when it is done. */
export class Machine {
  readonly node: Namespace = new Namespace('node');
  readonly #pods: Namespace[] = [];
  /** Processes that keep namespaces without names. */
  readonly #holders: number[] = [];

  /** The namespace of a pod. */
  pod(name: string): Namespace {
    const made = new Namespace(namespaceName(name));
    this.#pods.push(made);
    return made;
  }

  /** A cable to a pod: `device` here, `eth0` there. */
  cable(device: string, pod: Namespace, options: { readonly here: string; readonly there: string }): void {
    this.node.ip([
      `link add ${device} ${options.here} type veth peer name eth0 ${options.there} netns ${pod.name}`,
      `link set ${device} up`,
    ]);
    pod.ip(['link set lo up', 'link set eth0 up']);
  }

  /** A command line, as somebody types it on the node. */
  typed(line: string): void {
    this.node.run('sh', ['-ec', line]);
  }

  /** Takes a namespace's name away, as namespaces of containers have none; a process of ours keeps it alive. */
  unname(namespace: Namespace): void {
    const { name } = namespace;
    const line = `ip netns exec ${name} sleep 600 >/dev/null 2>&1 & echo $!`;
    const id = spawnSync('sh', ['-c', line], { encoding: 'utf8' }).stdout.trim();
    while (!command('ip', ['netns', 'pids', name]).split('\n').includes(id)) continue;
    this.#holders.push(Number(id));
    this.#pods.splice(this.#pods.indexOf(namespace), 1);
    namespace.remove();
  }

  remove(): void {
    for (const namespace of [this.node, ...this.#pods]) namespace.remove();
    for (const id of this.#holders) process.kill(id);
  }
}
