/**
 * Builds every lab node with the real tools and keeps what they print, and the cluster files. Needs root, iproute2,
 * ipset and both iptables backends. `npm run labs:build -- [--into FOLDER] [NAME …]` builds those alone.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { enterPrivateMounts } from '../../scripts/capture/namespace.mjs';
import { buildAws } from './aws.js';
import type { LabNode } from './describe.js';
import { type Files, dump } from './dump.js';
import { buildHost, buildPod } from './host.js';
import { Machine } from './machine.js';
import { CLUSTERS, EXAMPLE } from './nodes/clusters.js';
import { NODES } from './nodes.js';
import { readme } from './readme.js';
import { clusterFile, writtenFiles } from './written.js';

function capture(described: LabNode): Files {
  const machine = new Machine();
  try {
    if (described.kind === 'aws') buildAws(machine, described);
    else if (described.kind === 'host') buildHost(machine, described);
    else buildPod(machine, described);
    for (const line of described.after ?? []) machine.typed(line);
    return { ...dump(machine, described), ...writtenFiles(described) };
  } finally {
    machine.remove();
  }
}

function put(folder: string, files: Files): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
}

function main(words: readonly string[]): void {
  const at = words.indexOf('--into');
  const root = at < 0 ? '.' : (words[at + 1] ?? '-');
  const wanted = words.filter((_, place) => at < 0 || (place !== at && place !== at + 1));
  const isWanted = (name: string): boolean => wanted.length === 0 || wanted.includes(name);
  const unknown = wanted.filter((name) => !Object.hasOwn(NODES, name));
  if (unknown.length > 0 || root.startsWith('-')) {
    const what = unknown.length > 0 ? `no lab node is called ${unknown.join(', ')}` : '--into wants a folder';
    process.stderr.write(`${what}; usage: npm run labs:build -- [--into FOLDER] [NAME ...]\n`);
    process.exitCode = 2;
    return;
  }
  const nodes = join(root, 'labs/nodes');
  const example = join(root, 'examples', EXAMPLE.name);
  for (const [name, described] of Object.entries(NODES)) {
    if (!isWanted(name)) continue;
    const files = capture(described);
    put(join(nodes, name), files);
    for (const [shown, from] of Object.entries(EXAMPLE.nodes))
      if (from === name) put(join(example, shown), files);
    process.stdout.write(`${name}: ${Object.keys(files).join(' ')}\n`);
  }
  for (const cluster of CLUSTERS) {
    const folder = join(nodes, cluster.name);
    const text = clusterFile(cluster, folder, (node) => join(nodes, node));
    put(folder, { 'cluster.yaml': text });
  }
  const shown = Object.fromEntries(Object.entries(EXAMPLE.nodes).map(([name, node]) => [node, name]));
  const text = clusterFile(EXAMPLE, example, (node) => join(example, shown[node] ?? ''));
  mkdirSync(example, { recursive: true });
  writeFileSync(join(example, 'cluster.yaml'), text);
  writeFileSync(join(nodes, 'README.md'), readme(nodes));
}

if (process.getuid?.() !== 0) {
  process.stderr.write(
    'Only root can make network namespaces; the captures in labs/nodes are there without.\n',
  );
  process.exit(2);
}
enterPrivateMounts();
main(process.argv.slice(2));
