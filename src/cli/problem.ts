/** A packet that cannot be walked, as mistakes in the options that described it. */
import type { PacketError } from '../packet/complete.js';
import type { PacketInput } from '../packet/result.js';
import { UsageError } from './usage.js';

const OPTIONS: Readonly<Partial<Record<keyof PacketInput, string>>> = {
  in: '--in',
  proto: '--proto',
  src: '--from',
  sport: '--from',
  dst: '--to',
  dport: '--to',
  icmpType: '--icmp',
  icmpCode: '--icmp',
  icmpId: '--icmp-id',
  tcpFlags: '--tcp-flags',
  mark: '--mark',
  ttl: '--ttl',
  tos: '--tos',
  length: '--length',
  uid: '--uid',
  gid: '--gid',
  oif: '--oif',
  connected: '--connected',
  ct: '--ct',
};

/** The same problems, each at the option that it is about. */
export function asUsage(error: PacketError): UsageError {
  return new UsageError(
    error.problems.map(({ code, field, params }) => ({ code, params, option: OPTIONS[field] ?? null })),
  );
}
