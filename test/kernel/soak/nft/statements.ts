/** Statements, each where nft and the kernel take it. */
import type { Part } from '../rules/context.js';
import { PORTS, anyHost, hex, markMask, markValue } from '../rules/context.js';
import { DEVICES, placesOf } from '../rules/network.js';
import { type Make, type RuleContext, net, only, part, setOf } from './context.js';

const setMark: Make = (context) => {
  const { draw } = context;
  const value = hex(markValue(draw));
  const own = net(context);
  const map = setOf(context, 'addr:mark');
  const seed = hex(draw.integer(1, 0xffff));
  return part(
    `meta mark set ${draw.pick([
      value,
      value,
      `meta mark & ${hex(markMask(draw))} | ${value}`,
      `meta mark | ${value}`,
      `meta mark & ${hex(markMask(draw))}`,
      `meta mark ^ ${value}`,
      'meta mark << 4',
      'meta mark >> 4',
      'ct mark',
      `ct mark & ${hex(markMask(draw))}`,
      map === null ? `${own} saddr map { ${anyHost(context)} : 0x7 }` : `${own} saddr map @${map}`,
      `tcp dport map { 80 : 0x1, 443 : 0x7, 1000-2000 : 0x80 }`,
      `jhash ${own} saddr . ${own} daddr mod 16 seed ${seed}`,
      `jhash ${own} daddr mod 3 seed ${seed} offset 6`,
      'meta l4proto map { tcp : 0x1, udp : 0x80 }',
      'iifname map { "eth0" : 0x7, "wan" : 0x10 }',
    ])}`,
  );
};

const setConnection: Make = ({ draw }) => {
  const value = hex(markValue(draw));
  return part(
    draw.pick([
      `ct mark set ${value}`,
      'ct mark set meta mark',
      `ct mark set ct mark | ${value}`,
      `ct mark set ct mark & ${hex(markMask(draw))}`,
      `ct mark set meta mark & ${hex(markMask(draw))}`,
      `ct mark set ct mark & ${hex(markMask(draw))} ^ ${value}`,
      'ct mark set tcp dport map { 80 : 0x1, 443 : 0x7 }',
      `ct label set ${draw.pick([1, 5, 127])}`,
      'ct event set new,related,destroy',
    ]),
  );
};

const setHeader: Make = (context) => {
  const { draw, family } = context;
  const own = net(context);
  const ttl = draw.pick([1, 2, 30, 64, 200, 255]);
  // Within a table of both families nft 1.0.6 may list them by offset and length, the mask turned round.
  if (context.table === 'inet' && draw.chance(28)) return null;
  const fields =
    context.table === 'inet'
      ? []
      : [
          `${own} dscp set ${draw.pick(['cs1', 'ef', 'cs0', '0x3f'])}`,
          `${own} ecn set ${draw.pick(['ce', 'not-ect', 'ect0'])}`,
        ];
  return part(
    draw.pick([
      ...fields,
      `${family === 4 ? 'ip ttl' : 'ip6 hoplimit'} set ${ttl}`,
      `${family === 4 ? 'ip ttl' : 'ip6 hoplimit'} set ${ttl}`,
      'tcp option maxseg size set 1400',
      ...(only(context, ['forward', 'output', 'postrouting'])
        ? ['tcp flags syn tcp option maxseg size set rt mtu']
        : []),
      'reset tcp option sack-perm',
      'udp checksum set 0',
    ]),
  );
};

/** Before conntrack. */
const tracking: Make = ({ draw, early }) => {
  if (!early) return null;
  return part(
    draw.pick(['ct zone set 5', 'ct original zone set 6', 'ct reply zone set 7', 'notrack', 'notrack']),
  );
};

const quiet: Make = ({ draw }) =>
  part(
    draw.pick([
      ...[
        'counter',
        'counter',
        'log',
        'log prefix "a b: "',
        'log prefix "x" group 9',
        'log level info flags all',
      ],
      ...['meta priority set 1:2', 'meta priority set none'],
    ]),
  );

const REJECTS: Readonly<Record<'ip' | 'ip6', readonly string[]>> = {
  ip: ['net', 'host', 'prot', 'port']
    .map((word) => `icmp ${word}-unreachable`)
    .concat(['net', 'host', 'admin'].map((word) => `icmp ${word}-prohibited`)),
  ip6: [
    'no-route',
    'admin-prohibited',
    'addr-unreachable',
    'port-unreachable',
    'policy-fail',
    'reject-route',
  ].map((word) => `icmpv6 ${word}`),
};

const reject: Make = (context) => {
  const { draw, table } = context;
  if (!only(context, ['input', 'forward', 'output'])) return null;
  if (draw.chance(25)) return part('reject');
  if (draw.chance(30)) return part('meta l4proto tcp reject with tcp reset', { proto: 'tcp' });
  if (table === 'inet' && draw.chance(50))
    return part(
      `reject with icmpx ${draw.pick(['no-route', 'port-unreachable', 'host-unreachable', 'admin-prohibited'])}`,
    );
  return part(`reject with ${draw.pick(REJECTS[net(context)])}`);
};

/** A set that packets fill. Every packet takes its own source out before it meets other rules. */
const remember: Make = (context) => {
  const { draw } = context;
  const set = setOf(context, 'seen');
  if (set === null || only(context, ['postrouting'])) return null;
  const key = `${net(context)} saddr`;
  return part(
    draw.pick([
      `add @${set} { ${key} }`,
      `update @${set} { ${key} }`,
      `add @${set} { ${key} } meta mark set 0x7`,
      `delete @${set} { ${key} }`,
      `${key} @${set} meta mark set 0x80`,
      `${key} != @${set} meta mark set 0x1`,
    ]),
  );
};

const FLAGS = ['random', 'fully-random', 'persistent'] as const;

function natAddress({ draw, family }: RuleContext): string {
  const places = placesOf(family);
  const host = draw.pick(draw.chance(40) ? places.own : places.hosts[draw.pick(DEVICES)]);
  if (draw.chance(80)) return host;
  return `${host}-${family === 4 ? host.replace(/\d+$/, '250') : host.replace(/[0-9a-f]*$/, 'ff50')}`;
}

/** `snat` or `dnat` with all that they take. */
function translation(context: RuleContext, kind: 'snat' | 'dnat'): Part {
  const { draw, family, table } = context;
  const own = net(context);
  const proto = draw.pick(['tcp', 'udp', 'tcp'] as const);
  const to = natAddress(context);
  const low = draw.pick([80, 1000, 8080, 30000]);
  const ports = draw.chance(60) ? String(low) : `${low}-${low + draw.pick([1, 10, 1000])}`;
  const flags = FLAGS.filter((flag) => draw.chance(8) && (kind === 'snat' || flag !== 'fully-random'));
  const tail = flags.length === 0 ? '' : ` ${flags.join(',')}`;
  const word = table === 'inet' ? `${kind} ${own} to` : `${kind} to`;
  const six = (text: string): string =>
    family === 6
      ? text.replace(/^([^-]+)(?:-(.+))?$/, (_, a: string, b?: string) =>
          b === undefined ? `[${a}]` : `[${a}]-[${b}]`,
        )
      : text;
  const port = draw.pick(PORTS);
  const maps = {
    address: setOf(context, 'net:addr'),
    byPort: setOf(context, 'port:addr'),
    both: setOf(context, 'addr:addr.port'),
    port: setOf(context, 'port:port'),
  };
  const host = (): string => anyHost(context);
  const [prefix, other] = family === 4 ? ['10.0.0.0/24', '10.0.1.0/24'] : ['fd00:a::/64', 'fd00:b::/64'];
  const key = kind === 'dnat' ? 'daddr' : 'saddr';
  const group = `meta l4proto ${proto} `;
  return draw.pick<() => Part>([
    () => part(`${word} ${to}${tail}`),
    () => part(`${word} ${to}${tail}`),
    () => part(`${group}${word} ${six(to)}:${ports}${tail}`, { proto }),
    () => part(`${proto} dport ${port} ${word} ${six(to)}:${ports}${tail}`, { proto, dport: port }),
    () => part(`${group}${kind} to :${ports}${tail}`, { proto }),
    () =>
      part(
        `${word} ${own} ${key} map ${maps.address === null ? `{ ${host()} : ${host()} }` : `@${maps.address}`}${tail}`,
      ),
    () =>
      part(
        `${word} ${proto} dport map ${maps.byPort === null ? `{ ${port} : ${host()}, 443 : ${host()} }` : `@${maps.byPort}`}${tail}`,
        {
          proto,
          dport: port,
        },
      ),
    () =>
      part(
        `${group}${kind} ${own} addr . port to ${own} ${key} map ${maps.both === null ? `{ ${host()} : ${host()} . ${port} }` : `@${maps.both}`}${tail}`,
        { proto },
      ),
    () =>
      part(
        `${group}${word} ${six(natAddress(context).replace(/-.*/, ''))}:tcp dport map ${maps.port === null ? '{ 80 : 8080 }' : `@${maps.port}`}`,
        {
          proto,
        },
      ),
    () => part(`${kind} ${own} prefix to ${own} ${key} map { ${prefix} : ${other} }`),
    () => part(`${kind} ${own} prefix to ${other}`),
    () =>
      part(
        `${word} jhash ${own} saddr mod 2 seed 0x${draw.integer(1, 255).toString(16)} map { 0 : ${host()}, 1 : ${host()} }`,
      ),
  ])();
}

const nat: Make = (context) => {
  const { draw } = context;
  if (context.type !== 'nat') return null;
  const low = draw.pick([80, 1000, 40000]);
  const ports = draw.pick([String(low), `${low}-${low + 20}`]);
  const proto = draw.pick(['tcp', 'udp'] as const);
  const ported = (word: string, tail = ''): Part =>
    part(`meta l4proto ${proto} ${word} to :${ports}${tail}`, { proto });
  const random = draw.pick(['', '', '', ' random', ' fully-random', ' persistent']);
  if (only(context, ['prerouting', 'output']))
    return draw.pick<() => Part>([
      () => translation(context, 'dnat'),
      () => translation(context, 'dnat'),
      () => translation(context, 'dnat'),
      () => part('redirect'),
      () => ported('redirect'),
      () => part('meta l4proto tcp redirect to :tcp dport map { 80 : 8080, 443 : 22 }', { proto: 'tcp' }),
    ])();
  if (only(context, ['postrouting']))
    return draw.pick<() => Part>([
      () => translation(context, 'snat'),
      () => translation(context, 'snat'),
      () => translation(context, 'snat'),
      () => part(`masquerade${random}`),
      () => ported('masquerade', random),
    ])();
  return only(context, ['input']) ? translation(context, 'snat') : null;
};

/** Statements of which something else than the rule set decides. */
export const openStatement: Make = (context) =>
  part(
    context.draw.pick([
      // The kernel refuses each elsewhere, and nft then names rules without fault beside it.
      ...(context.type === 'filter' && only(context, ['input', 'forward'])
        ? ['tcp dport 80 synproxy mss 1460 wscale 7 timestamp sack-perm']
        : []),
      ...(context.type === 'filter' && only(context, ['prerouting'])
        ? ['meta l4proto tcp tproxy to :8080']
        : []),
      'meta mark set numgen random mod 3',
      'meta mark set symhash mod 3',
    ]),
  );

const FILTER: readonly Make[] = [
  setMark,
  setMark,
  setConnection,
  setHeader,
  setHeader,
  tracking,
  tracking,
  quiet,
  reject,
  remember,
];
const NAT: readonly Make[] = [nat, nat, nat, setMark, setConnection, quiet];
const ANY: readonly Make[] = [setMark, setConnection, quiet];

/** A statement that fits, or null. */
export const statement: Make = (context) =>
  context.draw.pick(context.type === 'nat' ? NAT : context.type === null ? ANY : FILTER)(context);

/** Does a rule end with it, so that nothing may follow? */
export const isFinal = (text: string): boolean =>
  /(?:^| )(?:reject|snat|dnat|masquerade|redirect|synproxy|tproxy)\b/.test(text);
