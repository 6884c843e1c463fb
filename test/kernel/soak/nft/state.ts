/** Conditions on what the kernel knows of a packet beside its headers: devices, marks, connections, routes. */
import { type Hint, anyHost, hex, markMask, markValue } from '../rules/context.js';
import { DEVICES } from '../rules/network.js';
import { type Make, net, only, part, setOf } from './context.js';
import { addressIs, braces, not, numberIs, portIs, several } from './values.js';

const IN = ['prerouting', 'input', 'forward'] as const;
const OUT = ['forward', 'output', 'postrouting'] as const;
const STATES = ['new', 'established', 'related', 'invalid', 'untracked'] as const;

const device: Make = (context) => {
  const { draw } = context;
  const name = draw.pick([...DEVICES, 'lo']);
  const inward = draw.chance(60);
  const [word, index] = inward ? ['iifname', 'iif'] : ['oifname', 'oif'];
  const named = setOf(context, 'device');
  const hint: Hint = inward && name !== 'lo' ? { in: name } : {};
  return draw.pick([
    part(`${word} ${not(draw)}"${name}"`, hint),
    part(`${word} ${not(draw)}"${draw.pick(['eth*', 'w*', 'none0'])}"`),
    part(`${word} ${not(draw)}${braces(several(draw, ['"eth0"', '"eth1"', '"wan"', '"lo"']))}`, hint),
    part(`${word} ${not(draw)}{ "eth*", "none0" }`),
    part(named === null ? `${index} ${not(draw)}"${name}"` : `${word} ${not(draw)}@${named}`, hint),
    part(`${index} ${not(draw)}${braces(several(draw, ['"eth0"', '"eth1"', '"lo"']))}`, hint),
    part(`${index}type ${draw.pick(['loopback', '!= loopback', '!= ether'])}`),
    part(`${index}group ${not(draw)}${draw.pick(['default', '5'])}`),
    part(`meta ${index}kind "${draw.pick(['veth', 'dummy'])}" ${word} "lo"`),
  ]);
};

const mark: Make = (context) => {
  const { draw } = context;
  const value = markValue(draw);
  const named = setOf(context, 'mark');
  return draw.pick([
    part(`meta mark ${not(draw)}${hex(value)}`, { mark: value }),
    part(`meta mark & ${hex(markMask(draw))} ${draw.pick(['==', '!='])} ${hex(value)}`, { mark: value }),
    part(`meta mark ${draw.pick(['<', '>', '>='])} ${hex(value)}`, { mark: value }),
    part(`meta mark ${not(draw)}${named === null ? '{ 0x1, 0x7 }' : `@${named}`}`, { mark: 7 }),
    part(`meta mark & 0xf0 | 0x1 ${draw.pick(['==', '!='])} 0x81`, { mark: 0x80 }),
    part(`meta mark ^ 0x3 ${draw.pick(['==', '!='])} 0x4`, { mark: 7 }),
  ]);
};

const meta: Make = (context) => {
  const { draw, family } = context;
  const length = draw.pick([60, 84, 100, 500]);
  const uid = draw.pick([0, 1000, 1001]);
  return draw.pick([
    part(numberIs(draw, 'meta length', length, 65535), { length }),
    part(`meta nfproto ${not(draw)}${draw.pick(['ipv4', 'ipv6', '{ ipv4, ipv6 }'])}`),
    part(`meta protocol ${draw.pick([net(context), `!= ${net(context)}`, '{ ip, ip6 }', '!= arp'])}`),
    part(`meta pkttype ${not(draw)}${draw.pick(['host', 'broadcast', 'multicast', '{ host, other }'])}`),
    ...(only(context, ['output', 'postrouting'])
      ? [
          part(numberIs(draw, 'meta skuid', uid, 100000), { in: null, uid }),
          part(`meta skgid ${not(draw)}${draw.pick([0, 100])}`, { in: null, gid: draw.pick([0, 100]) }),
          part(`meta skuid . meta skgid ${not(draw)}{ 1000 . 0, 0 . 100 }`, { in: null, uid: 1000, gid: 0 }),
        ]
      : [part(`meta l4proto ${not(draw)}${family === 4 ? 'icmp' : 'ipv6-icmp'}`)]),
  ]);
};

const connection: Make = ({ draw }) => {
  const states = several(draw, STATES);
  const status = several(draw, ['expected', 'seen-reply', 'assured', 'confirmed', 'snat', 'dnat']);
  return draw.pick([
    part(`ct state ${not(draw)}${states.join(',')}`),
    part(`ct state ${not(draw)}${braces(states)}`),
    part(`ct state ${draw.pick(['new', 'established,related', '!= invalid'])}`),
    part(
      `ct state & (${draw.pick(['new | related', 'established', 'invalid | untracked'])}) ${draw.pick(['==', '!='])} 0`,
    ),
    part(`ct status ${not(draw)}${status.join(',')}`),
    part(`ct status & (${status.join(' | ')}) ${draw.pick(['==', '!='])} 0`),
    part(`ct direction ${not(draw)}${draw.pick(['original', 'reply'])}`),
    part(`ct mark ${not(draw)}${hex(markValue(draw))}`),
    part(`ct mark & ${hex(markMask(draw))} ${draw.pick(['==', '!='])} ${hex(markValue(draw))}`),
    part(`ct zone ${not(draw)}${draw.pick([0, 5])}`),
    part(`ct original zone ${not(draw)}${draw.pick([0, 6])}`),
    part(`ct l3proto != ${draw.pick(['ipv4', 'ipv6'])}`),
    part(`ct protocol ${not(draw)}${draw.pick(['tcp', 'udp', '{ tcp, sctp }'])}`),
    part(`ct label ${not(draw)}${draw.pick(['1', '5', '127'])}`),
    part(`ct helper ${not(draw)}"ftp"`),
  ]);
};

const tuple: Make = (context) => {
  const { draw } = context;
  const way = draw.pick(['original', 'reply'] as const);
  const side = draw.pick(['saddr', 'daddr'] as const);
  const field = side === 'saddr' ? 'src' : 'dst';
  if (draw.chance(60))
    return addressIs(context, `ct ${way} ${net(context)} ${side}`, (host) =>
      way === 'original' ? { [field]: host } : {},
    );
  const word = side === 'saddr' ? 'proto-src' : 'proto-dst';
  const where = side === 'saddr' ? 'sport' : 'dport';
  return portIs(context, `meta l4proto ${draw.pick(['tcp', 'udp'])} ct ${way} ${word}`, (inside) =>
    way === 'original' ? { [where]: inside } : {},
  );
};

const fib: Make = (context) => {
  const { draw } = context;
  const side = draw.pick(['saddr', 'daddr'] as const);
  const marked = draw.chance(25) ? ' . mark' : '';
  const inside = only(context, IN) && draw.chance(40) ? ' . iif' : '';
  const outside = inside === '' && only(context, OUT) && draw.chance(25) ? ' . oif' : '';
  const key = `fib ${side}${marked}${inside}${outside}`;
  const types = several(draw, ['unicast', 'local', 'broadcast', 'multicast', 'unreachable', 'anycast']);
  const type = part(
    `${key} type ${not(draw)}${draw.chance(50) ? draw.pick(types) : braces(types)}`,
    draw.chance(50) ? { dst: anyHost(context) } : {},
  );
  if (draw.chance(50) || !only(context, IN)) return type;
  return part(
    draw.pick([
      `${key} oif ${draw.pick(['exists', 'missing'])}`,
      `${key} oif ${draw.pick(['0', '!= 0'])}`,
      `${key} oif ${not(draw)}"${draw.pick(DEVICES)}"`,
      `${key} oifname ${not(draw)}"${draw.pick(DEVICES)}"`,
      `${key} oifname ${draw.pick(['""', '!= ""'])}`,
    ]),
  );
};

/** Hashes of the packet that have a seed, and numbers that are no lottery. */
const computed: Make = (context) => {
  const { draw } = context;
  const seed = hex(draw.integer(1, 0xffff));
  const own = net(context);
  const [modulus, offset] = [draw.pick([2, 3, 4, 16]), draw.pick([0, 0, 5])];
  const tail = `mod ${modulus} seed ${seed}${offset === 0 ? '' : ` offset ${offset}`}`;
  const key = draw.pick([
    `${own} saddr`,
    `${own} saddr . ${own} daddr`,
    `${own} saddr . tcp dport`,
    `${own} daddr . meta mark`,
    `${own} saddr . udp sport . ${own} daddr . udp dport`,
    'meta mark',
    `${own} saddr . meta l4proto`,
  ]);
  return draw.pick([
    part(
      `jhash ${key} ${tail} ${draw.pick(['', '!= ', '< ', '>= '])}${offset + draw.integer(0, modulus - 1)}`,
    ),
    part(`jhash ${key} ${tail} ${offset + draw.integer(0, modulus - 1)}`),
    part(`numgen ${draw.pick(['inc', 'random'])} mod 1 0`),
  ]);
};

const routed: Make = (context) => {
  const { draw } = context;
  if (!only(context, ['input', 'forward', 'output', 'postrouting'])) return null;
  return part(draw.pick(['rt classid 0', 'rt classid != 0', 'meta rtclassid 5']));
};

/** Questions without an answer in any dump. */
export const openState: Make = (context) => {
  const { draw } = context;
  return part(
    draw.pick([
      `numgen random mod ${draw.integer(2, 5)} 0`,
      `numgen inc mod ${draw.integer(2, 5)} ${draw.integer(0, 1)}`,
      'symhash mod 3 1',
      'limit rate 5/second',
      'limit rate over 400/minute burst 9 packets',
      'quota over 2 mbytes',
      'ct count over 3',
      'meta cpu 0',
      'meta random < 1000000',
      `meta hour "${draw.pick(['00:00', '12:00'])}"-"18:00"`,
      'socket transparent 1',
      'socket mark 0x1',
      'ct expiration > 5s',
      'meta cgroup 1',
      'meta priority none',
      'meta ipsec missing',
      'meta iifkind "veth"',
      ...(only(context, ['input', 'forward']) ? ['meta sdifname "eth0"', 'rt ipsec missing'] : []),
    ]),
  );
};

const MAKERS: readonly Make[] = [
  ...[device, device, device, mark, mark, meta, meta, connection, connection, connection],
  ...[tuple, tuple, fib, fib, computed, routed],
];

export const stateCondition: Make = (context) => context.draw.pick(MAKERS)(context);
