/** Whether a local process may send from an address. */
import { type Address, formatAddress } from '../address/address.js';
import { decide } from '../chooser/enumerate.js';
import type { Chooser } from '../chooser/question.js';
import { isOwnAddress } from './address-type.js';
import { tableShown } from './fib.js';
import { type Network, TABLE_ID } from './model.js';
import { isCertainlyOwn } from './own.js';

/**
 * Is the source of a packet that the node itself sends one of its addresses? Where the snapshot has neither addresses nor
 * table local, that it is sent from there says so, and is assumed.
 */
export function isOwnSource(network: Network, source: Address, chooser: Chooser): boolean {
  if (isCertainlyOwn(network, source)) return true;
  if (network.known.links || tableShown(network, TABLE_ID.local))
    return decide(chooser, isOwnAddress(network, source));
  const address = formatAddress(source);
  const assumption = { code: 'ASM_OWN_SOURCE', params: { address } };
  chooser.choose(`the node sends from ${address}`, [{ probability: null, assumption }]);
  return true;
}
