/** Every form in which the real tools list one table is read to the same entries, and printed back as conntrack prints. */
import { spawnSync } from 'node:child_process';
import { beforeAll, describe, expect, it } from 'vitest';
import { type ConntrackEntry, printEntry } from '../../src/packet/conntrack-entry.js';
import { loadNode } from '../../src/snapshot/load.js';
import { printListings, printTranscript } from '../../src/snapshot/print.js';
import { whyNoKernel } from './available.js';

const reason = whyNoKernel();

const ENTRIES = [
  '-p tcp -s 10.0.0.1 -d 10.0.0.2 --sport 1 --dport 21 --state ESTABLISHED -u ASSURED,SEEN_REPLY -m 5',
  '-p tcp -s 10.0.0.1 -d 10.0.0.2 --sport 2 --dport 21 --state SYN_SENT -m 4294967295',
  '-p tcp -s 10.0.0.1 -d 10.0.0.2 --sport 3 --dport 80 --state TIME_WAIT -u SEEN_REPLY -g 10.9.9.9:8080',
  '-p udp -s 10.0.0.1 -d 10.0.0.2 --sport 4 --dport 53 -n 10.0.1.9:5555 -m 128',
  '-p udp -s 10.0.0.1 -d 10.0.0.2 --sport 5 --dport 21 -w 7',
  '-p udp -s 10.0.0.1 -d 10.0.0.2 --sport 6 --dport 22 --orig-zone 9',
  '-p udp -s 10.0.0.1 -d 10.0.0.2 --sport 7 --dport 23 --reply-zone 65535',
  '-p udplite -s 10.0.0.1 -d 10.0.0.2 --sport 8 --dport 23',
  '-p sctp -s 10.0.0.1 -d 10.0.0.2 --sport 9 --dport 23 --state ESTABLISHED --orig-vtag 1 --reply-vtag 2',
  '-p icmp -s 10.0.0.1 -d 10.0.0.2 --icmp-type 8 --icmp-code 0 --icmp-id 77',
  '-p gre -s 10.0.0.1 -d 10.0.0.2 --srckey 0x10 --dstkey 0x20',
  '-p 50 -s 10.0.0.1 -d 10.0.0.2',
  '-p tcp -s fd00::1 -d fd00:0:0:1::2 --sport 1 --dport 80 --state CLOSE_WAIT -u SEEN_REPLY -m 1',
  '-p icmpv6 -s fd00::1 -d fd00::2 --icmpv6-type 128 --icmpv6-code 0 --icmpv6-id 9',
];

const FORMS = {
  plain: 'conntrack -L',
  four: 'conntrack -L -f ipv4',
  six: 'conntrack -L -f ipv6',
  extended: 'conntrack -L -o extended',
  id: 'conntrack -L -o id',
  times: 'conntrack -L -o ktimestamp,extended,id',
  proc: 'cat /proc/net/nf_conntrack',
  save: 'conntrack -L -o save',
  xml: 'conntrack -L -o xml',
  statistics: 'conntrack -S',
  expected: 'conntrack -L expect',
} as const;
type Form = keyof typeof FORMS;

const SCRIPT = `ip link set lo up
nft add table ip t
nft add chain ip t c '{ type filter hook input priority 0; }'
nft add rule ip t c ct state new accept
sysctl -q -w net.netfilter.nf_conntrack_acct=1 net.netfilter.nf_conntrack_timestamp=1
${ENTRIES.map((entry) => `conntrack -I -t 4000 ${entry} >/dev/null 2>&1 || echo 'refused: ${entry}'`).join('\n')}
${Object.values(FORMS)
  .map((command) => `printf '\\f'\n${command} 2>&1`)
  .join('\n')}
printf '\\f'
conntrack -D -p udp 2>&1
`;

const texts = new Map<string, string>();
let refused = '';

beforeAll(() => {
  if (reason !== null) return;
  const { stdout } = spawnSync('unshare', ['-n', 'bash', '-s'], {
    input: SCRIPT,
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
  });
  const [head = '', ...rest] = stdout.split('\f');
  refused = head;
  [...Object.keys(FORMS), 'deleted'].forEach((form, at) => texts.set(form, rest[at] ?? ''));
});

function read(form: Form): ReturnType<typeof loadNode> {
  return loadNode('node', [{ name: 'paste.txt', text: `$ ${FORMS[form]}\n${texts.get(form) ?? ''}` }]);
}

/** What does not change while the forms are listed, and is in all of them. */
function lasting(entries: readonly ConntrackEntry[] | null): string[] {
  return (entries ?? []).map((entry) =>
    printEntry({ ...entry, timeout: null, use: null, id: null, rest: [] }),
  );
}

const found = (node: ReturnType<typeof loadNode>): string[] =>
  node.diagnostics.map(({ code }) => code).filter((code) => !code.startsWith('NODE_'));

describe.skipIf(reason !== null)('the listing of a real table', () => {
  it('has every entry that was made', () => {
    expect(refused).toBe('');
    expect(read('plain').connections).toHaveLength(ENTRIES.length);
  });

  it.each(['plain', 'id', 'four', 'six'] as const)('%s: is printed back as it was', (form) => {
    const node = read(form);
    expect(found(node)).toEqual([]);
    const lines = (texts.get(form) ?? '').split('\n').filter((line) => line.includes(' src='));
    expect((node.connections ?? []).map(printEntry)).toEqual(lines);
    const again = loadNode('again', [{ name: 'show.txt', text: printTranscript(printListings(node)) }]);
    expect((again.connections ?? []).map(printEntry)).toEqual(lines);
  });

  it.each(['extended', 'id', 'times', 'proc'] as const)(
    '%s: has the same entries as the plain form',
    (form) => {
      const node = read(form);
      expect(found(node)).toEqual([]);
      expect(lasting(node.connections).sort()).toEqual(lasting(read('plain').connections).sort());
    },
  );

  it('of both families is that of each', () => {
    expect([...lasting(read('four').connections), ...lasting(read('six').connections)].sort()).toEqual(
      lasting(read('plain').connections).sort(),
    );
  });

  it.each([
    ['save', 'conntrack -o save'],
    ['xml', 'conntrack -o xml'],
    ['statistics', 'conntrack -S'],
  ] as const)('%s: is named, and not read', (form, kind) => {
    for (const text of [
      `$ ${FORMS[form]}\n${texts.get(form) ?? ''}`,
      (texts.get(form) ?? '').replace(/^conntrack v.*\n/gm, ''),
    ]) {
      const { connections, diagnostics } = loadNode('node', [{ name: 'paste.txt', text }]);
      expect(connections).toBeNull();
      expect(diagnostics).toContainEqual(
        expect.objectContaining({ code: 'READ_NOT_USED', params: { kind } }),
      );
    }
  });

  it('expectations are no entries', () => {
    expect(read('expected').connections).toBeNull();
  });

  it('what was deleted is in no table', () => {
    expect(loadNode('node', [{ name: 'a.txt', text: texts.get('deleted') ?? '' }]).connections).toEqual([]);
  });
});
