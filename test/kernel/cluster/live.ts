/** A cluster that lives while packets are sent through it; what leaves its nodes is watched. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { scratchFolder } from '../adapter/scratch.js';
import { type Topology, scriptOf } from './topology.js';

/** Reads a command a line, runs it, and says when it has ended. */
const LOOP = `echo ready
while IFS= read -r line; do eval "$line"; echo; echo done-$?; done
`;

export class LiveCluster {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #folder: string;
  readonly #nodes: readonly string[];
  #lines: string[] = [];
  #wake: (() => void) | null = null;
  #errors = '';

  private constructor(topology: Topology) {
    mkdirSync('/run/netns', { recursive: true });
    this.#folder = scratchFolder('cluster');
    this.#nodes = topology.nodes;
    const script = join(this.#folder, 'cluster.sh');
    writeFileSync(script, `${scriptOf(topology)}${LOOP}`);
    this.#child = spawn('unshare', ['--mount', '--propagation', 'private', 'bash', script], {
      env: { ...process.env, LC_ALL: 'C', TMPDIR: this.#folder },
    });
    this.#child.stderr.on('data', (data: Buffer) => (this.#errors += data.toString()));
    createInterface({ input: this.#child.stdout }).on('line', (line) => {
      this.#lines.push(line);
      this.#wake?.();
    });
    this.#child.on('close', () => this.#wake?.());
  }

  /** What the tools complained about. */
  get said(): string {
    return this.#errors.replace(/^\f\w+\n/gm, '');
  }

  static async start(topology: Topology): Promise<LiveCluster> {
    const cluster = new LiveCluster(topology);
    await cluster.#until((line) => line === 'ready');
    return cluster;
  }

  /** The lines up to one. */
  async #until(ends: (line: string) => boolean): Promise<readonly string[]> {
    for (;;) {
      const at = this.#lines.findIndex(ends);
      if (at >= 0) return this.#lines.splice(0, at + 1);
      if (this.#child.exitCode !== null) throw new Error(`the cluster ended\n${this.#errors}`);
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  /** What a command of the shell prints. */
  async run(command: string): Promise<readonly string[]> {
    this.#child.stdin.write(`${command}\n`);
    return this.#until((line) => line.startsWith('done-'));
  }

  /**
   * `NODE DEVICE SRC > DST` of each IPv4 packet that leaves a node while a command runs in a namespace, ports left out.
   * @param filter of tcpdump
   */
  async seen(namespace: string, command: string, filter: string): Promise<readonly string[]> {
    const file = (node: string): string => join(this.#folder, `seen-${node}`);
    await this.run(`rm -f ${this.#nodes.map((node) => `${file(node)}.err`).join(' ')}`);
    const started = this.#nodes.map(
      (node) =>
        `ip netns exec node-${node} tcpdump -l -nn -Q out -i any '${filter}' > ${file(node)} 2>${file(node)}.err & `,
    );
    // Every tcpdump has said that it listens before the packet is sent.
    const ready = this.#nodes.map(
      (node) => `until grep -qs listening ${file(node)}.err; do sleep 0.1; done; `,
    );
    await this.run(
      `${started.join('')} ${ready.join('')} ip netns exec ${namespace} ${command} >/dev/null 2>&1; sleep 0.4; kill $(jobs -p); wait 2>/dev/null`,
    );
    const lines: string[] = [];
    for (const node of this.#nodes) {
      const text = await this.run(`cat ${file(node)}`);
      for (const line of text) {
        const [, device = '', src = '', dst = ''] = /^\S+ (\S+)\s+Out IP (\S+) > ([^:]+):/.exec(line) ?? [];
        if (device !== '') lines.push(`${node} ${device} ${address(src)} > ${address(dst)}`);
      }
    }
    return lines;
  }

  async stop(): Promise<void> {
    this.#child.stdin.end();
    await new Promise((resolve) => this.#child.on('close', resolve));
    rmSync(this.#folder, { recursive: true });
  }
}

/** Of `ADDRESS.PORT` the address. */
const address = (end: string): string => end.split('.').slice(0, 4).join('.');
