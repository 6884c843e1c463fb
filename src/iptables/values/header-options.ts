/** -m hbh and -m dst: the options that an IPv6 extension header carries, one match with two names. */
import { BadValue, type MatchExtension, type ValueType, defineMatch, printOptions } from '../extension.js';
import { HEADER } from './extension-header.js';
import { headerFits, lacksHeader } from './header-match.js';
import { integer, parseNumber } from './number.js';

const MAX = 0xffffffff;
/** IP6T_OPTS_OPTSNR. */
const MOST = 16;
/** A length of 255 stands for any. */
const ANY_LENGTH = 255;

interface Option {
  readonly type: number;
  readonly length: number;
}

function readByte(word: string): number | null {
  const value = parseNumber(word);
  return value === null || value > MAX ? null : value & 255;
}

/** `TYPE[:LENGTH],…`. The tool keeps the low byte of both numbers, and takes no length for the sixteenth. */
const optionList: ValueType<readonly Option[]> = {
  words: 1,
  parse([word = '']) {
    const parts = word.split(',');
    if (parts.length > MOST) return new BadValue('VAL_TOO_MANY', { max: MOST });
    const list: Option[] = [];
    for (const part of parts) {
      const colon = part.indexOf(':');
      const type = readByte(colon < 0 ? part : part.slice(0, colon));
      const length = colon < 0 ? ANY_LENGTH : readByte(part.slice(colon + 1));
      // Padding of one byte has no length.
      if (type === null || length === null || (colon >= 0 && (type === 0 || list.length === MOST - 1)))
        return new BadValue('VAL_HEADER_OPTION', { text: part });
      list.push({ type, length });
    }
    return list;
  },
  print: (list) =>
    list
      .map(({ type, length }) => `${String(type)}${length === ANY_LENGTH ? '' : `:${String(length)}`}`)
      .join(','),
};

/** The match of one of the two headers. */
export function headerOptionsMatch(name: 'hbh' | 'dst'): MatchExtension {
  const header =
    name === 'hbh'
      ? { name: 'hop-by-hop options', number: HEADER.hop }
      : { name: 'destination options', number: HEADER.destination };
  const options = {
    length: { flag: `--${name}-len`, value: integer(0, MAX), invert: true },
    list: { flag: `--${name}-opts`, value: optionList },
  } as const;
  return defineMatch({
    name,
    families: [6],
    kernel: 'net/ipv6/netfilter/ip6t_hbh.c hbh_mt6',
    missing: 'what is in the header is an open question',
    options,
    evaluate: (values, packet) => headerFits(header, printOptions(options, values, 6), packet),
    explain: () => lacksHeader(header),
  });
}
