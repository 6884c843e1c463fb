/** What the kernel refuses of a case is never agreement, of the first case or of any that follows. */
import { mkdtempSync, rmSync, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { filesOf } from '../../facts/node.js';
import { table } from '../../support/router.js';
import type { FileName, Profile, SoakCase } from './profile.js';
import { report } from './report.js';
import { Session } from './session.js';
import { type Count, soak } from './soak.js';
import { faultsOf } from './verdict.js';

const session = new Session();
const folder = mkdtempSync(join(tmpdir(), 'natwalk-session-'));
afterAll(async () => {
  await session.stop();
  rmSync(folder, { recursive: true, force: true });
});

const PACKET = { in: 'eth1', proto: 'udp', src: '10.1.0.7', dst: '203.0.113.9', sport: 5, dport: 7 } as const;

/** A router whose dump of that name has a line more. */
function withLine(name: FileName, line: string, port: number): SoakCase {
  const files = filesOf(
    { save: table('filter', `-A FORWARD -p udp -m udp --dport ${String(port)} -j DROP`) },
    4,
    'legacy',
  );
  return { files: { ...files, [name]: `${files[name] ?? ''}${line}\n` }, packets: [PACKET] };
}

it.each([
  ['ip-route.txt', '192.0.2.0/24 via 10.9.9.9 dev eth0', 'Nexthop has invalid gateway'],
  ['ip-rule.txt', '90:\tfrom 10.0.0.0/8 lookup main nonsense 5', 'nonsense'],
  ['sysctl.txt', 'net.ipv4.conf.all.frobnicate = 1', 'frobnicate'],
  ['sysctl.txt', 'net.ipv4.ip_forward = many', 'ip_forward'],
] as const)(
  'what is refused of %s (%s) is counted so in every case of that network',
  async (name, line, why) => {
    const cases = [6, 7, 8].map((port) => withLine(name, line, port));
    for (const one of cases) {
      expect(await session.run(one)).toMatchObject([
        { kind: 'refused', why: expect.stringContaining(why) as unknown },
      ]);
    }
  },
);

it('a network that was proposed may lack lines, its rules may not', async () => {
  const proposed = (one: SoakCase): SoakCase => ({ ...one, proposed: true });
  const lacking = withLine('ip-route.txt', '192.0.2.0/24 via 10.9.9.9 dev eth0', 6);
  expect(await session.run(proposed(lacking))).toMatchObject([{ kind: 'agree' }]);
  const unknown = withLine('sysctl.txt', 'net.ipv4.conf.all.frobnicate = 1', 6);
  expect(await session.run(proposed(unknown))).toMatchObject([{ kind: 'refused' }]);
});

it.each([
  ['ipset-save.txt', 'EOT\ntouch FILE'],
  ['ip-route.txt', 'EOT\ntouch FILE'],
  ['ip-rule.txt', 'EOT\ntouch FILE'],
  ['sysctl.txt', 'net.ipv4.ip_forward = 1\nEOT\ntouch FILE'],
  ['sysctl.txt', 'net.ipv4.$(touch${IFS}FILE) = 1'],
  ['ip-addr.txt', '    inet $(touch${IFS}FILE)/24 scope global eth0\nEOT\ntouch FILE'],
] as const)('no text of %s is run by a shell: %s', async (name, line) => {
  const file = join(folder, 'made');
  await session.run(withLine(name, line.replaceAll('FILE', file), 6));
  expect(existsSync(file)).toBe(false);
});

describe('a rule set that the tools do not take as it is', () => {
  const filter = (rule: string): string => table('filter', rule);
  const cases = (save: string): SoakCase => ({ files: filesOf({ save }, 4, 'legacy'), packets: [PACKET] });
  const profile = (one: SoakCase): Profile => ({ name: 'own', families: [4], case: () => fc.constant(one) });
  const run = (one: SoakCase): Promise<Count> =>
    soak(profile(one), { family: 4, backend: 'legacy' }, 1, { packets: 2 });

  it('is counted as refused, at first and when it follows another', async () => {
    const bad = '-A FORWARD -p udp --frob 5 -j DROP';
    const count = await run(cases(filter(bad)));
    expect(count).toMatchObject({ packets: 2, agree: 0, wrongPackets: 0 });
    expect([...count.refused]).toEqual([['iptables-legacy-restore: unknown option "--frob"', 2]]);
    const text = report([count]);
    expect(text).toMatch(
      /iptables-legacy-restore refused line \d+, "-A FORWARD -p udp --frob 5 -j DROP": unknown/,
    );
    expect(faultsOf([count]).join()).toContain('2 of 2 packets were refused');
    expect(await session.run(cases(filter('-A FORWARD -p udp -m udp --dport 6 -j DROP')))).toMatchObject([
      { kind: 'agree' },
    ]);
    expect(await session.run(cases(filter(bad)))).toMatchObject([{ kind: 'refused' }]);
    expect(await session.run(cases(filter('-A FORWARD -p udp -m udp --dport 8 -j DROP')))).toMatchObject([
      { kind: 'agree' },
    ]);
  });

  it('is judged in spite of a warning, which is reported', async () => {
    const six = { src: 'fd00:1::7', dst: 'fd00:9::9' };
    const one = {
      files: filesOf({ save: filter('-A FORWARD -p ah -j DROP') }, 6, 'legacy'),
      packets: [{ ...PACKET, ...six }],
    };
    const count = await soak({ ...profile(one), families: [6] }, { family: 6, backend: 'legacy' }, 1, {
      packets: 2,
    });
    expect(count).toMatchObject({ packets: 2, agree: 2 });
    expect(report([count])).toMatch(/ 2 {2}ip6tables-legacy-restore: Warning: never matched protocol: ah\./);
  });
});
