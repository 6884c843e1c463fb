import { type TargetExtension, type ValueType, BadValue, defineTarget } from '../extension.js';
import { type NumberSpan, integer, parseNumber } from '../values/number.js';
import { flag } from '../values/text.js';

/** `FIRST:LAST`: at least two queues, and not all 65536 of them. */
const queues: ValueType<NumberSpan> = {
  words: 1,
  parse([word = '']) {
    const [first = '', last = '', ...rest] = word.split(':');
    const from = parseNumber(first);
    const to = parseNumber(last);
    if (rest.length > 0 || from === null || to === null || to > 65535)
      return new BadValue('VAL_QUEUES', { text: word });
    return from >= to || to - from === 65535 ? new BadValue('VAL_QUEUES', { text: word }) : { from, to };
  },
  print: ({ from, to }) => `${String(from)}:${String(to)}`,
};

/** A process decides; without one the packet is dropped, or goes on with --queue-bypass. */
const target: TargetExtension = defineTarget({
  name: 'NFQUEUE',
  kernel: 'net/netfilter/xt_NFQUEUE.c nfqueue_tg_v3',
  missing: 'what the listening process decides is not known: the walk goes each way',
  options: {
    number: { flag: '--queue-num', value: integer(0, 65535), excludes: ['balance'] },
    balance: { flag: '--queue-balance', value: queues },
    bypass: { flag: '--queue-bypass', value: flag },
    fanout: { flag: '--queue-cpu-fanout', value: flag, needs: ['balance'] },
  },
  print({ number, balance, bypass, fanout }, family) {
    const queue =
      balance === undefined
        ? `--queue-num ${String(number?.value ?? 0)}`
        : `--queue-balance ${queues.print(balance.value, family)}`;
    return `${queue}${bypass === undefined ? '' : ' --queue-bypass'}${fanout === undefined ? '' : ' --queue-cpu-fanout'}`;
  },
  apply: () => ({ kind: 'opaque', name: 'NFQUEUE' }),
});
export default target;
