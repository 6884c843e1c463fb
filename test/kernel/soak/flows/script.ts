/** Conversations: who says what when. Packets that answer are made while they run, of what was seen before. */
import fc from 'fast-check';
import type { PacketInput } from '../../../../src/packet/result.js';
import { CLIENT_PORTS, PORTS, type Vocabulary } from './vocabulary.js';

export interface Step {
  /** Which of the script's conversations it belongs to. */
  readonly conversation: number;
  /**
   * `client` sends its packet (again); `server` answers the last one that reached it; the errors are about the last
   * packet that left towards the far side (`far-error`) or towards the client (`near-error`).
   */
  readonly act: 'client' | 'server' | 'far-error' | 'near-error';
  readonly tcpFlags: readonly string[];
  /** Bytes of TCP data. */
  readonly data: number;
  /** ICMP type and code of an error. */
  readonly error: readonly [number, number];
  /** The error comes from a router on the way, not from the far end. */
  readonly router: string | null;
}

export interface Script {
  /** The client's packet of each conversation. */
  readonly conversations: readonly PacketInput[];
  readonly steps: readonly Step[];
}

const HANDSHAKE: readonly (readonly ['client' | 'server', readonly string[]])[] = [
  ['client', ['SYN']],
  ['server', ['SYN', 'ACK']],
  ['client', ['ACK']],
];
const CLOSE: typeof HANDSHAKE = [
  ['client', ['FIN', 'ACK']],
  ['server', ['FIN', 'ACK']],
  ['client', ['ACK']],
  ['server', ['ACK']],
];
const FLAGS: readonly (readonly string[])[] = [
  ['SYN'],
  ['SYN', 'ACK'],
  ['ACK'],
  ['PSH', 'ACK'],
  ['FIN', 'ACK'],
  ['RST'],
  ['RST', 'ACK'],
];

/** The client's packets: hosts behind the node, hosts beyond it, the node itself. */
function conversation(words: Vocabulary): fc.Arbitrary<PacketInput> {
  const { clients, servers, services, own, icmp } = words;
  const proto = fc.constantFrom('tcp', 'tcp', 'udp', 'udp', icmp.proto, 'sctp');
  const pair = fc.oneof(
    {
      arbitrary: fc.record({
        in: fc.constant('lan'),
        src: fc.constantFrom(...clients),
        dst: fc.constantFrom(...servers, ...services, ...services, ...own, ...clients),
      }),
      weight: 5,
    },
    {
      arbitrary: fc.record({
        in: fc.constant('wan'),
        src: fc.constantFrom(...servers.slice(0, 2)),
        dst: fc.constantFrom(...own, ...own, ...clients, ...services),
      }),
      weight: 3,
    },
    {
      arbitrary: fc.record({
        in: fc.constant(null),
        src: fc.constantFrom(...own),
        dst: fc.constantFrom(...servers, ...services, ...own, ...clients),
      }),
      weight: 3,
    },
  );
  const ports = fc.record({
    sport: fc.constantFrom(...CLIENT_PORTS),
    dport: fc.constantFrom(...PORTS),
    icmpId: fc.constantFrom(1, 2),
  });
  return fc
    .tuple(pair, proto, ports)
    .map(([ends, name, { sport, dport, icmpId }]) =>
      name === icmp.proto
        ? { ...ends, proto: name, icmpType: icmp.request, icmpCode: 0, icmpId }
        : { ...ends, proto: name, sport, dport, ...(name === 'tcp' ? { tcpFlags: ['SYN'] } : {}) },
    );
}

function steps(words: Course, at: number, packet: PacketInput): fc.Arbitrary<readonly Step[]> {
  const step = (act: Step['act'], tcpFlags: readonly string[] = ['SYN'], data = 0): Step => ({
    ...{ conversation: at, act, tcpFlags, data, error: [3, 3], router: null },
  });
  const error = fc
    .tuple(
      fc.constantFrom('far-error' as const, 'near-error' as const),
      fc.constantFrom(...words.errors),
      fc.option(fc.constantFrom(...words.routers), { nil: null }),
    )
    .map(([act, kind, router]): Step => ({ ...step(act), error: kind, router }));
  const side = fc.constantFrom('client' as const, 'server' as const);
  const odd = fc
    .tuple(side, fc.constantFrom(...FLAGS), fc.constantFrom(0, 0, 100))
    .map(([act, flags, data]) => step(act, flags, flags.includes('RST') || flags.includes('SYN') ? 0 : data));
  const plain = side.map((act) => step(act));
  const free = packet.proto === 'tcp' ? odd : plain;
  const rest = fc.array(fc.oneof({ arbitrary: free, weight: 4 }, { arbitrary: error, weight: 1 }), {
    maxLength: 6,
  });
  if (packet.proto !== 'tcp') return rest.map((more) => [step('client'), ...more]);
  const shake = fc.integer({ min: 0, max: 3 }).map((count) => HANDSHAKE.slice(0, count));
  const close = fc.integer({ min: 0, max: 6 }).map((count) => CLOSE.slice(0, count > 4 ? 0 : count));
  return fc
    .tuple(shake, rest, close, rest)
    .map(([first, more, last, end]) => [
      ...first.map(([act, flags]) => step(act, flags)),
      ...more,
      ...last.map(([act, flags]) => step(act, flags)),
      ...end.slice(0, 3),
    ]);
}

/** What may go wrong on the way: the ICMP errors of the family, and who sends them. */
export type Course = Pick<Vocabulary, 'errors' | 'routers'>;

/** One to three conversations of the vocabulary, their steps interleaved. */
export function scripts(words: Vocabulary): fc.Arbitrary<Script> {
  return scriptsOf(conversation(words), words);
}

/** One to three conversations that begin with a drawn packet. */
export function scriptsOf(opening: fc.Arbitrary<PacketInput>, words: Course): fc.Arbitrary<Script> {
  return fc
    .array(opening, { minLength: 1, maxLength: 3 })
    .chain((conversations) =>
      fc
        .tuple(
          fc.tuple(...conversations.map((packet, at) => steps(words, at, packet))),
          fc.array(fc.integer({ min: 0, max: 2 }), { maxLength: 12 }),
        )
        .map(([lists, order]) => ({ conversations, steps: interleaved(lists, order) })),
    );
}

function interleaved(lists: readonly (readonly Step[])[], order: readonly number[]): readonly Step[] {
  const left = lists.map((list) => [...list]);
  const mixed = order.flatMap((at) => left[at]?.shift() ?? []);
  return [...mixed, ...left.flat()];
}
