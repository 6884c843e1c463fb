/** A connection packet by packet, on one table of connections: what each meets, and whether it sees the nat table. */
import { protocolNumber } from '../address/protocols.js';
import type { Node } from '../packet/node.js';
import { PROTOCOL, isIcmp } from '../packet/packet.js';
import type { Outcome, PacketInput, TraceResult } from '../packet/result.js';
import { FlowTracer, type TraceOptions } from '../packet/trace.js';
import { icmpCounterpart } from '../packet/tuple.js';

/** What a packet is in its connection: TCP flags, or its turn. */
export type PacketName = 'SYN' | 'SYN,ACK' | 'ACK' | 'data' | 'request' | 'answer' | 'second';

interface Turn {
  readonly name: PacketName;
  readonly back: boolean;
  readonly tcpFlags?: readonly string[];
}

const TCP_TURNS: readonly Turn[] = [
  { name: 'SYN', back: false, tcpFlags: ['SYN'] },
  { name: 'SYN,ACK', back: true, tcpFlags: ['SYN', 'ACK'] },
  { name: 'ACK', back: false, tcpFlags: ['ACK'] },
  { name: 'data', back: false, tcpFlags: ['PSH', 'ACK'] },
  { name: 'answer', back: true, tcpFlags: ['PSH', 'ACK'] },
];

const OTHER_TURNS: readonly Turn[] = [
  { name: 'request', back: false },
  { name: 'answer', back: true },
  { name: 'second', back: false },
];

/** One packet of the connection. */
export interface Said {
  readonly name: PacketName;
  /** It goes from the far end to the one that began. */
  readonly back: boolean;
  readonly input: PacketInput;
  readonly result: TraceResult;
  /** Index of the outcome that is followed: the likeliest that goes on. */
  readonly followed: number;
  readonly outcome: Outcome;
  /** Hooks at which nat chains ran for it; empty: it never saw the nat table. */
  readonly nat: readonly string[];
}

const GOES_ON: ReadonlySet<string> = new Set(['forwarded', 'sent', 'delivered']);

function likeliest({ outcomes }: TraceResult): number {
  let best = 0;
  const worth = ({ verdict, probability }: Outcome): number =>
    (GOES_ON.has(verdict) ? 2 : 0) + (probability ?? 0.5);
  for (const [index, outcome] of outcomes.entries()) {
    const known = outcomes[best];
    if (known !== undefined && worth(outcome) > worth(known)) best = index;
  }
  return best;
}

function natHooks({ steps }: Outcome): readonly string[] {
  const skipped = new Set(steps.flatMap((step) => (step.kind === 'nat-skipped' ? [step.hook] : [])));
  const hooks = steps.flatMap((step) =>
    step.kind === 'table' && step.type === 'nat' && !skipped.has(step.hook) ? [step.hook] : [],
  );
  return [...new Set(hooks)];
}

/** A drawn value is taken at its lowest: the answer then fits what was drawn. */
function answerTo({ final, egress, verdict }: Outcome, input: PacketInput): PacketInput | null {
  const src = final.dst ?? final.dstRange?.[0];
  const dst = final.src ?? final.srcRange?.[0];
  const arrives = verdict === 'delivered' ? null : (egress?.iface ?? undefined);
  if (src === undefined || dst === undefined || arrives === undefined) return null;
  const family = dst.includes(':') ? 6 : 4;
  const { proto } = input;
  const protocol = typeof proto === 'number' ? proto : (protocolNumber(proto) ?? Number(proto));
  const sport = final.dport ?? final.dportRange?.[0];
  const dport = final.sport ?? final.sportRange?.[0];
  const type = isIcmp(protocol, family) ? icmpCounterpart(final.icmpType ?? 0, family) : undefined;
  if (type === null) return null;
  const id = final.icmpId ?? final.icmpIdRange?.[0];
  return {
    in: arrives,
    proto,
    src,
    dst,
    ...(sport === undefined ? {} : { sport }),
    ...(dport === undefined ? {} : { dport }),
    ...(type === undefined ? {} : { icmpType: type, icmpCode: 0 }),
    ...(type === undefined || id === undefined ? {} : { icmpId: id }),
  };
}

/** The sender's next packet: as its first, from the source that the kernel chose for that. */
function nextFrom(input: PacketInput, { packet }: TraceResult, { conntrack }: Outcome): PacketInput {
  const { src, sport } = conntrack?.original ?? {};
  const port = sport ?? packet.sport;
  return {
    ...input,
    in: packet.in,
    src: src ?? packet.src,
    ...(port === undefined ? {} : { sport: port }),
  };
}

/**
 * Walks a connection that begins with a packet, up to the packet that does not get through.
 * @throws PacketError when the packet's description cannot be walked
 */
export function walkConversation(
  node: Node,
  input: PacketInput,
  options: TraceOptions = {},
): readonly Said[] {
  const { reply: _reply, ...rest } = options;
  const tracer = new FlowTracer(node, { ...rest, steps: true });
  const isTcp = input.proto === 'tcp' || Number(input.proto) === PROTOCOL.tcp;
  const { ct: _ct, ...plain } = input;
  const said: Said[] = [];
  let forward: PacketInput = input;
  let back: PacketInput | null = null;
  for (const { name, back: isBack, tcpFlags } of isTcp ? TCP_TURNS : OTHER_TURNS) {
    const base = isBack ? back : forward;
    if (base === null) break;
    const packet = tcpFlags === undefined ? base : { ...base, tcpFlags };
    const result = tracer.next(packet);
    const followed = likeliest(result);
    const outcome = result.outcomes[followed];
    if (outcome === undefined) break;
    said.push({ name, back: isBack, input: packet, result, followed, outcome, nat: natHooks(outcome) });
    if (!GOES_ON.has(outcome.verdict)) break;
    if (said.length > 1) continue;
    forward = nextFrom(plain, result, outcome);
    back = answerTo(outcome, input);
  }
  return said;
}
