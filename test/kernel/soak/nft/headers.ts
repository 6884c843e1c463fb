/** Conditions on what a packet's headers hold. */
import { type Hint, type Part, anyHost } from '../rules/context.js';
import { ICMP6_TYPES, ICMP_TYPES } from '../rules/icmp.js';
import { type Make, net, only, part, setOf } from './context.js';
import { addressIs, braces, not, numberIs, portIs, several, wordIs } from './values.js';

const FLAGS = ['fin', 'syn', 'rst', 'psh', 'ack', 'urg'] as const;
const DSCP = { cs0: 0, cs1: 0x20, cs2: 0x40, ef: 0xb8, af11: 0x28, lephb: 4 } as const;

const address: Make = (context) => {
  const way = context.draw.pick(['src', 'dst'] as const);
  return addressIs(context, `${net(context)} ${way === 'src' ? 'saddr' : 'daddr'}`, (host) => ({
    [way]: host,
  }));
};

/** With the ports of a protocol; `th` means those of any. */
const ports: Make = (context) => {
  const { draw } = context;
  const proto = draw.pick(['tcp', 'tcp', 'tcp', 'udp', 'udp', 'sctp', 'udplite', 'dccp', 'th']);
  const side = draw.pick(['sport', 'dport', 'dport'] as const);
  const also: Hint = proto === 'th' || proto === 'dccp' ? {} : { proto };
  return portIs(context, `${proto} ${side}`, (port) => ({ ...also, [side]: port }));
};

const services: Make = (context) => {
  const { draw } = context;
  const proto = draw.pick(['tcp', 'udp'] as const);
  const way = draw.pick(['saddr', 'daddr'] as const);
  const key = `${net(context)} ${way}`;
  const host = anyHost(context);
  const hint: Hint = { proto, [way === 'saddr' ? 'src' : 'dst']: host, dport: 80 };
  const named = setOf(context, draw.pick(['addr.port', 'net.port']));
  const protos = setOf(context, 'addr.proto.port');
  return draw.pick<() => Part>([
    () =>
      part(
        `${key} . ${proto} dport ${not(draw)}${named === null ? braces([`${host} . 80`, `${anyHost(context)} . 443`]) : `@${named}`}`,
        hint,
      ),
    () =>
      part(
        `${key} . meta l4proto . th dport ${not(draw)}${protos === null ? braces([`${host} . tcp . 80`, `${host} . udp . 53`]) : `@${protos}`}`,
        hint,
      ),
    () =>
      part(
        `${key} . ${proto} dport ${not(draw)}${braces([`${host} . 50-100`, `${anyHost(context)} . 1-1023`])}`,
        hint,
      ),
    () => part(`${proto} sport . ${proto} dport ${not(draw)}{ 1024 . 80, 22 . 443, 1-500 . 53 }`, { proto }),
  ])();
};

const flags: Make = ({ draw }) => {
  const some = several(draw, FLAGS, 25);
  const wanted = some.filter(() => draw.chance(60));
  const hint: Hint = wanted.length === 0 ? {} : { tcpFlags: wanted.map((flag) => flag.toUpperCase()) };
  const mask = some.join(' | ');
  const two = some.length > 1 ? some.join(',') : 'syn,ack';
  return draw.pick([
    part(`tcp flags ${draw.pick(FLAGS)}`),
    part(`tcp flags ${some.join(',')}`),
    part(`tcp flags ! ${some.join(',')}`),
    part(`tcp flags == ${draw.pick(['syn', 'ack', 'syn | ack'])}`, { tcpFlags: ['SYN'] }),
    part(
      `tcp flags & (${mask}) ${draw.pick(['==', '!='])} ${wanted.length === 0 ? '0' : `(${wanted.join(' | ')})`}`,
      hint,
    ),
    part(`tcp flags & (fin | syn | rst | ack) ${draw.pick(['==', '!='])} syn`, { tcpFlags: ['SYN'] }),
    part(`tcp flags ${not(draw)}{ ${draw.pick(FLAGS)}, syn | ack }`),
    part(`tcp flags ${wanted.length === 0 ? 'syn' : wanted.join(',')} / ${two}`, hint),
  ]);
};

const icmp: Make = ({ draw, family }) => {
  const name = family === 4 ? 'icmp' : 'icmpv6';
  const type = draw.pick(family === 4 ? ICMP_TYPES : ICMP6_TYPES);
  const hint: Hint = { proto: name, icmpType: type.type, icmpCode: type.code };
  return draw.pick([
    part(numberIs(draw, `${name} type`, type.type, 255), hint),
    part(
      `${name} type ${not(draw)}${draw.pick(['echo-request', 'echo-reply', '{ echo-request, time-exceeded }'])}`,
      {
        proto: name,
      },
    ),
    part(numberIs(draw, `${name} code`, type.code, 255), hint),
    part(numberIs(draw, `${name} id`, draw.integer(1, 9), 65535), { proto: name }),
  ]);
};

const small: Make = (context) => {
  const { draw, family } = context;
  const ttl = draw.pick([1, 2, 63, 64, 65, 255]);
  const [word, tos] = draw.pick(Object.entries(DSCP));
  const length = draw.pick([60, 84, 100, 500]);
  const own = net(context);
  const protocol = draw.pick(['tcp', 'udp', family === 4 ? 'icmp' : 'ipv6-icmp', 'sctp', 'esp']);
  const proto = protocol === 'ipv6-icmp' ? 'icmpv6' : protocol;
  return draw.pick([
    part(numberIs(draw, family === 4 ? 'ip ttl' : 'ip6 hoplimit', ttl, 255), { ttl }),
    part(`${own} dscp ${not(draw)}${draw.pick([word, `{ ${word}, cs7 }`, `0x${(tos >> 2).toString(16)}`])}`, {
      tos,
    }),
    part(`${own} ecn ${not(draw)}${draw.pick(['not-ect', 'ect0', 'ect1', 'ce'])}`),
    part(`${own} dscp & 0x38 ${draw.pick(['==', '!='])} cs1`, { tos: 0x20 }),
    part(
      numberIs(draw, family === 4 ? 'ip length' : 'ip6 length', family === 4 ? length : length - 40, 65535),
      {
        length,
      },
    ),
    part(
      `${family === 4 ? 'ip protocol' : 'ip6 nexthdr'} ${not(draw)}${draw.pick([protocol, `{ ${protocol}, 47 }`])}`,
      {
        proto,
      },
    ),
    part(`${own} version ${not(draw)}${family}`),
    ...(family === 4
      ? [part(`ip hdrlength ${draw.pick(['5', '!= 5', '> 5', '< 6'])}`), part('ip frag-off & 0x1fff == 0')]
      : []),
  ]);
};

const transport: Make = ({ draw }) => {
  const length = draw.pick([84, 100, 500]);
  return draw.pick([
    part(`udp length ${not(draw)}${length - 20}`, { proto: 'udp', length }),
    part(`udp length ${draw.pick(['<', '>', '<=', '>='])} ${length - 20}`, { proto: 'udp', length }),
    part('dccp type request'),
    part(`igmp type ${not(draw)}17`),
    part(`sctp vtag ${draw.pick(['>= 0', '!= 1'])}`, { proto: 'sctp' }),
  ]);
};

/** `@nh,offset,length`: bits of which the packet's description decides. */
const raw: Make = ({ draw, family }) => {
  const ttl = draw.pick([1, 64, 255]);
  const port = draw.pick([22, 80, 443]);
  return draw.pick([
    part(`@nh,${family === 4 ? '64,8' : '56,8'} ${not(draw)}${ttl}`, { ttl }),
    part(`@nh,${family === 4 ? '72,8' : '48,8'} ${not(draw)}${draw.pick([6, 17])}`),
    part(`@nh,0,4 ${not(draw)}${family}`),
    part(`@th,16,16 ${not(draw)}${port}`, { dport: port }),
    part(`@th,0,16 ${draw.pick(['<', '>'])} ${port}`),
    part(`@th,0,8 & 0xf0 ${draw.pick(['==', '!='])} 0`),
    part(`meta l4proto { tcp, udp } @th,16,16 ${not(draw)}{ ${port}, 8080 }`, { dport: port, proto: 'tcp' }),
  ]);
};

const extension: Make = ({ draw, family }) => {
  const word = draw.pick(['exists', 'missing']);
  return family === 6
    ? draw.pick([
        part(`exthdr ${draw.pick(['frag', 'hbh', 'rt', 'dst', 'mh'])} ${word}`),
        part(
          draw.pick(['frag more-fragments 1', 'frag frag-off 5', 'rt type 0', 'hbh nexthdr 6', 'mh type 5']),
        ),
      ])
    : part(`ip option ${draw.pick(['lsrr', 'rr', 'ra'])} ${word}`);
};

/** TCP options of a packet without SYN are known. */
const options: Make = ({ draw }) =>
  part(
    `tcp flags & syn == 0 tcp option ${draw.pick(['maxseg', 'sack-perm', 'window'])} ${draw.pick(['exists', 'missing'])}`,
    {
      proto: 'tcp',
      tcpFlags: ['ACK'],
    },
  );

const link: Make = (context) => {
  const { draw, family } = context;
  if (!only(context, ['prerouting', 'input', 'forward'])) return null;
  // What it equals goes without saying for what follows, and nft 1.0.6 leaves it out of its listing.
  return part(`ether type != ${draw.chance(80) ? (family === 4 ? 'ip6' : 'ip') : 'arp'}`);
};

const protocol: Make = ({ draw, family }) => {
  const { word, text } = wordIs(draw, 'meta l4proto', [
    ...['tcp', 'udp', 'sctp', 'esp'],
    family === 4 ? 'icmp' : 'ipv6-icmp',
  ]);
  return part(text, { proto: word === 'ipv6-icmp' ? 'icmpv6' : word });
};

/** What hangs on fields that no packet description has. */
export const openHeader: Make = ({ draw }) =>
  part(
    draw.pick([
      'tcp option maxseg size 536-1460',
      'esp spi 0-100',
      'tcp window > 100',
      'ip id 5',
      'sctp chunk init exists',
      'tcp doff >= 5',
      'tcp option md5sig missing',
      'ip6 flowlabel 0',
    ]),
  );

const MAKERS: readonly Make[] = [
  ...[address, address, address, address, ports, ports, ports, ports, services, services, flags, flags],
  ...[icmp, icmp, small, small, small, transport, raw, extension, options, link, protocol, protocol],
];

export const headerCondition: Make = (context) => context.draw.pick(MAKERS)(context);
