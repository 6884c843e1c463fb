/** Connection-tracking states as match values. */
import type { World } from '../view.js';
import type { ValueType } from '../extension.js';
import { someOf } from './text.js';

/** The states of `-m state`, in the order of printing. */
const STATES = ['INVALID', 'NEW', 'RELATED', 'ESTABLISHED', 'UNTRACKED'] as const;
/** `-m conntrack` also sees the two NAT bits of the entry's status. */
const CT_STATES: readonly CtState[] = [...STATES, 'SNAT', 'DNAT'];

/** A state, or a NAT bit of the entry. */
export type CtState = (typeof STATES)[number] | 'SNAT' | 'DNAT';

/** `NEW,RELATED` of `-m state`. */
export const stateList: ValueType<readonly CtState[]> = someOf<CtState>(STATES, {
  ignoreCase: true,
  prefix: true,
});

/** `NEW,DNAT` of `-m conntrack`. */
export const ctStateList: ValueType<readonly CtState[]> = someOf<CtState>(CT_STATES, {
  ignoreCase: true,
  prefix: true,
});

/** The state bits that the kernel sets for the packet (conntrack_mt): without an entry it is UNTRACKED or INVALID. */
export function stateBits({ connection, state }: World): readonly CtState[] {
  if (connection === null) return [state === 'UNTRACKED' ? 'UNTRACKED' : 'INVALID'];
  const bits: CtState[] = [state];
  if (connection.sourceNat) bits.push('SNAT');
  if (connection.destinationNat) bits.push('DNAT');
  return bits;
}

/** Has the packet one of the states? Says of a list what stateBits says one by one. */
export function hasState({ connection, state }: World, wanted: readonly CtState[]): boolean {
  if (connection === null) return wanted.includes(state === 'UNTRACKED' ? 'UNTRACKED' : 'INVALID');
  return (
    wanted.includes(state) ||
    (connection.sourceNat && wanted.includes('SNAT')) ||
    (connection.destinationNat && wanted.includes('DNAT'))
  );
}
