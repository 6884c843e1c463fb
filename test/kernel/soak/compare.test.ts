/** What counts as agreement: uncertainty inside one outcome is counted, and everything that can be seen is compared. */
import { expect, it } from 'vitest';
import { filesOf } from '../../facts/node.js';
import { table } from '../../support/router.js';
import type { Outcome, PacketInput, TraceResult } from '../../../src/packet/result.js';
import { FlowTracer } from '../../../src/packet/trace.js';
import { loadNode } from '../../../src/snapshot/load.js';
import type { Observation } from '../adapter/judge.js';
import type { Entry } from '../adapter/netlink.js';
import type { Seen } from '../adapter/seen.js';
import { type Comparison, compare } from './compare.js';
import { Course } from './course.js';

const PACKET: PacketInput = {
  ...{ in: 'eth1', proto: 'udp', src: '10.1.0.7', sport: 40000, dst: '203.0.113.9', dport: 53, ttl: 64 },
};
const SEEN: Seen = {
  ...{
    proto: 17,
    src: '10.1.0.7',
    dst: '203.0.113.9',
    sport: 40000,
    dport: 53,
    ttl: 63,
    tos: 0,
    seq: 0,
    ack: 0,
  },
  ...{ icmpType: null, icmpCode: null, icmpId: null, tcpFlags: [], inner: null },
  ...{ iface: 'eth0', nexthop: '10.0.0.254', mark: null },
};
const MADE: Entry = {
  original: {
    ...{
      proto: 17,
      src: '10.1.0.7',
      dst: '203.0.113.9',
      sport: 40000,
      dport: 53,
      icmpType: null,
      icmpId: null,
    },
  },
  reply: {
    ...{
      proto: 17,
      src: '203.0.113.9',
      dst: '10.1.0.7',
      sport: 53,
      dport: 40000,
      icmpType: null,
      icmpId: null,
    },
  },
  ...{ mark: 0, zone: 0, isNew: true, status: ['CONFIRMED'] },
};

const TO = { seen: SEEN, entry: MADE };
const MASQUERADED = {
  seen: { ...SEEN, src: '10.0.0.1', sport: 50001 },
  entry: {
    ...MADE,
    reply: { ...MADE.reply, dst: '10.0.0.1', dport: 50001 },
    status: ['CONFIRMED', 'SRC_NAT'],
  },
};

interface Change {
  readonly packet?: Partial<PacketInput>;
  readonly save?: string;
  readonly outcome?: (outcome: Outcome) => Partial<Outcome>;
  readonly observation?: Partial<Observation>;
  readonly did?: typeof TO;
}

/** A router forwards a packet; natwalk's answer, and what was seen, changed. */
function judged({
  packet = {},
  save = '',
  outcome = () => ({}),
  observation = {},
  did = TO,
}: Change): Comparison {
  const sent = { ...PACKET, ...packet };
  // Without a rule that asks for it there is no conntrack.
  const state = table('filter', '-A FORWARD -m conntrack --ctstate ESTABLISHED -j ACCEPT');
  const files = filesOf({ save: `${table('nat', save)}${state}` }, 4, 'legacy');
  const node = loadNode(
    'node',
    Object.entries(files).map(([name, text]) => ({ name, text })),
  );
  const told: TraceResult = new FlowTracer(node).next(sent);
  const outcomes = told.outcomes.map((one) => ({ ...one, ...outcome(one) }));
  const seen: Observation = {
    ...{ id: null, sent, out: [did.seen], delivered: [], answers: [], answered: [], errno: null },
    ...{ conntrack: [], mark: 0, entries: [did.entry], path: [], nftPath: [], handles: null },
    ...observation,
  };
  return compare({ ...told, outcomes }, seen, new Course(node, files));
}

const MASQUERADE = '-A POSTROUTING -o eth0 -p udp -j MASQUERADE --random-fully';
const final =
  (change: Partial<Outcome['final']>, without: readonly string[] = []) =>
  (one: Outcome): Partial<Outcome> => ({
    final: {
      ...(Object.fromEntries(
        Object.entries(one.final).filter(([name]) => !without.includes(name)),
      ) as unknown as Outcome['final']),
      ...change,
    },
  });
const entry =
  (change: Partial<NonNullable<Outcome['conntrack']>>) =>
  (one: Outcome): Partial<Outcome> => ({
    conntrack: one.conntrack === null ? null : { ...one.conntrack, ...change },
  });

it('what is told and seen alike is agreement', () => {
  expect(judged({})).toMatchObject({ kind: 'agree' });
});

it('a port that the kernel draws is counted apart, by what it is', () => {
  expect(judged({ save: MASQUERADE, did: MASQUERADED })).toMatchObject({
    kind: 'drawn',
    of: ['source port'],
  });
});

it('bits of a mark that are not known are a hedge', () => {
  const open = { mark: '0x0', markUnknown: '0xff' };
  expect(judged({ outcome: final(open) })).toMatchObject({ kind: 'hedged', causes: ['unknown mark'] });
  expect(judged({ outcome: entry(open) })).toMatchObject({ kind: 'hedged', causes: ['unknown mark'] });
});

it.each([
  ['a source port where nothing is translated', {}, { sportRange: [1024, 65535] }, ['sport']],
  ['a destination port where nothing is translated', {}, { dportRange: [53, 53] }, ['dport']],
  ['an address where nothing is translated', {}, { srcRange: ['10.1.0.0', '10.1.0.9'] }, ['src']],
  ['all ports', { save: MASQUERADE, did: MASQUERADED }, { sportRange: [0, 65535] }, ['sport']],
  ['ports of another class', { save: MASQUERADE, did: MASQUERADED }, { sportRange: [1, 65535] }, ['sport']],
  [
    'more ports than the rule gives',
    { save: `${MASQUERADE} --to-ports 50000-50010`, did: MASQUERADED },
    { sportRange: [50000, 50011] },
    ['sport'],
  ],
] as const)('a range that the kernel does not draw from is wrong: %s', (_name, change, range, without) => {
  const wrong = judged({ ...change, outcome: final(range, without) });
  expect(wrong).toMatchObject({ kind: 'wrong', why: expect.stringContaining('drawn from') as unknown });
});

it('ports that a rule gives are drawn', () => {
  const save = MASQUERADE.replace('--random', '--to-ports 50000-50010 --random');
  expect(judged({ save, did: MASQUERADED })).toMatchObject({ kind: 'drawn' });
});

const REJECT = { with: 'icmp-port-unreachable', to: '10.1.0.7' } as const;
const rejected = (): Partial<Outcome> => ({ verdict: 'rejected', reject: REJECT, egress: null });
const ttl = (): Partial<Outcome> => ({
  verdict: 'dropped',
  egress: null,
  drop: { rule: null, reason: 'ttl' },
});
const error = (type: number, code: number, dst = '10.1.0.7'): Seen => ({
  ...{ ...SEEN, proto: 1, src: '10.1.0.1', dst, sport: null, dport: null, icmpType: type, icmpCode: code },
});
const answered = (...answers: readonly Seen[]): Partial<Observation> => ({ out: [], entries: [], answers });
const ECHO = { proto: 'icmp', icmpType: 8, icmpCode: 0, icmpId: 1 } as const;
const PING: typeof TO = {
  seen: { ...SEEN, proto: 1, sport: null, dport: null, icmpType: 8, icmpCode: 0, icmpId: 1 },
  entry: {
    ...MADE,
    original: { ...MADE.original, proto: 1, sport: null, dport: null, icmpType: 8, icmpId: 1 },
    reply: { ...MADE.reply, proto: 1, sport: null, dport: null, icmpType: 0, icmpId: 1 },
  },
};

it('an echo request is agreement, and so is an answer that is expected', () => {
  expect(judged({ packet: ECHO, did: PING })).toMatchObject({ kind: 'agree' });
  expect(judged({ outcome: rejected, observation: answered(error(3, 3)) })).toMatchObject({ kind: 'agree' });
  expect(judged({ outcome: ttl, observation: answered(error(11, 0)) })).toMatchObject({ kind: 'agree' });
});

it.each<[string, Change]>([
  [
    'the original tuple',
    { outcome: entry({ original: { proto: 'udp', src: '1.2.3.4', dst: '203.0.113.9' } }) },
  ],
  ['no entry', { outcome: () => ({ conntrack: null }) }],
  ['an entry that nobody was told of', { observation: { entries: [] } }],
  [
    'an entry of a rejected packet',
    { outcome: rejected, observation: { ...answered(error(3, 3)), entries: [MADE] } },
  ],
  ['the status of the entry', { outcome: entry({ status: ['CONFIRMED', 'ASSURED'] }) }],
  ['the mark of the entry', { outcome: entry({ mark: '0x7' }) }],
  ['the type of ICMP', { packet: ECHO, did: PING, outcome: final({ icmpType: 13 }) }],
  ['the code of ICMP', { packet: ECHO, did: PING, outcome: final({ icmpCode: 1 }) }],
  ['who is answered', { outcome: rejected, observation: answered(error(3, 3, '10.1.0.8')) }],
  ['the error of a reject', { outcome: rejected, observation: answered(error(3, 1)) }],
  ['the error of an exhausted TTL', { outcome: ttl, observation: answered(error(3, 1)) }],
  ['that there is an error of an exhausted TTL', { outcome: ttl, observation: answered() }],
  ['how many packets leave', { observation: { out: [SEEN, SEEN] } }],
])('%s is compared', (_name, change) => {
  expect(judged(change)).toMatchObject({ kind: 'wrong' });
});

it('what an ICMP error quotes is compared', () => {
  const inner: PacketInput = { ...PACKET, in: null, src: '203.0.113.9', dst: '10.1.0.7' };
  const packet = { proto: 'icmp', icmpType: 3, icmpCode: 3, icmpId: 0, inner } as const;
  const quoted = { ...SEEN, src: '203.0.113.9', dst: '10.1.0.7', ttl: 64, sport: 40000 };
  const seen = { ...SEEN, proto: 1, sport: null, dport: null, icmpType: 3, icmpCode: 3, inner: quoted };
  const observation = { out: [seen], entries: [] };
  expect(judged({ packet, observation })).toMatchObject({ kind: 'agree' });
  const other = { ...seen, inner: { ...quoted, dst: '10.1.0.8' } };
  expect(judged({ packet, observation: { ...observation, out: [other] } })).toMatchObject({ kind: 'wrong' });
});
