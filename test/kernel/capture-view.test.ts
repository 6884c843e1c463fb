/**
 * `-o tcpdump` beside tcpdump on the node while its packets pass, and `-o pcap` as tcpdump and tshark read it.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderPcap } from '../../src/explain/pcap.js';
import { renderTcpdump } from '../../src/explain/tcpdump.js';
import type { PacketInput, TraceResult } from '../../src/packet/result.js';
import { FlowTracer, trace } from '../../src/packet/trace.js';
import { loadNode } from '../../src/snapshot/load.js';
import { nodeOf } from '../support/node.js';
import { byFixture } from '../walks/all.js';
import { INTERNET, POD, packetsOf } from '../walks/case.js';
import { loadFixture } from './adapter/fixture.js';
import type { Judge } from './adapter/judge.js';

const FIXTURE = 'examples/eks-node';
const node = nodeOf(FIXTURE);
const scratch = mkdtempSync(join(tmpdir(), 'natwalk-capture-'));

afterAll(() => {
  rmSync(scratch, { recursive: true });
});

const has = (tool: string): boolean => spawnSync(tool, ['--version']).status === 0;

/** What no walk knows: the numbers of a segment and its options. An empty datagram to port 53 is no DNS message. */
function plain(line: string): string {
  return line
    .replace(/(seq|ack|win) \d+(?::\d+)?/g, '$1 N')
    .replace(/, options \[[^\]]*\]/, '')
    .replace(/: domain \[length 0 < 12\] \(invalid\)/, ': UDP, length 0')
    .trimEnd();
}

/** Is the tool's line the one that was said, with a drawn port inside its range? */
function fits(said: string, seen: string): boolean {
  const ranges: (readonly [number, number])[] = [];
  const pattern = plain(said)
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replace(/(?<=\\\.|id )(\d+)-(\d+)/g, (_, low: string, high: string) => {
      ranges.push([Number(low), Number(high)]);
      return '(\\d+)';
    });
  const found = new RegExp(`^${pattern}$`).exec(plain(seen));
  if (found === null) return false;
  return ranges.every(([low, high], at) => Number(found[at + 1]) >= low && Number(found[at + 1]) <= high);
}

/** The lines of each outcome, without comments. */
const saidOf = (result: TraceResult): readonly (readonly string[])[] =>
  result.outcomes.map((outcome) =>
    renderTcpdump({ ...result, id: null, outcomes: [outcome] })
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#')),
  );

describe('while its packets pass', () => {
  const file = join(scratch, 'live.txt');
  let judge: Judge;
  let pid = '';
  let read = 0;

  beforeAll(async () => {
    judge = await loadFixture(FIXTURE);
    pid = await judge.shell(
      `tcpdump -i any -nn -t -l --immediate-mode ip or ip6 >${file} 2>${file}.err </dev/null & echo $!`,
    );
    for (let tries = 0; tries < 100 && !readFileSync(`${file}.err`, 'utf8').includes('listening'); tries += 1)
      await sleep(50);
  });
  afterAll(async () => {
    await judge.shell(`kill ${pid}`);
    await judge.stop();
  });

  /** What came by since the last look; the kernel speaks of its own neighbours and groups as well. */
  async function seen(count: number): Promise<readonly string[]> {
    for (let tries = 0; ; tries += 1) {
      const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
      const fresh = lines
        .slice(read)
        .filter((line) => !/ICMP6, (?:neighbor|router|multicast)|HBH|igmp/.test(line));
      if (tries < 20 && fresh.length < count) await sleep(25);
      else {
        read = lines.length;
        return fresh;
      }
    }
  }

  const cases = byFixture.get(FIXTURE) ?? [];
  it.each(cases.map((walk) => [walk.id, walk.title, walk] as const))('%s: %s', async (_id, _title, walk) => {
    await sleep(30);
    await seen(0);
    const observations = await judge.observe(packetsOf(walk));
    const tracer = new FlowTracer(node);
    const ways = observations.map(({ sent }) => saidOf(tracer.next(sent)));
    const lines = await seen(ways.reduce((sum, way) => sum + (way[0]?.length ?? 0), 0));
    let at = 0;
    for (const way of ways) {
      const found = way.find((said) => said.every((line, index) => fits(line, lines[at + index] ?? '')));
      expect(found === undefined ? { said: way, seen: lines.slice(at) } : null).toBeNull();
      at += found?.length ?? 0;
    }
    // What the node answers by itself comes behind it; all else is seen at its interfaces and said.
    const isAnswered = walk.steps.some(({ expected }) =>
      ['rejected', 'delivered'].includes(expected.verdict),
    );
    if (!isAnswered) expect(lines.slice(at)).toEqual([]);
  });
});

/** Packets of each protocol that has words of its own. */
const FOUR: readonly PacketInput[] = [
  { proto: 'tcp', dport: 443 },
  { proto: 'tcp', dport: 443, tcpFlags: ['SYN', 'URG', 'ECE', 'CWR'] },
  { proto: 'tcp', dport: 443, tcpFlags: [] },
  { proto: 'tcp', dport: 81, tcpFlags: ['ACK', 'PSH'], length: 57 },
  { proto: 'tcp', dport: 82, tcpFlags: ['FIN', 'ACK'] },
  { proto: 'udp', dport: 5000, length: 100 },
  { proto: 'icmp', icmpType: 8, icmpId: 7, length: 84 },
  { proto: 'icmp', icmpType: 99 },
  ...([0, 1, 2, 3, 4, 9, 10, 13] as const).map((icmpCode) => ({
    ...{ proto: 'icmp', icmpType: 3, icmpCode },
    inner: { proto: 'udp', src: INTERNET, dst: POD.C.ip, sport: 53, dport: 4000 },
  })),
  {
    proto: 'icmp',
    icmpType: 11,
    inner: { proto: 'tcp', src: INTERNET, dst: POD.C.ip, sport: 80, dport: 4000 },
  },
  ...['sctp', 'gre', 253].map((proto) => ({ proto })),
].map((part) => ({ in: POD.C.device, src: POD.C.ip, dst: INTERNET, ...part }));

const SIX: readonly PacketInput[] = [
  { proto: 'tcp', dport: 443 },
  { proto: 'udp', dport: 5000, length: 100 },
  { proto: 'icmpv6', icmpType: 128, icmpId: 9 },
  ...([0, 1, 3, 4] as const).map((icmpCode) => ({
    ...{ proto: 'icmpv6', icmpType: 1, icmpCode },
    inner: { proto: 'udp', src: '2001:db8:2::2', dst: '2001:db8:1::1', sport: 53, dport: 4000 },
  })),
  { proto: 253 },
].map((part) => ({ in: 'lan', src: '2001:db8:1::1', dst: '2001:db8:2::2', ...part }));

const router = loadNode('router', [
  {
    name: 'ip-addr.txt',
    text: '1: lan: <UP> mtu 1500\n    inet6 2001:db8:1::ff/64 scope global\n2: wan: <UP> mtu 1500\n    inet6 2001:db8:2::ff/64 scope global\n',
  },
  {
    name: 'ip6-route.txt',
    text: '2001:db8:1::/64 dev lan proto kernel metric 256\n2001:db8:2::/64 dev wan proto kernel metric 256\n',
  },
  { name: 'sysctl.txt', text: 'net.ipv6.conf.all.forwarding = 1\n' },
]);

const results = [...FOUR.map((packet) => trace(node, packet)), ...SIX.map((packet) => trace(router, packet))];

/** Ranges as a capture has them: the lowest value. */
const lowest = (line: string): string => line.replace(/(?<=[.]|id )(\d+)-\d+(?=[ :,])/g, '$1');

describe('as a capture', () => {
  it('tcpdump reads it as -o tcpdump says it', () => {
    for (const result of results) {
      const file = join(scratch, 'one.pcapng');
      writeFileSync(file, renderPcap(result));
      const { stdout } = spawnSync('tcpdump', ['-nn', '-t', '-r', file], { encoding: 'utf8' });
      const said = saidOf(result)
        .flat()
        .map((line) => lowest(line.replace(/^\S+ +(?:In|Out) +/, '')).trimEnd());
      expect(said.length).toBeGreaterThan(0);
      expect(
        stdout
          .split('\n')
          .slice(0, -1)
          .map((line) => line.trimEnd()),
      ).toEqual(said);
    }
  });

  it.skipIf(!has('tshark'))(
    'tshark (skipped where it is not installed) finds interfaces, addresses and no wrong checksum',
    () => {
      const result = trace(node, FOUR[0] ?? { proto: 'tcp', dst: INTERNET }, { reply: true });
      const file = join(scratch, 'shark.pcapng');
      writeFileSync(file, Buffer.concat([renderPcap(result), ...results.map(renderPcap)]));
      const fields = [
        'frame.interface_name',
        'ip.src',
        'ip.dst',
        'ip.checksum.status',
        'tcp.checksum.status',
        'udp.checksum.status',
        'icmp.checksum.status',
        'icmpv6.checksum.status',
        'sctp.checksum.status',
      ];
      const checks = [
        'ip.check_checksum:TRUE',
        'tcp.check_checksum:TRUE',
        'udp.check_checksum:TRUE',
        'sctp.checksum:crc-32c',
      ];
      const { stdout } = spawnSync(
        'tshark',
        [
          '-r',
          file,
          '-T',
          'fields',
          ...fields.flatMap((field) => ['-e', field]),
          ...checks.flatMap((check) => ['-o', check]),
        ],
        { encoding: 'utf8' },
      );
      const rows = stdout
        .trimEnd()
        .split('\n')
        .map((line) => line.split('\t'));
      expect(rows.slice(0, 4).map((row) => row.slice(0, 3).join(' '))).toEqual([
        `${POD.C.device} ${POD.C.ip} ${INTERNET}`,
        `ens5 192.168.45.10 ${INTERNET}`,
        `ens5 ${INTERNET} 192.168.45.10`,
        `${POD.C.device} ${INTERNET} ${POD.C.ip}`,
      ]);
      // 0 is bad, 1 good, 2 not looked at; a quoted header has its own beside it.
      const bad = rows.filter((row) => row.slice(3).some((status) => status.split(',')[0] === '0'));
      expect(bad).toEqual([]);
      expect(rows.flatMap((row) => row.slice(4)).filter((status) => status === '1').length).toBeGreaterThan(
        10,
      );
    },
  );
});
