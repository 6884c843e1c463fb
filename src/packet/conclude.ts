/** What becomes of a packet when a base chain has spoken, whether iptables or nftables registered it. */
import type { Reject } from '../iptables/verdict.js';
import type { Span } from '../source/source.js';
import type { AnyRule } from './any-rule.js';
import type { HookEvent } from './hooks.js';
import { answersReject } from './reject.js';
import type { Walk } from './walk.js';

/** The table of a base chain: `nat`, with whose it is where the kernel runs tables of both iptables; `ip aws-cni`. */
export interface Place {
  readonly table: string;
  readonly backend?: 'legacy' | 'nft';
}

/** How a base chain ended. */
export type Concluded =
  | { readonly kind: 'accept' | 'nat' | 'tproxy' }
  | {
      readonly kind: 'drop';
      readonly rule: AnyRule | null;
      readonly chain: { readonly name: string; readonly span: Span | null } | null;
      readonly reason: string;
    }
  | { readonly kind: 'reject'; readonly rule: AnyRule; readonly reject: Reject };

/** Ends the walk when the chain dropped or rejected the packet; otherwise the packet passes. */
export function conclude(walk: Walk, place: Place, verdict: Concluded | null): HookEvent {
  if (verdict?.kind === 'drop') {
    const chain = verdict.rule?.chain ?? verdict.chain?.name;
    const { reason, rule } = verdict;
    const span = reason === 'policy' ? verdict.chain?.span : null;
    const declared = span === null || span === undefined ? {} : { declared: span };
    walk.ending = {
      drop: { reason, rule, ...place, ...(chain === undefined ? {} : { chain }), ...declared },
    };
    walk.report({ kind: 'drop', reason, rule });
    return 'DROP';
  }
  if (verdict?.kind !== 'reject') return 'PASS';
  const { rule, reject } = verdict;
  if (!answersReject(walk, reject.with)) {
    walk.ending = { drop: { reason: 'unanswered', rule, ...place, chain: rule.chain } };
    walk.report({ kind: 'drop', reason: 'unanswered', rule });
    return 'DROP';
  }
  walk.ending = { reject: { with: reject.with, rule, to: walk.packet.source } };
  walk.report({ kind: 'reject', with: reject.with, rule });
  return 'REJECT';
}
