/** The packet after each step of a walk, as its steps tell it. */
import { formatAddress } from '../../src/address/address.js';
import { endpoint } from '../../src/explain/endpoint.js';
import { UNKNOWN_INTERFACE } from '../../src/iptables/view.js';
import type { CompletedPacket } from '../../src/packet/result.js';
import type { Step } from '../../src/packet/steps.js';
import type { PacketState, StateField } from '../shared/walk.js';

const text = (value: number | undefined): string => (value === undefined ? '' : String(value));

/** The packet as it sets out. */
export function startOf(packet: CompletedPacket): PacketState {
  const { src, dst, sport, dport, ttl, tos, mark } = packet;
  return {
    src: endpoint(src, text(sport)),
    dst: endpoint(dst, text(dport)),
    ttl: String(ttl),
    tos: `0x${tos.toString(16)}`,
    mark,
    ct: '',
    ctmark: '',
    in: packet.in ?? '',
    out: '',
    via: '',
  };
}

const FIELDS = {
  mark: 'mark',
  ctmark: 'ctmark',
  src: 'src',
  dst: 'dst',
  ttl: 'ttl',
  tos: 'tos',
  ct: 'ct',
} as const;

/** A device that no dump shows has no name. */
export function deviceName(name: string): string {
  return name === UNKNOWN_INTERFACE ? '?' : name;
}

/** The packet behind a step. */
export function after(state: PacketState, step: Step): PacketState {
  let next = state;
  if ('changes' in step) for (const { field, to } of step.changes) next = { ...next, [FIELDS[field]]: to };
  switch (step.kind) {
    case 'conntrack':
      if (step.state === 'off') return next;
      return {
        ...next,
        ct: step.direction === 'REPLY' ? `${step.state} (reply)` : step.state,
        ctmark: next.ctmark === '' ? '0x0' : next.ctmark,
      };
    case 'route':
      return step.device === null || step.result === 'error'
        ? next
        : { ...next, out: deviceName(step.device), via: step.via === null ? '' : formatAddress(step.via) };
    case 'source':
      return { ...next, src: next.src.replace(/^[^\s:]*|^\[[^\]]*\]/, formatAddress(step.address)) };
    case 'loopback':
      return { ...next, in: 'lo', out: '', via: '' };
    case 'send':
      return { ...next, out: deviceName(step.device) };
    default:
      return next;
  }
}

/** Fields in which two states differ. */
export function changedFields(before: PacketState, now: PacketState): StateField[] {
  return (Object.keys(now) as StateField[]).filter((field) => before[field] !== now[field]);
}
