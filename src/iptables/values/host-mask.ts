/** `ADDRESS[/LENGTH|/MASK]` whose host bits are kept, as -m conntrack takes and prints it (XTTYPE_HOSTMASK). */
import { type Address, bitsOf, familyOf, formatAddress, parseAddress } from '../../address/address.js';
import { type Prefix, parsePrefix } from '../../address/prefix.js';
import { BadValue, type ValueType } from '../extension.js';

/** An address as typed, and the network that is compared. */
export interface HostMask {
  readonly address: Address;
  readonly prefix: Prefix;
}

/** Also prints a bare address, for reasons. */
export const hostMask: ValueType<HostMask> & { printAddress(address: Address): string } = {
  words: 1,
  parse([word = ''], family) {
    const prefix = parsePrefix(word);
    const address = parseAddress(word.split('/', 1)[0] ?? '');
    if (prefix === null || address === null || familyOf(address) !== family)
      return new BadValue('VAL_ADDRESS', { text: word });
    // A mask with holes is lost when the tool prints the rule, so no dump can have one.
    if (prefix.length === null) return new BadValue('VAL_ADDRESS', { text: word });
    return { address, prefix };
  },
  print({ address, prefix }, family) {
    return prefix.length === bitsOf(family)
      ? formatAddress(address)
      : `${formatAddress(address)}/${String(prefix.length)}`;
  },
  printAddress: formatAddress,
};
