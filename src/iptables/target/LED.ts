import { type TargetExtension, type ValueType, BadValue, defineTarget, printOptions } from '../extension.js';
import { parseNumber } from '../values/number.js';
import { flag, text } from '../values/text.js';

/** Always in double quotes, with a backslash before quotes and backslashes. */
const trigger: ValueType<string> = {
  ...text(16),
  print: (value) => `"${value.replace(/["\\]/g, (character) => `\\${character}`)}"`,
};

/** Milliseconds; `inf` never turns the light off, and prints as -1. */
const delay: ValueType<number> = {
  words: 1,
  parse([word = '']) {
    if (word === 'inf' || word === '-1') return -1;
    const value = parseNumber(word);
    return value === null || value > 0xffffffff
      ? new BadValue('VAL_NUMBER', { text: word, min: 0, max: 0xffffffff })
      : value | 0;
  },
  print: String,
};

const options = {
  trigger: { flag: '--led-trigger-id', value: trigger, required: true },
  delay: { flag: '--led-delay', value: delay },
  blink: { flag: '--led-always-blink', value: flag },
} as const;

const target: TargetExtension = defineTarget({
  name: 'LED',
  kernel: 'net/netfilter/xt_LED.c led_tg',
  inert: true,
  options,
  print: ({ delay: given, ...rest }, family) =>
    printOptions(
      options,
      given === undefined || given.value === 0 ? rest : { ...rest, delay: given },
      family,
    ),
  apply: () => 'continue',
});
export default target;
