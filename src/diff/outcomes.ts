/** When two results are the same: what becomes of the packet, and with which chance, but not by which rule. */
import type { FinalPacket, Outcome, TraceResult, TupleText } from '../packet/result.js';
import { type AnyRule, isNative } from '../packet/any-rule.js';
import { anyTextOf } from './shape.js';

/** `open`: the outcomes are the same, but what they rest on is not. */
export type Agreement = 'same' | 'open' | 'different';

/** Ends that whoever sent the packet hears about. */
const TOLD: ReadonlySet<string> = new Set(['ttl', 'mtu']);

function header(final: FinalPacket | TupleText): string {
  return JSON.stringify(final);
}

/** The end of a packet, as the world sees it. */
function endOf(outcome: Outcome): readonly unknown[] {
  const { verdict, egress, drop, reject, unroutable } = outcome;
  switch (verdict) {
    case 'forwarded':
    case 'sent':
      return [verdict, egress?.iface, egress?.via, header(outcome.final)];
    case 'delivered':
      return [verdict, header(outcome.final)];
    case 'dropped':
      return [verdict, TOLD.has(drop?.reason ?? '') ? drop?.reason : null];
    case 'rejected':
      return [verdict, reject?.with, reject?.to];
    case 'unroutable':
      return [verdict, unroutable?.errno];
  }
}

/** What is remembered of the connection: an entry that was never confirmed goes with its packet. */
function remembered({ verdict, conntrack }: Outcome): readonly unknown[] {
  if (conntrack === null) return [];
  const { original, reply, mark, markUnknown, status } = conntrack;
  const passed = verdict === 'forwarded' || verdict === 'sent' || verdict === 'delivered';
  if (!passed && !status.includes('CONFIRMED')) return [];
  return [header(original), header(reply), mark, markUnknown, status.join()];
}

/** An outcome without its chance and what it rests on. */
function bareKey(outcome: Outcome): string {
  const { snat, dnat, reply, verdict } = outcome;
  const passed = verdict === 'forwarded' || verdict === 'sent' || verdict === 'delivered';
  const nat = passed ? [snat?.from, snat?.to, dnat?.from, dnat?.to] : [];
  return JSON.stringify([
    endOf(outcome),
    remembered(outcome),
    nat,
    reply === undefined ? null : bareKey(reply),
  ]);
}

/** Parameters that are mere names. */
const NAMES: ReadonlySet<string> = new Set(['chain', 'number']);

function ruleKey(rule: AnyRule | null): string {
  return rule === null ? '' : `${isNative(rule) ? rule.family : ''} ${anyTextOf(rule)}`;
}

function restsOn(outcome: Outcome): string {
  const own = outcome.assumptions.map(({ code, params, rule }) => {
    const told = Object.entries(params).filter(([name]) => !NAMES.has(name));
    return JSON.stringify([code, told, ruleKey(rule)]);
  });
  const back = outcome.reply === undefined ? '' : restsOn(outcome.reply);
  return `${[...new Set(own)].sort().join()} ${back}`;
}

/** Chances are sums of products: what differs behind the ninth figure is rounding. */
const rounded = (chance: number): number => Number(chance.toPrecision(9));

/** The outcomes of a result by what they are; the chances of those that are alike added up. */
function certain(outcomes: readonly Outcome[]): ReadonlyMap<string, number | null> {
  const chances = new Map<string, number | null>();
  for (const outcome of outcomes) {
    const key = bareKey(outcome);
    const before = chances.get(key);
    const { probability } = outcome;
    chances.set(key, before === null || probability === null ? null : (before ?? 0) + probability);
  }
  return chances;
}

function sameChances(a: ReadonlyMap<string, number | null>, b: ReadonlyMap<string, number | null>): boolean {
  for (const [key, chance] of a) {
    const other = b.get(key) ?? null;
    if (chance === null || other === null ? chance !== other : rounded(chance) !== rounded(other))
      return false;
  }
  return true;
}

function grounds({ outcomes }: TraceResult): string {
  return [...new Set(outcomes.map((outcome) => `${bareKey(outcome)} ${restsOn(outcome)}`))].sort().join('\n');
}

/** Do two results agree? */
export function agreement(a: TraceResult, b: TraceResult): Agreement {
  const [one, other] = [certain(a.outcomes), certain(b.outcomes)];
  const alike = one.size === other.size && [...one.keys()].every((key) => other.has(key));
  if (!alike) return 'different';
  const isCertain = [...one.values(), ...other.values()].every((chance) => chance !== null);
  if (sameChances(one, other)) return isCertain || grounds(a) === grounds(b) ? 'same' : 'open';
  return isCertain ? 'different' : 'open';
}

/** The outcomes of each result that the other has not, or not with the same chance. */
export function unlike(a: TraceResult, b: TraceResult): readonly [readonly Outcome[], readonly Outcome[]] {
  const [inA, inB] = [certain(a.outcomes), certain(b.outcomes)];
  const own = ({ outcomes }: TraceResult, mine: typeof inA, others: typeof inA): readonly Outcome[] =>
    outcomes.filter((outcome) => {
      const key = bareKey(outcome);
      const [chance = null, other] = [mine.get(key), others.get(key)];
      if (other === undefined) return true;
      return chance === null || other === null ? chance !== other : rounded(chance) !== rounded(other);
    });
  return [own(a, inA, inB), own(b, inB, inA)];
}

/** The first outcome of each result that the other has not, or the first of each. */
export function parting(a: TraceResult, b: TraceResult): readonly [Outcome | null, Outcome | null] {
  const [[one], [other]] = unlike(a, b);
  return [one ?? a.outcomes[0] ?? null, other ?? b.outcomes[0] ?? null];
}
