/** Listing forms of the targets, by the name in the target column (libxt_*.c, libipt_*.c, libip6t_*.c). */
import { type Caught, type FormOptions, type ListingForm, type Turn, form } from './form.js';

const flag = (word: string, option = `--${word}`): readonly [string, Turn] => [word, option];
const value = (word: string, option: string): readonly [string, Turn] => [`${word} %w`, `${option} $a`];

const HOWEVER = [flag('random'), flag('random-fully'), flag('persistent')] as const;

const LOG_FLAGS = [
  [1, 'tcp-sequence'],
  [2, 'tcp-options'],
  [4, 'ip-options'],
  [8, 'uid'],
  [32, 'macdecode'],
] as const;

/** `LOG flags 47 level 4`, as -n prints it. A bit without a name cannot be told. */
function logOptions(caught: Caught): readonly string[] | null {
  const bits = Number(caught.of('a'));
  const known = LOG_FLAGS.reduce((sum, [bit]) => sum | bit, 0);
  if ((bits & ~known) !== 0) return null;
  return [
    '--log-level',
    caught.of('b'),
    ...LOG_FLAGS.filter(([bit]) => (bits & bit) !== 0).map(([, name]) => `--log-${name}`),
  ];
}

/** Names of levels as a listing without -n has them, lowest first. */
const LEVELS = ['emerg', 'alert', 'crit', 'err', 'warn', 'notice', 'info', 'debug'];

/** The prefix stands last, and its quotation marks are not escaped. Versions before 1.4 put it in `…'. */
const LOG_PREFIX = ['prefix ["`]%{.*}["\'\\x60]', '--log-prefix $a'] as const;

/** A word as `-S` prints it: bare, or quoted and escaped. */
const QUOTED = '%{"(?:[^"\\\\]|\\\\.)*"|[^"\\s]+}';
const unquoted = (text: string): string =>
  text.startsWith('"') ? text.slice(1, -1).replace(/\\(.)/g, '$1') : text;

/** MARK and CONNMARK. */
const markForm = (name: string): readonly ListingForm[] =>
  [
    ['set %w', '--set-xmark $a/0xffffffff'],
    ['xset %w', '--set-xmark $a'],
    ['and %w', '--and-mark $a'],
    ['or %w', '--or-mark $a'],
    ['xor %w', '--xor-mark $a'],
  ].map(([pattern = '', turn = '']) => form(name, { lead: [`${name} ${pattern}`, turn] }, ...SHIFTS));

const SHIFTS = [
  value('left-shift-mark', '--left-shift-mark'),
  value('right-shift-mark', '--right-shift-mark'),
] as const;

/** `CONNMARK save nfmask 0xff ctmask ~0xf0` */
const copyForm = (word: 'save' | 'restore'): ListingForm =>
  form(
    'CONNMARK',
    { lead: [`CONNMARK ${word}`, `--${word}-mark`] },
    ['mask %w', '--nfmask $a --ctmask $a'],
    ['nfmask %w ctmask ~%w', '--nfmask $a --ctmask $b'],
    ['ctmask %w nfmask ~%w', '--ctmask $a --nfmask $b'],
    ...SHIFTS,
  );

const hops = (name: 'TTL' | 'HL'): ListingForm =>
  form(name, {
    lead: [
      `${name} %{set to|decrement by|increment by} %w`,
      (caught) => [`--${name.toLowerCase()}-${caught.of('a').slice(0, 3)}`, caught.of('b')],
    ],
  });

const prefixes = (name: string): ListingForm =>
  form(name, { lead: [`${name} src-pfx %w dst-pfx %w`, '--src-pfx $a --dst-pfx $b'], families: [6] });

/** The length of a whole IPv6 address prints as nothing. */
const hashPrefix = (word: string): readonly [string, Turn] => [
  `${word}%{(?: +[\\d.:/]+)?}`,
  (caught) => [`--hmark-${word}`, caught.of('a').trim() || '128'],
];

const HMARK_VALUES = ['sport-mask', 'dport-mask', 'spi-mask', 'sport', 'dport', 'spi',
  'proto-mask', 'rnd']; // prettier-ignore

const EMPTY: FormOptions = {};

/** A form per way of printing; the first that fits what is left of the line counts. */
const FORMS: readonly ListingForm[] = [
  form('AUDIT', { lead: ['AUDIT %w', '--type $a'] }),
  form('CHECKSUM', { lead: ['CHECKSUM fill', '--checksum-fill'] }),
  form('CLASSIFY', { lead: ['CLASSIFY set %w', '--set-class $a'] }),
  form('CLUSTERIP', {
    lead: [
      'CLUSTERIP hashmode=%w clustermac=%w total_nodes=%w local_node=%w hash_init=%w',
      '--new --hashmode $a --clustermac $b --total-nodes $c --local-node $d --hash-init $e',
    ],
    families: [4],
  }),
  form('CLUSTERIP', { lead: ['CLUSTERIP', ''], families: [4] }),
  ...markForm('MARK'),
  ...markForm('CONNMARK'),
  copyForm('save'),
  copyForm('restore'),
  form('CONNSECMARK', { lead: ['CONNSECMARK %{save|restore}', '--$a'] }),
  form(
    'CT',
    { lead: ['CT', ''] },
    flag('notrack'),
    value('helper', '--helper'),
    value('ctevents', '--ctevents'),
    value('expevents', '--expevents'),
    value('zone', '--zone'),
    value('zone-orig', '--zone-orig'),
    value('zone-reply', '--zone-reply'),
  ),
  form('DNAT', { lead: ['to:%w', '--to-destination $a'] }, ...HOWEVER),
  form('SNAT', { lead: ['to:%w', '--to-source $a'] }, ...HOWEVER),
  form('NETMAP', { lead: ['to:%w', '--to $a'] }),
  form('MASQUERADE', EMPTY, ['masq ports: %w', '--to-ports $a'], ...HOWEVER),
  form('REDIRECT', EMPTY, ['redir ports %w', '--to-ports $a'], ...HOWEVER),
  prefixes('DNPT'),
  prefixes('SNPT'),
  form('DSCP', { lead: ['DSCP set %w', '--set-dscp $a'] }),
  form(
    'ECN',
    { lead: ['ECN', ''] },
    flag('TCP remove', '--ecn-tcp-remove'),
    ['ECE=%w', '--ecn-tcp-ece $a'],
    ['CWR=%w', '--ecn-tcp-cwr $a'],
    ['ECT codepoint=%w', '--ecn-ip-ect $a'],
  ),
  hops('TTL'),
  hops('HL'),
  form(
    'HMARK',
    { lead: ['HMARK mod %w', '--hmark-mod $a'] },
    ['\\+ %w', '--hmark-offset $a'],
    flag('ct,', '--hmark-tuple ct'),
    hashPrefix('src-prefix'),
    hashPrefix('dst-prefix'),
    ...HMARK_VALUES.map((word) => value(word, `--hmark-${word}`)),
  ),
  form('IDLETIMER', { lead: ['timeout:%w label:%w', '--timeout $a --label $b'] }, flag('alarm')),
  form(
    'LED',
    { lead: [`led-trigger-id:${QUOTED}`, (caught) => ['--led-trigger-id', unquoted(caught.of('a'))]] },
    ['led-delay:%{inf|\\d+}(?:ms)?', '--led-delay $a'],
    flag('led-always-blink'),
  ),
  form('LOG', { lead: ['LOG flags %{\\d+} level %w', logOptions] }, LOG_PREFIX),
  form(
    'LOG',
    {
      lead: [
        'LOG level %w',
        (caught) => {
          const level = LEVELS.findIndex((name) => caught.of('a').startsWith(name));
          return level < 0 ? null : ['--log-level', String(level)];
        },
      ],
    },
    ...LOG_FLAGS.map(([, name]) => flag(name, `--log-${name}`)),
    LOG_PREFIX,
  ),
  form(
    'NFLOG',
    EMPTY,
    [`nflog-prefix ${QUOTED}`, (caught) => ['--nflog-prefix', unquoted(caught.of('a'))]],
    value('nflog-group', '--nflog-group'),
    value('nflog-size', '--nflog-size'),
    value('nflog-range', '--nflog-range'),
    value('nflog-threshold', '--nflog-threshold'),
  ),
  form(
    'NFQUEUE',
    { lead: ['NFQUEUE %{num|balance} %w', '--queue-$a $b'] },
    flag('bypass', '--queue-bypass'),
    flag('cpu-fanout', '--queue-cpu-fanout'),
  ),
  form('RATEEST', {
    lead: ['name %w interval %w ewmalog %w', '--rateest-name $a --rateest-interval $b --rateest-ewmalog $c'],
  }),
  form('REJECT', { lead: ['reject-with %w', '--reject-with $a'] }),
  form('SECMARK', { lead: ['SECMARK selctx %w', '--selctx $a'] }),
  form(
    'SET',
    EMPTY,
    ['add-set %w %w', '--add-set $a $b'],
    flag('exist'),
    value('timeout', '--timeout'),
    ['del-set %w %w', '--del-set $a $b'],
    ['map-set %w %w', '--map-set $a $b'],
    flag('map-mark'),
    flag('map-prio'),
    flag('map-queue'),
  ),
  form(
    'SYNPROXY',
    { lead: ['SYNPROXY', ''] },
    flag('sack-perm'),
    flag('timestamp'),
    value('wscale', '--wscale'),
    value('mss', '--mss'),
    flag('ecn'),
  ),
  form('TCPMSS', { lead: ['TCPMSS clamp to PMTU', '--clamp-mss-to-pmtu'] }),
  form('TCPMSS', { lead: ['TCPMSS set %w', '--set-mss $a'] }),
  form('TCPOPTSTRIP', EMPTY, ['TCPOPTSTRIP options %w', '--strip-options $a']),
  form('TEE', { lead: ['TEE gw:%w', '--gateway $a'] }, ['oif=%w', '--oif $a']),
  form('TOS', { lead: ['TOS set\\s*%w', '--set-tos $a'] }),
  form('TOS', { lead: ['TOS and %w', '--and-tos $a'] }),
  form('TOS', { lead: ['TOS or %w', '--or-tos $a'] }),
  form('TOS', { lead: ['TOS xor %w', '--xor-tos $a'] }),
  form('TPROXY', {
    lead: ['TPROXY redirect %{\\S+}:%{\\d+} mark %w', '--on-port $b --on-ip $a --tproxy-mark $c'],
  }),
  form(
    'ULOG',
    { lead: ['ULOG copy_range %w nlgroup %w', '--ulog-cprange $a --ulog-nlgroup $b'], families: [4] },
    ['prefix "%{.*?}"', '--ulog-prefix $a'],
    value('queue_threshold', '--ulog-qthreshold'),
  ),
];

/** The ways in which a target prints itself, by its name. */
export const TARGET_FORMS: ReadonlyMap<string, readonly ListingForm[]> = new Map(
  FORMS.map(({ name }) => [name, FORMS.filter((one) => one.name === name)]),
);
