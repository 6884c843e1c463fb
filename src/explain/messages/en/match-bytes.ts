/** Messages of the matches that read a packet's bytes, and of some that look at its connection or the clock. */
import type { Catalogue } from '../catalogue.js';

export const matchBytes = {
  VAL_U32: '"{text}" is not a u32 expression',
  VAL_BYTECODE: '"{text}" is not BPF code: LENGTH,CODE JT JF K,…',
  VAL_BPF_PROGRAM:
    'the kernel refuses the BPF program "{text}": an unknown instruction, a jump or memory word out of range, memory that is read before it is written, or no return at the end',

  NO_U32: 'the bytes of the packet give {has} where {test} is wanted',
  NO_U32_SHORT: 'the packet ends before the bytes that {test} asks for',
  NO_U32_NOT: 'the bytes of the packet fit the expression, which is inverted',
  NO_CONNBYTES_FIRST: 'the packet opens its connection: the count is {has}, wanted {wanted}',
  NO_CLUSTER_NODE: 'connections of {address} are taken by node {node} of the cluster',
  NO_REALM: 'the realm of the route is {has}, wanted {wanted}',
  NO_IPSEC: 'IPsec leaves alone what goes through lo',
  NO_TIME: 'no time is within the days and dates that are given',
  NO_BPF: 'the BPF program returns 0 for the packet',

  UNK_U32: 'whether the bytes of the packet fit {wanted} is not known',
  UNK_BPF:
    'the BPF program asks for bytes or state that the packet does not say: what it returns is not known',
  UNK_BPF_OBJECT: 'the BPF program pinned at {path} is not in a dump: what it returns is not known',
} as const satisfies Catalogue;
