/** Rules about connections: NAT of every kind, marks saved and restored, zones, and what conntrack says of a packet. */
import fc from 'fast-check';
import { CLIENT_PORTS, DEVICES, PORTS, type Vocabulary } from './vocabulary.js';

export type Table = 'raw' | 'mangle' | 'nat' | 'filter';

/** A rule as `iptables-save` prints it, without its table. */
export interface RuleLine {
  readonly table: Table;
  readonly text: string;
}

type Words = fc.Arbitrary<string>;

const text = (value: string): Words => fc.constant(value);
const join = (...parts: readonly Words[]): Words =>
  fc.tuple(...parts).map((words) => words.filter((word) => word !== '').join(' '));
const pick = (...words: readonly string[]): Words => fc.constantFrom(...words);
const maybe = (words: Words): Words => fc.option(words, { nil: '', freq: 2 });
const not: Words = fc.oneof({ arbitrary: text(''), weight: 4 }, { arbitrary: text('!'), weight: 1 });
const port: Words = fc.constantFrom(...PORTS, ...CLIENT_PORTS).map(String);
const mark: Words = pick('0x1', '0x2', '0x80/0x80', '0x1/0x3', '0x0/0x1');

const PROTOCOLS = ['tcp', 'udp', 'sctp'] as const;

function endpointsOf(words: Vocabulary, hook: string): Words {
  const takesIn = hook === 'PREROUTING' || hook === 'INPUT' || hook === 'FORWARD';
  const takesOut = hook === 'POSTROUTING' || hook === 'OUTPUT' || hook === 'FORWARD';
  const device = pick(...DEVICES);
  return join(
    maybe(join(not, text('-s'), pick(...words.networks))),
    maybe(join(not, text('-d'), pick(...words.networks))),
    takesIn ? maybe(join(not, text('-i'), device)) : text(''),
    takesOut ? maybe(join(not, text('-o'), device)) : text(''),
  );
}

/** `-p tcp -m tcp --dport 80`, or a protocol alone, or nothing. */
function transport(words: Vocabulary): Words {
  return fc.oneof(
    { arbitrary: text(''), weight: 3 },
    { arbitrary: text(`-p ${words.icmp.proto === 'icmp' ? 'icmp' : 'ipv6-icmp'}`), weight: 1 },
    {
      arbitrary: fc
        .tuple(pick(...PROTOCOLS), pick('--dport', '--sport'), port)
        .map(([proto, option, value]) => `-p ${proto} -m ${proto} ${option} ${value}`),
      weight: 2,
    },
    { arbitrary: pick(...PROTOCOLS).map((proto) => `-p ${proto}`), weight: 2 },
  );
}

/** A target with ports needs a protocol that has them. */
const ported: Words = fc
  .tuple(pick(...PROTOCOLS), fc.option(port, { nil: null }))
  .map(([proto, value]) => (value === null ? `-p ${proto}` : `-p ${proto} -m ${proto} --dport ${value}`));

const STATES = ['NEW', 'ESTABLISHED', 'RELATED', 'INVALID', 'UNTRACKED', 'SNAT', 'DNAT'] as const;

/** One question to conntrack about the packet. */
export function conntrackMatch(words: Vocabulary): Words {
  const states = fc
    .uniqueArray(fc.constantFrom(...STATES), { minLength: 1, maxLength: 3 })
    .map((all) => STATES.filter((state) => all.includes(state)).join(','));
  const status = pick('NONE', 'EXPECTED', 'SEEN_REPLY', 'ASSURED', 'CONFIRMED', 'SEEN_REPLY,CONFIRMED');
  const address = join(
    not,
    pick('--ctorigsrc', '--ctorigdst', '--ctreplsrc', '--ctrepldst'),
    pick(...words.networks),
  );
  const number = join(
    not,
    pick('--ctorigsrcport', '--ctorigdstport', '--ctreplsrcport', '--ctrepldstport'),
    fc.oneof(port, text('1024:65535'), text('5000:5002')),
  );
  const direction = join(text('--ctdir'), pick('ORIGINAL', 'REPLY'));
  const one = fc.oneof(
    { arbitrary: join(not, text('--ctstate'), states), weight: 6 },
    { arbitrary: join(not, text('--ctstatus'), status), weight: 2 },
    { arbitrary: direction, weight: 2 },
    { arbitrary: address, weight: 2 },
    { arbitrary: number, weight: 2 },
    { arbitrary: join(not, text('--ctproto'), pick('6', '17')), weight: 1 },
    { arbitrary: join(text('--ctstate'), states, direction), weight: 1 },
  );
  return one.map((options) => `-m conntrack ${options}`);
}

function matches(words: Vocabulary, hook: string): Words {
  return join(
    endpointsOf(words, hook),
    transport(words),
    fc.oneof(
      { arbitrary: text(''), weight: 3 },
      { arbitrary: conntrackMatch(words), weight: 3 },
      { arbitrary: join(text('-m mark'), not, text('--mark'), mark), weight: 1 },
      { arbitrary: join(text('-m connmark'), not, text('--mark'), mark), weight: 1 },
    ),
  );
}

const RANDOM = ['', '', '', '--random', '--persistent'] as const;
const PORT_RANGE = ['5000', '5000-5002', '6000-6100', '80-81', '700-710'] as const;

function withPort(words: Vocabulary, addresses: string, range: string): string {
  if (range === '') return addresses;
  return words.family === 4 ? `${addresses}:${range}` : `[${addresses}]:${range}`;
}

function mapping(words: Vocabulary, option: string, targets: readonly string[], flags: Words): Words {
  const [first = '', second = ''] = [...targets].filter(
    (target) => target.endsWith('7') || target.endsWith('8'),
  );
  const range = first === '' || second === '' ? [] : [`${first}-${second}`];
  return fc
    .tuple(pick(...targets, ...range), fc.option(pick(...PORT_RANGE), { nil: '', freq: 1 }), flags, ported)
    .chain(([target, ports, flag, proto]) =>
      (ports === '' ? transport(words) : text(proto)).map((match) =>
        [match, option, withPort(words, target, ports), flag].filter((word) => word !== '').join(' '),
      ),
    );
}

/** A NAT target for a hook, with the protocol that it needs in front. */
function natTarget(words: Vocabulary, hook: string): Words {
  const destination = hook === 'PREROUTING' || hook === 'OUTPUT';
  const toPorts = fc.tuple(ported, pick(...PORT_RANGE), pick('', '', '--random'));
  const netmap = fc
    .tuple(transport(words), pick(...words.mapped))
    .map(([match, to]) => `${match} -j NETMAP --to ${to}`);
  if (destination) {
    const targets = [...words.servers, ...words.own, words.clients[1] ?? '', '192.0.2.7'].filter(
      (address) => address.includes(':') === (words.family === 6),
    );
    return fc.oneof(
      {
        arbitrary: mapping(words, '-j DNAT --to-destination', [...targets, ...words.pool], pick(...RANDOM)),
        weight: 6,
      },
      {
        arbitrary: fc.oneof(
          transport(words).map((match) => `${match} -j REDIRECT`),
          toPorts.map(([proto, ports, flag]) => `${proto} -j REDIRECT --to-ports ${ports} ${flag}`),
        ),
        weight: 2,
      },
      { arbitrary: netmap, weight: 1 },
    );
  }
  const flags = pick(...RANDOM, '--random-fully');
  const snat = mapping(words, '-j SNAT --to-source', words.pool, flags);
  const masquerade = fc.oneof(
    fc
      .tuple(transport(words), pick('', '', '--random', '--random-fully'))
      .map(([match, flag]) => `${match} -j MASQUERADE ${flag}`),
    fc
      .tuple(ported, pick(...PORT_RANGE), pick('', '--random'))
      .map(([proto, ports, flag]) => `${proto} -j MASQUERADE --to-ports ${ports} ${flag}`),
  );
  if (hook === 'INPUT') return fc.oneof({ arbitrary: snat, weight: 3 }, { arbitrary: netmap, weight: 1 });
  return fc.oneof(
    { arbitrary: snat, weight: 4 },
    { arbitrary: masquerade, weight: 4 },
    { arbitrary: netmap, weight: 1 },
  );
}

const extra: Words = fc.oneof(
  { arbitrary: text(''), weight: 6 },
  { arbitrary: join(text('-m mark'), not, text('--mark'), mark), weight: 1 },
  { arbitrary: pick('-m conntrack --ctstate NEW', '-m conntrack --ctstate DNAT'), weight: 1 },
);

/** Puts the extra match before the target. */
function withExtra(rule: string, match: string): string {
  const at = rule.indexOf('-j ');
  return `${rule.slice(0, at)}${match} ${rule.slice(at)}`;
}

function natRule(words: Vocabulary): Words {
  const hook = fc.oneof(
    { arbitrary: text('PREROUTING'), weight: 4 },
    { arbitrary: text('POSTROUTING'), weight: 4 },
    { arbitrary: text('OUTPUT'), weight: 2 },
    { arbitrary: text('INPUT'), weight: 1 },
  );
  const marking = pick(
    '-j CONNMARK --set-xmark 0x80/0x80',
    '-j MARK --set-xmark 0x1/0x1',
    '-j CONNMARK --restore-mark --nfmask 0x3 --ctmask 0x3',
    '-j ACCEPT',
  );
  return hook.chain((chain) =>
    fc
      .tuple(
        endpointsOf(words, chain),
        fc.oneof(
          { arbitrary: natTarget(words, chain), weight: 6 },
          { arbitrary: fc.tuple(transport(words), marking).map((parts) => parts.join(' ')), weight: 1 },
        ),
        extra,
      )
      .map(([endpoints, target, match]) => `-A ${chain} ${endpoints} ${withExtra(target, match)}`),
  );
}

const hooks = pick('PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING');
const MARKING = [
  '-j MARK --set-xmark 0x1/0xffffffff',
  '-j MARK --set-xmark 0x1/0x1',
  '-j MARK --set-xmark 0x2/0x2',
  '-j CONNMARK --save-mark --nfmask 0xffffffff --ctmask 0xffffffff',
  '-j CONNMARK --restore-mark --nfmask 0xffffffff --ctmask 0xffffffff',
  '-j CONNMARK --save-mark --nfmask 0x3 --ctmask 0x30',
  '-j CONNMARK --restore-mark --nfmask 0x80 --ctmask 0x80',
  '-j CONNMARK --set-xmark 0x80/0x80',
  '-j CONNMARK --set-xmark 0x1/0xffffffff',
  '-j CONNMARK --set-xmark 0x1/0x0',
] as const;
const VISIBLE = ['0x04', '0x08', '0x10', '0x20', '0x40'].map((tos) => `-j TOS --set-tos ${tos}/0xff`);

function mangleRule(words: Vocabulary): Words {
  return hooks.chain((hook) =>
    join(
      text(`-A ${hook}`),
      matches(words, hook),
      fc.oneof({ arbitrary: pick(...VISIBLE), weight: 3 }, { arbitrary: pick(...MARKING), weight: 3 }),
    ),
  );
}

function filterRule(words: Vocabulary): Words {
  return pick('INPUT', 'FORWARD', 'OUTPUT').chain((hook) =>
    fc
      .tuple(matches(words, hook), fc.integer({ min: 0, max: 9 }), pick(...words.rejects))
      .map(([match, dice, reject]) => {
        const tcp = / -p tcp(?: |$)/.test(` ${match}`) && !match.includes('! -p');
        const answer = tcp && dice === 9 ? 'tcp-reset' : reject;
        const target = dice < 4 ? 'ACCEPT' : dice < 7 ? 'DROP' : `REJECT --reject-with ${answer}`;
        return `-A ${hook} ${match} -j ${target}`;
      }),
  );
}

function rawRule(words: Vocabulary): Words {
  return pick('PREROUTING', 'OUTPUT').chain((hook) =>
    join(
      text(`-A ${hook}`),
      endpointsOf(words, hook),
      transport(words),
      pick(
        '-j CT --notrack',
        '-j CT --zone 1',
        '-j CT --zone 2',
        '-j CT --zone-orig 1',
        '-j CT --zone-reply 1',
      ),
    ),
  );
}

const tidy = (rule: string): string => rule.replace(/ +/g, ' ').trim();

/** A node's rules: nat most of the time, the rest as it comes; now and then nothing that needs conntrack. */
export function ruleLines(words: Vocabulary): fc.Arbitrary<readonly RuleLine[]> {
  const some = (table: Table, rule: Words, most: number): fc.Arbitrary<RuleLine[]> =>
    fc.array(
      rule.map((line) => ({ table, text: tidy(line) })),
      { maxLength: most },
    );
  return fc
    .tuple(
      some('raw', rawRule(words), 2),
      some('mangle', mangleRule(words), 6),
      some('nat', natRule(words), 6),
      some('filter', filterRule(words), 3),
      fc.integer({ min: 0, max: 19 }),
      fc.boolean(),
    )
    .map(([raw, mangle, nat, filter, dice, withRaw]) =>
      [...(withRaw || dice === 0 ? raw : []), ...mangle, ...nat, ...filter].filter(
        ({ text: line, table }) =>
          dice > 0 || (table !== 'nat' && !/conntrack|CONNMARK|connmark|CT --zone/.test(line)),
      ),
    );
}
