import {
  type Address,
  type Family,
  anyAddress,
  familyOf,
  formatAddress,
  parseAddress,
} from '../../address/address.js';
import { type TargetExtension, type ValueType, type Values, BadValue, defineTarget } from '../extension.js';
import { markSet } from '../values/mark.js';
import { parsePort } from '../values/port.js';

const port: ValueType<number> = {
  words: 1,
  // iptables lets 65536 wrap to 0; that is refused here.
  parse: ([word = '']) => parsePort(word) ?? new BadValue('VAL_PORT', { text: word }),
  print: String,
};

const host: ValueType<Address> = {
  words: 1,
  parse([word = ''], family) {
    const address = parseAddress(word);
    return address !== null && familyOf(address) === family
      ? address
      : new BadValue('VAL_HOST_ADDRESS', { text: word });
  },
  print: formatAddress,
};

const options = {
  port: { flag: '--on-port', value: port, required: true },
  address: { flag: '--on-ip', value: host },
  mark: { flag: '--tproxy-mark', value: markSet },
} as const;

type Given = Values<typeof options>;

/** All three, given or not. */
function filled(
  { port: onPort, address, mark }: Given,
  family: Family,
): { port: number; address: Address; mark: number; mask: number } {
  return {
    port: onPort.value,
    address: address?.value ?? anyAddress(family),
    mark: mark?.value.value ?? 0,
    mask: mark?.value.mask ?? 0,
  };
}

const target: TargetExtension = defineTarget({
  name: 'TPROXY',
  kernel: 'net/netfilter/xt_TPROXY.c tproxy_tg4, tproxy_tg6_v1',
  placement: { tables: ['mangle'], hooks: ['PREROUTING'] },
  protocols: [6, 17],
  options,
  print(values, family) {
    const { port: onPort, address, mark, mask } = filled(values, family);
    return `--on-port ${String(onPort)} --on-ip ${formatAddress(address)} --tproxy-mark ${markSet.print({ value: mark, mask }, family)}`;
  },
  apply: (values, packet) => ({ kind: 'tproxy', ...filled(values, packet.family) }),
});
export default target;
