import { BadValue, type MatchExtension, defineMatch } from '../extension.js';
import { integer } from '../values/number.js';
import { dscpClass, printByte } from '../values/tos.js';

const match: MatchExtension = defineMatch({
  name: 'dscp',
  kernel: 'net/netfilter/xt_dscp.c dscp_mt',
  options: {
    dscp: { flag: '--dscp', value: integer(0, 63, printByte), invert: true, excludes: ['class'] },
    class: { flag: '--dscp', aliases: ['--dscp-class'], value: dscpClass, invert: true },
  },
  check: (values) =>
    (values.dscp ?? values.class) === undefined ? new BadValue('VAL_REQUIRED', { flag: '--dscp' }) : null,
  evaluate(values, { tos }) {
    const wanted = values.dscp ?? values.class;
    return wanted !== undefined && (tos >> 2 === wanted.value) !== wanted.inverted;
  },
  explain(values, { tos }) {
    const { value = 0, inverted = false } = values.dscp ?? values.class ?? {};
    const params = { has: printByte(tos >> 2), wanted: `${inverted ? 'not ' : ''}${printByte(value)}` };
    return { code: 'NO_DSCP', option: values.dscp === undefined ? 'class' : 'dscp', params };
  },
});
export default match;
