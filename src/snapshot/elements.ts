/** Where the elements of a set stand in a text. */
import type { Kind } from './command.js';
import { namedByBanner } from './loop.js';
import { headingOf } from './prompt.js';

/** The elements of a set, below `Members:`: an address alone would be a route, and a hardware address is nothing else. */
export class Elements {
  #isWithin = false;

  /** Is the line an element? It then says nothing else, unless it is a prompt or a line that names a command. */
  has(line: string, kind: Kind | null): boolean {
    if (!this.#isWithin) {
      this.#isWithin = kind === 'ipset list' && /^Members:\s*$/.test(line);
      return false;
    }
    const heading = headingOf(line);
    // One word is the name of a set in a list of sets.
    const isElse = heading !== null && (heading.prompt !== '' || /\s/.test(heading.command));
    this.#isWithin =
      line.trim() !== '' && !line.startsWith('Name: ') && !isElse && namedByBanner(line, null) === null;
    return this.#isWithin;
  }
}
