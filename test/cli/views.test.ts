/** The views in the form of other tools, from the command line: one packet, several outcomes, a batch. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { natwalk, natwalkBytes } from '../support/cli.js';
import { readPcapng } from '../support/pcapng.js';

const node = join(import.meta.dirname, '../../examples/eks-node');
const walk = ['trace', node, '--from', '192.168.61.33', '--to', '203.0.113.9:443'];
const scratch = mkdtempSync(join(tmpdir(), 'natwalk-views-'));
const batch = join(scratch, 'batch.jsonl');
writeFileSync(
  batch,
  [
    '{"id":"one","proto":"tcp","src":"192.168.61.33","dst":"203.0.113.9","dport":443}',
    '{"id":"two","proto":"udp","src":"192.168.40.11","dst":"203.0.113.9","dport":53}',
    'no packet',
    '',
  ].join('\n'),
);

/** A node that lets half of all connections pass. */
const twoWays = join(scratch, 'two-ways.txt');
writeFileSync(
  twoWays,
  `$ iptables-save
*filter
:FORWARD ACCEPT [0:0]
-A FORWARD -m statistic --mode random --probability 0.5 -j DROP
COMMIT
$ ip addr
1: lo: <LOOPBACK,UP> mtu 65536
    inet 127.0.0.1/8 scope host lo
2: eth0: <UP> mtu 1500
    inet 10.0.0.1/24 scope global eth0
3: eth1: <UP> mtu 1500
    inet 10.0.1.1/24 scope global eth1
$ ip route
10.0.0.0/24 dev eth0 proto kernel scope link src 10.0.0.1
10.0.1.0/24 dev eth1 proto kernel scope link src 10.0.1.1
$ sysctl -a
net.ipv4.ip_forward = 1
net.ipv4.conf.all.rp_filter = 0
net.ipv4.conf.eth1.rp_filter = 0
`,
);

afterAll(() => {
  rmSync(scratch, { recursive: true });
});

describe('-o pcap', () => {
  it('writes a capture of the packet and of the answer', async () => {
    const { status, bytes, err } = await natwalkBytes([...walk, '--reply', '-o', 'pcap']);
    expect([status, err]).toEqual([0, '']);
    expect(readPcapng(bytes).map(({ packets }) => packets.length)).toEqual([4]);
  });

  it.each([
    [[], 'USAGE_BINARY  -o pcap is binary'],
    [['--lang', 'ko'], 'USAGE_BINARY  -o pcap: 출력이 바이너리인데'],
  ])('is refused on a terminal %j', async (argv, says) => {
    const { status, out, err } = await natwalk([...walk, '-o', 'pcap', ...argv], {
      terminal: true,
      env: { NO_COLOR: '1' },
    });
    expect([status, out]).toEqual([2, '']);
    expect(err).toContain(says);
    expect(err).toContain('> walk.pcapng');
  });

  it.each([[[]], [['--jobs', '2']]])(
    'is one file for a batch %j, and what failed is told beside it',
    async (jobs) => {
      const { status, bytes, err } = await natwalkBytes([
        'trace',
        node,
        '--batch',
        batch,
        '-o',
        'pcap',
        ...jobs,
      ]);
      expect(status).toBe(1);
      expect(readPcapng(bytes).map(({ comment }) => comment)).toEqual(['packet one', 'packet two']);
      expect(err).toContain('BATCH_LINE');
    },
  );
});

describe.each(['conntrack', 'tcpdump'])('-o %s', (format) => {
  it('is plain whatever --color says, and the same in Korean', async () => {
    const english = await natwalk([...walk, '-o', format]);
    expect([english.status, english.err]).toEqual([0, '']);
    for (const more of [['--color=always'], ['--lang', 'ko']])
      expect((await natwalk([...walk, '-o', format, ...more])).out).toBe(english.out);
  });

  it('begins each packet of a batch with its id', async () => {
    const { status, out } = await natwalk(['trace', node, '--batch', batch, '-o', format]);
    expect(status).toBe(1);
    expect(out.match(/^# packet \w+$/gm)).toEqual(['# packet one', '# packet two']);
  });

  it('parts the outcomes', async () => {
    const { out } = await natwalk([
      'trace',
      twoWays,
      '--from',
      '10.0.1.5',
      '--to',
      '10.0.0.9:80',
      '-o',
      format,
    ]);
    const headings = out.match(/^# outcome \d+ of \d+, probability \S+$/gm) ?? [];
    expect(headings).toHaveLength(2);
  });
});

describe('-o counters', () => {
  it('lists what one packet counts, in all chains when they are asked for', async () => {
    const some = await natwalk([...walk, '-o', 'counters', '--color=always']);
    const all = await natwalk([...walk, '-o', 'counters', '--all-rules']);
    expect(some.out).toMatch(
      /^# iptables -t mangle -L -n -v\nChain PREROUTING \(policy ACCEPT 1 packets, 40 bytes\)\n/,
    );
    expect(all.out.match(/^Chain /gm)?.length).toBeGreaterThan(some.out.match(/^Chain /gm)?.length ?? 0);
  });

  it('adds a batch up, and tells what failed beside it', async () => {
    const { status, out, err } = await natwalk(['trace', node, '--batch', batch, '-o', 'counters']);
    expect(status).toBe(1);
    expect(out).toContain('Chain PREROUTING (policy ACCEPT 2 packets, 68 bytes)');
    expect(err).toContain('BATCH_LINE');
    expect(out).not.toContain('BATCH_LINE');
  });
});

describe.each(['mermaid', 'dot'])('-o %s', (format) => {
  it('draws one packet, in the language that is asked for, without colours of the terminal', async () => {
    const english = await natwalk([...walk, '-o', format, '--color=always']);
    expect(english.out).not.toContain(String.fromCharCode(27));
    expect((await natwalk([...walk, '-o', format, '--lang', 'ko'])).out).toMatch(/[가-힣]/);
  });

  it('draws no batch', async () => {
    const { status, out, err } = await natwalk(['trace', node, '--batch', batch, '-o', format]);
    expect([status, out]).toEqual([2, '']);
    expect(err).toContain('USAGE_ONE_WALK');
  });
});
