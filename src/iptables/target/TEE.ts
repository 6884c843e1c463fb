import { type Address, familyOf, formatAddress, parseAddress } from '../../address/address.js';
import { type TargetExtension, type ValueType, BadValue, defineTarget } from '../extension.js';
import { clippedBare } from '../values/clipped.js';

const gateway: ValueType<Address> = {
  words: 1,
  parse([word = ''], family) {
    const address = parseAddress(word);
    if (address === null || familyOf(address) !== family)
      return new BadValue('VAL_HOST_ADDRESS', { text: word });
    return BigInt(address) === 0n ? new BadValue('VAL_ANY_ADDRESS') : address;
  },
  print: formatAddress,
};

const target: TargetExtension = defineTarget({
  name: 'TEE',
  kernel: 'net/netfilter/xt_TEE.c tee_tg4, tee_tg6',
  missing: 'the copy of the packet is not walked',
  inert: true,
  options: {
    gateway: { flag: '--gateway', value: gateway, required: true },
    device: { flag: '--oif', value: clippedBare(15) },
  },
  apply: () => 'continue',
});
export default target;
