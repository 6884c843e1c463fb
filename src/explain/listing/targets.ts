/** Targets as `iptables -L -n` words them behind the matches (extensions/libxt_*.c, iptables 1.8.9). */
import { type Option, dashless, unquoted, valueOf } from './options.js';

type Words = (options: readonly Option[], text: string) => string;

const joined = (...words: readonly string[]): string => words.filter((word) => word !== '').join(' ');
const ALL = 0xffffffff;
const hex = (value: number): string => `0x${(value >>> 0).toString(16)}`;

/** What setting bits comes to: `and 0x4`, `or 0x80`, `set 0x1`. */
function marking(value: string): string {
  const [mark = 0, mask = ALL] = value.split('/').map((part) => Number(part) >>> 0);
  if (mark === 0) return `and ${hex(~mask)}`;
  if (mark === mask) return mask === ALL ? `set ${hex(mark)}` : `or ${hex(mark)}`;
  if (mask === 0) return `xor ${hex(mark)}`;
  return mask === ALL ? `set ${hex(mark)}` : `xset ${hex(mark)}/${hex(mask)}`;
}

/** Which bits are copied. */
function copying(name: string, from: string, to: string, options: readonly Option[]): string {
  const mask = (flag: string): number => Number(valueOf(options, flag) ?? ALL) >>> 0;
  if (mask(from) === ALL && mask(to) === ALL) return name;
  if (mask(from) === mask(to)) return `${name} mask ${hex(mask(from))}`;
  return `${name} ${from} ${hex(mask(from))} ${to} ~${hex(mask(to))}`;
}

const connmark: Words = (options) => {
  const set = valueOf(options, 'set-xmark');
  const shift = options.find(({ flag }) => flag.endsWith('-shift-mark'));
  const words =
    set !== undefined
      ? marking(set)
      : options.some(({ flag }) => flag === 'save-mark')
        ? copying('save', 'nfmask', 'ctmask', options)
        : copying('restore', 'ctmask', 'nfmask', options);
  return joined('CONNMARK', words, shift === undefined ? '' : `${shift.flag} ${shift.value}`);
};

/** The range that a translation is told, then its flags. */
const translating =
  (flag: string, name: string): Words =>
  (options) => {
    const to = valueOf(options, flag);
    return joined(
      to === undefined ? '' : `${name}${to}`,
      dashless(options.filter((one) => one.flag !== flag)),
    );
  };

const LOG_BITS: Readonly<Record<string, number>> = {
  'log-tcp-sequence': 1,
  'log-tcp-options': 2,
  'log-ip-options': 4,
  'log-uid': 8,
  'log-macdecode': 32,
};

const log: Words = (options) => {
  const bits = options.reduce((sum, { flag }) => sum | (LOG_BITS[flag] ?? 0), 0);
  const prefix = valueOf(options, 'log-prefix');
  const level = valueOf(options, 'log-level') ?? '4';
  const behind = prefix === undefined ? '' : ` prefix "${unquoted(prefix)}"`;
  return `LOG flags ${String(bits)} level ${level}${behind}`;
};

const tproxy: Words = (options) =>
  joined(
    `TPROXY redirect ${valueOf(options, 'on-ip') ?? ''}:${valueOf(options, 'on-port') ?? ''}`,
    `mark ${valueOf(options, 'tproxy-mark') ?? ''}`,
  );

/** By the target's name; those that have no words are named in their column alone. */
export const TARGET_WORDS: ReadonlyMap<string, Words> = new Map<string, Words>([
  ...['ACCEPT', 'DROP', 'RETURN', 'TRACE'].map((name): [string, Words] => [name, () => '']),
  // The tools show it as the target that it is a name of.
  ['NOTRACK', () => 'NOTRACK'],
  ['MARK', (options) => joined('MARK', marking(valueOf(options, 'set-xmark') ?? '0'))],
  ['CONNMARK', connmark],
  ['SNAT', translating('to-source', 'to:')],
  ['DNAT', translating('to-destination', 'to:')],
  ['NETMAP', translating('to', 'to:')],
  ['MASQUERADE', translating('to-ports', 'masq ports: ')],
  ['REDIRECT', translating('to-ports', 'redir ports ')],
  ['REJECT', dashless],
  ['SET', dashless],
  ['NFLOG', dashless],
  ['CT', (options) => joined('CT', dashless(options))],
  ['LOG', log],
  ['TPROXY', tproxy],
  [
    'TCPMSS',
    (options) => {
      const mss = valueOf(options, 'set-mss');
      return mss === undefined ? 'TCPMSS clamp to PMTU' : `TCPMSS set ${mss}`;
    },
  ],
]);
