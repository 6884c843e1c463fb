/** The header of a packet under way: what a walk's changes make of it, step by step. */
import type { CompletedPacket } from '../packet/result.js';
import type { Change } from '../packet/steps.js';

/** Printed values; what the kernel draws is `LOW-HIGH`. */
export interface HeaderState {
  src: string;
  dst: string;
  sport: string;
  dport: string;
  icmpId: string;
  mark: string;
  ttl: string;
  tos: number;
}

/** The header as the packet begins. */
export function headerOf(packet: CompletedPacket): HeaderState {
  return {
    src: packet.src,
    dst: packet.dst,
    sport: String(packet.sport ?? ''),
    dport: String(packet.dport ?? ''),
    icmpId: String(packet.icmpId ?? ''),
    mark: packet.mark,
    ttl: String(packet.ttl),
    tos: packet.tos,
  };
}

/** `10.0.0.1:443` and `[2001:db8::1]:443` taken apart; a bare address has no port. */
function split(text: string): { readonly address: string; readonly port: string | null } {
  const bracket = text.lastIndexOf(']:');
  if (text.startsWith('[') && bracket > 0)
    return { address: text.slice(1, bracket), port: text.slice(bracket + 2) };
  const colon = text.indexOf(':');
  if (colon < 0 || text.includes(':', colon + 1)) return { address: text, port: null };
  return { address: text.slice(0, colon), port: text.slice(colon + 1) };
}

/** Writes the changes of a step into the header. */
export function applyChanges(state: HeaderState, changes: readonly Change[]): void {
  for (const { field, to } of changes) {
    if (field === 'mark') state.mark = to;
    else if (field === 'ttl') state.ttl = to;
    else if (field === 'tos') state.tos = Number(to);
    else if (field === 'src' || field === 'dst') {
      const [ends = to, id] = to.split(' id ');
      const { address, port } = split(ends);
      state[field] = address;
      if (port !== null) state[field === 'src' ? 'sport' : 'dport'] = port;
      if (id !== undefined) state.icmpId = id;
    }
  }
}
