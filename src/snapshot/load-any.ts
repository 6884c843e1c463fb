/** `loadNode` for programs: with every reader, that of YAML too. The command loads that one only when it meets YAML. */
import { readKubeYaml } from '../names/yaml.js';
import type { Node } from '../packet/node.js';
import { loadNode as load } from './load.js';
import type { SnapshotFile } from './places.js';

/**
 * Reads a snapshot: recognises each text, reads it, and puts the node together. Pure, and never throws: what could not
 * be read, what is missing and what disagrees is in `node.diagnostics`; READ_NOTHING among them means that there was
 * nothing to read at all.
 * @param name what you call the snapshot
 * @param files the texts in a stable order; names help only where a text does not tell what it is
 * @param which name of the node among several in the texts (`nodesOf`); left out: the main one, and READ_SEVERAL_NODES
 *   among the diagnostics when none of them clearly is
 */
export function loadNode(name: string, files: readonly SnapshotFile[], which?: string): Node {
  return load(name, files, which, readKubeYaml);
}
