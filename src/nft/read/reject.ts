/** `reject` without a code: what nft makes of it in each family (src/evaluate.c stmt_evaluate_reject of nftables). */
import type { NftFamily, Statement } from '../model.js';

/** Is it the reject that nft prints as `reject` alone? */
export function hasDefaultReject(statement: Statement, family: NftFamily): boolean {
  if (statement.kind !== 'reject' || statement.code !== 'port-unreachable') return false;
  const type = family === 'ip' ? 'icmp' : family === 'ip6' ? 'icmpv6' : 'icmpx';
  return statement.type === type;
}
