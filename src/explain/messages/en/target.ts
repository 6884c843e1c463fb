/** What the targets' options may be, and what targets leave open. */
import type { Catalogue } from '../catalogue.js';

export const target = {
  VAL_EMPTY: 'a text of at least one character is expected',
  VAL_PORT_RANGE: '"{text}" is not a range of ports: write LOW-HIGH, both 0 to 65535',
  VAL_NAT_ADDRESS: '"{text}" is not an address, a range of addresses or :PORT of this family',
  VAL_NETWORK: '"{text}" is not a network of this family: write ADDRESS/LENGTH',
  VAL_ZONE: '"{text}" is not a conntrack zone: a number from 0 to 65535, or mark',
  VAL_TOS: '"{text}" is not a TOS value: VALUE, VALUE/MASK (each 0 to 255), or a name such as Minimize-Delay',
  VAL_DSCP_CLASS: '"{text}" is not a DSCP class: BE, EF, CS0 to CS7, AF11 to AF43',
  VAL_CLASS: '"{text}" is not a traffic class: write MAJOR:MINOR in hexadecimal',
  VAL_QUEUES: '"{text}" is not a range of queues: write FIRST:LAST, FIRST below LAST',
  VAL_HOST_ADDRESS: '"{text}" is not an address of this family',
  VAL_ANY_ADDRESS: 'the gateway may not be the all-zero address',
  VAL_TIME: '"{text}" is not a time: write a number with s, ms or us',
  VAL_TIME_BOUNDS: 'the averaging time {average} does not fit the interval {interval} (at most 8s)',
  VAL_TCP_OPTIONS: '"{text}" is not a list of TCP options (numbers from 2 to 255, or names), each once',
  UNK_SET_CHANGED: 'a SET rule may have changed what set {set} holds for this packet',
} as const satisfies Catalogue;
