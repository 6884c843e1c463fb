/** Options that settle open questions, and those that change the node before the walk. */
import type { Family } from '../address/address.js';
import { nearest } from '../names/nearest.js';
import type { NameBook } from '../names/book.js';
import { resolveEnds } from '../names/ends.js';
import { parseReference } from '../names/reference.js';
import { PacketError, complete } from '../packet/complete.js';
import type { Node } from '../packet/node.js';
import type { AnyRule } from '../packet/any-rule.js';
import { type Pick, endpointsOf, isEndpoint } from '../packet/pick.js';
import type { PacketInput, TraceResult } from '../packet/result.js';
import type { SettledAnswer } from '../packet/settlement.js';
import { type TraceOptions, trace } from '../packet/trace.js';
import { canonicalKey } from '../snapshot/sysctl.js';
import { type Diagnostic, Diagnostics } from '../source/diagnostic.js';
import { withSysctls, withoutTarget } from '../why/change.js';
import type { Inserted } from '../why/inserted.js';
import { type Target, referenceOf } from '../why/reference.js';
import { type Lent, insertLent } from './lent.js';
import { readEndpoint } from './packet-options.js';
import { familyOfPacket, targetOf } from './references.js';
import { UsageError, misuse } from './usage.js';

/** The options as Commander hands them over. */
export interface ChangeOptions {
  readonly assume?: readonly string[];
  readonly pick?: string;
  readonly seed?: string;
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

const ANSWERS: readonly SettledAnswer[] = ['yes', 'no', 'continue', 'accept', 'drop'];

function readAssumption(node: Node, family: Family, text: string): readonly [AnyRule, SettledAnswer] {
  const at = text.lastIndexOf('=');
  const answer = ANSWERS.find((one) => one === text.slice(at + 1).toLowerCase());
  const bad = (): UsageError =>
    new UsageError([{ code: 'USAGE_ASSUME', params: { option: '--assume', text }, option: text }]);
  if (at < 0 || answer === undefined) throw bad();
  const target = targetOf(node, family, text.slice(0, at), text);
  if (target.kind === 'policy') throw bad();
  return [target.rule, answer];
}

/** Seeds are 64 bits wide. */
const HIGHEST_SEED = 2n ** 64n - 1n;

/** @throws UsageError */
export function readSeed(text: string): bigint {
  const seed = /^\d{1,20}$/.test(text) ? BigInt(text) : null;
  if (seed === null || seed > HIGHEST_SEED)
    throw misuse('USAGE_NUMBER', '--seed', { option: '--seed', text, low: 0, high: String(HIGHEST_SEED) });
  return seed;
}

/** An address, with or without a port, or the name of a pod. */
function readPick(text: string, names: NameBook, { src }: PacketInput): Pick {
  const isAddress = /^[\d.]+(?::\d+)?$|^\[|:.*:/.test(text) && !/^[a-z]+:[^:]*$/i.test(text);
  if (isAddress) return { text, ...readEndpoint('--pick', text) };
  const reference = parseReference(/^(?:pod|node|svc):/.test(text) ? text : `pod:${text}`);
  if (reference === null) throw misuse('NAME_FORM', '--pick', { option: '--pick', text });
  const from = src === undefined ? null : { address: src, port: null };
  const ends = resolveEnds(names, { from, to: reference }, null);
  if ('problem' in ends)
    throw new UsageError([
      { code: ends.problem.code, params: { option: '--pick', ...ends.problem.params }, option: '--pick' },
    ]);
  const { address, port } = ends.to;
  return { text, address, port };
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

/** What the user has settled, and which of it was indeed open. */
class Settling {
  readonly rules: ReadonlyMap<AnyRule, SettledAnswer>;
  readonly seed: bigint | null;
  readonly #used = new Set<AnyRule>();

  constructor(rules: ReadonlyMap<AnyRule, SettledAnswer>, seed: bigint | null) {
    this.rules = rules;
    this.seed = seed;
  }

  used(rule: AnyRule): void {
    this.#used.add(rule);
  }

  get unused(): readonly (readonly [AnyRule, SettledAnswer])[] {
    return [...this.rules].filter(([rule]) => !this.#used.has(rule));
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
  const seed = given.seed === undefined ? null : readSeed(given.seed);
  const pick = given.pick === undefined ? null : readPick(given.pick, node.names, input);
  const walk = (on: Node, packet: PacketInput, isTold: boolean): readonly [TraceResult, TraceOptions] => {
    // Rules that moved up are rules of their own: they are named anew on each node.
    const rules = new Map((given.assume ?? []).map((text) => readAssumption(on, family, text)));
    const settling = new Settling(rules, seed);
    const settled: TraceOptions =
      rules.size === 0 && seed === null ? options : { ...options, settlement: settling };
    let result = trace(on, packet, settled);
    if (result.outcomes.length === 0) {
      if (isTold) diagnostics.warn('SETTLE_CONTRADICTION', null);
      return [trace(on, packet, options), options];
    }
    if (isTold)
      for (const [rule, answer] of settling.unused)
        diagnostics.warn('SETTLE_NOT_OPEN', rule.span, { rule: referenceOf(rule), answer });
    if (pick === null) return [result, settled];
    if (!isEndpoint(result.outcomes, pick)) {
      const endpoints = endpointsOf(result.outcomes).join(', ') || '-';
      if (isTold) diagnostics.warn('SETTLE_NO_ENDPOINT', null, { endpoint: pick.text, endpoints });
      return [result, settled];
    }
    const picking = { ...settled, pick };
    result = trace(on, packet, picking);
    return [result, picking];
  };
  const before = isChanged ? walk(node, input, false)[0] : null;
  const [result, used] = walk(other, samePacket(input, before, other), true);
  return { node: other, result, before, changed, warnings: diagnostics.list, options: used };
}
