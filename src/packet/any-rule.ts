/** Rules of iptables and of native nftables tables, where a walk meets both. */
import type { Rule } from '../iptables/model.js';
import type { NftRule } from '../nft/model.js';

/** A rule that a packet may meet. */
export type AnyRule = Rule | NftRule;

/** Is it a rule of a native nftables table? */
export function isNative(rule: AnyRule): rule is NftRule {
  return 'statements' in rule;
}

/** The table as users name it: `nat` of iptables, `ip aws-cni` of nftables. */
export function tableNameOf(rule: AnyRule): string {
  return isNative(rule) ? `${rule.family} ${rule.table}` : rule.table;
}

/** Which iptables made it, where the kernel runs rules of both; undefined for native rules. */
export function backendOf(rule: AnyRule): 'legacy' | 'nft' | undefined {
  return isNative(rule) ? undefined : rule.backend;
}
