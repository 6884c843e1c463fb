/** Listing forms of the matches on packet headers: protocols, addresses, fields (libxt_*.c, libipt_*.c, libip6t_*.c). */
import { type Caught, type ListingForm, type Turn, form } from './form.js';
import { host, ports } from './names.js';

/** Bits of byte 13 of a TCP header, as `-n` prints them -> their names. */
function tcpFlags(text: string): string {
  if (!/^0x[0-9a-f]{1,2}$/i.test(text)) return text;
  const bits = Number(text);
  const names = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG'].filter((_, at) => (bits & (1 << at)) !== 0);
  return names.length === 0 ? 'NONE' : names.join(',');
}

/** Bits of `-m ipv6header`, highest first. */
const HEADERS = ['hop-by-hop', 'ipv6-opts', 'ipv6-route', 'ipv6-frag', 'ah', 'esp', 'ipv6-nonxt', 'protocol'];

function headers(text: string): string {
  if (!/^0x[0-9a-f]{1,2}$/i.test(text)) return text;
  const bits = Number(text);
  return HEADERS.filter((_, at) => (bits & (0x80 >> at)) !== 0).join(',');
}

const DCCP_TYPES = 'REQUEST RESPONSE DATA ACK DATAACK CLOSEREQ CLOSE RESET SYNC SYNCACK INVALID'.split(' ');

const DCCP_TYPE = `(?:\\d+|${DCCP_TYPES.join('|')})`;

function dccpTypes(text: string): string {
  const name = (word: string): string =>
    /^\d+$/.test(word) ? (DCCP_TYPES[Math.min(Number(word), 10)] ?? word) : word;
  return [...new Set(text.split(',').map(name))].join(',');
}

/** Chunk types of SCTP by number. */
const CHUNKS: ReadonlyMap<number, string> = new Map([
  [0, 'DATA'], [1, 'INIT'], [2, 'INIT_ACK'], [3, 'SACK'], [4, 'HEARTBEAT'], [5, 'HEARTBEAT_ACK'], [6, 'ABORT'],
  [7, 'SHUTDOWN'], [8, 'SHUTDOWN_ACK'], [9, 'ERROR'], [10, 'COOKIE_ECHO'], [11, 'COOKIE_ACK'], [12, 'ECN_ECNE'],
  [13, 'ECN_CWR'], [14, 'SHUTDOWN_COMPLETE'], [0x40, 'I_DATA'], [0x80, 'ASCONF_ACK'], [0x82, 'RE_CONFIG'],
  [0x84, 'PAD'], [0xc0, 'FORWARD_TSN'], [0xc1, 'ASCONF'], [0xc2, 'I_FORWARD_TSN'],
]); // prettier-ignore

const chunkTypes = (text: string): string =>
  text.replace(/0x[0-9a-f]{1,4}/gi, (word) => CHUNKS.get(Number(word)) ?? word);

/** `flag` with its ports in numbers. */
function portOption(flag: string): Turn {
  return (caught) => {
    const numbers = ports(caught.of('a'));
    return numbers === null ? null : [...not(caught), flag, numbers];
  };
}

const not = ({ not: inverted }: Caught): readonly string[] => (inverted ? ['!'] : []);

/** iptables before 1.4.11 printed no blank between ports and flags. */
const PORTS = '%{[\\w.+-]+?(?::[\\w.+-]+?)?}(?=flags:| |$)%_';
const SPORT = [`spts?:%!${PORTS}`, portOption('--sport')] as const;
const DPORT = [`dpts?:%!${PORTS}`, portOption('--dport')] as const;

const hopLimit = (name: string, word: string): ListingForm =>
  form(name, {
    lead: [
      `${word} match ${word} %{==|!=|<|>} %w`,
      (caught) => {
        const sign = caught.of('a');
        const test = sign === '<' ? 'lt' : sign === '>' ? 'gt' : 'eq';
        return [...(sign === '!=' ? ['!'] : []), `--${name}-${test}`, caught.of('b')];
      },
    ],
  });

const extensionHeader = (name: string): ListingForm =>
  form(
    name,
    { lead: [name, ''], families: [6] },
    ['length:%!%w', `! --${name}-len $a`],
    ['opts %w', `--${name}-opts $a`],
  );

const SPI = 'spis?:%!%{\\d+(?::\\d+)?}%_';

/** `icmptype 3 code 4`, `icmp !type 3`, `icmp echo-request`. */
function icmp(name: string, word: string, flag: string): readonly ListingForm[] {
  const options = { families: [name === 'icmp' ? (4 as const) : (6 as const)] };
  const typeOption: Turn = (caught) => {
    const [type, code] = [caught.of('a'), caught.of('b')];
    const any = name === 'icmp' && type === '255' && code === '';
    return [...not(caught), flag, any ? 'any' : code === '' ? type : `${type}/${code}`];
  };
  return [
    form(name, { ...options, lead: [`${word}\\s*%!type %{\\d+}(?: code %{\\d+})?`, typeOption] }),
    form(name, { ...options, lead: [`${word} %!%{[A-Za-z][A-Za-z-]+}`, `! ${flag} $a`] }),
  ];
}

const MH_TYPE = '(?:\\d+|binding-[a-z-]+|(?:home|careof)-test(?:-init)?)';

export const HEADER_MATCHES: readonly ListingForm[] = [
  form(
    'tcp',
    { lead: ['tcp(?=flags:| |$)%_', ''] },
    SPORT,
    DPORT,
    ['option=%!%w', '! --tcp-option $a'],
    [
      'flags:\\s*%!%{[^/\\s]+}/%w',
      (caught) => [...not(caught), '--tcp-flags', tcpFlags(caught.of('a')), tcpFlags(caught.of('b'))],
    ],
  ),
  form('udp', { lead: ['udp', ''] }, SPORT, DPORT),
  form('sctp', { lead: ['sctp', ''] }, SPORT, DPORT, [
    '%!%{any|all|only} %w',
    (caught) => [...not(caught), '--chunk-types', caught.of('a'), chunkTypes(caught.of('b'))],
  ]),
  form(
    'dccp',
    { lead: ['dccp', ''] },
    SPORT,
    DPORT,
    [
      `%!%{${DCCP_TYPE}(?:,${DCCP_TYPE})*}`,
      (caught) => [...not(caught), '--dccp-types', dccpTypes(caught.of('a'))],
    ],
    ['option=%!%w', '! --dccp-option $a'],
  ),
  form('multiport', {
    lead: [
      'multiport %{sports|dports|ports} %!%w',
      (caught) => {
        const numbers = ports(caught.of('b'));
        return numbers === null ? null : [...not(caught), `--${caught.of('a')}`, numbers];
      },
    ],
  }),
  ...icmp('icmp', 'icmp', '--icmp-type'),
  ...icmp('icmp6', 'ipv6-icmp', '--icmpv6-type'),
  form(
    'ah',
    { lead: ['ah', ''] },
    [SPI, '! --ahspi $a'],
    ['length:%!%w', '! --ahlen $a'],
    ['reserved', '--ahres'],
  ),
  form('esp', { lead: ['esp', ''] }, [SPI, '! --espspi $a']),
  form('ipcomp', { lead: ['comp', ''] }, [SPI, '! --ipcompspi $a'], ['reserved', '--compres']),
  form('mh', { lead: ['mh', ''], families: [6] }, [`%!%{${MH_TYPE}(?::${MH_TYPE})?}`, '! --mh-type $a']),
  extensionHeader('dst'),
  extensionHeader('hbh'),
  form('eui64', { lead: ['eui64', ''], families: [6] }),
  form(
    'frag',
    { lead: ['frag', ''], families: [6] },
    ['ids?:%!%w', '! --fragid $a'],
    ['length:%!%w', '! --fraglen $a'],
    ['reserved', '--fragres'],
    ['first', '--fragfirst'],
    ['more', '--fragmore'],
    ['last', '--fraglast'],
  ),
  form(
    'ipv6header',
    {
      lead: ['ipv6header flags:%!%w', (caught) => [...not(caught), '--header', headers(caught.of('a'))]],
      families: [6],
    },
    ['soft', '--soft'],
  ),
  form(
    'rt',
    { lead: ['rt', ''], families: [6] },
    [
      'type:%!%w',
      (caught) => [...not(caught), '--rt-type', caught.of('a') === '-1' ? '4294967295' : caught.of('a')],
    ],
    ['segslefts?:%!%w', '! --rt-segsleft $a'],
    ['length:%!%w', '! --rt-len $a'],
    ['reserved', '--rt-0-res'],
    ['0-addrs %w', '--rt-0-addrs $a'],
    ['0-not-strict', '--rt-0-not-strict'],
  ),
  form(
    'srh',
    { lead: ['srh', ''], families: [6] },
    ...['next-hdr', 'hdr-len-eq', 'hdr-len-gt', 'hdr-len-lt', 'segs-left-eq', 'segs-left-gt', 'segs-left-lt',
      'last-entry-eq', 'last-entry-gt', 'last-entry-lt', 'tag'].map(
      (option) => [`${option}:%!%w`, `! --srh-${option} $a`] as const,
    ), // prettier-ignore
    ...['psid', 'nsid', 'lsid'].map((option) => [`${option} %!%w`, `! --srh-${option} $a`] as const),
  ),
  form('dscp', { lead: ['DSCP match %!%w', '! --dscp $a'] }),
  form('tos', { lead: ['tos match\\s*%!%w', '! --tos $a'] }),
  hopLimit('ttl', 'TTL'),
  { ...hopLimit('hl', 'HL'), families: [6] },
  form('length', { lead: ['length %!%w', '! --length $a'] }),
  form('tcpmss', { lead: ['tcpmss match %!%w', '! --mss $a'] }),
  form(
    'ecn',
    { lead: ['ECN match', ''] },
    ['%!ECE', '! --ecn-tcp-ece'],
    ['%!CWR', '! --ecn-tcp-cwr'],
    ['%!ECT=%w', '! --ecn-ip-ect $a'],
  ),
  form(
    'iprange',
    {},
    ['source IP range %!%w', '! --src-range $a'],
    ['destination IP range %!%w', '! --dst-range $a'],
  ),
  form('mac', { lead: ['MAC %!%w', '! --mac-source $a'] }),
  form('u32', { lead: ['u32 %!%q', '! --u32 $a'] }),
  form('string', {}, [
    'STRING match %!%{"(?:[^"\\\\]|\\\\.)*"} ALGO name %w(?: FROM %{\\d+})?(?: TO %{\\d+})?(?: %{ICASE})?',
    stringMatch,
  ]),
  form(
    'bpf',
    { lead: ['match bpf', ''] },
    ['pinned %w', '--object-pinned $a'],
    [
      '%{\\d+ \\d+ \\d+ \\d+(?:,\\d+ \\d+ \\d+ \\d+)*}',
      (caught) => ['--bytecode', `${String(caught.of('a').split(',').length)},${caught.of('a')}`],
    ],
  ),
  form(
    'addrtype',
    { lead: ['ADDRTYPE match', ''] },
    ['src-type %!%w', '! --src-type $a'],
    ['dst-type %!%w', '! --dst-type $a'],
    ['limit-in', '--limit-iface-in'],
    ['limit-out', '--limit-iface-out'],
  ),
  form(
    'policy',
    { lead: ['policy match dir %w pol %w', '--dir $a --pol $b'] },
    ['strict', '--strict'],
    ['%!reqid %w', '! --reqid $a'],
    ['%!spi %w', '! --spi $a'],
    ['%!proto %w', '! --proto $a'],
    ['%!mode %w', '! --mode $a'],
    ['%!tunnel-dst %w', ownAddress('--tunnel-dst')],
    ['%!tunnel-src %w', ownAddress('--tunnel-src')],
  ),
];

/** An address that may be listed by a name. */
export function ownAddress(flag: string): Turn {
  return (caught) => {
    const address = host(caught.of('a'), caught.family);
    return /^[0-9a-f:.]+(?:\/[0-9a-f:.]+)?$/i.test(address) ? [...not(caught), flag, address] : null;
  };
}

/**
 * The listing does not tell a string from its spelling in hexadecimal; iptables prints the latter only where some byte
 * is no printable character.
 */
function stringMatch(caught: Caught): readonly string[] {
  const text = caught.of('a').slice(1, -1).replace(/\\(.)/g, '$1');
  const bytes = /^\|((?:[0-9a-f]{2})+)\|$/i.exec(text)?.[1]?.match(/../g) ?? [];
  const isHex = bytes.some((byte) => {
    const value = Number.parseInt(byte, 16);
    return value < 32 || value > 126;
  });
  const option = (flag: string, letter: string): readonly string[] =>
    caught.of(letter) === '' ? [] : [flag, caught.of(letter)];
  return [
    ...not(caught),
    isHex ? '--hex-string' : '--string',
    text,
    '--algo',
    caught.of('b'),
    ...option('--from', 'c'),
    ...option('--to', 'd'),
    ...(caught.of('e') === '' ? [] : ['--icase']),
  ];
}
