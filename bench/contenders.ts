/** The commands that are measured. */
import { join } from 'node:path';
import { CACHE } from './places.js';
import { type Command, type Cost, costOf } from './process-cost.js';
import type { Subject } from './subject.js';

/** Where scripts/bench.mjs builds the command. */
const COMMAND = join(CACHE, 'command/cli.cjs');

/** Node.js itself, as it is found on the path. */
const NODE = process.execPath;

export function natwalk(...words: readonly string[]): Command {
  return { words: [NODE, COMMAND, ...words] };
}

export const nothing: Command = { words: [NODE, '-e', '0'] };

export function restoreTest(variant: 'legacy' | 'nft', { save }: Subject): Command {
  return { words: [`iptables-${variant}-restore`, '--test', save], apart: true };
}

/** One packet of a pod to the first service that is no DNS. */
export function onePacket({ cluster, folder }: Subject): Command {
  const [pod] = cluster.pods;
  const service = cluster.services[2];
  if (pod === undefined || service === undefined) throw new RangeError('the node is too small');
  const to = `${service.address}:${String(service.port)}`;
  return natwalk('trace', folder, '--from', pod.address, '--to', to, '--proto', service.proto);
}

/** @param isDrawn one way of each packet, as the kernel takes one; otherwise all of them */
export function batch({ folder }: Subject, file: string, isDrawn = false): Command {
  return natwalk('trace', folder, '--batch', file, '--json', ...(isDrawn ? ['--seed', '1'] : []));
}

/** A contender of `rounds`. */
export function timing(command: Command): () => Cost {
  return () => costOf(command);
}
