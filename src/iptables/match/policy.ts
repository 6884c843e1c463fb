import {
  type Address,
  type Family,
  bitsOf,
  familyOf,
  formatAddress,
  parseAddress,
} from '../../address/address.js';
import { type Ternary, invertIf, unsure } from '../../chooser/question.js';
import { BadValue, type MatchExtension, type ValueType, type Values, defineMatch } from '../extension.js';
import { maskLength } from '../values/mask-length.js';
import { hex, integer } from '../values/number.js';
import { flag, oneOf } from '../values/text.js';
import { assumedNo } from '../values/unseen.js';
import type { Hook, PacketView } from '../view.js';

/** An end of a tunnel: host bits are kept, and a host prints without length. */
interface Endpoint {
  readonly address: Address;
  readonly length: number;
}

const endpoint: ValueType<Endpoint> = {
  words: 1,
  parse([word = ''], family) {
    const slash = word.indexOf('/');
    const address = parseAddress(slash < 0 ? word : word.slice(0, slash));
    if (address === null || familyOf(address) !== family) return new BadValue('VAL_ADDRESS', { text: word });
    const length = slash < 0 ? bitsOf(family) : maskLength.parse([word.slice(slash + 1)], family);
    return length instanceof BadValue ? length : { address, length };
  },
  print({ address, length }, family) {
    const text = formatAddress(address);
    return length === bitsOf(family) ? text : `${text}/${String(length)}`;
  },
};

const PROTOCOLS: ReadonlyMap<string, string> = new Map([
  ['esp', 'esp'],
  ['50', 'esp'],
  ['ah', 'ah'],
  ['51', 'ah'],
  ['ipcomp', 'ipcomp'],
  ['108', 'ipcomp'],
]);

const protocol: ValueType<string> = {
  words: 1,
  parse: ([word = '']) =>
    PROTOCOLS.get(word) ?? new BadValue('VAL_ONE_OF', { text: word, names: 'esp, ah, ipcomp' }),
  print: (value) => value,
};

const options = {
  direction: { flag: '--dir', value: oneOf(['in', 'out']), required: true },
  policy: { flag: '--pol', value: oneOf(['none', 'ipsec']) },
  strict: { flag: '--strict', value: flag },
  reqid: { flag: '--reqid', value: integer(0, 0xffffffff), invert: true },
  spi: { flag: '--spi', value: integer(0, 0xffffffff, hex), invert: true },
  protocol: { flag: '--proto', value: protocol, invert: true },
  mode: { flag: '--mode', value: oneOf(['transport', 'tunnel']), invert: true },
  tunnelDestination: { flag: '--tunnel-dst', value: endpoint, invert: true },
  tunnelSource: { flag: '--tunnel-src', value: endpoint, invert: true },
} as const;

type Options = Values<typeof options>;
const ELEMENT = ['reqid', 'spi', 'protocol', 'mode', 'tunnelDestination', 'tunnelSource'] as const;

function element(values: Options, family: Family): string {
  const { reqid, spi, protocol: proto, mode, tunnelDestination, tunnelSource } = values;
  const parts = [
    reqid && { given: reqid, text: `--reqid ${String(reqid.value)}` },
    spi && { given: spi, text: `--spi ${hex(spi.value)}` },
    proto && { given: proto, text: `--proto ${proto.value}` },
    mode && { given: mode, text: `--mode ${mode.value}` },
    tunnelDestination && {
      given: tunnelDestination,
      text: `--tunnel-dst ${endpoint.print(tunnelDestination.value, family)}`,
    },
    tunnelSource && {
      given: tunnelSource,
      text: `--tunnel-src ${endpoint.print(tunnelSource.value, family)}`,
    },
  ];
  return parts
    .flatMap((part) => (part === undefined ? [] : [`${part.given.inverted ? '! ' : ''}${part.text}`]))
    .join(' ');
}

/** Where the kernel takes the rule (policy_mt_check). */
const HOOKS: Readonly<Record<'in' | 'out', readonly Hook[]>> = {
  in: ['PREROUTING', 'INPUT', 'FORWARD'],
  out: ['FORWARD', 'OUTPUT', 'POSTROUTING'],
};

/** Whether IPsec handled the packet, or will: one question for all rules. */
function protectedIn(direction: 'in' | 'out'): Ternary {
  return unsure(`IPsec ${direction}`, 'UNK_IPSEC', { direction });
}

/**
 * IPv4 asks for no policy where a packet goes out through lo, and what comes in by it was not decrypted: lo has
 * disable_xfrm set from the start.
 */
function throughLoopback(
  direction: 'in' | 'out',
  { family, inInterface, outInterface }: PacketView,
): boolean {
  return family === 4 && (direction === 'in' ? inInterface : outInterface) === 'lo';
}

/** Of several elements (`--next`) nothing is read here: such a rule is kept as text. */
const match: MatchExtension = defineMatch({
  name: 'policy',
  kernel: 'net/netfilter/xt_policy.c policy_mt',
  missing:
    'IPsec state (ip xfrm) is not in a dump: an open question; policies of several elements are kept as text',
  options,
  demands: ({ direction }) => ({ placement: { hooks: HOOKS[direction.value] } }),
  check(values) {
    const { policy, strict, mode, tunnelSource, tunnelDestination } = values;
    if (policy?.value === 'none')
      return strict === undefined
        ? null
        : new BadValue('VAL_EXCLUDES', { flag: '--pol none', other: '--strict' });
    const tunnel = mode?.value === 'tunnel' && !mode.inverted;
    const end = tunnelSource === undefined ? '--tunnel-dst' : '--tunnel-src';
    if ((tunnelSource ?? tunnelDestination) !== undefined && !tunnel)
      return new BadValue('VAL_NEEDS', { flag: end, other: '--mode tunnel' });
    const empty = ELEMENT.every((key) => values[key] === undefined);
    return strict !== undefined && empty
      ? new BadValue('VAL_NEEDS', { flag: '--strict', other: '--reqid, --spi, --proto, --mode' })
      : null;
  },
  evaluate(values, packet) {
    const direction = values.direction.value;
    const none = values.policy?.value === 'none';
    if (throughLoopback(direction, packet)) return none;
    if (none) return invertIf(true, protectedIn(direction));
    const wanted = element(values, packet.family);
    if (wanted === '') return protectedIn(direction);
    const whole = `${values.strict === undefined ? '' : '--strict '}${wanted}`;
    return unsure(`IPsec ${direction} ${whole}`, 'UNK_IPSEC_POLICY', { direction, wanted: whole });
  },
  explain: (values, packet) =>
    throughLoopback(values.direction.value, packet)
      ? { code: 'NO_IPSEC', option: 'policy', params: {} }
      : assumedNo,
  print(values, family) {
    const { direction, policy, strict } = values;
    const head = `--dir ${direction.value} --pol ${policy?.value ?? 'ipsec'}`;
    // The tool forgets what else a policy of "none" was given.
    if (policy?.value === 'none') return head;
    const tail = element(values, family);
    return `${head}${strict === undefined ? '' : ' --strict'}${tail === '' ? '' : ` ${tail}`}`;
  },
});
export default match;
