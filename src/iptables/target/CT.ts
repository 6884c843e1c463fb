import {
  type TargetExtension,
  type Values,
  type ValueType,
  BadValue,
  defineTarget,
  printOptions,
} from '../extension.js';
import { parseNumber } from '../values/number.js';
import { bare, flag, someOf } from '../values/text.js';

/** In the order of enum ip_conntrack_events, which iptables prints. */
const EVENTS = [
  'new',
  'related',
  'destroy',
  'reply',
  'assured',
  'protoinfo',
  'helper',
  'mark',
  'natseqinfo',
  'secmark',
] as const;

/** A zone, or the low half of the packet's mark. */
const zone: ValueType<number | 'mark'> = {
  words: 1,
  parse([word = '']) {
    if (word === 'mark') return 'mark';
    const value = parseNumber(word);
    return value === null || value > 65535 ? new BadValue('VAL_ZONE', { text: word }) : value;
  },
  print: String,
};

const options = {
  notrack: { flag: '--notrack', value: flag },
  helper: { flag: '--helper', value: bare(15) },
  timeout: { flag: '--timeout', value: bare(31) },
  ctevents: { flag: '--ctevents', value: someOf(EVENTS) },
  expevents: { flag: '--expevents', value: someOf(['new']) },
  // iptables takes several zones: the last one counts, for the directions of all of them. No dump has that.
  zoneOrig: { flag: '--zone-orig', value: zone, excludes: ['zone', 'zoneReply'] },
  zoneReply: { flag: '--zone-reply', value: zone, excludes: ['zone'] },
  zone: { flag: '--zone', value: zone },
} as const;

/** Zone 0 without a direction is what is there without the option, and is not printed; nor is an empty name. */
function print({
  notrack,
  helper,
  timeout,
  ctevents,
  expevents,
  zoneOrig,
  zoneReply,
  zone: both,
}: Values<typeof options>): string {
  const shown = {
    ...(notrack === undefined ? {} : { notrack }),
    ...(helper === undefined || helper.value === '' ? {} : { helper }),
    ...(timeout === undefined || timeout.value === '' ? {} : { timeout }),
    ...(ctevents === undefined ? {} : { ctevents }),
    ...(expevents === undefined ? {} : { expevents }),
    ...(zoneOrig === undefined || zoneOrig.value === 0 ? {} : { zoneOrig }),
    ...(zoneReply === undefined || zoneReply.value === 0 ? {} : { zoneReply }),
    ...(both === undefined || both.value === 0 ? {} : { zone: both }),
  };
  return printOptions(options, shown, 4);
}

const target: TargetExtension = defineTarget({
  name: 'CT',
  kernel: 'net/netfilter/xt_CT.c xt_ct_target_v1',
  placement: { tables: ['raw'] },
  needsConntrack: true,
  options,
  demands: ({ notrack }) => (notrack === undefined ? {} : { needsConntrack: false }),
  print,
  apply({ notrack, helper, zoneOrig, zoneReply, zone: both }, _packet, _world, effects) {
    const given = (both ?? zoneOrig ?? zoneReply)?.value;
    if (notrack !== undefined) {
      effects.setTracking({ notrack: true, zone: null, helper: null });
      return 'continue';
    }
    const direction =
      zoneOrig !== undefined ? ('original' as const) : zoneReply !== undefined ? ('reply' as const) : null;
    effects.setTracking({
      notrack: false,
      zone: given ?? null,
      helper: helper === undefined || helper.value === '' ? null : helper.value,
      ...(direction === null ? {} : { direction }),
    });
    return 'continue';
  },
});
export default target;
