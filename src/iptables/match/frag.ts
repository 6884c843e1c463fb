import {
  type Given,
  type MatchExtension,
  type RawValues,
  type Values,
  defineMatch,
  printOptions,
} from '../extension.js';
import { HEADER } from '../values/extension-header.js';
import { headerFits, lacksHeader } from '../values/header-match.js';
import { integer, looseSpan } from '../values/number.js';
import { flag } from '../values/text.js';

const MAX = 0xffffffff;
const HEADER_ASKED = { name: 'fragment', number: HEADER.fragment };

const options = {
  id: { flag: '--fragid', value: looseSpan(0, MAX), invert: true },
  length: { flag: '--fraglen', value: integer(0, MAX), invert: true },
  reserved: { flag: '--fragres', value: flag },
  first: { flag: '--fragfirst', value: flag },
  more: { flag: '--fragmore', value: flag, excludes: ['last'] },
  last: { flag: '--fraglast', value: flag },
} as const;

/** A span of all ids is not printed, inverted or not. */
function print({ id, ...rest }: Values<typeof options>): string {
  const everything = id?.value.from === 0 && id.value.to === MAX;
  return printOptions(options, id === undefined || everything ? rest : { id, ...rest }, 6);
}

/** What was given of some options. */
function given(some: Readonly<Record<string, Given<unknown> | undefined>>): RawValues {
  return Object.fromEntries(
    Object.entries(some).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
}

/** The kernel compares no length. */
const match: MatchExtension = defineMatch({
  name: 'frag',
  families: [6],
  kernel: 'net/ipv6/netfilter/ip6t_frag.c frag_mt6',
  missing: 'what is in a fragment header is an open question',
  options,
  evaluate: ({ id, reserved, first, more, last }, packet) =>
    headerFits(HEADER_ASKED, printOptions(options, given({ id, reserved, first, more, last }), 6), packet),
  explain: () => lacksHeader(HEADER_ASKED),
  print,
});
export default match;
