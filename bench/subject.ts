/** Nodes as folders of dumps, made when they are first asked for and gone when the run ends. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LargeNodeOptions, largeNode } from './kube-proxy.js';
import type { Cluster } from './node/cluster.js';
import { type BenchPacket, packetsOf, printPackets } from './node/packets.js';

export interface Subject {
  readonly cluster: Cluster;
  /** The folder of its dumps. */
  readonly folder: string;
  readonly save: string;
  /** A batch of so many packets. */
  packets(count: number): string;
  /** The packets themselves. */
  list(count: number): readonly BenchPacket[];
}

let folder: string | null = null;
const made = new Map<string, Subject>();

function home(): string {
  if (folder === null) {
    const own = mkdtempSync(join(tmpdir(), `natwalk-bench-${String(process.pid)}-`));
    process.on('exit', () => {
      rmSync(own, { recursive: true, force: true });
    });
    folder = own;
  }
  return folder;
}

/** A file of the run. */
export function scratchFile(name: string, text: string): string {
  const path = join(home(), name);
  writeFileSync(path, text);
  return path;
}

/** The node of these options. */
export function subjectOf(options: LargeNodeOptions): Subject {
  const key = JSON.stringify(options);
  const known = made.get(key);
  if (known !== undefined) return known;
  const name = `node-${String(made.size)}`;
  const { cluster, files } = largeNode(options);
  mkdirSync(join(home(), name));
  for (const file of files) scratchFile(join(name, file.name), file.text);
  const batches = new Map<number, string>();
  const subject: Subject = {
    cluster,
    folder: join(home(), name),
    save: join(home(), name, 'iptables-save.txt'),
    packets(count) {
      const had = batches.get(count);
      if (had !== undefined) return had;
      const path = scratchFile(`${name}-${String(count)}.jsonl`, printPackets(packetsOf(cluster, count)));
      batches.set(count, path);
      return path;
    },
    list: (count) => packetsOf(cluster, count),
  };
  made.set(key, subject);
  return subject;
}
