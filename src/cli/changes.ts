/** Options that settle open questions, and those that change the node before the walk. */
import type { Family } from '../address/address.js';
import { familyOfPacket, targetOf } from '../ask/references.js';
import { type SettleOptions, walkSettled } from '../ask/settle.js';
import { nearest } from '../names/nearest.js';
import { PacketError, complete } from '../packet/complete.js';
import type { Node } from '../packet/node.js';
import type { PacketInput, TraceResult } from '../packet/result.js';
import type { TraceOptions } from '../packet/trace.js';
import { canonicalKey } from '../snapshot/sysctl.js';
import { type Diagnostic, Diagnostics } from '../source/diagnostic.js';
import { withSysctls, withoutTarget } from '../why/change.js';
import type { Inserted } from '../why/inserted.js';
import { type Target, referenceOf } from '../why/reference.js';
import { type Lent, insertLent } from './lent.js';
import { UsageError, misuse } from './usage.js';

/** The options as Commander hands them over. */
export interface ChangeOptions extends SettleOptions {
  readonly without?: readonly string[];
  readonly with?: readonly string[];
  readonly set?: readonly string[];
}

/** What is changed about a node. */
export interface Changed {
  readonly without: readonly Target[];
  readonly inserted: readonly Inserted[];
  readonly sysctls: ReadonlyMap<string, string>;
}

/** A walk under the options, and beside it the walk of the unchanged node where something was changed. */
export interface ChangedWalk {
  readonly node: Node;
  readonly result: TraceResult;
  readonly before: TraceResult | null;
  readonly changed: Changed;
  readonly warnings: readonly Diagnostic[];
  /** With what was settled, for second walks. */
  readonly options: TraceOptions;
}

/** Options that say something about one packet alone. */
const OF_ONE = ['assume', 'pick', 'without', 'with', 'set'] as const;

/** @throws UsageError for a batch, whose packets are walked as the snapshot has it */
export function demandNoChanges(options: ChangeOptions & { readonly flow?: true }): void {
  const given = [...OF_ONE, 'flow' as const].find((name) => options[name] !== undefined);
  if (given !== undefined)
    throw misuse('USAGE_TOGETHER', `--${given}`, { option: `--${given}`, other: '--batch' });
}

/** Sysctls that walks read (src/routing, src/packet/conntrack-stage.ts). */
const READ = [
  /^net\.ipv4\.(?:ip_forward|fib_multipath_use_neigh|fib_multipath_hash_policy)$/,
  /^net\.netfilter\.nf_conntrack_(?:tcp_be_liberal|tcp_loose|checksum)$/,
];
const OF_DEVICE =
  /^net\.ipv[46]\.conf\.([^.]+)\.(?:rp_filter|accept_local|route_localnet|src_valid_mark|send_redirects|bc_forwarding|forwarding|force_forwarding|ignore_routes_with_linkdown|use_tempaddr|use_oif_addrs_only|disable_ipv6)$/;

function isRead(name: string, { networks }: Node): boolean {
  if (READ.some((form) => form.test(name))) return true;
  const device = OF_DEVICE.exec(name)?.[1]?.replaceAll('/', '.');
  if (device === undefined) return false;
  return (
    ['all', 'default'].includes(device) || networks[4].links.has(device) || networks[6].links.has(device)
  );
}

function readSetting(node: Node, text: string): readonly [string, string] {
  const [, written = '', value = ''] = /^sysctl\.([^=\s]+)=(-?\d{1,10})$/.exec(text) ?? [];
  if (written === '')
    throw new UsageError([{ code: 'USAGE_SET', params: { option: '--set', text }, option: text }]);
  const name = canonicalKey(written);
  if (!isRead(name, node)) {
    const known = [...node.sysctls.keys()].filter((one) => isRead(one, node));
    const near = nearest(name, known, 3).join(', ') || 'net.ipv4.ip_forward';
    throw new UsageError([{ code: 'USAGE_SYSCTL', params: { option: '--set', name, near }, option: text }]);
  }
  return [name, value];
}

/** Rules move up when one before them goes: the last ones go first. */
function withoutAll(node: Node, without: readonly Target[]): Node {
  const numbered = (target: Target): number => (target.kind === 'rule' ? target.rule.number : 0);
  let changed = node;
  const seen = new Set<unknown>();
  for (const target of without.toSorted((a, b) => numbered(b) - numbered(a))) {
    const key = target.kind === 'rule' ? target.rule : target.rules[0];
    if (!seen.has(key)) changed = withoutTarget(changed, target);
    seen.add(key);
  }
  return changed;
}

/** First goes what is left out, then comes what another node has, each behind the one before. */
function changedBy(
  options: ChangeOptions,
  lent: readonly Lent[],
  node: Node,
  family: Family,
): { readonly changed: Changed; readonly other: Node } {
  const without = (options.without ?? []).map((text) => targetOf(node, family, text));
  const sysctls = new Map((options.set ?? []).map((text) => readSetting(node, text)));
  let other = withoutAll(node, without);
  const inserted: Inserted[] = [];
  for (const one of lent) {
    const done = insertLent(other, family, one);
    other = done.node;
    inserted.push(done.inserted);
  }
  if (sysctls.size > 0) other = withSysctls(other, sysctls);
  return { changed: { without, inserted, sysctls }, other };
}

function tellTwice({ inserted }: Changed, diagnostics: Diagnostics): void {
  for (const one of inserted) {
    if (!one.isThere) continue;
    const name = one.kind === 'rule' ? referenceOf(one.rule) : `rule/${String(one.rules[0]?.priority ?? 0)}`;
    diagnostics.warn('WITH_TWICE', one.kind === 'rule' ? one.rule.span : null, { rule: name });
  }
}

/** The packet comes in where it does on the unchanged node, though the changed one may route its source elsewhere. */
function samePacket(input: PacketInput, before: TraceResult | null, other: Node): PacketInput {
  if (before === null || input.in !== undefined) return input;
  try {
    if (complete(other, input).device === before.packet.in) return input;
  } catch (error) {
    if (!(error instanceof PacketError)) throw error;
  }
  return { ...input, in: before.packet.in };
}

/**
 * Walks a packet under the options.
 * @param lent the rules of other nodes that `--with` names
 * @throws UsageError for a reference that names nothing, a setting that no walk reads, a name that leads nowhere
 * @throws PacketError when the packet's description cannot be walked
 */
export function walkChanged(
  node: Node,
  input: PacketInput,
  given: ChangeOptions,
  options: TraceOptions,
  lent: readonly Lent[] = [],
): ChangedWalk {
  const family = familyOfPacket(input);
  const { changed, other } = changedBy(given, lent, node, family);
  const isChanged = other !== node;
  const diagnostics = new Diagnostics();
  tellTwice(changed, diagnostics);
  // Rules that moved up are rules of their own: what is settled is named anew on each node.
  const before = isChanged ? walkSettled(node, input, given, options).result : null;
  const same = samePacket(input, before, other);
  const { result, options: used, warnings } = walkSettled(other, same, given, options, node.names);
  return {
    node: other,
    result,
    before,
    changed,
    warnings: [...diagnostics.list, ...warnings],
    options: used,
  };
}
