/** Listing forms of the matches on connections, marks, devices, sockets, chance and time (libxt_*.c). */
import { type Caught, type ListingForm, type Turn, form } from './form.js';
import { ownAddress } from './matches-header.js';
import { ownerId } from './names.js';

const not = ({ not: inverted }: Caught): readonly string[] => (inverted ? ['!'] : []);

const addressOption = (name: string): readonly [string, Turn] => [`%!${name} %w`, ownAddress(`--${name}`)];
const plainOption = (name: string): readonly [string, Turn] => [`%!${name} %w`, `! --${name} $a`];

const owner = (word: string, flag: string): readonly [string, Turn] => [
  `%!(?:owner|OWNER) ${word} match %w`,
  (caught) => {
    const id = ownerId(caught.of('a'));
    return id === null ? null : [...not(caught), flag, id];
  },
];

/** `-n` prints rates in bytes per second, a bare number. */
const rate = (text: string): string => (/^\d{1,12}$/.test(text) ? `${String(Number(text) * 8)}bit` : text);

/** What a rule compares: with a rate of its own, with another estimator's, or their distances from a rate. */
function estimated(caught: Caught): readonly string[] {
  const delta = caught.of('a') !== '';
  const [first, second] = caught.of('b').trim().split(' ');
  const values =
    second !== undefined
      ? [`--rateest-bps1 ${rate(first ?? '')}`, `--rateest-bps2 ${rate(second)}`]
      : first === undefined || first === ''
        ? ['--rateest-bps']
        : [`${delta ? '--rateest-bps1' : '--rateest-bps2'} ${rate(first)}`];
  return [
    ...(delta ? ['--rateest-delta'] : []),
    ...values.flatMap((words) => words.split(' ')),
    ...not(caught),
    `--rateest-${caught.of('c')}`,
  ];
}

function estimatedPackets(caught: Caught): readonly string[] {
  const [before, after] = [caught.of('b').trim(), caught.of('d').trim()];
  const values = [
    ...(before === '' ? [] : ['--rateest-pps1', before]),
    ...(after === '' ? [] : ['--rateest-pps2', after]),
  ];
  return [
    ...(caught.of('a') === '' ? [] : ['--rateest-delta']),
    ...(values.length === 0 ? ['--rateest-pps'] : values),
    ...not(caught),
    `--rateest-${caught.of('c')}`,
  ];
}

const second =
  (what: 'bps' | 'pps'): Turn =>
  (caught) => {
    const value = caught.of('b').trim();
    const own = value === '' ? [] : [`--rateest-${what}2`, what === 'bps' ? rate(value) : value];
    return ['--rateest2', caught.of('a'), ...own];
  };

/** `3rd,7th` -> `3,7`. */
const monthDays = (text: string): string => text.replace(/st|nd|rd|th/g, '');

const RECENT: ReadonlyMap<string, string> = new Map([
  ['SET', '--set'],
  ['CHECK', '--rcheck'],
  ['UPDATE', '--update'],
  ['REMOVE', '--remove'],
]);

const COMPARED = ['eq', 'lt', 'gt'] as const;

export const STATE_MATCHES: readonly ListingForm[] = [
  form(
    'conntrack',
    {},
    plainOption('ctstate'),
    plainOption('ctproto'),
    ...['ctorigsrc', 'ctorigdst', 'ctreplsrc', 'ctrepldst'].map(addressOption),
    ...['ctorigsrcport', 'ctorigdstport', 'ctreplsrcport', 'ctrepldstport'].map(plainOption),
    plainOption('ctstatus'),
    plainOption('ctexpire'),
    ['ctdir %w', '--ctdir $a'],
  ),
  form('state', {}, plainOption('state')),
  form('mark', { lead: ['(?:mark|MARK) match %!%w', '! --mark $a'] }),
  form('connmark', { lead: ['(?:connmark|CONNMARK) match %!%w', '! --mark $a'] }),
  form('connbytes', {
    lead: [
      '%!connbytes %w connbytes mode %w connbytes direction %w',
      '! --connbytes $a --connbytes-mode $b --connbytes-dir $c',
    ],
  }),
  form('connlabel', { lead: ['connlabel %!%w', '! --label $a'] }, ['set', '--set']),
  form('connlimit', {
    lead: [
      '#conn\\s*%{src|dst|}/%w %{>|<=} %w',
      (caught) => [
        caught.of('c') === '>' ? '--connlimit-above' : '--connlimit-upto',
        caught.of('d'),
        '--connlimit-mask',
        caught.of('b'),
        caught.of('a') === 'dst' ? '--connlimit-daddr' : '--connlimit-saddr',
      ],
    ],
  }),
  form('helper', { lead: ['helper match %!%q', '! --helper $a'] }),
  form(
    'set',
    { lead: ['%!match-set %w %w', '! --match-set $a $b'] },
    ['return-nomatch', '--return-nomatch'],
    ['%!update-counters', '! --update-counters'],
    ['%!update-subcounters', '! --update-subcounters'],
    ...['packets', 'bytes'].flatMap((what) => COMPARED.map((how) => plainOption(`${what}-${how}`))),
  ),
  form(
    'owner',
    {},
    ['%!owner socket exists', '! --socket-exists'],
    owner('UID', '--uid-owner'),
    owner('GID', '--gid-owner'),
    ['incl\\. suppl\\. groups', '--suppl-groups'],
  ),
  form(
    'socket',
    { lead: ['socket', ''] },
    ['--transparent', '--transparent'],
    ['--nowildcard', '--nowildcard'],
    ['--restore-skmark', '--restore-skmark'],
  ),
  form(
    'rpfilter',
    { lead: ['rpfilter', ''] },
    ['loose', '--loose'],
    ['validmark', '--validmark'],
    ['accept-local', '--accept-local'],
    ['invert', '--invert'],
  ),
  form('devgroup', {}, plainOption('src-group'), plainOption('dst-group')),
  form(
    'physdev',
    { lead: ['PHYSDEV match', ''] },
    ['%!--physdev-is-in', '! --physdev-is-in'],
    ['%!--physdev-in %w', '! --physdev-in $a'],
    ['%!--physdev-is-out', '! --physdev-is-out'],
    ['%!--physdev-out %w', '! --physdev-out $a'],
    ['%!--physdev-is-bridged', '! --physdev-is-bridged'],
  ),
  form('pkttype', {
    lead: [
      'PKTTYPE %{!?=} %w',
      (caught) => [...(caught.of('a') === '=' ? [] : ['!']), '--pkt-type', caught.of('b')],
    ],
  }),
  form('realm', {}, plainOption('realm')),
  form('cpu', { lead: ['cpu %!%w', '! --cpu $a'] }),
  form('cgroup', {
    lead: [
      'cgroup %!%w',
      (caught) => [...not(caught), /^\d+$/.test(caught.of('a')) ? '--cgroup' : '--path', caught.of('a')],
    ],
  }),
  form('cluster', {
    lead: [
      'cluster %!node_mask=%w total_nodes=%w hash_seed=%w',
      '! --cluster-local-nodemask $a --cluster-total-nodes $b --cluster-hash-seed $c',
    ],
  }),
  form('limit', { lead: ['limit: avg %w burst %w', '--limit $a --limit-burst $b'] }),
  // The name of the table of buckets, which rules may share, is not shown.
  form(
    'hashlimit',
    { lead: ['limit: (?:up to|above) %w(?: burst %w)?', ''], hides: true },
    ...['mode', 'htable-size', 'htable-max', 'htable-gcinterval', 'htable-expire', 'srcmask', 'dstmask'].map(
      (word): readonly [string, Turn] => [`${word} %w`, ''],
    ),
    ['rate-match', ''],
    ['rate-interval %w', ''],
  ),
  // Whether it is inverted is not shown.
  form('quota', { lead: ['quota: %w bytes', ''], hides: true }),
  // Nor how it compares the TTL.
  form('osf', { lead: ['OS fingerprint match %!%w', ''], hides: true }),
  form('statistic', { lead: ['statistic mode random %!probability %w', '--mode random ! --probability $a'] }),
  form(
    'statistic',
    {
      lead: ['statistic mode nth %!every %w', '--mode nth ! --every $a'],
      unless: [['--packet', ['--packet', '0']]],
    },
    ['packet %w', '--packet $a'],
  ),
  form(
    'recent',
    {
      lead: [
        '%!recent: %{SET|CHECK|UPDATE|REMOVE}',
        (caught) => [...not(caught), RECENT.get(caught.of('a')) ?? ''],
      ],
    },
    ['seconds: %w', '--seconds $a'],
    ['reap', '--reap'],
    ['hit_count: %w', '--hitcount $a'],
    ['TTL-Match', '--rttl'],
    ['name: %w', '--name $a'],
    ['side: %{source|dest}', (caught) => [caught.of('a') === 'dest' ? '--rdest' : '--rsource']],
    ['mask: %w', '--mask $a'],
  ),
  form(
    'rateest',
    { lead: ['rateest match %w', '--rateest1 $a'] },
    ['%{(?:delta )?}bps%{(?: [0-9]\\S*){0,2}} %!%{lt|gt|eq}', estimated],
    ['%{(?:delta )?}pps%{(?: [0-9]+)?} %!%{lt|gt|eq}%{(?: [0-9]+)?}', estimatedPackets],
    ['%{\\w\\S*} bps%{(?: [0-9]\\S*)?}', second('bps')],
    ['%{\\w\\S*} pps%{(?: [0-9]+)?}', second('pps')],
  ),
  form(
    'time',
    { lead: ['TIME', ''], unless: [['--utc', ['--kerneltz']]] },
    ['from %w to %w', '--timestart $a --timestop $b'],
    ['on %{(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\\S*}', '--weekdays $a'],
    ['on %{\\d\\S*}', (caught) => ['--monthdays', monthDays(caught.of('a'))]],
    ['starting from %w %w', '--datestart $aT$b'],
    ['until date %w %w', '--datestop $aT$b'],
    ['UTC', '--utc'],
    ['contiguous', '--contiguous'],
  ),
  form('nfacct', { lead: ['nfacct-name %q', '--nfacct-name $a'] }),
  form('nfacct', { lead: ['nfacct-name %{[^"\\s]+}', '--nfacct-name $a'] }),
  form('ipvs', {}, ['%!ipvs', '! --ipvs']),
  form(
    'ipvs',
    {},
    plainOption('vproto'),
    addressOption('vaddr'),
    plainOption('vport'),
    ['vdir %w', '--vdir $a'],
    plainOption('vmethod'),
    plainOption('vportctl'),
  ),
];
