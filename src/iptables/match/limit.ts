import { unsure } from '../../chooser/question.js';
import { BadValue, type MatchExtension, type ValueType, defineMatch } from '../extension.js';
import { integer } from '../values/number.js';
import { parseCount, printPeriod } from '../values/rate.js';
import { assumedNo, ownState } from '../values/unseen.js';

/** XT_LIMIT_SCALE: the period is kept in units of 1/10000 second. */
const SCALE = 10_000;
/** 3/hour. */
const DEFAULT_PERIOD = (SCALE * 3600) / 3;
const DEFAULT_BURST = 5;

const period: ValueType<number> = {
  words: 1,
  parse([word = '']) {
    const rate = parseCount(word);
    const value = rate === null ? 0 : Math.floor((SCALE * rate.seconds) / rate.count);
    return value > 0 ? value : new BadValue('VAL_RATE', { text: word });
  },
  print: (value) => printPeriod(value, SCALE).text,
};

/** A token bucket of the rule's own; how full it is is not in a dump. */
const match: MatchExtension = defineMatch({
  name: 'limit',
  kernel: 'net/netfilter/xt_limit.c limit_mt',
  missing: 'how full the bucket is is an open question',
  options: {
    rate: { flag: '--limit', value: period },
    burst: { flag: '--limit-burst', value: integer(0, 10_000) },
  },
  evaluate: ({ rate }, _packet, world) =>
    unsure(`limit of ${ownState(world)}`, 'UNK_LIMIT', {
      rate: period.print(rate?.value ?? DEFAULT_PERIOD, 4),
    }),
  explain: () => assumedNo,
  print({ rate, burst }, family) {
    const text = `--limit ${period.print(rate?.value ?? DEFAULT_PERIOD, family)}`;
    // The nft variant takes a burst of 0 for the default; the legacy one refuses it.
    const shown = burst !== undefined && burst.value !== DEFAULT_BURST && burst.value !== 0;
    return shown ? `${text} --limit-burst ${String(burst.value)}` : text;
  },
});
export default match;
