/** Where a DNAT rule maps to. */
import { type Address, parseAddress } from '../address/address.js';
import type { Rule } from '../iptables/model.js';

export interface Translated {
  readonly address: Address;
  readonly port: number | null;
}

/** The one address, and port, of a DNAT rule; null for a range, and for any other rule. */
export function dnatTo({ action }: Rule): Translated | null {
  if (action.kind !== 'target' || action.target.extension.name !== 'DNAT') return null;
  const [, six, four, port] =
    /^--to-destination (?:\[([0-9a-f:.]{2,45})\]|([\d.]{7,15}))(?::(\d{1,5}))?(?: |$)/.exec(
      action.target.text,
    ) ?? [];
  const address = parseAddress(six ?? four ?? '');
  return address === null ? null : { address, port: port === undefined ? null : Number(port) };
}
