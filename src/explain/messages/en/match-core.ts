/** Messages of the option values and of the first half of the matches. */
import type { Catalogue } from '../catalogue.js';

export const matchCore = {
  NO_SPORT: 'source port {has} is not in {wanted}',
  NO_DPORT: 'destination port {has} is not in {wanted}',
  NO_TCP_FLAGS: 'TCP flags are {has}, wanted {wanted}',
  UNK_TCP_OPTION: 'whether the packet carries TCP option {option} is not known',
  UNK_DRAWN: 'the port is drawn from {range}; whether it lies in {from}-{to} is not known',
  UNK_DRAWN_ADDRESS: 'the address is drawn from a range that this rule only partly covers',
  UNK_MARK: 'mark bits {bits} are not known; taken as {value}',
} as const satisfies Catalogue;
