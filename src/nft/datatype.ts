/** nft's data types: how wide a value is, and what its words mean (src/datatype.c of nftables). */
import { type Address, formatAddress, parseAddress4, parseAddress6 } from '../address/address.js';
import { protocolName, protocolNumber } from '../address/protocols.js';
import { serviceNumber } from '../iptables/values/services.js';
import { namesLike, numberText } from './interface-name.js';
import {
  ARP_OPERATION,
  BOOLEAN,
  CLASSID,
  CT_DIRECTION,
  CT_EVENT,
  CT_STATE,
  CT_STATUS,
  DAY,
  DCCP_TYPE,
  DEVICE_GROUP,
  DSCP,
  ECN,
  ETHER_TYPE,
  FIB_ADDRESS_TYPE,
  ICMPV6_CODE,
  ICMPV6_TYPE,
  ICMP_CODE,
  ICMP_TYPE,
  IGMP_TYPE,
  INTERFACE_TYPE,
  MOBILITY_TYPE,
  NF_PROTO,
  PACKET_TYPE,
  REALM,
  TCP_FLAG,
  USER,
} from './words.js';

/** Values from one to another, both included. */
export interface Interval {
  readonly from: bigint;
  readonly to: bigint;
}

export interface DataType {
  readonly name: string;
  readonly bits: number;
  /** How a register holds it: what jhash sees. */
  readonly order: 'big' | 'host';
  /** Flags: a word behind a key with nothing between asks for any of its bits. */
  readonly flags: boolean;
  /** A word as an interval; most are of one value. Null for a word that the type has not. */
  parse(word: string): Interval | null;
  print(value: bigint): string;
}

const exactly = (value: bigint): Interval => ({ from: value, to: value });

function parseNumber(word: string): bigint | null {
  if (/^(?:0x[0-9a-f]+|\d+)$/iu.test(word)) return BigInt(word);
  return null;
}

type Words = Readonly<Record<string, number>>;

interface Shape {
  readonly words?: Words;
  readonly order?: 'host';
  readonly flags?: boolean;
  readonly special?: (word: string) => bigint | null;
  readonly text?: (value: bigint) => string;
}

function printWord(words: Words, flags: boolean, value: bigint): string {
  const entries = Object.entries(words);
  const whole = entries.find(([, number]) => BigInt(number) === value);
  if (whole !== undefined) return whole[0];
  if (!flags || value === 0n) return value.toString();
  const set = entries.filter(([, bit]) => (value & BigInt(bit)) !== 0n);
  const rest = set.reduce((left, [, bit]) => left & ~BigInt(bit), value);
  return rest === 0n ? set.map(([word]) => word).join(',') : `0x${value.toString(16)}`;
}

function numeric(name: string, bits: number, shape: Shape = {}): DataType {
  const { words = {}, special, text, flags = false } = shape;
  const top = (1n << BigInt(bits)) - 1n;
  return {
    name,
    bits,
    order: shape.order ?? 'big',
    flags,
    parse(word) {
      const named = Object.hasOwn(words, word) ? BigInt(words[word] ?? 0) : null;
      const value = named ?? special?.(word) ?? parseNumber(word);
      return value === null || value > top ? null : exactly(value);
    },
    print: text ?? ((value) => printWord(words, flags, value)),
  };
}

function unsigned(address: Address | null): bigint | null {
  if (address === null) return null;
  return typeof address === 'bigint' ? address : BigInt(address >>> 0);
}

function parseEther(word: string): bigint | null {
  return /^[0-9a-f]{1,2}(?::[0-9a-f]{1,2}){5}$/iu.test(word)
    ? word.split(':').reduce((value, byte) => (value << 8n) | BigInt(`0x${byte}`), 0n)
    : null;
}

function printEther(value: bigint): string {
  return (value.toString(16).padStart(12, '0').match(/../gu) ?? []).join(':');
}

function parseClass(word: string): bigint | null {
  const [, major, minor] = /^([0-9a-f]{0,4}):([0-9a-f]{0,4})$/iu.exec(word) ?? [];
  return major === undefined ? null : (BigInt(`0x0${major}`) << 16n) | BigInt(`0x0${minor ?? ''}`);
}

function parseHour(word: string): bigint | null {
  const [, hours, minutes, seconds = '0'] = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/u.exec(word) ?? [];
  return hours === undefined ? null : BigInt(Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds));
}

/** Names of interfaces and of kinds of them, which may end in a star. */
function name16(name: string, parse: DataType['parse']): DataType {
  return { name, bits: 128, order: 'big', flags: false, parse, print: numberText };
}

/** A device that was gone when the rules were listed has a number in place of its name; no packet comes by it. */
const GONE = 1n << 128n;

function parseIndex(word: string): Interval {
  const number = parseNumber(word);
  if (number === null) return exactly(namesLike(word.replace(/\*$/u, '\\*')).from);
  return exactly(number === 0n ? 0n : GONE + number);
}

const asAddress4 = (value: bigint): string => formatAddress(Number(value & 0xffffffffn) | 0);
const port = (word: string): bigint | null => {
  const number = serviceNumber(word);
  return number === null ? null : BigInt(number);
};
const protocol = (word: string): bigint | null => {
  const number = protocolNumber(word);
  return number === null ? null : BigInt(number);
};
const host = (words: Words = {}): Shape => ({ words, order: 'host' });

const ALL: readonly DataType[] = [
  numeric('ipv4_addr', 32, { special: (word) => unsigned(parseAddress4(word)), text: asAddress4 }),
  numeric('ipv6_addr', 128, { special: (word) => unsigned(parseAddress6(word)), text: formatAddress }),
  numeric('ether_addr', 48, { special: parseEther, text: printEther }),
  numeric('inet_service', 16, { special: port }),
  numeric('inet_proto', 8, { special: protocol, text: (value) => protocolName(Number(value)) }),
  numeric('mark', 32, { order: 'host', text: (value) => `0x${value.toString(16).padStart(8, '0')}` }),
  name16('ifname', namesLike),
  name16('iface_index', parseIndex),
  name16('string', namesLike),
  numeric('ct_state', 32, { words: CT_STATE, order: 'host', flags: true }),
  numeric('ct_status', 32, { words: CT_STATUS, order: 'host', flags: true }),
  numeric('ct_event', 32, { words: CT_EVENT, order: 'host', flags: true }),
  numeric('ct_label', 128, { order: 'host', flags: true }),
  numeric('ct_dir', 8, { words: CT_DIRECTION }),
  numeric('ct_id', 32),
  numeric('tcp_flag', 8, { words: TCP_FLAG, flags: true }),
  numeric('icmp_type', 8, { words: ICMP_TYPE }),
  numeric('icmp_code', 8, { words: ICMP_CODE }),
  numeric('icmpv6_type', 8, { words: ICMPV6_TYPE }),
  numeric('icmpv6_code', 8, { words: ICMPV6_CODE }),
  numeric('arp_op', 16, { words: ARP_OPERATION }),
  numeric('mh_type', 8, { words: MOBILITY_TYPE }),
  numeric('igmp_type', 8, { words: IGMP_TYPE }),
  numeric('dccp_pkttype', 4, { words: DCCP_TYPE }),
  numeric('dscp', 6, { words: DSCP }),
  numeric('ecn', 2, { words: ECN }),
  numeric('pkt_type', 8, { words: PACKET_TYPE }),
  numeric('fib_addrtype', 32, { words: FIB_ADDRESS_TYPE, order: 'host' }),
  numeric('nf_proto', 8, { words: NF_PROTO }),
  numeric('ether_type', 16, { words: ETHER_TYPE }),
  numeric('iface_type', 16, { words: INTERFACE_TYPE, order: 'host' }),
  numeric('devgroup', 32, host(DEVICE_GROUP)),
  numeric('classid', 32, { ...host(CLASSID), special: parseClass }),
  numeric('realm', 32, host(REALM)),
  numeric('uid', 32, host(USER)),
  numeric('gid', 32, host(USER)),
  numeric('time', 64, host()),
  numeric('day', 8, { words: DAY, order: 'host' }),
  numeric('hour', 32, { order: 'host', special: parseHour }),
  numeric('boolean', 8, { words: BOOLEAN }),
  numeric('cgroupsv2', 64, host()),
];

const BY_NAME: ReadonlyMap<string, DataType> = new Map(ALL.map((type) => [type.name, type]));

/** A data type by its name in a set's `type`; null for one that is not known here. */
export function dataType(name: string): DataType | null {
  return BY_NAME.get(name) ?? null;
}

const integers = new Map<string, DataType>();

/** A plain number of some width. */
export function integerType(bits: number, order: 'big' | 'host' = 'big'): DataType {
  const key = `${String(bits)} ${order}`;
  const known = integers.get(key);
  if (known !== undefined) return known;
  const type = numeric('integer', bits, order === 'host' ? { order } : {});
  integers.set(key, type);
  return type;
}
