/** Words of the views that are in the form of other tools. */
import type { Catalogue } from '../catalogue.js';

export const views = {
  USAGE_BINARY: {
    text: '-o {format} is binary, and standard output is a terminal',
    why: 'a terminal shows the bytes of a capture as noise, or obeys them',
    do: 'redirect it, `> walk.pcapng`, or give it to another program, `| tcpdump -nn -r -`',
  },
  USAGE_ONE_WALK: {
    text: '-o {format} is the picture of one packet',
    why: 'the pictures of a batch under one another are no file that a program could draw',
    do: 'give the packet by --from and --to, or choose another format',
  },
} as const satisfies Catalogue;
