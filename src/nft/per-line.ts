/** How many elements of a set nft puts on a line: that hangs on their type (src/expression.c calculate_delim of nftables). */
import type { NftSet, NftTable } from './model.js';
import { typesOf } from './type-of.js';

const FIVE: ReadonlySet<string> = new Set([
  ...['integer', 'inet_service', 'inet_proto', 'mark', 'nf_proto', 'iface_index', 'uid', 'gid', 'classid'],
  ...['tcp_flag', 'ct_dir', 'ct_id', 'dccp_pkttype', 'arp_op'],
]);

const TWO: ReadonlySet<string> = new Set(['ipv4_addr', 'ct_state', 'ct_status', 'pkt_type']);

/** Elements of the set on one line of its listing; those of concatenations have a line each. */
export function elementsPerLine({ type, typeOf }: NftSet, table: NftTable): number {
  const { family } = table;
  const names =
    typeOf === null
      ? type
      : typesOf(typeOf, { family, table, version: family === 'ip6' ? 6 : 4 }).map(({ name }) => name);
  const [name = ''] = names;
  if (names.length !== 1) return 1;
  return FIVE.has(name) ? 5 : TWO.has(name) ? 2 : 1;
}
