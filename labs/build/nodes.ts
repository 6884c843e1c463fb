/** Every lab node, by the name of its folder. */
import type { LabNode } from './describe.js';
import { AWS_NODES } from './nodes/eks.js';
import { METAL_NODES } from './nodes/metal.js';

export const NODES: Readonly<Record<string, LabNode>> = { ...AWS_NODES, ...METAL_NODES };
