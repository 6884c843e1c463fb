/** Conditions of every match that a header, a mark, conntrack or the snapshot decides. */
import {
  type Hint,
  type Part,
  type RuleContext,
  anyHost,
  around,
  hex,
  markMask,
  markValue,
  not,
  only,
  span,
  PORTS,
} from './context.js';
import { headerMatch, openHeaderMatch } from './headers.js';
import { ICMP_TYPES, ICMP6_TYPES } from './icmp.js';
import { bpfMatch, decidedMatch, u32Match } from './machines.js';
import { setMatch } from './sets.js';

type Make = (context: RuleContext) => Part | null;

const STATES = ['INVALID', 'NEW', 'RELATED', 'ESTABLISHED', 'UNTRACKED'] as const;
const FLAGS = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG'] as const;
const PORTED = ['tcp', 'udp', 'sctp', 'dccp', 'udplite'];

const part = (text: string, hint: Hint = {}): Part => ({ text, hint });

function some<T>(context: RuleContext, from: readonly T[]): T[] {
  const chosen = from.filter(() => context.draw.chance(35));
  return chosen.length > 0 ? chosen : [context.draw.pick(from)];
}

const ports: Make = (context) => {
  const { draw, proto } = context;
  if (proto !== 'tcp' && proto !== 'udp' && proto !== 'sctp') return null;
  const words: string[] = [];
  const hint: Hint = {};
  if (draw.chance(40)) {
    const { text, inside } = span(draw);
    words.push(`${not(draw)}--sport ${text}`);
    hint.sport = inside;
  }
  if (draw.chance(70)) {
    const { text, inside } = span(draw);
    words.push(`${not(draw)}--dport ${text}`);
    hint.dport = inside;
  }
  return words.length === 0 ? null : part(`-m ${proto} ${words.join(' ')}`, hint);
};

const flags: Make = (context) => {
  const { draw, proto } = context;
  if (proto !== 'tcp') return null;
  if (draw.chance(30))
    return part(`-m tcp ${not(draw)}--tcp-flags FIN,SYN,RST,ACK SYN`, { tcpFlags: ['SYN'] });
  const mask = some(context, FLAGS);
  const wanted = mask.filter(() => draw.chance(50));
  const text = `-m tcp ${not(draw)}--tcp-flags ${mask.join(',')} ${wanted.length === 0 ? 'NONE' : wanted.join(',')}`;
  return part(text, wanted.length === 0 ? {} : { tcpFlags: wanted });
};

const icmp: Make = ({ draw, proto, family }) => {
  if (proto !== 'icmp' && proto !== 'ipv6-icmp') return null;
  const type = draw.pick(family === 4 ? ICMP_TYPES : ICMP6_TYPES);
  const text = draw.chance(70) ? String(type.type) : `${type.type}/${type.code}`;
  const hint = { icmpType: type.type, icmpCode: type.code };
  return part(
    family === 4 ? `-m icmp ${not(draw)}--icmp-type ${text}` : `-m icmp6 ${not(draw)}--icmpv6-type ${text}`,
    hint,
  );
};

const multiport: Make = (context) => {
  const { draw, proto } = context;
  if (proto === null || !PORTED.includes(proto)) return null;
  const option = draw.pick(['--sports', '--dports', '--ports']);
  const list = draw.list(1, 4, () => {
    const from = draw.pick(PORTS);
    return draw.chance(70) ? String(from) : `${from}:${from + draw.integer(1, 500)}`;
  });
  const first = Number(list[0]?.split(':')[0]);
  return part(
    `-m multiport ${not(draw)}${option} ${list.join(',')}`,
    option === '--sports' ? { sport: first } : { dport: first },
  );
};

const conntrack: Make = (context) => {
  const { draw } = context;
  const words: string[] = [];
  const hint: Hint = {};
  if (draw.chance(60))
    words.push(`${not(draw)}--ctstate ${some(context, [...STATES, 'SNAT', 'DNAT']).join(',')}`);
  if (draw.chance(10)) words.push(`${not(draw)}--ctproto ${draw.pick(['6', '17', '1', '58', '132'])}`);
  for (const option of ['--ctorigsrc', '--ctorigdst', '--ctreplsrc', '--ctrepldst']) {
    if (!draw.chance(10)) continue;
    const host = anyHost(context);
    words.push(`${not(draw)}${option} ${around(context, host)}`);
    if (option.endsWith('origsrc')) hint.src = host;
    if (option.endsWith('origdst')) hint.dst = host;
  }
  for (const option of ['--ctorigsrcport', '--ctorigdstport', '--ctreplsrcport', '--ctrepldstport'])
    if (draw.chance(8)) words.push(`${not(draw)}${option} ${span(draw).text}`);
  if (draw.chance(15))
    words.push(
      `${not(draw)}--ctstatus ${some(context, ['EXPECTED', 'SEEN_REPLY', 'ASSURED', 'CONFIRMED']).join(',')}`,
    );
  if (draw.chance(12)) words.push(`--ctdir ${draw.pick(['ORIGINAL', 'REPLY'])}`);
  return words.length === 0 ? null : part(`-m conntrack ${words.join(' ')}`, hint);
};

const addrtype: Make = (context) => {
  const { draw, family } = context;
  const types =
    family === 4
      ? ['UNICAST', 'LOCAL', 'BROADCAST', 'MULTICAST', 'UNREACHABLE', 'ANYCAST']
      : ['UNICAST', 'LOCAL', 'MULTICAST', 'ANYCAST', 'UNREACHABLE'];
  const one = (): string => (family === 4 ? some(context, types).join(',') : draw.pick(types));
  const words: string[] = [];
  if (draw.chance(30)) words.push(`${not(draw)}--src-type ${one()}`);
  if (words.length === 0 || draw.chance(60)) words.push(`${not(draw)}--dst-type ${one()}`);
  if (draw.chance(15) && only(context, ['PREROUTING', 'INPUT', 'FORWARD'])) words.push('--limit-iface-in');
  else if (draw.chance(15) && only(context, ['OUTPUT', 'FORWARD', 'POSTROUTING']))
    words.push('--limit-iface-out');
  return part(`-m addrtype ${words.join(' ')}`);
};

const iprange: Make = (context) => {
  const { draw, family } = context;
  const host = anyHost(context);
  const high = family === 4 ? host.replace(/\d+$/, '255') : host.replace(/[0-9a-f]*$/, 'fff0');
  const way = draw.pick(['src', 'dst'] as const);
  return part(`-m iprange ${not(draw)}--${way}-range ${host}-${high}`, { [way]: host });
};

const owner: Make = (context) => {
  const { draw } = context;
  if (!only(context, ['OUTPUT', 'POSTROUTING'])) return null;
  const uid = draw.pick([0, 1000, 1001]);
  const gid = draw.pick([0, 100]);
  return draw.pick([
    part(`-m owner ${not(draw)}--uid-owner ${uid}`, { in: null, uid }),
    part(`-m owner ${not(draw)}--uid-owner ${uid}-${uid + 5}`, { in: null, uid }),
    part(`-m owner ${not(draw)}--gid-owner ${gid}`, { in: null, gid }),
    part(`-m owner ${not(draw)}--socket-exists`, { in: null }),
  ]);
};

const rpfilter: Make = (context) => {
  const { draw, table } = context;
  if (!only(context, ['PREROUTING']) || (table !== 'raw' && table !== 'mangle')) return null;
  const words = ['--loose', '--validmark', '--accept-local', '--invert'].filter(() => draw.chance(30));
  return part(`-m rpfilter ${words.join(' ')}`.trim());
};

/** Matches that state, time or chance decide: natwalk may hedge there. */
const OPEN: readonly Make[] = [
  (context) =>
    only(context, ['PREROUTING', 'INPUT', 'FORWARD'])
      ? part(`-m policy --dir in --pol ${context.draw.pick(['none', 'ipsec'])}`)
      : null,
  ({ draw }) => part(`-m statistic --mode random ${not(draw)}--probability 0.5`),
  ({ draw }) => part(`-m statistic --mode nth ${not(draw)}--every ${draw.integer(2, 4)} --packet 0`),
  ({ draw }) =>
    part(`-m limit --limit ${draw.pick(['5/min', '100/sec'])} --limit-burst ${draw.integer(1, 9)}`),
  () => part('-m connlimit --connlimit-above 3 --connlimit-mask 32 --connlimit-saddr'),
  () => part('-m quota --quota 2000'),
  () => part('-m string --string "abc" --algo bm'),
  () => part('-m time --timestart 10:00:00 --timestop 12:00:00'),
  ({ family }) =>
    part(
      `-m recent --set --name soak --mask ${family === 4 ? '255.255.255.255' : 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'} --rsource`,
    ),
  () => part('-m cpu --cpu 0'),
  openHeaderMatch,
];

const ORDINARY: readonly Make[] = [
  ...[
    ports,
    ports,
    ports,
    flags,
    icmp,
    multiport,
    multiport,
    conntrack,
    conntrack,
    addrtype,
    addrtype,
    iprange,
  ],
  ...[owner, owner, rpfilter, setMatch, setMatch, u32Match, bpfMatch, decidedMatch, decidedMatch],
  ({ draw }) => {
    const value = markValue(draw);
    return part(
      `-m mark ${not(draw)}--mark ${hex(value)}${draw.chance(50) ? `/${hex(markMask(draw))}` : ''}`,
      { mark: value },
    );
  },
  ({ draw }) =>
    part(
      `-m connmark ${not(draw)}--mark ${hex(markValue(draw))}${draw.chance(50) ? `/${hex(markMask(draw))}` : ''}`,
    ),
  headerMatch,
  headerMatch,
  headerMatch,
  (context) => part(`-m state ${not(context.draw)}--state ${some(context, STATES).join(',')}`),
  ({ draw, family }) => {
    const ttl = draw.pick([1, 2, 63, 64, 65, 255]);
    const way = draw.pick(['eq', 'lt', 'gt']);
    const negated = way === 'eq' ? not(draw) : '';
    return part(
      family === 4 ? `-m ttl ${negated}--ttl-${way} ${ttl}` : `-m hl ${negated}--hl-${way} ${ttl}`,
      { ttl },
    );
  },
  ({ draw }) => {
    const tos = draw.pick([0, 0x10, 0x08, 0xb8, 0x20, 0xfc]);
    return part(`-m tos ${not(draw)}--tos ${hex(tos)}/${hex(draw.pick([0xff, 0x3f, 0xf0, 0x10]))}`, { tos });
  },
  ({ draw }) => {
    const dscp = draw.pick([0, 0x2e, 4, 8, 63]);
    return part(`-m dscp ${not(draw)}--dscp ${hex(dscp)}`, { tos: dscp << 2 });
  },
  ({ draw }) => {
    const low = draw.pick([0, 60, 84, 100, 200]);
    const high = draw.chance(50) ? '' : String(low + draw.pick([0, 30, 500]));
    return part(`-m length ${not(draw)}--length ${low}:${high}`.replace(/:$/, ''), {
      length: Math.max(84, low),
    });
  },
  ({ draw }) => part(`-m pkttype ${not(draw)}--pkt-type ${draw.pick(['unicast', 'broadcast', 'multicast'])}`),
  ({ draw }) =>
    part(
      `-m comment --comment ${draw.pick(['plain', '"with space"', '"a \\"quote\\" in it"', '"--dport 80 -j DROP"', '"a \\\\ b"', '""'])}`,
    ),
  ({ draw }) => part(`-m statistic --mode random ${not(draw)}--probability ${draw.pick(['0', '1'])}`),
  (context) =>
    only(context, ['PREROUTING', 'INPUT'])
      ? part(`-m devgroup ${not(context.draw)}--src-group default`)
      : null,
  ({ draw }) => part(`-m physdev ${not(draw)}--physdev-in eth0`),
  ({ draw }) => part(`-m helper ${not(draw)}--helper ftp`),
  ({ draw, proto }) =>
    proto === 'esp' ? part(`-m esp ${not(draw)}--espspi ${draw.pick(['0:100', '5', '0'])}`) : null,
  ({ draw, proto }) =>
    proto === 'sctp'
      ? part(
          `-m sctp ${not(draw)}--chunk-types ${draw.pick(['any', 'all', 'only'])} ${draw.pick(['INIT', 'DATA', 'INIT,DATA'])}`,
        )
      : null,
];

/** A condition that fits the rule, or null when the one drawn does not. */
export function drawMatch(context: RuleContext): Part | null {
  const { draw, open } = context;
  return open && draw.chance(10) ? draw.pick(OPEN)(context) : draw.pick(ORDINARY)(context);
}
