/** What the kernel refuses of a case is never agreement, of the first case or of any that follows. */
import { mkdtempSync, rmSync, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { filesOf } from '../../facts/node.js';
import { table } from '../../support/router.js';
import type { FileName, SoakCase } from './profile.js';
import { Session } from './session.js';

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
  'what is refused of %s (%s) is skipped in every case of that network',
  async (name, line, why) => {
    const cases = [6, 7, 8].map((port) => withLine(name, line, port));
    for (const one of cases) {
      expect(await session.run(one)).toMatchObject([
        { kind: 'skipped', why: expect.stringContaining(why) as unknown },
      ]);
    }
  },
);

it('a network that was proposed may lack lines, its rules may not', async () => {
  const proposed = (one: SoakCase): SoakCase => ({ ...one, proposed: true });
  const lacking = withLine('ip-route.txt', '192.0.2.0/24 via 10.9.9.9 dev eth0', 6);
  expect(await session.run(proposed(lacking))).toMatchObject([{ kind: 'agree' }]);
  const unknown = withLine('sysctl.txt', 'net.ipv4.conf.all.frobnicate = 1', 6);
  expect(await session.run(proposed(unknown))).toMatchObject([{ kind: 'skipped' }]);
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
