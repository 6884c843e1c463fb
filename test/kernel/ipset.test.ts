/** Membership in random sets, and of packets on their way out, as the kernel sees it. */
import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAddress } from '../../src/address/address.js';
import type { IpSet, SetQuery } from '../../src/ipset/model.js';
import { testSet } from '../../src/ipset/test.js';
import { readSets } from '../../src/snapshot/ipset.js';
import { open } from '../support/section.js';
import { KINDS, type SetKind, someElement, someQuestion } from './ipset/elements.js';
import { Random } from './routing/random.js';

const namespace = `natwalk-ipset-${String(process.pid)}`;
const ELEMENTS = 24;
const QUESTIONS = 150;
/** Sets of this kernel: it may lack some types. */
const AT_LEAST = 15;

function inNamespace(
  command: readonly string[],
  input = '',
): { readonly ok: boolean; readonly out: string; readonly err: string } {
  const done = spawnSync('ip', ['netns', 'exec', namespace, ...command], { input, encoding: 'utf8' });
  return { ok: done.status === 0, out: done.stdout, err: done.stderr };
}

/** The command is done; its error text otherwise. */
function must({ ok, err }: { readonly ok: boolean; readonly err: string }): void {
  expect(ok ? '' : err || 'failed').toBe('');
}

function saved(): ReadonlyMap<string, IpSet> {
  return readSets('save', open(inNamespace(['ipset', 'save']).out).report);
}

const ipset = (words: string): boolean => inNamespace(['ipset', ...words.split(' ')]).ok;

/** Fills a set. @returns whether this kernel has its type */
function make(random: Random, kind: SetKind): boolean {
  if (!ipset(`create ${kind.name} ${kind.type} ${kind.words}`.trim())) return false;
  const lines = Array.from(
    { length: ELEMENTS },
    () => `add -exist ${kind.name} ${someElement(random, kind)}`,
  );
  return inNamespace(['ipset', '-exist', 'restore'], `${lines.join('\n')}\n`).ok;
}

beforeAll(() => {
  expect(spawnSync('ip', ['netns', 'add', namespace]).status).toBe(0);
});
afterAll(() => {
  spawnSync('ip', ['netns', 'del', namespace]);
});

describe('ipset test', () => {
  for (const seed of [1, 2, 3]) {
    it(`agrees on random elements of random sets (seed ${String(seed)})`, () => {
      const random = new Random(seed);
      inNamespace(['ipset', 'destroy']);
      const made = KINDS.filter((kind) => make(random, kind));
      expect(made.length).toBeGreaterThan(AT_LEAST);
      const sets = saved();
      const wrong: string[] = [];
      let members = 0;
      for (const kind of made) {
        const set = sets.get(kind.name);
        const questions = Array.from({ length: QUESTIONS }, () => someQuestion(random, kind));
        const script = questions.map(({ element }) => `test ${kind.name} ${element}\n`).join('');
        const answers = inNamespace(['ipset', '-'], script)
          .err.split('\n')
          .filter((line) => /is (?:NOT )?in set/.test(line));
        expect(answers).toHaveLength(QUESTIONS);
        for (const [at, { element, query }] of questions.entries()) {
          const kernel = !(answers[at] ?? '').includes('NOT in');
          const own = set === undefined ? null : testSet(sets, set, query);
          members += kernel ? 1 : 0;
          if (own !== kernel)
            wrong.push(
              `${kind.name} ${kind.words}: ${element} is ${String(kernel)}, not ${JSON.stringify(own)}`,
            );
        }
      }
      expect(wrong).toEqual([]);
      const asked = made.length * QUESTIONS;
      expect(members / asked).toBeGreaterThan(0.1);
      expect(members / asked).toBeLessThan(0.9);
    });
  }
});

describe('ipset save', () => {
  for (const family of [4, 6] as const) {
    it(`prints no ICMP name that cannot be read (IPv${String(family)})`, () => {
      inNamespace(['ipset', 'destroy']);
      const protocol = family === 4 ? 'icmp' : 'icmpv6';
      const own = family === 4 ? '10.0.0.1' : '2001:db8::1';
      must(
        inNamespace(['ipset', 'create', 'all', 'hash:ip,port', 'family', family === 4 ? 'inet' : 'inet6']),
      );
      const types = Array.from({ length: 256 * 18 }, (_, at) => ({
        type: Math.floor(at / 18),
        code: at % 18,
      }));
      const lines = types.map(
        ({ type, code }) => `add all ${own},${protocol}:${String(type)}/${String(code)}`,
      );
      must(inNamespace(['ipset', 'restore'], `${lines.join('\n')}\n`));
      const sets = saved();
      const set = sets.get('all');
      const missing = types.filter(({ type, code }) => {
        const source = parseAddress(own) ?? 0;
        const query = {
          ...queryOf({ to: own, port: 0 }, 'src,src'),
          family,
          source,
          icmpType: type,
          icmpCode: code,
        };
        return (
          set === undefined || testSet(sets, set, { ...query, protocol: family === 4 ? 1 : 58 }) !== true
        );
      });
      expect(missing).toEqual([]);
    });
  }
});

/** Names stand for sets of the test below; several directions are tried. */
const ASKED: readonly string[] = [
  'net dst', 'net src', 'net dst,src', 'net src,dst,dst', 'mixed dst', 'ipport dst', 'ipport dst,dst', 'ipport dst,dst,src', 'ports dst',
  'ports dst,src', 'list dst', 'list dst,dst', 'list src,dst', 'iface dst,dst', 'iface dst,src', 'iface src,dst', 'short dst,dst',
  'bridge dst,dst', 'netport dst,dst', 'netport src,dst',
]; // prettier-ignore

const SETS = [
  'create net hash:net', 'add net 10.0.0.0/24', 'add net 10.0.0.0/28 nomatch', 'add net 10.0.0.5',
  'create net6 hash:net family inet6', 'add net6 ::/1',
  'create mixed list:set', 'add mixed net6',
  'create ipport hash:ip,port', 'add ipport 10.0.0.5,udp:53', 'add ipport 10.0.0.20,tcp:53', 'add ipport 10.0.0.20,udp:80',
  'create ports bitmap:port range 0-65535', 'add ports 80',
  'create list list:set', 'add list ipport', 'add list net',
  'create iface hash:net,iface', 'add iface 10.0.0.0/24,d0', 'add iface 10.0.0.0/29,other',
  'create short hash:net,iface', 'add short 10.0.0.0/24,d wildcard',
  'create bridge hash:net,iface', 'add bridge 10.0.0.0/24,d0', 'add bridge 10.0.0.0/29,physdev:d0',
  'create netport hash:net,port', 'add netport 10.0.0.0/24,udp:53', 'add netport 10.0.0.4/30,udp:53 nomatch',
]; // prettier-ignore

const OWN = '10.0.0.254';
const PACKETS = ['10.0.0.3', '10.0.0.5', '10.0.0.20'].flatMap((to) => [53, 80].map((port) => ({ to, port })));

function queryOf({ to, port }: (typeof PACKETS)[number], directions: string): SetQuery {
  return {
    family: 4,
    source: parseAddress(OWN) ?? 0,
    destination: parseAddress(to) ?? 0,
    protocol: 17,
    sourcePort: 4000,
    destinationPort: port,
    icmpType: 0,
    icmpCode: 0,
    inInterface: '',
    outInterface: 'd0',
    sourceMac: null,
    directions: directions.split(',').map((word) => (word === 'src' ? 'src' : 'dst')),
  };
}

const SEND = `
const socket = require('dgram').createSocket('udp4');
const packets = JSON.parse(process.argv[1]);
socket.bind(4000, '${OWN}', () => {
  let left = packets.length;
  for (const { to, port } of packets) socket.send('x', port, to, () => (left -= 1) === 0 && socket.close());
});`;

describe('-m set', () => {
  it('agrees on packets: directions, lists, interfaces and nomatch', () => {
    inNamespace(['ipset', 'destroy']);
    must(inNamespace(['ipset', 'restore'], `${SETS.join('\n')}\n`));
    for (const words of [
      'link add d0 type veth peer name p0',
      `addr add ${OWN}/24 dev d0`,
      'link set d0 up',
      'link set p0 up',
      'link set lo up',
    ])
      must(inNamespace(['ip', ...words.split(' ')]));
    const cases = ASKED.flatMap((asked) => PACKETS.map((packet) => ({ asked, packet })));
    const rules = cases.map(
      ({ asked, packet }) =>
        `-A OUTPUT -p udp -d ${packet.to} --dport ${String(packet.port)} -m set --match-set ${asked}`,
    );
    const text = ['*filter', ...rules, 'COMMIT', ''].join('\n');
    must(inNamespace(['iptables-legacy-restore'], text));
    must(inNamespace([process.execPath, '-e', SEND, JSON.stringify(PACKETS)]));
    const counters = inNamespace(['iptables-legacy-save', '-c', '-t', 'filter'])
      .out.split('\n')
      .filter((line) => line.includes('-A OUTPUT'));
    const sets = saved();
    const results = cases.map(({ asked, packet }, at) => {
      const [name = '', directions = ''] = asked.split(' ');
      const set = sets.get(name);
      const own = set === undefined ? null : testSet(sets, set, queryOf(packet, directions));
      return {
        what: `${asked} ${packet.to} ${String(packet.port)}`,
        own,
        kernel: !(counters[at] ?? '').startsWith('[0:'),
      };
    });
    expect(counters).toHaveLength(cases.length);
    expect(results.filter(({ own, kernel }) => own !== kernel)).toEqual([]);
    expect(results.some(({ kernel }) => kernel)).toBe(true);
  });
});
