/** A drop by a setting names it, with the line of the dump that shows it. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { filesOf } from '../facts/node.js';
import { natwalk } from '../support/cli.js';

const scratch = mkdtempSync(join(tmpdir(), 'natwalk-'));
afterAll(() => {
  rmSync(scratch, { recursive: true });
});

const { 'sysctl.txt': usual = '', ...rest } = filesOf({}, 4, 'legacy');

/** Values in place of the usual ones, below a setting whose name begins alike. */
function changed(values: Readonly<Record<string, number>>): string {
  const kept = usual
    .split('\n')
    .filter((line) => !Object.hasOwn(values, (line.split(' = ')[0] ?? '').replace('net.ipv4.', '')));
  const lines = Object.entries(values).map(([name, value]) => `net.ipv4.${name} = ${String(value)}`);
  return ['net.ipv4.ip_forward_use_pmtu = 0', ...lines, ...kept, ''].join('\n');
}

let made = 0;
function nodeWith(files: Readonly<Record<string, string>>): string {
  made += 1;
  const folder = join(scratch, String(made));
  for (const [name, text] of Object.entries({ ...rest, ...files })) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

interface Result {
  readonly outcomes: readonly {
    readonly drop: { readonly reason: string; readonly setting?: object } | null;
    readonly unroutable: { readonly errno: string; readonly setting?: object } | null;
  }[];
}

async function asked(
  files: Readonly<Record<string, string>>,
  from: string,
  to: string,
): Promise<readonly [string, Result['outcomes'][number]['drop'] | undefined]> {
  const argv = ['trace', nodeWith(files), '--in', 'eth1', '--from', from, '--to', to];
  const { out } = await natwalk(argv);
  const result = JSON.parse((await natwalk([...argv, '--json'])).out) as Result;
  return [out.replace(/\s+/g, ' '), result.outcomes[0]?.drop];
}

/** What is set, the packet, and which setting is named. */
const NAMED: readonly (readonly [Readonly<Record<string, number>>, string, string, string, string])[] = [
  [{ ip_forward: 0, 'conf.eth1.forwarding': 0 }, '10.1.0.7', '8.8.8.8', 'ip_forward', 'ip_forward'],
  [{ 'conf.eth1.forwarding': 0 }, '10.1.0.7', '8.8.8.8', 'ip_forward', 'conf.eth1.forwarding'],
  [{ 'conf.eth1.rp_filter': 1 }, '10.0.0.7', '8.8.8.8', 'rp_filter', 'conf.eth1.rp_filter'],
  [{ 'conf.all.rp_filter': 1 }, '10.0.0.7', '8.8.8.8', 'rp_filter', 'conf.all.rp_filter'],
  [{ 'conf.eth1.accept_local': 0 }, '10.1.0.1', '10.0.0.1', 'martian_source', 'conf.eth1.accept_local'],
  [
    { 'conf.eth1.route_localnet': 0 },
    '10.1.0.7',
    '127.0.0.1',
    'martian_destination',
    'conf.eth1.route_localnet',
  ],
  [{ 'conf.eth1.route_localnet': 0 }, '127.0.0.9', '10.0.0.1', 'martian_source', 'conf.eth1.route_localnet'],
];

describe('a drop by a setting', () => {
  it.each(NAMED)('of %j is told: from %s to %s by %s', async (values, from, to, reason, key) => {
    const text = changed(values);
    const name = `net.ipv4.${key}`;
    const value = String(values[key]);
    const line = text.split('\n').indexOf(`${name} = ${value}`) + 1;
    const [out, drop] = await asked({ 'sysctl.txt': text }, from, to);
    expect(out).toContain(`sysctl.txt:${String(line)} ${name} = ${value}`);
    expect(drop).toMatchObject({ reason, setting: { name, value, file: 'sysctl.txt', line } });
  });

  it('finds it in what grep prints of /proc/sys, and in copied files', async () => {
    const grepped = changed({ 'conf.eth1.rp_filter': 1 })
      .replaceAll(' = ', ':')
      .replaceAll(/^[\w.]+/gm, (name) => `/proc/sys/${name.replaceAll('.', '/')}`);
    const [out] = await asked({ 'sysctl.txt': grepped }, '10.0.0.7', '8.8.8.8');
    expect(out).toContain('sysctl.txt:2 net.ipv4.conf.eth1.rp_filter = 1');
    const file = 'proc/sys/net/ipv4/conf/eth1/rp_filter';
    const kept = usual.replace('net.ipv4.conf.eth1.rp_filter = 0\n', '');
    const [copied] = await asked({ 'sysctl.txt': kept, [file]: '1\n' }, '10.0.0.7', '8.8.8.8');
    expect(copied).toContain(`${file}:1 net.ipv4.conf.eth1.rp_filter = 1`);
  });

  it('names it without a place where no dump shows it', async () => {
    const unseen = usual.replaceAll(/^.*rp_filter.*\n/gm, '');
    const [out, drop] = await asked({ 'sysctl.txt': unseen }, '10.0.0.7', '8.8.8.8');
    expect(out).toContain('setting net.ipv4.conf.eth1.rp_filter, which the snapshot does not show');
    expect(drop?.setting ?? { value: null }).toMatchObject({ value: null });
  });

  it('of a local packet keeps a source of 127/8 on the node, also of a socket that no route has sent', async () => {
    const name = 'net.ipv4.conf.eth0.route_localnet';
    const text = changed({ 'conf.eth0.route_localnet': 0 });
    const line = text.split('\n').indexOf(`${name} = 0`) + 1;
    const node = nodeWith({ 'sysctl.txt': text });
    for (const to of ['8.8.8.8', '255.255.255.255']) {
      const packet = ['--proto', 'udp', '--from', '127.0.0.1', '--to', `${to}:53`, '--oif', 'eth0'];
      const argv = ['trace', node, '--local', ...packet];
      const out = (await natwalk(argv)).out.replace(/\s+/g, ' ');
      expect(out).toContain(`sysctl.txt:${String(line)} ${name} = 0`);
      expect(out).toContain(`would pass with ${name}=1: LEAVES by eth0`);
      const { outcomes } = JSON.parse((await natwalk([...argv, '--json'])).out) as Result;
      const setting = { name, value: '0', file: 'sysctl.txt', line };
      expect(outcomes[0]?.unroutable).toEqual({ errno: 'EINVAL', setting });
    }
  });

  it('of a local packet is named without a place where no dump shows it', async () => {
    const node = nodeWith({ 'sysctl.txt': usual.replaceAll(/^.*eth0\.route_localnet.*\n/gm, '') });
    const argv = ['trace', node, '--local', '--from', '127.0.0.1', '--to', '8.8.8.8', '--json'];
    const { outcomes } = JSON.parse((await natwalk(argv)).out) as Result;
    const setting = { name: 'net.ipv4.conf.eth0.route_localnet', value: null };
    expect(outcomes.find(({ unroutable }) => unroutable !== null)?.unroutable).toMatchObject({ setting });
  });

  it('names none where no setting would help', async () => {
    const [, drop] = await asked({ 'sysctl.txt': usual }, '224.0.0.1', '10.0.0.1');
    expect(drop).toEqual({ rule: null, reason: 'martian_source' });
  });

  it('is told of a change that leads to another drop', async () => {
    const values = { ip_forward: 0, 'conf.eth1.forwarding': 0, 'conf.eth1.rp_filter': 1 };
    const node = nodeWith({ 'sysctl.txt': changed(values) });
    const argv = ['trace', node, '--in', 'eth1', '--from', '10.0.0.7', '--to', '8.8.8.8'];
    const { out } = await natwalk([...argv, '--set', 'sysctl.net.ipv4.ip_forward=1']);
    expect(out).toContain('WITH net.ipv4.ip_forward=1: because of rp_filter instead of ip_forward');
  });
});
