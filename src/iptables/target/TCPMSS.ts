import { type TargetExtension, type ValueType, BadValue, defineTarget, printOptions } from '../extension.js';
import { integer } from '../values/number.js';
import { flag } from '../values/text.js';

/** The largest segment that fits in a packet: 65535 less the IP header. */
const LARGEST = { 4: 65515, 6: 65495 } as const;

const mss: ValueType<number> = {
  words: 1,
  parse: (words, family) => integer(0, LARGEST[family]).parse(words, family),
  print: String,
};

const options = {
  set: { flag: '--set-mss', value: mss },
  clamp: { flag: '--clamp-mss-to-pmtu', value: flag },
} as const;

/**
 * The MSS option is no part of a described packet, so that nothing else sees the change. iptables-legacy also wants
 * `--tcp-flags` with SYN in the rule; iptables-nft does not, and the kernel then changes SYN packets alone.
 */
const target: TargetExtension = defineTarget({
  name: 'TCPMSS',
  kernel: 'net/netfilter/xt_TCPMSS.c tcpmss_tg4, tcpmss_tg6',
  protocols: [6],
  inert: true,
  options,
  demands: ({ clamp }) =>
    clamp === undefined ? {} : { placement: { hooks: ['FORWARD', 'OUTPUT', 'POSTROUTING'] } },
  check: ({ set, clamp }) =>
    (set ?? clamp) === undefined ? new BadValue('VAL_REQUIRED', { flag: '--set-mss' }) : null,
  // Clamping wins over a size.
  print: ({ set, clamp }, family) =>
    printOptions(options, clamp !== undefined ? { clamp } : set !== undefined ? { set } : {}, family),
  apply: () => 'continue',
});
export default target;
