/** Packets of one flow fit each other: ports that the kernel drew, and TCP's numbers. */
import type { PacketInput } from '../../../src/packet/result.js';
import { type Header, type Sequence, familyOfText, protocolOf } from './wire.js';

/** What one flow has shown so far. */
export interface FlowState {
  readonly seen: { readonly sent: PacketInput; readonly out: Header }[];
  readonly next: Map<string, number>;
}

/** A packet that answers an earlier one takes over the port or id that the kernel drew for it. */
export function fitted(packet: PacketInput, flow: FlowState): PacketInput {
  const proto = protocolOf(packet);
  if (packet.inner !== undefined) return { ...packet, inner: quoted(packet.inner, flow) };
  for (const { out } of flow.seen) {
    if (out.proto !== proto || out.dst !== packet.src || out.src !== packet.dst) continue;
    if (out.icmpId !== null) return { ...packet, icmpId: out.icmpId };
    if (out.dport === packet.sport && out.sport !== null) return { ...packet, dport: out.sport };
  }
  return packet;
}

function quoted(inner: PacketInput, flow: FlowState): PacketInput {
  const proto = protocolOf(inner);
  for (const { out } of flow.seen) {
    if (out.proto !== proto || out.src !== inner.src || out.dst !== inner.dst) continue;
    if (out.icmpId !== null) return { ...inner, icmpId: out.icmpId };
    if (out.dport === inner.dport && out.sport !== null) return { ...inner, sport: out.sport };
  }
  return inner;
}

/** Both sides of a TCP connection count on, so that conntrack's window check sees a sane one. */
export function sequenceOf(packet: PacketInput, flow: FlowState): Sequence {
  const about = packet.inner ?? packet;
  const mine = flow.next.get(sideOf(about, flow)) ?? 1000;
  const theirs = flow.next.get(sideOf(about, flow) === 'original' ? 'reply' : 'original') ?? 1000;
  return {
    seq: packet.inner === undefined ? mine : mine - 1,
    ack: (packet.tcpFlags ?? []).includes('ACK') ? theirs : 0,
  };
}

function sideOf(packet: PacketInput, flow: FlowState): 'original' | 'reply' {
  const answers = flow.seen.some(
    ({ out }) => out.src === packet.dst && out.dst === packet.src && out.sport === (packet.dport ?? null),
  );
  const first = flow.seen[0]?.sent;
  return answers && !(first?.src === packet.src && first?.sport === packet.sport) ? 'reply' : 'original';
}

/** Keeps what the next packet of this side counts on from. */
export function remember(packet: PacketInput, out: Header | null, sequence: Sequence, flow: FlowState): void {
  if (protocolOf(packet) !== 6) return;
  const flags = packet.tcpFlags ?? ['SYN'];
  const counted = flags.includes('SYN') || flags.includes('FIN') ? 1 : 0;
  const padding = Math.max(0, (packet.length ?? 0) - (familyOfText(packet.dst) === 4 ? 40 : 60));
  const start = packet.in === null && out !== null ? out.seq : sequence.seq;
  const side = packet === flow.seen[0]?.sent ? 'original' : sideOf(packet, flow);
  flow.next.set(side, start + counted + padding);
}
