/** Targets, each where the kernel takes it. */
import { type RuleContext, hex, markMask, markValue, only } from './context.js';
import { DEVICES, placesOf } from './network.js';

type Make = (context: RuleContext) => string | null;

const WITH_PORTS = ['tcp', 'udp', 'sctp', 'dccp'];

const markTarget: Make = ({ draw }) => {
  const value = hex(markValue(draw));
  return draw.pick([
    `-j MARK --set-xmark ${value}/${hex(markMask(draw))}`,
    `-j MARK --set-xmark ${value}/0xffffffff`,
    `-j MARK --set-mark ${value}`,
    `-j MARK --and-mark ${hex(markMask(draw))}`,
    `-j MARK --or-mark ${value}`,
    `-j MARK --xor-mark ${value}`,
  ]);
};

const connmark: Make = ({ draw }) => {
  const [nfmask, ctmask] = [hex(markMask(draw)), hex(markMask(draw))];
  return draw.pick([
    `-j CONNMARK --set-xmark ${hex(markValue(draw))}/${hex(markMask(draw))}`,
    '-j CONNMARK --save-mark --nfmask 0xffffffff --ctmask 0xffffffff',
    '-j CONNMARK --restore-mark --nfmask 0xffffffff --ctmask 0xffffffff',
    `-j CONNMARK --save-mark --nfmask ${nfmask} --ctmask ${ctmask}`,
    `-j CONNMARK --restore-mark --nfmask ${nfmask} --ctmask ${ctmask}`,
  ]);
};

const tracking: Make = ({ draw, hooks }) =>
  hooks.length === 0
    ? null
    : draw.pick([
        '-j CT --notrack',
        '-j NOTRACK',
        '-j CT --zone 5',
        '-j CT --zone-orig 6',
        '-j CT --zone-reply 7',
        '-j CT --zone mark',
        '-j CT',
      ]);

const headerTarget: Make = ({ draw, family }) => {
  const ttl = draw.pick([1, 2, 30, 63, 64, 200, 255]);
  const [name, option] = family === 4 ? ['TTL', 'ttl'] : ['HL', 'hl'];
  return draw.pick([
    `-j ${name} --${option}-set ${ttl}`,
    `-j ${name} --${option}-inc ${draw.pick([1, 2, 250])}`,
    `-j ${name} --${option}-dec ${draw.pick([1, 2, 62])}`,
    `-j TOS --set-tos ${hex(draw.pick([0, 0x10, 0x20, 0xff]))}/${hex(draw.pick([0xff, 0x3f, 0xf0]))}`,
    `-j TOS --set-tos ${draw.pick(['0x10', 'Minimize-Delay', '0x08/0x1c'])}`,
    `-j DSCP --set-dscp ${hex(draw.pick([0, 0x2e, 63]))}`,
    ...(family === 4 ? [`-j ECN --ecn-ip-ect ${draw.integer(0, 3)}`] : []),
  ]);
};

const hash: Make = ({ draw, family }) => {
  const length = draw.integer(family === 4 ? 8 : 32, family === 4 ? 32 : 128);
  const tuple = draw.pick([
    '--hmark-tuple src,dst',
    '--hmark-tuple src,dst,sport,dport,proto',
    '--hmark-tuple src,dst,sport,dport,proto,ct',
    '--hmark-tuple ct,dst,dport',
    `--hmark-src-prefix ${length} --hmark-dport-mask 0xff --hmark-sport 0x5`,
    `--hmark-dst-prefix ${length} --hmark-proto-mask 0x1`,
    '--hmark-spi-mask 0xffff0000 --hmark-spi 0x7',
  ]);
  const range = draw.pick([
    '--hmark-mod 16',
    '--hmark-mod 3 --hmark-offset 6',
    '--hmark-mod 4294967295 --hmark-offset 9',
  ]);
  return `-j HMARK ${tuple} --hmark-rnd ${hex(draw.integer(0, 0xffffffff))} ${range}`;
};

/** A prefix, its length, and its addresses. */
const PREFIXES = [
  ['fd00:a::', 64, 'fd00:a::-fd00:a::ffff:ffff:ffff:ffff'],
  ['fd00:b::', 64, 'fd00:b::-fd00:b::ffff:ffff:ffff:ffff'],
  ['2001:db8:1::', 64, '2001:db8:1::-2001:db8:1:0:ffff:ffff:ffff:ffff'],
  ['2001:db8::', 48, '2001:db8::-2001:db8:0:ffff:ffff:ffff:ffff:ffff'],
  ['2001:db8:1::', 48, '2001:db8:1::-2001:db8:1:ffff:ffff:ffff:ffff:ffff'],
  ['fd00::', 8, 'fd00::-fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['fd00:a:0:5::', 64, 'fd00:a:0:5::-fd00:a:0:5:ffff:ffff:ffff:ffff'],
] as const;

/** Only addresses of the first prefix, and none to a longer one: others arrive with wrong checksums. */
const prefixes: Make = (context) => {
  const { draw, family } = context;
  const name = only(context, ['PREROUTING', 'OUTPUT'])
    ? 'DNPT'
    : only(context, ['INPUT', 'POSTROUTING'])
      ? 'SNPT'
      : null;
  if (family === 4 || name === null) return null;
  const [from, length, range] = draw.pick(PREFIXES);
  const [to, shorter] = draw.pick(PREFIXES.filter(([, other]) => other <= length));
  const way = name === 'DNPT' ? 'dst' : 'src';
  return `-m iprange --${way}-range ${range} -j ${name} --src-pfx ${from}/${length} --dst-pfx ${to}/${shorter}`;
};

function ported(context: RuleContext): boolean {
  return context.proto !== null && WITH_PORTS.includes(context.proto);
}

function addresses({ draw, family }: RuleContext, own: boolean): string {
  const places = placesOf(family);
  const hosts = own && draw.chance(50) ? places.own : places.hosts[draw.pick(DEVICES)];
  const one = draw.pick(hosts);
  if (draw.chance(75)) return one;
  return `${one}-${family === 4 ? one.replace(/\d+$/, '250') : one.replace(/[0-9a-f]*$/, 'ff50')}`;
}

function mapped(context: RuleContext, manip: 'source' | 'destination'): string {
  const { draw, family } = context;
  const to =
    manip === 'destination' && family === 4 && draw.chance(4) ? '127.0.0.1' : addresses(context, true);
  const low = draw.pick([80, 1000, 8080, 30000]);
  const base = manip === 'destination' && draw.chance(20) ? `/${draw.pick([50, 53, 80])}` : '';
  const ports = draw.chance(60) ? String(low) : `${low}-${low + draw.pick([1, 10, 1000])}${base}`;
  const flags = ['--random', '--random-fully', '--persistent'].filter(
    (flag) => draw.chance(8) && (manip === 'source' || flag !== '--random-fully'),
  );
  const name = manip === 'source' ? 'SNAT' : 'DNAT';
  const address = family === 6 && ported(context) ? `[${to}]` : to;
  const target = ported(context) && draw.chance(50) ? `${address}:${ports}` : to;
  return [`-j ${name} --to-${manip} ${target}`, ...flags].join(' ');
}

const nat: Make = (context) => {
  const { draw, family } = context;
  const low = draw.pick([80, 1000, 40000]);
  const ports =
    ported(context) && draw.chance(50) ? ` --to-ports ${draw.pick([String(low), `${low}-${low + 20}`])}` : '';
  const netmap = `-j NETMAP --to ${family === 4 ? draw.pick(['10.0.1.0/24', '203.0.113.0/24', '10.0.0.0/25']) : draw.pick(['fd00:b::/64', '2001:db8:1::/64'])}`;
  if (only(context, ['PREROUTING', 'OUTPUT']))
    return draw.pick([
      mapped(context, 'destination'),
      mapped(context, 'destination'),
      `-j REDIRECT${ports}`,
      netmap,
    ]);
  if (only(context, ['POSTROUTING'])) {
    const random = draw.pick(['', '', '', ' --random', ' --random-fully']);
    return draw.pick([
      mapped(context, 'source'),
      `-j MASQUERADE${ports}${random}`,
      `-j MASQUERADE${ports}`,
      netmap,
    ]);
  }
  return only(context, ['INPUT']) ? draw.pick([mapped(context, 'source'), netmap]) : null;
};

const REJECTS4 = [
  'icmp-net-unreachable',
  'icmp-host-unreachable',
  'icmp-proto-unreachable',
  'icmp-port-unreachable',
  'icmp-net-prohibited',
  'icmp-host-prohibited',
  'icmp-admin-prohibited',
];
const REJECTS6 = [
  'icmp6-no-route',
  'icmp6-adm-prohibited',
  'icmp6-addr-unreachable',
  'icmp6-port-unreachable',
  'icmp6-policy-fail',
  'icmp6-reject-route',
];

const reject: Make = (context) => {
  const { draw, family, proto } = context;
  if (!only(context, ['INPUT', 'FORWARD', 'OUTPUT'])) return null;
  if (proto === 'tcp' && draw.chance(50)) return '-j REJECT --reject-with tcp-reset';
  return `-j REJECT --reject-with ${draw.pick(family === 4 ? REJECTS4 : REJECTS6)}`;
};

const log: Make = ({ draw }) =>
  draw.pick([
    '-j LOG',
    '-j LOG --log-prefix "a b: "',
    '-j NFLOG --nflog-group 9',
    '-j NFLOG --nflog-group 9 --nflog-prefix "x y"',
  ]);

const setTarget: Make = ({ draw }) =>
  draw.pick([
    `-j SET --add-set grown ${draw.pick(['src', 'dst'])}`,
    `-j SET --del-set grown ${draw.pick(['src', 'dst'])}`,
  ]);

/** Targets whose work no header, mark or verdict shows, and TCP's own. */
const quiet: Make = (context) => {
  const { draw, proto, family } = context;
  const classes = only(context, ['FORWARD', 'OUTPUT', 'POSTROUTING']) ? ['-j CLASSIFY --set-class 1:2'] : [];
  const tcp =
    proto === 'tcp'
      ? [
          '-m tcp --tcp-flags SYN,RST SYN -j TCPMSS --set-mss 1400',
          '-j TCPOPTSTRIP --strip-options sack-permitted',
          ...(family === 4 ? ['-j ECN --ecn-tcp-remove'] : []),
        ]
      : [];
  return draw.pick([
    '-j AUDIT --type accept',
    ...(proto === 'udp' ? ['-j CHECKSUM --checksum-fill'] : []),
    '-j IDLETIMER --timeout 600 --label soak',
    '-j RATEEST --rateest-name soak --rateest-interval 250ms --rateest-ewmalog 500ms',
    ...classes,
    ...tcp,
  ]);
};

const plain =
  (...words: readonly string[]): Make =>
  ({ draw }) =>
    draw.pick(words);

const BY_TABLE: Readonly<Record<RuleContext['table'], readonly Make[]>> = {
  raw: [
    tracking,
    tracking,
    tracking,
    markTarget,
    hash,
    plain('-j ACCEPT', '-j RETURN'),
    plain('-j DROP'),
    log,
  ],
  mangle: [
    markTarget,
    markTarget,
    connmark,
    headerTarget,
    headerTarget,
    hash,
    prefixes,
    quiet,
    plain('-j ACCEPT', '-j RETURN'),
    plain('-j DROP'),
    log,
    setTarget,
  ],
  nat: [nat, nat, nat, nat, markTarget, connmark, plain('-j ACCEPT', '-j RETURN'), log],
  filter: [
    plain('-j ACCEPT'),
    plain('-j ACCEPT', '-j RETURN'),
    plain('-j DROP'),
    reject,
    markTarget,
    connmark,
    log,
    setTarget,
    plain(''),
  ],
  security: [plain('-j ACCEPT', '-j RETURN'), plain('-j DROP'), markTarget, connmark],
};

/** A target for the rule, or null when the one drawn does not fit. */
export function drawTarget(context: RuleContext): string | null {
  return context.draw.pick(BY_TABLE[context.table])(context);
}
