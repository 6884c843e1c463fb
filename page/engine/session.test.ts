import { readFileSync, readdirSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { EMPTY_PACKET } from '../shared/empty-packet.js';
import type { Ask, PacketForm, TraceAnswer } from '../shared/protocol.js';
import type { Edit, EditTarget, LegView, WalkView } from '../shared/walk.js';
import { Session } from './session.js';
import { unpack } from './unpack.js';

const FORM: PacketForm = { ...EMPTY_PACKET, from: '192.168.61.33', to: '8.8.8.8:443' };

async function sessionOf(folder: string): Promise<Session> {
  const files = readdirSync(folder).map((name) => ({
    name,
    bytes: new Uint8Array(readFileSync(`${folder}/${name}`)),
  }));
  return new Session('node', await unpack(files, () => undefined), null, '');
}

let eks: Session;
beforeAll(async () => {
  eks = await sessionOf('examples/eks-node');
});

const askOf = (form: Partial<PacketForm> = {}, rest: Partial<Ask> = {}): Ask => ({
  packet: { ...FORM, ...form },
  settled: [],
  pick: null,
  edits: [],
  flow: false,
  ...rest,
});

function walkOf(answer: TraceAnswer): WalkView {
  if (answer.kind !== 'walk') throw new Error(JSON.stringify(answer));
  return answer.walk;
}

function legOf(walk: WalkView, leg = 0): LegView {
  const found = walk.outcomes[0]?.legs[leg];
  if (found === undefined) throw new Error('no such leg');
  return found;
}

const rows = (ask: Ask, step: number, filter = '') =>
  eks.chain({
    ask,
    outcome: 0,
    leg: 0,
    step,
    filter,
    only: null,
    from: 0,
    count: 50,
    language: 'en',
  });

describe('a walk', () => {
  it('has the packet behind every step, and says what each changed', () => {
    const leg = legOf(walkOf(eks.trace(askOf(), 'en')));
    expect(leg.word).toBe('LEAVES');
    expect(leg.start).toMatchObject({
      src: '192.168.61.33:40000',
      mark: '0x0',
      in: 'enia7cc107bbb9',
      out: '',
    });
    const last = leg.steps.at(-1)?.state;
    expect(last).toMatchObject({
      src: '192.168.45.10:1024-65535',
      dst: '8.8.8.8:443',
      mark: '0x80',
      ctmark: '0x80',
      ct: 'NEW',
      ttl: '63',
      out: 'ens5',
      via: '192.168.32.1',
    });
    const changed = leg.steps.filter((step) => step.changed.includes('mark'));
    expect(changed.map(({ result }) => result)).toEqual(['CONNMARK restore-mark']);
  });

  it('passes the stations in the order of the kernel', () => {
    const leg = legOf(walkOf(eks.trace(askOf(), 'en')));
    expect(leg.way).toEqual(['in', 'PREROUTING', 'route-input', 'forward', 'FORWARD', 'POSTROUTING', 'out']);
    const nat = leg.stations
      .find(({ id }) => id === 'POSTROUTING')
      ?.slots.find(({ label }) => label === 'nat');
    expect(nat?.met).toBe('walked');
    expect(leg.stations.find(({ id }) => id === 'INPUT')?.slots.every(({ met }) => met === 'not-met')).toBe(
      true,
    );
  });

  it('goes by the local process for what the node sends and takes', () => {
    const out = legOf(walkOf(eks.trace(askOf({ from: '' }), 'en')));
    expect(out.way.slice(0, 3)).toEqual(['local', 'route-output', 'OUTPUT']);
    const here = legOf(walkOf(eks.trace(askOf({ from: '', to: '192.168.45.10:22' }), 'en')));
    expect(here.end).toBe('local');
  });

  it('tells of the lookup every policy rule, the winner, and what it would be without the mark', () => {
    const leg = legOf(walkOf(eks.trace(askOf(), 'en')));
    const route = leg.steps.find((step) => step.route !== null)?.route;
    expect(route?.rules.map(({ state }) => state)).toEqual([
      ...['passed', 'missed', 'missed', 'missed', 'missed', 'decided'],
      ...['unreached', 'unreached', 'unreached', 'unreached'],
    ]);
    expect(route?.otherwise).toContain('ens6');
    expect(route?.routes[0]).toMatchObject({ state: 'decided' });
  });

  it('has the way of the answer', () => {
    const answer = legOf(walkOf(eks.trace(askOf(), 'en')), 1);
    expect(answer.start).toMatchObject({ src: '8.8.8.8:443', in: 'ens5' });
    expect(answer.steps.at(-1)?.state.dst).toBe('192.168.61.33:40000');
  });

  it('walks a whole connection, and only its first packet sees the nat table', () => {
    const walk = walkOf(eks.trace(askOf({}, { flow: true }), 'en'));
    const legs = walk.outcomes[0]?.legs ?? [];
    expect(legs.map(({ name }) => name.split(' ')[0])).toEqual(['SYN', 'SYN,ACK', 'ACK', 'data', 'answer']);
    const nat = legs.map(({ steps }) => steps.some(({ chain }) => chain?.table === 'nat'));
    expect(nat).toEqual([true, false, false, false, false]);
  });

  it('says in Korean what it says in English, and keeps kernel words', () => {
    const leg = legOf(walkOf(eks.trace(askOf(), 'ko')));
    expect(leg.word).toBe('나감');
    expect(leg.steps.map(({ changes }) => changes)).toContainEqual(['mark 0x0 -> 0x80']);
  });

  it('says of each field of the form what is wrong with it', () => {
    expect(eks.trace(askOf({ from: '10.0.0.300' }), 'en')).toMatchObject({
      kind: 'form',
      problems: [{ field: 'from' }],
    });
    expect(eks.trace(askOf({ to: 'svc:nobody' }), 'en')).toMatchObject({
      kind: 'form',
      problems: [{ field: 'to' }],
    });
    expect(eks.trace(askOf({ in: 'wlan9' }), 'en')).toMatchObject({
      kind: 'form',
      problems: [{ field: 'in' }],
    });
    expect(eks.trace(askOf({ to: '' }), 'en')).toMatchObject({ kind: 'form' });
    const named = eks.trace(askOf({ from: '::1', to: 'svc:default/web' }), 'en');
    expect(named).toMatchObject({ problems: [{ text: 'To: default/web has no IPv6 address' }] });
  });
});

describe('the rules of a chain', () => {
  const stepIn = (chain: string): number =>
    legOf(walkOf(eks.trace(askOf(), 'en'))).steps.findIndex((step) => step.chain?.chain === chain);

  it('are told each with what became of it', () => {
    const view = rows(askOf(), stepIn('KUBE-POSTROUTING'));
    expect(view?.rows.map(({ state }) => state)).toEqual(['matched', 'unreached', 'unreached']);
    const missed = rows(askOf(), stepIn('KUBE-SERVICES'));
    expect(missed?.counts).toMatchObject({ matched: 0, missed: 5 });
    expect(missed?.rows[0]?.reason).toContain('wanted 10.100.5.20/32');
  });

  it('are filtered by their text', () => {
    const view = rows(askOf(), stepIn('KUBE-SERVICES'), 'dport 443');
    expect(view).toMatchObject({ total: 5 });
    expect(view?.rows.every(({ text }) => text.includes('--dport 443'))).toBe(true);
    expect(view?.shown).toBe(view?.rows.length);
  });

  it('are told why', () => {
    const rule = { outcome: 0, leg: 0, reference: 'nat/AWS-SNAT-CHAIN-0:1' } as const;
    const text = eks.why({ ask: askOf(), ...rule, language: 'en' });
    expect(text).toContain('wanted dst in 192.168.0.0/16');
  });
});

describe('a what-if', () => {
  const edit = (target: EditTarget, text: string | null): Edit => ({ target, text, was: '' });
  const targetOf = (chain: string, number: number): EditTarget => {
    const step = legOf(walkOf(eks.trace(askOf(), 'en'))).steps.findIndex((one) => one.chain?.chain === chain);
    const found = rows(askOf(), step)?.rows[number - 1]?.edit;
    if (found === null || found === undefined) throw new Error('no such rule');
    return found;
  };
  const routeTarget = (text: string): EditTarget => {
    const route = legOf(walkOf(eks.trace(askOf(), 'en'))).steps.find((one) => one.route !== null)?.route;
    const found = [...(route?.rules ?? []), ...(route?.routes ?? [])].find(({ line }) =>
      line.includes(text),
    )?.edit;
    if (found === null || found === undefined) throw new Error('no such line');
    return found;
  };

  it('names what taking out a policy rule changes', () => {
    const edits = [edit(routeTarget('fwmark 0x80/0x80'), null)];
    const walk = walkOf(eks.trace(askOf({}, { edits }), 'en'));
    expect(walk.changed).toMatchObject({ same: false, texts: ['egress ens6 instead of ens5'] });
    expect(walk.changed?.edits?.join()).toMatch(/^without /);
  });

  it('walks by a rule that was rewritten, and says so of the rule', () => {
    const target = targetOf('AWS-SNAT-CHAIN-0', 2);
    const edits = [edit(target, '-A AWS-SNAT-CHAIN-0 -j SNAT --to-source 192.168.45.99')];
    const ask = askOf({}, { edits });
    const walk = walkOf(eks.trace(ask, 'en'));
    expect(legOf(walk).steps.at(-1)?.state.src).toBe('192.168.45.99:40000');
    const step = legOf(walk).steps.findIndex((one) => one.chain?.chain === 'AWS-SNAT-CHAIN-0');
    const row = rows(ask, step)?.rows[1];
    expect(row).toMatchObject({ edited: true, edit: target, state: 'matched' });
  });

  it('takes a rule out, and the others move up', () => {
    const edits = [edit(targetOf('AWS-SNAT-CHAIN-0', 2), null)];
    const walk = walkOf(eks.trace(askOf({}, { edits }), 'en'));
    expect(legOf(walk).steps.at(-1)?.state.src).toBe('192.168.61.33:40000');
  });

  it('goes by another route, policy and setting', () => {
    const via = walkOf(
      eks.trace(
        askOf(
          {},
          {
            edits: [
              edit(routeTarget('default via 192.168.32.1 dev ens5'), 'default via 192.168.32.9 dev ens5'),
            ],
          },
        ),
        'en',
      ),
    );
    expect(via.changed?.texts.join()).toContain('192.168.32.9');
    const policy: EditTarget = { kind: 'policy', family: 4, place: { table: 'filter', chain: 'FORWARD' } };
    expect(legOf(walkOf(eks.trace(askOf({}, { edits: [edit(policy, 'DROP')] }), 'en'))).word).toBe('DROPPED');
    const sysctl: EditTarget = { kind: 'sysctl', name: 'net.ipv4.ip_forward' };
    expect(legOf(walkOf(eks.trace(askOf({}, { edits: [edit(sysctl, '0')] }), 'en'))).word).toBe('DROPPED');
  });

  it('refuses a line that cannot be read, with the place in it', () => {
    const edits = [
      edit(targetOf('AWS-SNAT-CHAIN-0', 2), '-A AWS-SNAT-CHAIN-0 -m conntrack --ctstat NEW -j ACCEPT'),
    ];
    const answer = eks.trace(askOf({}, { edits }), 'en');
    expect(answer).toMatchObject({ kind: 'edit', edit: 0 });
    const [finding] = answer.kind === 'edit' ? answer.findings : [];
    expect(finding?.frame?.marked).toContain('--ctstat');
  });
});

describe('outcomes', () => {
  const SAVE = `*nat
:PREROUTING ACCEPT [0:0]
-A PREROUTING -d 10.96.0.1/32 -m statistic --mode random --probability 0.5 -j DNAT --to-destination 192.168.40.11
-A PREROUTING -d 10.96.0.1/32 -j DNAT --to-destination 192.168.50.7
-A PREROUTING -m geoip --source-country KR -j DNAT --to-destination 192.168.50.8
COMMIT
`;
  const other = async (): Promise<Session> => {
    const kept = readdirSync('examples/eks-node').filter((name) => name.startsWith('ip-'));
    const files = kept.map((name) => ({ name, text: readFileSync(`examples/eks-node/${name}`, 'utf8') }));
    return new Session('x', await unpack([...files, { name: 's', text: SAVE }], () => undefined), null, '');
  };

  it('come with their chances, and one may be kept to', async () => {
    const session = await other();
    const ask = askOf({ to: '10.96.0.1:80' });
    const { outcomes } = walkOf(session.trace(ask, 'en'));
    expect(outcomes.map(({ pick }) => pick)).toEqual(['192.168.40.11:80', '192.168.50.7:80']);
    expect(outcomes[1]?.parts).toContain('rule 2');
    const kept = walkOf(session.trace({ ...ask, pick: '192.168.50.7:80' }, 'en'));
    expect(kept.outcomes).toHaveLength(1);
  });

  it('say of a line that could not be read whole that what it does is not known', async () => {
    const save =
      '*filter\n:FORWARD DROP [0:0]\n-A FORWARD -m conntrack --ctstat NEW -p tcp -j ACCEPT\nCOMMIT\n';
    const other = new Session(
      'node',
      await unpack([{ name: 'save', text: save }], () => undefined),
      null,
      '',
    );
    for (const language of ['en', 'ko'] as const) {
      const walk = walkOf(other.trace(askOf({ in: 'eth0' }), language));
      const texts = walk.outcomes.flatMap(({ legs }) => legs.flatMap(({ certainty }) => certainty));
      const told = texts.map(({ text }) => text).join('\n');
      expect(told).toContain(language === 'en' ? 'what the rule does' : '규칙을 읽지 못해');
      expect(told).not.toMatch(/what {2}?does|^: /m);
    }
  });

  it('that hang on a rule that cannot be evaluated can be settled', async () => {
    const session = await other();
    const [first, second] = walkOf(session.trace(askOf(), 'en')).outcomes;
    expect(second).toBeDefined();
    const [open] = first?.open ?? [];
    expect(open).toMatchObject({ reference: 'nat/PREROUTING:3' });
    const settled = walkOf(session.trace(askOf({}, { settled: ['nat/PREROUTING:3=no'] }), 'en'));
    expect(settled.outcomes).toHaveLength(1);
    expect(settled.outcomes[0]?.legs[0]?.steps.at(-1)?.state.dst).toBe('8.8.8.8:443');
  });
});

describe('what is read', () => {
  it('finds names and addresses by a part of them', () => {
    expect(eks.suggest('45.10').map(({ value }) => value)).toContain('192.168.45.10');
    expect(eks.suggest('weblocal').map(({ value }) => value)).toContain('svc:default/weblocal:80');
  });

  it('says of garbage that it holds nothing', async () => {
    const snapshot = await unpack([{ name: 'x', text: 'lorem ipsum\n'.repeat(50) }], () => undefined);
    expect(new Session('x', snapshot, null, '').loaded('en').isEmpty).toBe(true);
    const picture = { name: 'a.png', bytes: new Uint8Array(4096).map((_, at) => (at * 7) % 251) };
    const refused = new Session('a', await unpack([picture], () => undefined), null, '').loaded('en');
    expect(refused.isEmpty).toBe(true);
    expect(refused.findings).toContainEqual(
      expect.objectContaining({ code: 'READ_BINARY', file: 'a.png', severity: 'warning' }),
    );
  });

  it('gives the walk as JSON, pcap and text', () => {
    const exported = (format: 'json' | 'pcap' | 'text') =>
      eks.export({ ask: askOf(), format, language: 'en' });
    expect(JSON.parse(new TextDecoder().decode(exported('json').bytes))).toMatchObject({
      schema: 'natwalk/trace/1',
    });
    expect([...exported('pcap').bytes.subarray(0, 4)]).toEqual([0x0a, 0x0d, 0x0d, 0x0a]);
    expect(new TextDecoder().decode(exported('text').bytes)).toContain('LEAVES by ens5');
  });
});

describe('a rule that a command adds', () => {
  const added = (...texts: readonly string[]): readonly Edit[] =>
    texts.map((text, index) => ({ target: { kind: 'added', number: index + 1 }, text, was: '' }));

  it('is walked beside the node as it is, and stands in its chain as changed', () => {
    const edits = added(
      'iptables -t nat -I PREROUTING 1 -p tcp --dport 443 -j DNAT --to-destination 192.168.70.9:8443',
    );
    const walk = walkOf(eks.trace(askOf({}, { edits }), 'en'));
    expect(walk.changed?.edits).toEqual([
      'with iptables -t nat -I PREROUTING 1 -p tcp --dport 443 -j DNAT --to-des...',
    ]);
    expect(walk.changed?.before?.map(({ word, rest }) => `${word} ${rest}`)).toEqual([
      'LEAVES by ens5 via 192.168.32.1 as 192.168.45.10:1024-65535 > 8.8.8.8:443',
    ]);
    expect(walk.outcomes[0]?.rest).toContain('192.168.70.9:8443');
    const { steps } = legOf(walk);
    const own = steps.findIndex(
      ({ place, result }) => place.includes('PREROUTING') && result.startsWith('DNAT'),
    );
    const row = rows(askOf({}, { edits }), own)?.rows[0];
    expect(row?.edited).toBe(true);
    expect(row?.edit).toEqual(edits[0]?.target);
    expect(row?.place).toBe('what-if 1:1');
  });

  it('says which of several is wrong, and where in it', () => {
    const edits = added(
      'ip rule add from 192.168.61.33 lookup 2 pref 100',
      'ip rule add fwmark 0xzz lookup 2',
    );
    const answer = eks.trace(askOf({}, { edits }), 'ko');
    if (answer.kind !== 'edit') throw new Error(answer.kind);
    expect(answer.edit).toBe(1);
    expect(answer.findings[0]?.text).toContain('ip 명령이 거부함: ');
    expect(answer.findings[0]?.frame).toEqual({
      before: 'ip rule add fwmark ',
      marked: '0xzz',
      after: ' lookup 2',
    });
  });
});
