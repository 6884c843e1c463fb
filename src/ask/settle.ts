/** Open questions of a walk that are settled beforehand: rules that match or do not, the endpoint, a drawn way. */
import type { Family } from '../address/address.js';
import type { NameBook } from '../names/book.js';
import { resolveEnds } from '../names/ends.js';
import { parseReference } from '../names/reference.js';
import type { AnyRule } from '../packet/any-rule.js';
import type { Node } from '../packet/node.js';
import { type Pick, endpointsOf, isEndpoint } from '../packet/pick.js';
import type { Outcome, PacketInput, TraceResult } from '../packet/result.js';
import type { SettledAnswer } from '../packet/settlement.js';
import { type TraceOptions, trace } from '../packet/trace.js';
import { type Diagnostic, Diagnostics } from '../source/diagnostic.js';
import { referenceOf } from '../why/reference.js';
import { UsageError, misuse } from './mistake.js';
import { readEndpoint } from './packet-options.js';
import { familyOfPacket, targetOf } from './references.js';

/** What is settled, in the words of the command line. */
export interface SettleOptions {
  readonly assume?: readonly string[];
  readonly pick?: string;
  readonly seed?: string;
}

/** A walk with what was settled. */
export interface SettledWalk {
  readonly result: TraceResult;
  /** With what was settled, for second walks. */
  readonly options: TraceOptions;
  /** What was settled in vain. */
  readonly warnings: readonly Diagnostic[];
}

const ANSWERS: readonly SettledAnswer[] = ['yes', 'no', 'continue', 'accept', 'drop'];

/** `RULE=yes`. @throws UsageError */
export function readAssumption(node: Node, family: Family, text: string): readonly [AnyRule, SettledAnswer] {
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

/** An address, with or without a port, or the name of a pod. @throws UsageError */
export function readPick(text: string, names: NameBook, { src }: PacketInput): Pick {
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

/** What the user has settled, and which of it was indeed open. */
export class Settling {
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

/** Tells what was settled though it was not open. */
export function warnUnused({ unused }: Settling, diagnostics: Diagnostics): void {
  for (const [rule, answer] of unused)
    diagnostics.warn('SETTLE_NOT_OPEN', rule.span, { rule: referenceOf(rule), answer });
}

/** Tells that the endpoint is on no way, and which are. */
export function warnNoEndpoint(pick: Pick, outcomes: readonly Outcome[], diagnostics: Diagnostics): void {
  const endpoints = endpointsOf(outcomes).join(', ');
  const params = { endpoint: pick.text };
  if (endpoints === '') diagnostics.warn('SETTLE_NO_ENDPOINTS', null, params);
  else diagnostics.warn('SETTLE_NO_ENDPOINT', null, { ...params, endpoints });
}

/**
 * Walks a packet with what is settled.
 * @throws UsageError for a reference that names nothing, or a name that leads nowhere
 * @throws PacketError when the packet's description cannot be walked
 */
export function walkSettled(
  node: Node,
  input: PacketInput,
  given: SettleOptions,
  options: TraceOptions,
  names: NameBook = node.names,
): SettledWalk {
  const family = familyOfPacket(input);
  const diagnostics = new Diagnostics();
  const seed = given.seed === undefined ? null : readSeed(given.seed);
  const pick = given.pick === undefined ? null : readPick(given.pick, names, input);
  const rules = new Map((given.assume ?? []).map((text) => readAssumption(node, family, text)));
  const settling = new Settling(rules, seed);
  const settled: TraceOptions =
    rules.size === 0 && seed === null ? options : { ...options, settlement: settling };
  const told = (result: TraceResult, used: TraceOptions): SettledWalk => ({
    result,
    options: used,
    warnings: diagnostics.list,
  });
  const result = trace(node, input, settled);
  if (result.outcomes.length === 0) {
    diagnostics.warn('SETTLE_CONTRADICTION', null);
    return told(trace(node, input, options), options);
  }
  warnUnused(settling, diagnostics);
  if (pick === null) return told(result, settled);
  if (!isEndpoint(result.outcomes, pick)) {
    warnNoEndpoint(pick, result.outcomes, diagnostics);
    return told(result, settled);
  }
  const picking = { ...settled, pick };
  return told(trace(node, input, picking), picking);
}
