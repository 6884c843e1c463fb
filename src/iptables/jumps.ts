/** The jumps of a table, all of them, without reading the rules of a large save. */
import { eachJump } from './digest.js';
import type { Table } from './model.js';
import { OutlinedChains } from './read/outlined-chains.js';

/** Takes a jump: the chain that it stands in, its index there, and the chain that it leads to. */
export type TellJump = (from: string, index: number, to: string) => void;

/** Tells of each rule of a table that jumps or goes to a chain of it. */
export function eachJumpOf({ chains }: Pick<Table, 'chains'>, tell: TellJump): void {
  if (chains instanceof OutlinedChains) {
    chains.eachJump(tell);
    return;
  }
  for (const chain of chains.values())
    eachJump(chain, (to, index) => {
      tell(chain.name, index, to);
    });
}
