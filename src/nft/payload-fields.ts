/** Header fields that nft names: where they are, how wide, of which type (src/proto.c and src/exthdr.c of nftables). */
import { type DataType, dataType, integerType } from './datatype.js';

export interface PayloadField {
  /** In bits, from where the header begins. */
  readonly offset: number;
  readonly bits: number;
  readonly type: DataType;
}

type Row = readonly [field: string, offset: number, bits: number, type?: string];

const PORTS: readonly Row[] = [
  ['sport', 0, 16, 'inet_service'],
  ['dport', 16, 16, 'inet_service'],
];

const ROWS: Readonly<Record<string, readonly Row[]>> = {
  ip: [
    ['version', 0, 4], ['hdrlength', 4, 4], ['dscp', 8, 6, 'dscp'], ['ecn', 14, 2, 'ecn'], ['length', 16, 16],
    ['id', 32, 16], ['frag-off', 48, 16], ['ttl', 64, 8], ['protocol', 72, 8, 'inet_proto'], ['checksum', 80, 16],
    ['saddr', 96, 32, 'ipv4_addr'], ['daddr', 128, 32, 'ipv4_addr'],
  ],
  ip6: [
    ['version', 0, 4], ['dscp', 4, 6, 'dscp'], ['ecn', 10, 2, 'ecn'], ['flowlabel', 12, 20], ['length', 32, 16],
    ['nexthdr', 48, 8, 'inet_proto'], ['hoplimit', 56, 8], ['saddr', 64, 128, 'ipv6_addr'],
    ['daddr', 192, 128, 'ipv6_addr'],
  ],
  icmp: [
    ['type', 0, 8, 'icmp_type'], ['code', 8, 8, 'icmp_code'], ['checksum', 16, 16], ['id', 32, 16],
    ['sequence', 48, 16], ['gateway', 32, 32], ['mtu', 48, 16],
  ],
  icmpv6: [
    ['type', 0, 8, 'icmpv6_type'], ['code', 8, 8, 'icmpv6_code'], ['checksum', 16, 16],
    ['parameter-problem', 32, 32], ['packet-too-big', 32, 32], ['mtu', 32, 32], ['id', 32, 16],
    ['sequence', 48, 16], ['max-delay', 32, 16], ['taddr', 64, 128, 'ipv6_addr'], ['daddr', 192, 128, 'ipv6_addr'],
  ],
  igmp: [['type', 0, 8, 'igmp_type'], ['mrt', 8, 8], ['checksum', 16, 16], ['group', 32, 32, 'ipv4_addr']],
  tcp: [
    ...PORTS, ['sequence', 32, 32], ['ackseq', 64, 32], ['doff', 96, 4], ['reserved', 100, 4],
    ['flags', 104, 8, 'tcp_flag'], ['window', 112, 16], ['checksum', 128, 16], ['urgptr', 144, 16],
  ],
  udp: [...PORTS, ['length', 32, 16], ['checksum', 48, 16]],
  udplite: [...PORTS, ['csumcov', 32, 16], ['checksum', 48, 16]],
  sctp: [...PORTS, ['vtag', 32, 32], ['checksum', 64, 32]],
  dccp: [...PORTS, ['type', 67, 4, 'dccp_pkttype']],
  th: [...PORTS],
  ah: [['nexthdr', 0, 8, 'inet_proto'], ['hdrlength', 8, 8], ['reserved', 16, 16], ['spi', 32, 32], ['sequence', 64, 32]],
  esp: [['spi', 0, 32], ['sequence', 32, 32]],
  comp: [['nexthdr', 0, 8, 'inet_proto'], ['flags', 8, 8], ['cpi', 16, 16]],
  gre: [['flags', 0, 5], ['version', 13, 3], ['protocol', 16, 16, 'ether_type']],
  ether: [['daddr', 0, 48, 'ether_addr'], ['saddr', 48, 48, 'ether_addr'], ['type', 96, 16, 'ether_type']],
  vlan: [['pcp', 0, 3], ['dei', 3, 1], ['id', 4, 12], ['type', 16, 16, 'ether_type']],
  arp: [['htype', 0, 16], ['ptype', 16, 16, 'ether_type'], ['hlen', 32, 8], ['plen', 40, 8], ['operation', 48, 16, 'arp_op']],
  frag: [['nexthdr', 0, 8, 'inet_proto'], ['reserved', 8, 8], ['frag-off', 16, 13], ['reserved2', 29, 2], ['more-fragments', 31, 1], ['id', 32, 32]],
  hbh: [['nexthdr', 0, 8, 'inet_proto'], ['hdrlength', 8, 8]],
  dst: [['nexthdr', 0, 8, 'inet_proto'], ['hdrlength', 8, 8]],
  rt: [['nexthdr', 0, 8, 'inet_proto'], ['hdrlength', 8, 8], ['type', 16, 8], ['seg-left', 24, 8]],
  mh: [['nexthdr', 0, 8, 'inet_proto'], ['hdrlength', 8, 8], ['type', 16, 8, 'mh_type'], ['reserved', 24, 8], ['checksum', 32, 16]],
}; // prettier-ignore

const FIELDS: ReadonlyMap<string, PayloadField> = new Map(
  Object.entries(ROWS).flatMap(([header, rows]) =>
    rows.map(([field, offset, bits, type]): readonly [string, PayloadField] => [
      `${header} ${field}`,
      { offset, bits, type: (type === undefined ? null : dataType(type)) ?? integerType(bits) },
    ]),
  ),
);

/** A named field of a header, extension headers of IPv6 included; null for one that is not known here. */
export function payloadField(header: string, field: string): PayloadField | null {
  return FIELDS.get(`${header} ${field}`) ?? null;
}

/** The protocol number that a transport header implies; `th` is whatever comes. */
export const TRANSPORT: ReadonlyMap<string, number> = new Map([
  ['icmp', 1],
  ['igmp', 2],
  ['tcp', 6],
  ['udp', 17],
  ['dccp', 33],
  ['gre', 47],
  ['esp', 50],
  ['ah', 51],
  ['icmpv6', 58],
  ['comp', 108],
  ['sctp', 132],
  ['udplite', 136],
]);
