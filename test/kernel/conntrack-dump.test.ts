/** A snapshot that is taken in the middle of flows: what the kernel does with their next packets, from its own listing. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PacketInput } from '../../src/packet/result.js';
import { Judge } from './adapter/judge.js';
import { DumpTracer } from './conntrack/dump-tracer.js';
import { whyNoKernel } from './available.js';
import { play } from './soak/flows/play.js';
import { flows } from './soak/flows/profile.js';
import type { Script, Step } from './soak/flows/script.js';
import { FOUR, SIX, type Vocabulary } from './soak/flows/vocabulary.js';
import { FILE_NAMES, type Setting, type SoakCase, saveHeader } from './soak/profile.js';
import { settingsOf } from './soak/suite.js';

const reason = whyNoKernel();

/** Milliseconds of further looks: a late answer is no difference, and the kernel asks for a neighbour again after a second. */
const PATIENCE = [0, 15, 1100] as const;

/** Marks that connections keep, zones of each kind, and NAT of both sides. */
const RULES = `*raw
:PREROUTING ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
-A PREROUTING -i lan -p udp -m udp --dport 80 -j CT --zone 3
-A PREROUTING -i wan -p udp -m udp --sport 80 -j CT --zone 3
-A PREROUTING -i dmz -p udp -m udp --sport 80 -j CT --zone 3
-A PREROUTING -i lan -p tcp -m tcp --dport 80 -j CT --zone-reply 4
-A PREROUTING -i lan -p sctp -j CT --zone-orig 5
COMMIT
*mangle
:PREROUTING ACCEPT [0:0]
:INPUT ACCEPT [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
-A PREROUTING -j CONNMARK --restore-mark
-A FORWARD -i lan -m conntrack --ctstate NEW -j MARK --set-xmark 0x2/0x2
-A POSTROUTING -j CONNMARK --save-mark
COMMIT
*nat
:PREROUTING ACCEPT [0:0]
:INPUT ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
-A PREROUTING -d SERVICE -p tcp -j DNAT --to-destination SERVER
-A PREROUTING -d SERVICE -p udp -j DNAT --to-destination CLIENT
-A OUTPUT -d SERVICE -j DNAT --to-destination SERVER
-A POSTROUTING -o wan -j MASQUERADE
-A POSTROUTING -o dmz -j SNAT --to-source OWN
COMMIT
*filter
:INPUT ACCEPT [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
COMMIT
`;

/** A conversation from its first packet to an error about it; each packet comes after a listing. */
function talk(packet: PacketInput, words: Vocabulary): Script {
  const step = (act: Step['act'], ...tcpFlags: readonly string[]): Step => ({
    ...{ conversation: 0, act, tcpFlags, data: 0, router: null },
    error: words.errors[1] ?? [3, 3],
  });
  const steps = [
    ...[step('client', 'SYN'), step('client', 'SYN'), step('server', 'SYN', 'ACK')],
    ...[step('client', 'ACK'), step('far-error'), step('server', 'ACK')],
  ];
  return { conversations: [packet], steps };
}

/** Flows that meet each of the rules. */
function talks(words: Vocabulary): Script[] {
  const { clients, servers, services, own, icmp } = words;
  const [client = '', server = '', far = '', service = ''] = [
    ...[clients[0], servers[0], servers[2], services[0]],
  ];
  const lan = { in: 'lan', src: client, sport: 40000 };
  const syn = { proto: 'tcp', tcpFlags: ['SYN'] };
  return [
    { ...lan, ...syn, dst: server, dport: 443 },
    { ...lan, ...syn, dst: service, dport: 5000 },
    { ...lan, ...syn, dst: far, dport: 80 },
    { ...lan, proto: 'udp', dst: server, dport: 80 },
    { ...lan, proto: 'udp', dst: service, dport: 53 },
    { ...lan, proto: 'sctp', dst: server, dport: 80 },
    {
      in: 'lan',
      src: client,
      proto: icmp.proto,
      dst: server,
      icmpType: icmp.request,
      icmpCode: 0,
      icmpId: 7,
    },
    { in: null, src: own[1] ?? '', proto: 'udp', dst: service, sport: 700, dport: 53 },
  ].map((packet) => talk(packet, words));
}

/** A drawn case with these rules. */
function fixed(one: SoakCase, setting: Setting): SoakCase {
  const words = setting.family === 4 ? FOUR : SIX;
  const values: Readonly<Record<string, string | undefined>> = {
    SERVICE: words.services[0],
    SERVER: words.servers[0],
    CLIENT: words.clients[1],
    OWN: words.own[3],
  };
  const save = RULES.replace(/\b(?:SERVICE|SERVER|CLIENT|OWN)\b/g, (word) => values[word] ?? word);
  const name = setting.family === 4 ? 'iptables-save.txt' : 'ip6tables-save.txt';
  const scripts = [...talks(words), ...(one.scripts ?? []).slice(0, 4)];
  return { ...one, scripts, files: { ...one.files, [name]: `${saveHeader(setting)}${save}` } };
}

/** What at least is met among the entries that packets belong to. */
const MET = [
  ...['tcp', 'udp', 'sctp', 'replied', 'unreplied', 'SRC_NAT', 'DST_NAT', 'mark', 'error'],
  ...['zone of both', 'zone ORIGINAL', 'zone REPLY', 'SYN_SENT', 'SYN_RECV', 'ESTABLISHED'],
];

interface Count {
  packets: number;
  found: number;
  hedged: number;
  readonly met: Set<string>;
  readonly wrong: string[];
}

/** Plays the scripts of a case; what seems wrong is played again with more patience. */
async function run(one: SoakCase, count: Count): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'natwalk-dump-'));
  const files = FILE_NAMES.flatMap((name) => {
    const text = one.files[name];
    return text === undefined ? [] : [{ name, text }];
  });
  for (const { name, text } of files) writeFileSync(join(folder, name), text);
  const judge = await Judge.load(folder, { watch: true, conntrack: true });
  try {
    for (const script of judge.complaints === '' ? (one.scripts ?? []) : []) {
      for (const patience of PATIENCE) {
        await judge.wait(patience);
        const tracer = new DumpTracer(judge, files);
        const played = await play(tracer, tracer, script);
        const wrong = played.find(({ kind }) => kind === 'wrong');
        if (wrong !== undefined && patience !== PATIENCE.at(-1)) continue;
        count.packets += played.length;
        count.found += tracer.found;
        for (const word of tracer.met) count.met.add(word);
        count.hedged += played.filter(({ kind }) => kind === 'hedged').length;
        if (wrong?.kind === 'wrong')
          count.wrong.push(
            `${JSON.stringify(wrong.packet)}: ${wrong.why}\n${JSON.stringify(one)}\n${JSON.stringify(script)}`,
          );
        break;
      }
    }
  } finally {
    await judge.stop();
    rmSync(folder, { recursive: true });
  }
}

describe.skipIf(reason !== null)('the next packet of each flow', () => {
  const cases = Number(process.env['NATWALK_DUMP_CASES'] ?? '3');
  const seed = Number(process.env['NATWALK_DUMP_SEED'] ?? '1');
  it.each(settingsOf(flows))(
    'IPv$family, iptables-$backend: as natwalk says of the listing',
    async (setting) => {
      const count: Count = { packets: 0, found: 0, hedged: 0, met: new Set(), wrong: [] };
      const drawn = fc.sample(flows.case(setting), { numRuns: cases, seed });
      for (const [at, one] of drawn.entries()) await run(at === 0 ? fixed(one, setting) : one, count);
      if (process.env['NATWALK_DUMP_CASES'] !== undefined)
        process.stdout.write(`${JSON.stringify({ ...count, met: [...count.met].sort() })}\n`);
      expect(count.wrong).toEqual([]);
      expect(MET.filter((word) => !count.met.has(word))).toEqual([]);
      expect(count.found).toBeGreaterThan(cases * 10);
    },
  );
});
