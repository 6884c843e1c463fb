/** A command that the emulated node does not have: what bash says of it, and what may have been meant. */
import { distance } from '../../names/nearest.js';
import { Unknown } from './output.js';
import { COMMANDS } from './tools.js';

/** The known name that a slip of the keys away from it was written. Of short names (`ps`, `ls`) only swapped letters are one. */
function meant(name: string): string | undefined {
  const most = name.length < 5 ? 1 : 2;
  const near = COMMANDS.filter((known) =>
    name.length < 3
      ? [...known].reverse().join('') === name
      : Math.abs(known.length - name.length) <= most && distance(name, known) <= most,
  );
  return near.toSorted((a, b) => distance(name, a) - distance(name, b))[0];
}

export function notFound(command: string): Unknown {
  const near = meant(command);
  return near === undefined
    ? new Unknown('LAB_SH_NOT_FOUND', { command })
    : new Unknown('LAB_SH_NEAR', { command, near });
}
