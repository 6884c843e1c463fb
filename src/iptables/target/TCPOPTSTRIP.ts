import { type TargetExtension, type ValueType, BadValue, defineTarget } from '../extension.js';
import { parseNumber } from '../values/number.js';

const NAMES: ReadonlyMap<string, number> = new Map([
  ['mss', 2],
  ['wscale', 3],
  ['sack-permitted', 4],
  ['sack', 5],
  ['timestamp', 8],
  ['md5', 19],
]);

/** Numbers or names of TCP options, each once; printed as numbers in order. 0 and 1 are padding. */
const tcpOptions: ValueType<readonly number[]> = {
  words: 1,
  parse([word = '']) {
    const kinds = word.split(',').map((part) => NAMES.get(part) ?? parseNumber(part) ?? 0);
    const good = kinds.every((kind, at) => kind >= 2 && kind <= 255 && kinds.indexOf(kind) === at);
    return good ? kinds.toSorted((a, b) => a - b) : new BadValue('VAL_TCP_OPTIONS', { text: word });
  },
  print: (kinds) => kinds.join(','),
};

const target: TargetExtension = defineTarget({
  name: 'TCPOPTSTRIP',
  kernel: 'net/netfilter/xt_TCPOPTSTRIP.c tcpoptstrip_tg4, tcpoptstrip_tg6',
  placement: { tables: ['mangle'] },
  protocols: [6],
  inert: true,
  options: { strip: { flag: '--strip-options', value: tcpOptions } },
  apply: () => 'continue',
});
export default target;
