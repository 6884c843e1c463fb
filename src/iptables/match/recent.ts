import {
  type Address,
  allOnes,
  familyOf,
  formatAddress,
  maskAddress,
  parseAddress,
} from '../../address/address.js';
import { type Ternary, invertIf, unsure } from '../../chooser/question.js';
import { BadValue, type MatchExtension, type ValueType, type Values, defineMatch } from '../extension.js';
import { integer } from '../values/number.js';
import { procName } from '../values/proc-name.js';
import { flag } from '../values/text.js';
import { assumedNo, ownState } from '../values/unseen.js';
import type { PacketView, World } from '../view.js';

const address: ValueType<Address> = {
  words: 1,
  parse([word = ''], family) {
    const value = parseAddress(word);
    return value !== null && familyOf(value) === family ? value : new BadValue('VAL_ADDRESS', { text: word });
  },
  print: formatAddress,
};

const unsigned = integer(1, 0xffffffff);

/** The tool prints seconds as a signed number, and takes none below 0 back. */
const seconds: ValueType<number> = {
  ...unsigned,
  parse: (words, family) =>
    /^-\d{1,10}$/.test(words[0] ?? '') ? Number(words[0]) >>> 0 : unsigned.parse(words, family),
  print: (value) => String(value | 0),
};

const TESTS = ['set', 'rcheck', 'update', 'remove'] as const;
const others = (own: string): string[] => TESTS.filter((key) => key !== own);

const options = {
  set: { flag: '--set', value: flag, invert: true, excludes: others('set') },
  rcheck: { flag: '--rcheck', value: flag, invert: true, excludes: others('rcheck') },
  update: { flag: '--update', value: flag, invert: true, excludes: others('update') },
  remove: { flag: '--remove', value: flag, invert: true, excludes: others('remove') },
  seconds: { flag: '--seconds', value: seconds, excludes: ['set', 'remove'] },
  reap: { flag: '--reap', value: flag, needs: ['seconds'] },
  hitcount: { flag: '--hitcount', value: integer(0, 65_535), excludes: ['set', 'remove'] },
  rttl: { flag: '--rttl', value: flag, excludes: ['set', 'remove'] },
  name: { flag: '--name', value: procName(199) },
  mask: { flag: '--mask', value: address },
  source: { flag: '--rsource', value: flag },
  destination: { flag: '--rdest', value: flag },
} as const;

type Options = Values<typeof options>;
const DEFAULT_NAME = 'DEFAULT';

function test(values: Options): (typeof TESTS)[number] {
  return TESTS.find((key) => values[key] !== undefined) ?? 'set';
}

/** Of both sides the one that was given last counts; the keys stand in the order of the rule. */
function byDestination(values: Options): boolean {
  return Object.keys(values).findLast((key) => key === 'source' || key === 'destination') === 'destination';
}

/** What the list must say about the address, in the option's words. */
function criteria(values: Options): string[] {
  const { seconds: within, hitcount, rttl } = values;
  return [
    `--${test(values)}`,
    within === undefined ? '' : `--seconds ${seconds.print(within.value, 4)}`,
    hitcount === undefined || hitcount.value === 0 ? '' : `--hitcount ${String(hitcount.value)}`,
    rttl === undefined ? '' : '--rttl',
  ].filter((part) => part !== '');
}

/** Earlier rules of the same walk may have changed the list: each rule asks for itself. */
function listed(values: Options, packet: PacketView, world: World): Ternary {
  const name = values.name?.value ?? DEFAULT_NAME;
  const whole = byDestination(values) ? packet.destination : packet.source;
  const own = formatAddress(maskAddress(whole, values.mask?.value ?? allOnes(packet.family)));
  const tests = criteria(values).join(' ');
  const key = `recent ${name} ${own} ${tests} of ${ownState(world)}`;
  return unsure(key, 'UNK_RECENT', { name, address: own, test: tests });
}

/** `--set` always says yes: it puts the address into the list. What the others find there is not in a dump. */
const match: MatchExtension = defineMatch({
  name: 'recent',
  kernel: 'net/netfilter/xt_recent.c recent_mt',
  missing: 'the lists (/proc/net/xt_recent) are not in a dump: what they hold is an open question',
  options,
  check: (values) =>
    TESTS.every((key) => values[key] === undefined)
      ? new BadValue('VAL_ONE_REQUIRED', { flags: '--set, --rcheck, --update, --remove' })
      : null,
  evaluate(values, packet, world) {
    if (values.set !== undefined) return !values.set.inverted;
    return invertIf(values[test(values)]?.inverted ?? false, listed(values, packet, world));
  },
  explain: (values) =>
    values.set === undefined ? assumedNo : { code: 'NO_RECENT_SET', option: 'set', params: {} },
  print(values, family) {
    const [first = '', ...rest] = criteria(values);
    const inverted = values[test(values)]?.inverted === true ? '! ' : '';
    // It stands behind the seconds, which it cannot do without.
    const words = values.reap === undefined ? rest : [...rest.slice(0, 1), '--reap', ...rest.slice(1)];
    const mask = formatAddress(values.mask?.value ?? allOnes(family));
    const side = byDestination(values) ? '--rdest' : '--rsource';
    return [
      `${inverted}${first}`,
      ...words,
      `--name ${values.name?.value ?? DEFAULT_NAME}`,
      `--mask ${mask}`,
      side,
    ].join(' ');
  },
});
export default match;
