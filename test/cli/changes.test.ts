/** `--assume`, `--pick`, `--seed`, `--without` and `--set`: what the user settles and changes is told, never guessed. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { natwalk } from '../support/cli.js';

const eks = join(import.meta.dirname, '../../examples/eks-node');
const scratch = mkdtempSync(join(tmpdir(), 'natwalk-'));
const toInternet = ['trace', eks, '--from', '192.168.61.33', '--to', '203.0.113.9:443'];

afterAll(() => {
  rmSync(scratch, { recursive: true });
});

const rules = `*raw
:PREROUTING ACCEPT [0:0]
COMMIT
*mangle
:PREROUTING ACCEPT [0:0]
:FORWARD ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
COMMIT
*nat
:POSTROUTING ACCEPT [0:0]
:PREROUTING ACCEPT [0:0]
:SVC - [0:0]
-A PREROUTING -d 10.96.0.9/32 -p tcp -j SVC
-A SVC -p tcp -m statistic --mode random --probability 0.33333333349 -j DNAT --to-destination 10.0.2.1:8080
-A SVC -p tcp -m statistic --mode random --probability 0.5 -j DNAT --to-destination 10.0.2.2:8080
-A SVC -p tcp -j DNAT --to-destination 10.0.2.3:8080
COMMIT
*filter
:FORWARD ACCEPT [0:0]
-A FORWARD -d 10.0.2.0/24 -m mystery --level 3 -j DROP
-A FORWARD -d 10.0.2.0/24 -m riddle --level 3 -j LOG
-A FORWARD -s 10.9.9.9/32 -j DROP
-A FORWARD -d 10.0.2.0/24 -m mystery --level 3 -j ACCEPT
COMMIT
`;
const files: Readonly<Record<string, string>> = {
  'iptables-save.txt': rules,
  'ip-addr.txt':
    '1: lo: <LOOPBACK,UP> mtu 65536\n    inet 127.0.0.1/8 scope host lo\n2: eth0: <UP> mtu 1500\n    inet 10.0.0.1/24 scope global eth0\n3: eth1: <UP> mtu 1500\n    inet 10.0.1.1/24 scope global eth1\n',
  'ip-rule.txt': '0:\tfrom all lookup local\n32766:\tfrom all lookup main\n32767:\tfrom all lookup default\n',
  'ip-route.txt':
    'default via 10.0.0.254 dev eth0\n10.0.0.0/24 dev eth0 proto kernel scope link src 10.0.0.1\n10.0.1.0/24 dev eth1 proto kernel scope link src 10.0.1.1\n10.9.9.9 dev eth0\n',
  'sysctl.txt':
    'net.ipv4.ip_forward = 1\nnet.ipv4.conf.all.forwarding = 1\nnet.ipv4.conf.eth1.forwarding = 1\nnet.ipv4.conf.all.rp_filter = 0\nnet.ipv4.conf.eth1.rp_filter = 0\nnet.ipv4.conf.eth0.rp_filter = 0\n',
  'kubectl.txt':
    'NAMESPACE   NAME        READY   STATUS    RESTARTS   AGE   IP         NODE   NOMINATED NODE   READINESS GATES\ndefault     web-7d9-a   1/1     Running   0          1d    10.0.2.2   n1     <none>           <none>\n',
};
for (const [name, text] of Object.entries(files)) writeFileSync(join(scratch, name), text);
const toService = ['trace', scratch, '--from', '10.0.1.7', '--to', '10.96.0.9:80'];

interface Answer {
  readonly outcomes: readonly {
    readonly probability: number | null;
    readonly verdict: string;
    readonly final: { readonly dst: string };
    readonly assumptions: readonly { readonly code: string; readonly by?: string; readonly text: string }[];
  }[];
  readonly warnings: readonly { readonly code: string }[];
  readonly changed?: {
    readonly same: boolean;
    readonly without: readonly unknown[];
    readonly differences: readonly { readonly field: string; readonly from: string; readonly to: string }[];
  };
}

async function asked(...more: readonly string[]): Promise<Answer> {
  const { status, out, err } = await natwalk([...toService, '--json', ...more]);
  expect(status, err).toBe(0);
  return JSON.parse(out) as Answer;
}

const ends = ({ outcomes }: Answer): readonly string[] =>
  outcomes.map(({ verdict, final }) => `${verdict} ${final.dst}`).toSorted();

describe('--assume', () => {
  it('settles an open rule, and says who said so', async () => {
    expect(ends(await asked())).toHaveLength(6);
    const no = await asked('--assume', 'filter/FORWARD:1=no');
    expect(ends(no)).toEqual(['forwarded 10.0.2.1', 'forwarded 10.0.2.2', 'forwarded 10.0.2.3']);
    for (const { probability, assumptions } of no.outcomes) {
      expect(probability).toBeNull();
      expect(assumptions).toContainEqual(expect.objectContaining({ code: 'UNK_MATCH', by: '--assume' }));
    }
    const yes = await asked('--assume', 'filter/FORWARD:1=yes');
    expect(ends(yes)).toEqual(['dropped 10.0.2.1', 'dropped 10.0.2.2', 'dropped 10.0.2.3']);
  });

  it('settles chance too', async () => {
    const one = await asked('--assume', 'SVC:1=no', '--assume', 'SVC:2=yes', '--assume', 'FORWARD:1=no');
    expect(ends(one)).toEqual(['forwarded 10.0.2.2']);
  });

  it('counts for a rule that changes nothing as well', async () => {
    const { outcomes, warnings } = await asked(
      '--assume',
      'FORWARD:2=yes',
      '--assume',
      'FORWARD:1=no',
      '--pick',
      '10.0.2.1',
    );
    expect(outcomes.map(({ verdict }) => verdict)).toEqual(['forwarded']);
    expect(warnings.map(({ code }) => code)).not.toContain('SETTLE_NOT_OPEN');
  });

  it('is told of a rule that was never open', async () => {
    const { outcomes, warnings } = await asked('--assume', 'filter/FORWARD:3=yes');
    expect(outcomes).toHaveLength(6);
    expect(warnings.map(({ code }) => code)).toContain('SETTLE_NOT_OPEN');
    const { err } = await natwalk([...toService, '--assume', 'filter/FORWARD:3=yes']);
    expect(err).toContain('SETTLE_NOT_OPEN');
    const { err: korean } = await natwalk([...toService, '--lang', 'ko', '--assume', 'filter/FORWARD:3=yes']);
    expect(korean).toContain('정할 것이 없음');
  });

  it('contradicts itself where two rules ask for one fact', async () => {
    const words = ['--assume', 'FORWARD:1=no', '--assume', 'FORWARD:4=yes'];
    const { outcomes, warnings } = await asked(...words);
    expect(outcomes).toHaveLength(6);
    expect(warnings.map(({ code }) => code)).toContain('SETTLE_CONTRADICTION');
  });

  it.each(['FORWARD:1', 'FORWARD:1=maybe', 'rule/32766=yes', '=yes', 'FORWARD:9=yes', 'NOPE:1=yes'])(
    '%s is bad usage',
    async (text) => {
      const { status, out, err } = await natwalk([...toService, '--assume', text]);
      expect([status, out]).toEqual([2, '']);
      expect(err).toMatch(/USAGE_(?:ASSUME|RULE_)/);
      expect(err).toContain('^');
    },
  );
});

describe('--pick', () => {
  it.each(['10.0.2.2', '10.0.2.2:8080', 'web-7d9', 'pod:web-7d9-a'])(
    '%s settles the endpoint',
    async (text) => {
      const one = await asked('--pick', text, '--assume', 'FORWARD:1=no');
      expect(ends(one)).toEqual(['forwarded 10.0.2.2']);
      expect(one.outcomes[0]?.assumptions).toContainEqual(
        expect.objectContaining({ code: 'SETTLED_PICK', by: '--pick' }),
      );
    },
  );

  it('is told of what is no endpoint on the way, with those that are', async () => {
    const { outcomes, warnings } = await asked('--pick', '10.0.2.2:81');
    expect(outcomes).toHaveLength(6);
    expect(warnings.map(({ code }) => code)).toContain('SETTLE_NO_ENDPOINT');
    const { err } = await natwalk([...toService, '--pick', '10.0.2.2:81']);
    expect(err).toContain('10.0.2.1:8080, 10.0.2.2:8080, 10.0.2.3:8080');
  });

  it('is bad usage with a name that is not there', async () => {
    const { status, err } = await natwalk([...toService, '--pick', 'wob-7d9']);
    expect(status).toBe(2);
    expect(err).toContain('web-7d9-a');
  });
});

describe('--seed', () => {
  it('draws one outcome, always the same', async () => {
    const fixed = ['--assume', 'FORWARD:1=no'];
    const first = await asked('--seed', '7', ...fixed);
    expect(first.outcomes).toHaveLength(1);
    expect(ends(await asked('--seed', '7', ...fixed))).toEqual(ends(first));
    expect(first.outcomes[0]?.assumptions).toContainEqual(
      expect.objectContaining({ code: 'SETTLED_SEED', by: '--seed' }),
    );
  });

  it('draws each endpoint about as often as the rules say', async () => {
    const times = new Map<string, number>();
    for (let seed = 0; seed < 90; seed += 1) {
      const [end = ''] = ends(await asked('--seed', String(seed), '--assume', 'FORWARD:1=no'));
      times.set(end, (times.get(end) ?? 0) + 1);
    }
    expect(times.size).toBe(3);
    for (const count of times.values()) expect(count).toBeGreaterThan(15);
  });

  it.each(['-1', 'x', '1e9', '18446744073709551616', ''])('%j is bad usage', async (text) => {
    expect((await natwalk([...toService, `--seed=${text}`])).status).toBe(2);
  });
});

describe('the text of a settled walk', () => {
  it.each(['en', 'ko'])('says what was assumed and by whom, in %s', async (language) => {
    const { out } = await natwalk([
      ...toService,
      ...['--assume', 'FORWARD:1=no', '--pick', 'web-7d9', '--lang', language, '-o', 'summary'],
    ]);
    await expect(out).toMatchFileSnapshot(`golden/settled.${language}.golden`);
  });
});

describe('--without and --set', () => {
  const changes: readonly (readonly [string, readonly string[]])[] = [
    ['mark', ['--without', 'nat/AWS-CONNMARK-CHAIN-0:2']],
    ['policy-rule', ['--without', 'rule/1024']],
    ['two-rules', ['--without', 'AWS-SNAT-CHAIN-0:1', '--without', 'AWS-SNAT-CHAIN-0:2']],
    ['nothing', ['--without', 'rule/512']],
    ['sysctl', ['--set', 'sysctl.net.ipv4.ip_forward=0']],
  ];

  it.each(changes)('%s: the difference comes first', async (name, words) => {
    for (const language of ['en', 'ko']) {
      const { out } = await natwalk([...toInternet, ...words, '--lang', language, '-o', 'summary']);
      await expect(out).toMatchFileSnapshot(`golden/without-${name}.${language}.golden`);
    }
  });

  it('takes out the rule itself: what stands behind it moves up', async () => {
    const { outcomes, changed } = await asked('--without', 'SVC:1', '--assume', 'FORWARD:1=no');
    expect(outcomes.map(({ final }) => final.dst)).toEqual(['10.0.2.2', '10.0.2.3']);
    expect(changed?.without).toHaveLength(1);
    expect(changed?.same).toBe(false);
  });

  it('does not miss a change of the combinations alone', async () => {
    const { changed } = await asked('--without', 'FORWARD:3');
    expect(changed).toMatchObject({ same: true, differences: [] });
    const { changed: other } = await asked('--without', 'FORWARD:1', '--without', 'FORWARD:2');
    expect(other?.differences.map(({ field }) => field)).toContain('verdict');
  });

  it('keeps the way in of the unchanged node', async () => {
    const all = ['0', '512', '1024', '1536', '32766', '32767'].flatMap((one) => ['--without', `rule/${one}`]);
    const { status, out } = await natwalk([...toInternet, ...all, '-o', 'summary']);
    expect(status).toBe(0);
    expect(out).toContain('verdict unroutable instead of forwarded');
  });

  it('rp_filter of the very device counts', async () => {
    const words = ['trace', scratch, '--in', 'eth1', '--from', '10.9.9.9', '--to', '10.0.0.9:80', '--json'];
    const { out } = await natwalk([...words, '--set', 'sysctl.net.ipv4.conf.eth1.rp_filter=1']);
    const { outcomes } = JSON.parse(out) as { outcomes: { drop: { reason: string } | null }[] };
    expect(outcomes[0]?.drop?.reason).toBe('rp_filter');
  });

  it.each([
    ['--set', 'net.ipv4.ip_forward=0', 'USAGE_SET'],
    ['--set', 'sysctl.net.ipv4.ip_forward', 'USAGE_SET'],
    ['--set', 'sysctl.net.ipv4.ip_forwarding=1', 'USAGE_SYSCTL'],
    ['--set', 'sysctl.net.ipv4.conf.eth9.rp_filter=1', 'USAGE_SYSCTL'],
    ['--set', 'sysctl.__proto__=1', 'USAGE_SYSCTL'],
    ['--without', 'nat/NOPE:1', 'USAGE_RULE_CHAIN'],
    ['--without', 'rule/1', 'USAGE_RULE_NO_POLICY'],
  ])('%s %s is bad usage', async (option, text, says) => {
    const { status, out, err } = await natwalk([...toService, option, text]);
    expect([status, out]).toEqual([2, '']);
    expect(err).toContain(says);
  });

  it('does not go together with --batch', async () => {
    const { status, err } = await natwalk(['trace', scratch, '--batch', '-', '--without', 'SVC:1']);
    expect(status).toBe(2);
    expect(err).toContain('USAGE_TOGETHER');
  });
});

it('says that there is no endpoint to pick where none is drawn', async () => {
  const { err } = await natwalk([...toInternet, '--pick', '10.0.2.9', '--lang', 'en']);
  expect(err).toContain('SETTLE_NO_ENDPOINTS  --pick 10.0.2.9: there is no endpoint to pick');
  expect(err).not.toContain('are: -');
});

describe('what would be otherwise', () => {
  const trace = async (...words: readonly string[]): Promise<string> =>
    (await natwalk(['trace', scratch, ...words])).out;

  it('stands behind the way out that a mark decided', async () => {
    expect((await natwalk(toInternet)).out.replace(/\s+/g, ' ')).toContain(
      '-> table main, route default; without mark 0x80: rule 1536 -> ens6',
    );
  });

  it.each(['text', 'summary'])('is of the answer where the answer is told, in %s', async (format) => {
    const packet = ['--in', 'ens5', '--from', '198.51.100.7:50000', '--to', '192.168.45.10:30080', '--reply'];
    const { out } = await natwalk(['trace', eks, ...packet, '-o', format]);
    const [request = '', answer = ''] = out.replace(/\s+/g, ' ').split('THE ANSWER');
    expect(request).not.toContain('without mark');
    expect(answer).toContain('-> table main, route default; without mark 0x80: rule 1536 -> ens6');
  });

  it('says which rule must go for a dropped packet to pass', async () => {
    const out = await trace('--in', 'eth0', '--from', '10.9.9.9', '--to', '10.0.1.9:80');
    expect(out.replace(/\s+/g, ' ')).toContain(
      'would pass without filter FORWARD rule 3 (iptables-save.txt:22): LEAVES by eth1',
    );
    expect(out).toContain('unowned, look here');
  });

  it.each([
    [
      ['--to', '198.51.100.9', '--proto', 'icmp'],
      'without filter FORWARD rule 3 (iptables-save.txt:9) and with policy ACCEPT of filter FORWARD: LEAVES by eth0',
    ],
    [
      ['--to', '8.8.8.8:53', '--proto', 'udp', '--ttl', '1'],
      'with a TTL of 2 or more and without filter FORWARD rule 3',
    ],
  ])('says all that must change for %j', async (packet, told) => {
    const argv = ['trace', 'labs/nodes/first-match', '--in', 'eth1', '--from', '10.50.0.66', ...packet];
    const { out } = await natwalk(argv);
    expect(out.replace(/\s+/g, ' ')).toContain(`would pass ${told}`);
  });

  it('says why a source of 127.0.0.1 does not leave the node, and which setting lets it', async () => {
    const packet = ['--local', '--from', '127.0.0.1', '--to', '127.0.0.1:30080'];
    const told = (await natwalk(['trace', eks, ...packet])).out.replace(/\s+/g, ' ');
    expect(told).toContain('127.0.0.1 may not leave by enia7cc107bbb9, whose route_localnet is off');
    expect(told).toContain('would pass with net.ipv4.conf.enia7cc107bbb9.route_localnet=1: LEAVES by');
  });

  it('says which setting must change', async () => {
    const out = await trace(
      '--in',
      'eth1',
      '--from',
      '10.0.0.77',
      '--to',
      '10.0.0.9:80',
      '--set',
      'sysctl.net.ipv4.conf.eth1.rp_filter=1',
    );
    expect(out.replace(/\s+/g, ' ')).toContain(
      'would pass with net.ipv4.conf.eth1.rp_filter=2: LEAVES by eth0',
    );
    const off = await trace(
      '--from',
      '10.0.1.7',
      '--to',
      '10.0.0.9:80',
      '--set',
      'sysctl.net.ipv4.ip_forward=0',
    );
    expect(off.replace(/\s+/g, ' ')).toContain('would pass with net.ipv4.ip_forward=1: LEAVES by eth0');
  });
});

it('tells of a change that the answer alone meets', async () => {
  const packet = ['--in', 'ens5', '--from', '198.51.100.7:50000', '--to', '192.168.45.10:30080', '--reply'];
  const argv = ['trace', eks, ...packet, '--without', 'mangle/PREROUTING:1'];
  const { out } = await natwalk([...argv, '-o', 'summary']);
  expect(out.slice(0, 300).replace(/\s+/g, ' ')).toContain('of the answer, egress ens6 instead of ens5');
  const json = await natwalk([...argv, '--json']);
  expect(JSON.parse(json.out)).toMatchObject({
    changed: {
      same: false,
      differences: [],
      replyDifferences: [{ field: 'egress', from: 'ens5', to: 'ens6' }, { field: 'mark' }],
    },
  });
});
