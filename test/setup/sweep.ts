/** Before the kernel suite: what a killed run has left is removed. */
import { sweep } from '../kernel/adapter/scratch.js';

export default function setup(): void {
  sweep();
}
