/** -m ttl and -m hl: one test with two names. */
import type { Family } from '../../address/address.js';
import { BadValue, type MatchExtension, type Values, defineMatch } from '../extension.js';
import { integer } from './number.js';

/** A match on the TTL or hop limit, with options `--NAME-eq`, `--NAME-lt` and `--NAME-gt`. */
export function hopsMatch(name: 'ttl' | 'hl', family: Family): MatchExtension {
  const byte = integer(0, 255);
  const options = {
    eq: { flag: `--${name}-eq`, aliases: [`--${name}`], value: byte, invert: true, excludes: ['lt', 'gt'] },
    lt: { flag: `--${name}-lt`, value: byte, excludes: ['gt'] },
    gt: { flag: `--${name}-gt`, value: byte },
  } as const;
  const wanted = ({ eq, lt, gt }: Values<typeof options>): string => {
    if (eq !== undefined) return `${eq.inverted ? 'not ' : ''}${String(eq.value)}`;
    return lt !== undefined ? `below ${String(lt.value)}` : `above ${String(gt?.value ?? '')}`;
  };
  return defineMatch({
    name,
    families: [family],
    kernel: `net/netfilter/xt_hl.c ${name === 'ttl' ? 'ttl_mt' : 'hl_mt6'}`,
    options,
    check: ({ eq, lt, gt }) =>
      (eq ?? lt ?? gt) === undefined
        ? new BadValue('VAL_ONE_REQUIRED', { flags: `--${name}-eq, --${name}-lt, --${name}-gt` })
        : null,
    evaluate({ eq, lt, gt }, { ttl }) {
      if (eq !== undefined) return (ttl === eq.value) !== eq.inverted;
      if (lt !== undefined) return ttl < lt.value;
      return gt !== undefined && ttl > gt.value;
    },
    explain(values, { ttl }) {
      const option = values.eq !== undefined ? 'eq' : values.lt !== undefined ? 'lt' : 'gt';
      return { code: 'NO_TTL', option, params: { has: ttl, wanted: wanted(values) } };
    },
  });
}
