/** Matches as `iptables -L -n` words them (the print functions of extensions/libxt_*.c, iptables 1.8.9). */
import { type Option, dashless, not, unquoted, valueOf } from './options.js';

type Words = (options: readonly Option[], text: string) => string;

const joined = (...words: readonly string[]): string => words.filter((word) => word !== '').join(' ');

/** `spt:22`, `dpts:!80:90`. */
function ports(options: readonly Option[]): string {
  return options
    .flatMap(({ flag, inverted, value }) => {
      if (flag !== 'sport' && flag !== 'dport') return [];
      const name = `${flag === 'sport' ? 's' : 'd'}pt${value.includes(':') ? 's' : ''}`;
      return `${name}:${inverted ? '!' : ''}${value}`;
    })
    .join(' ');
}

const BITS = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG'] as const;

/** `FIN,SYN` as `0x03`. */
function flagBits(names: string): string {
  const set = new Set(names.split(','));
  const all = set.has('ALL');
  const bits = BITS.reduce((sum, name, at) => (all || set.has(name) ? sum | (1 << at) : sum), 0);
  return `0x${bits.toString(16).padStart(2, '0').toUpperCase()}`;
}

function tcp(options: readonly Option[]): string {
  const rest = options.flatMap(({ flag, inverted, value }) => {
    const sign = inverted ? '!' : '';
    if (flag === 'tcp-option') return [`option=${sign}${value}`];
    if (flag !== 'tcp-flags') return [];
    const [mask = '', set = ''] = value.split(' ');
    return [`flags:${sign}${flagBits(mask)}/${flagBits(set)}`];
  });
  return joined('tcp', ports(options), ...rest);
}

const icmp =
  (name: string, flag: string): Words =>
  (options) => {
    const option = options.find((one) => one.flag === flag);
    if (option === undefined) return name;
    const [type = '', code] = option.value.replace('any', '255').split('/');
    return `${name}${option.inverted ? ' !' : ''}type ${type}${code === undefined ? '' : ` code ${code}`}`;
  };

const addrtype: Words = (options) =>
  joined(
    'ADDRTYPE match',
    ...options.map(({ flag, inverted, value }) =>
      flag.startsWith('limit-iface-')
        ? `limit-${flag.slice('limit-iface-'.length)}`
        : `${flag} ${inverted ? '!' : ''}${value}`,
    ),
  );

const statistic: Words = (options) =>
  joined('statistic', dashless(options.filter(({ flag, value }) => flag !== 'packet' || value !== '0')));

const multiport: Words = (options) =>
  joined(
    'multiport',
    ...options.map(({ flag, inverted, value }) => `${flag} ${inverted ? ' !' : ''}${value}`),
  );

const iprange: Words = (options) =>
  options
    .map(({ flag, inverted, value }) => {
      const end = flag === 'src-range' ? 'source' : 'destination';
      return `${end} IP range ${not(inverted)}${value}`;
    })
    .join(' ');

const RECENT: Readonly<Record<string, string>> = {
  set: 'SET',
  rcheck: 'CHECK',
  update: 'UPDATE',
  remove: 'REMOVE',
};

const recent: Words = (options) => {
  const command = options.find(({ flag }) => Object.hasOwn(RECENT, flag));
  const words = options.map(({ flag, value }) => {
    if (flag === command?.flag) return '';
    if (flag === 'hitcount') return `hit_count: ${value}`;
    if (flag === 'rttl') return 'TTL-Match';
    if (flag === 'rsource' || flag === 'rdest') return '';
    if (flag === 'mask') {
      const side = options.some((one) => one.flag === 'rdest') ? 'dest' : 'source';
      return `side: ${side} mask: ${value}`;
    }
    return value === '' ? flag : `${flag}: ${value}`;
  });
  const name = command === undefined ? '' : (RECENT[command.flag] ?? '');
  return joined(`${not(command?.inverted === true)}recent: ${name}`, ...words);
};

const OWNER: Readonly<Record<string, string>> = {
  'socket-exists': 'owner socket exists',
  'uid-owner': 'owner UID match',
  'gid-owner': 'owner GID match',
  'suppl-groups': 'incl. suppl. groups',
};

const owner: Words = (options) =>
  joined(
    ...options.map(({ flag, inverted, value }) => joined(`${not(inverted)}${OWNER[flag] ?? flag}`, value)),
  );

/** One value behind a name, with the tool's sign of inversion. */
const single =
  (name: string, sign: string, plain = ''): Words =>
  ([option]) =>
    `${name} ${option?.inverted === true ? sign : plain}${option?.value ?? ''}`;

/** By the match's name. */
export const MATCH_WORDS: ReadonlyMap<string, Words> = new Map<string, Words>([
  ['comment', (options) => `/* ${unquoted(valueOf(options, 'comment') ?? '')} */`],
  ['tcp', tcp],
  ['udp', (options) => joined('udp', ports(options))],
  ['icmp', icmp('icmp', 'icmp-type')],
  ['icmp6', icmp('ipv6-icmp', 'icmpv6-type')],
  ['mark', single('mark match', '! ')],
  ['connmark', single('connmark match', '! ', ' ')],
  ['conntrack', dashless],
  ['state', dashless],
  ['set', dashless],
  ['addrtype', addrtype],
  ['statistic', statistic],
  ['multiport', multiport],
  [
    'limit',
    (options) =>
      `limit: avg ${valueOf(options, 'limit') ?? ''} burst ${valueOf(options, 'limit-burst') ?? '5'}`,
  ],
  ['iprange', iprange],
  ['recent', recent],
  ['owner', owner],
  ['physdev', (_, text) => joined('PHYSDEV match', text)],
  ['socket', (_, text) => joined('socket', text)],
  ['rpfilter', (options) => joined('rpfilter', dashless(options))],
  ['pkttype', single('PKTTYPE', '!= ', '= ')],
  ['tcpmss', single('tcpmss match', '!')],
  ['length', single('length', '!')],
  ['mac', single('MAC', '! ')],
  ['u32', single('u32', '! ')],
]);
