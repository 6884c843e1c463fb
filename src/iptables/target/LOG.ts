import { type TargetExtension, type ValueType, BadValue, defineTarget, printOptions } from '../extension.js';
import { clipped } from '../values/clipped.js';
import { parseNumber } from '../values/number.js';
import { flag } from '../values/text.js';

/** syslog's levels by the names that iptables knows (libxtables/xtoptions.c). */
const LEVELS = ['emerg', 'alert', 'crit', 'error', 'warning', 'notice', 'info', 'debug'];
const WARNING = 4;

const level: ValueType<number> = {
  words: 1,
  parse([word = '']) {
    const value = parseNumber(word) ?? LEVELS.indexOf(word === 'panic' ? 'emerg' : word);
    if (value >= 0 && value <= 7) return value;
    return new BadValue('VAL_ONE_OF', { text: word, names: `0-7, ${LEVELS.join(', ')}` });
  },
  print: String,
};

const options = {
  prefix: { flag: '--log-prefix', value: clipped(29) },
  level: { flag: '--log-level', value: level },
  tcpSequence: { flag: '--log-tcp-sequence', value: flag },
  tcpOptions: { flag: '--log-tcp-options', value: flag },
  ipOptions: { flag: '--log-ip-options', value: flag },
  uid: { flag: '--log-uid', value: flag },
  macDecode: { flag: '--log-macdecode', value: flag },
} as const;

const target: TargetExtension = defineTarget({
  name: 'LOG',
  kernel: 'net/netfilter/xt_LOG.c log_tg',
  inert: true,
  options,
  print({ level: given, ...rest }, family) {
    return printOptions(
      options,
      given === undefined || given.value === WARNING ? rest : { ...rest, level: given },
      family,
    );
  },
  apply: () => 'continue',
});
export default target;
