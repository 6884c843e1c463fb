/** ICMP and ICMPv6 types: a name, a number, or `TYPE/CODE`; always printed as numbers. */
import { BadValue, type ValueType } from '../extension.js';
import { parseNumber } from './number.js';

/** What --icmp-type and --icmpv6-type ask for. */
export interface IcmpType {
  readonly type: number;
  /** Null: every code. */
  readonly code: number | null;
}

/** A name stands for a type, or for a type with one code. */
export type IcmpNames = Readonly<Record<string, readonly [type: number, code?: number]>>;

function parseNumeric(word: string): IcmpType | null {
  const [left = '', right, ...rest] = word.split('/');
  const type = parseNumber(left);
  const code = right === undefined ? null : parseNumber(right);
  if (type === null || type > 255 || rest.length > 0) return null;
  if (right !== undefined && (code === null || code > 255)) return null;
  return { type, code };
}

/** A value type over a family's names; an unambiguous beginning of a name will do, in any case, as for the tool. */
export function icmpType(names: IcmpNames, print: (value: IcmpType) => string): ValueType<IcmpType> {
  return {
    words: 1,
    parse([word = '']) {
      const meant = Object.keys(names).filter((name) => name.toLowerCase().startsWith(word.toLowerCase()));
      const [only] = meant;
      if (meant.length > 1) return new BadValue('VAL_AMBIGUOUS', { text: word, names: meant.join(', ') });
      const [type, code = null] = only === undefined ? [] : (names[only] ?? []);
      if (type !== undefined) return { type, code };
      return parseNumeric(word) ?? new BadValue('VAL_ICMP_TYPE', { text: word });
    },
    print,
  };
}

/** `3/4`, or `3` for every code. */
export function printIcmpType({ type, code }: IcmpType): string {
  return code === null ? String(type) : `${String(type)}/${String(code)}`;
}
