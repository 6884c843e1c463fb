import { type TargetExtension, type ValueType, BadValue, defineTarget } from '../extension.js';

/** `MAJOR:MINOR`, both hexadecimal whatever their form, 16 bits of each kept. */
const trafficClass: ValueType<{ readonly major: number; readonly minor: number }> = {
  words: 1,
  parse([word = '']) {
    const [, major, minor] = /^(?:0x)?([0-9a-f]{1,8}):(?:0x)?([0-9a-f]{1,8})$/i.exec(word) ?? [];
    if (major === undefined || minor === undefined) return new BadValue('VAL_CLASS', { text: word });
    return { major: Number.parseInt(major, 16) & 0xffff, minor: Number.parseInt(minor, 16) & 0xffff };
  },
  print: ({ major, minor }) =>
    `${major.toString(16).padStart(4, '0')}:${minor.toString(16).padStart(4, '0')}`,
};

/** It sets skb->priority, which only the output device's queueing looks at. */
const target: TargetExtension = defineTarget({
  name: 'CLASSIFY',
  kernel: 'net/netfilter/xt_CLASSIFY.c classify_tg',
  placement: { hooks: ['FORWARD', 'OUTPUT', 'POSTROUTING'] },
  inert: true,
  options: { class: { flag: '--set-class', value: trafficClass, required: true } },
  apply: () => 'continue',
});
export default target;
