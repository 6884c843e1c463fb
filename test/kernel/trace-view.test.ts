/** `-o trace` beside what the kernel's TRACE target logs: each line, and the packet as it is at that line. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { traceLines } from '../../src/explain/trace-log.js';
import { FlowTracer } from '../../src/packet/trace.js';
import { nodeOf } from '../support/node.js';
import { byFixture } from '../walks/all.js';
import { packetsOf } from '../walks/case.js';
import { loadFixture } from './adapter/fixture.js';
import type { Judge } from './adapter/judge.js';
import type { Logged } from './adapter/netlink.js';

const FIXTURE = 'test/walks/fixtures/default-legacy';

/** The words of a line that a log message shows. */
function wordsOf({ prefix, header, mark }: Logged): Readonly<Record<string, string>> {
  return {
    entry: prefix.replace(/^TRACE: /, '').trim(),
    SRC: header?.src ?? '',
    DST: header?.dst ?? '',
    TTL: String(header?.ttl ?? ''),
    SPT: String(header?.sport ?? ''),
    DPT: String(header?.dport ?? ''),
    MARK: mark === 0 ? '' : `0x${mark.toString(16)}`,
    flags: [...(header?.tcpFlags ?? [])].sort().join(),
  };
}

/** The same words of a line that was said. */
function saidOf(line: string): Readonly<Record<string, string>> {
  const word = (name: string): string => new RegExp(` ${name}=(\\S*)`).exec(line)?.[1] ?? '';
  const flags = line.match(/(?<= )(?:CWR|ECE|URG|ACK|PSH|RST|SYN|FIN)(?= |$)/g) ?? [];
  return {
    entry: /^TRACE: (\S+) /.exec(line)?.[1] ?? '',
    ...Object.fromEntries(['SRC', 'DST', 'TTL', 'SPT', 'DPT', 'MARK'].map((name) => [name, word(name)])),
    flags: [...flags].sort().join(),
  };
}

describe('the lines of TRACE', () => {
  const node = nodeOf(FIXTURE);
  const walks = byFixture.get(FIXTURE) ?? [];
  let judge: Judge;

  beforeAll(async () => {
    judge = await loadFixture(FIXTURE, { watch: true });
  });
  afterAll(async () => {
    await judge.stop();
  });

  it.each(walks.map((walk) => [walk.id, walk.title, walk] as const))('%s: %s', async (_id, _title, walk) => {
    const tracer = new FlowTracer(node);
    for (const { sent, traced = [] } of await judge.observe(packetsOf(walk))) {
      const { packet, outcomes } = tracer.next(sent);
      expect(outcomes).toHaveLength(1);
      const said = outcomes.flatMap((outcome) => traceLines(packet, outcome)).map(saidOf);
      const logged = traced.map(wordsOf);
      expect(logged.length).toBeGreaterThan(0);
      // A port that the kernel has drawn is one of the range that was said.
      const drawn = said.map((words, at) => {
        const [low, high] = (words['SPT'] ?? '').split('-').map(Number);
        const port = Number(logged[at]?.['SPT']);
        const inside = high !== undefined && low !== undefined && low <= port && port <= high;
        return inside ? { ...words, SPT: String(port) } : words;
      });
      expect(drawn).toEqual(logged);
    }
  });
});
