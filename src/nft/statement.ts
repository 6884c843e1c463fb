/** What one statement of a rule does: a condition that holds or not, or something that happens to the packet. */
import { type Ternary, invertIf, unsure } from '../chooser/question.js';
import type { Choice } from '../chooser/question.js';
import type { Nat, Reject, Taken } from '../iptables/verdict.js';
import { describe } from './describe.js';
import { applyDynamicSet } from './dynamic-set.js';
import { evaluate, isAbsent, scopeOf } from './evaluate.js';
import { isGiven, isLimit, referenceHolds } from './given.js';
import { lookupOf, mapped } from './lookup.js';
import { matchHolds } from './match.js';
import type { Expression, Statement, Verdict } from './model.js';
import { natVerdict } from './nat.js';
import { isVerdict } from './print-expression.js';
import { answersOf, hidesAnswer, rejectVerdict } from './reject.js';
import { applySet } from './set-statement.js';
import { typesOf } from './type-of.js';
import type { NftContext, NftEffects } from './world.js';

/** Where a statement leads: on, out of the rule, or to a verdict. */
export type Acted = 'next' | 'break' | Verdict | Reject | Nat | Taken;

const INERT: ReadonlySet<Statement['kind']> = new Set(['counter', 'log', 'last']);

/** It changes nothing that a walk shows. */
export function isInert(statement: Statement): boolean {
  if (statement.kind === 'object') return statement.type !== 'synproxy' && !isCondition(statement);
  if (statement.kind === 'xt') return statement.type === 'watcher';
  return INERT.has(statement.kind);
}

/** It holds or not, and changes nothing itself. */
export function isCondition(statement: Statement): boolean {
  switch (statement.kind) {
    case 'match':
    case 'limit':
    case 'quota':
    case 'ct-count':
      return true;
    // A map may have no object for the packet.
    case 'object':
      return isLimit(statement.type) || (statement.name.kind === 'map' && statement.type !== 'synproxy');
    case 'xt':
      return statement.type === 'match';
    default:
      return false;
  }
}

/** State that the rule keeps for itself: each hook asks anew. */
function own(context: NftContext, what: string): string {
  return `${what} of ${context.ruleKey} in ${context.world.hook}`;
}

/** Does a condition hold? Statements that are none always do. */
export function conditionHolds(statement: Statement, context: NftContext): Ternary {
  switch (statement.kind) {
    case 'match':
      return matchHolds(statement, context);
    case 'limit':
      return invertIf(
        statement.over,
        unsure(own(context, `limit ${statement.text}`), 'UNK_LIMIT', { rate: statement.text }),
      );
    case 'quota':
      return invertIf(
        statement.over,
        unsure(own(context, `quota ${statement.text}`), 'UNK_NFT_QUOTA', { quota: statement.text }),
      );
    case 'ct-count': {
      const { over, count } = statement;
      // The connection itself is counted before the comparison.
      if (count === 0) return over;
      const name = own(context, `ct count over ${String(count)}`);
      return invertIf(!over, unsure(name, 'UNK_NFT_CT_COUNT', { count }));
    }
    case 'object':
      return referenceHolds(statement, context);
    case 'xt':
      if (statement.type !== 'match') return true;
      return unsure(own(context, `xt ${statement.name}`), 'UNK_NFT_XT', { name: statement.name });
    default:
      return true;
  }
}

/** One of several ways, as an assumption. */
function oneWay<T extends string>(
  ways: readonly [T, ...T[]],
  key: string,
  name: string,
  context: NftContext,
): T {
  const choices = ways.map((answer): Choice => ({
    probability: null,
    assumption: { code: 'UNK_TARGET', params: { name, answer } },
  }));
  return ways[context.choose(key, choices)] ?? ways[0];
}

/** Notes something that the walk takes for true. */
function note(code: string, params: Readonly<Record<string, string | number>>, context: NftContext): void {
  context.choose(`${code} ${JSON.stringify(params)}`, [{ probability: null, assumption: { code, params } }]);
}

function verdictOf(way: 'accept' | 'drop' | 'next' | 'break'): Acted {
  return way === 'next' || way === 'break' ? way : { kind: way };
}

function lookUp({ key, map }: Extract<Statement, { kind: 'vmap' }>, context: NftContext): Acted {
  const scope = scopeOf(context);
  const types = typesOf(key, scope);
  const value = evaluate(key, context, types);
  if (isAbsent(value)) return 'break';
  const lookup = lookupOf(map, types, context, scope);
  const found = lookup === null ? null : mapped(lookup, value, context);
  if (found === undefined) return 'break';
  if (found !== null && isVerdict(found)) return found;
  const name = `vmap ${describe(map)}`;
  return verdictOf(oneWay(['break', 'accept', 'drop'], `${name} of ${context.ruleKey}`, name, context));
}

/** Behind a process that decides; without one the packet is dropped, or passes with `bypass`. */
function queue(context: NftContext): Acted {
  return verdictOf(oneWay(['accept', 'drop'], `queue of ${context.ruleKey}`, 'queue', context));
}

/** The values that a statement needs before it does anything: where a map has none, the rule ends. */
function operandsOf(statement: Statement): readonly Expression[] {
  switch (statement.kind) {
    case 'queue':
      return statement.to === null ? [] : [statement.to];
    case 'tproxy':
      return [statement.address, statement.port].filter((one) => one !== null);
    case 'dup':
    case 'fwd':
      return [statement.address, statement.device].filter((one) => one !== null);
    default:
      return [];
  }
}

/** The packet goes on with the socket, or the rule ends where there is none (net/netfilter/nft_tproxy.c). */
function transparentProxy(statement: Extract<Statement, { kind: 'tproxy' }>, context: NftContext): Acted {
  const { packet } = context;
  if (packet.protocol !== 6 && packet.protocol !== 17) return 'break';
  if (statement.family !== null && (statement.family === 'ip6') !== (packet.family === 6)) return 'break';
  const port = statement.port === null ? packet.destinationPort : describe(statement.port);
  const address = statement.address === null ? '' : describe(statement.address);
  const choices = (['yes', 'no'] as const).map((answer): Choice => ({
    probability: null,
    assumption: { code: 'UNK_TPROXY_SOCKET', params: { port, answer } },
  }));
  return context.choose(`tproxy socket ${address}:${String(port)}`, choices) === 0 ? 'next' : 'break';
}

const [SYN, ACK] = [2, 16];

/** The node answers a SYN, and takes the ACK that follows: neither goes on (net/netfilter/nft_synproxy.c). */
function synproxy({ packet: { protocol, tcpFlags } }: NftContext): Acted {
  if (protocol !== 6) return 'break';
  return (tcpFlags & (SYN | ACK)) === 0 ? 'next' : { kind: 'taken', reason: 'synproxy' };
}

const [FIN, RST] = [1, 4];
const [TCP, UDP, GRE] = [6, 17, 47];

/** Can the kernel surely not put the packet's connection into a flowtable? */
function staysOnSlowPath(
  { packet: { tcpFlags }, world: { connection } }: NftContext,
  protocol: number,
): boolean {
  if (connection === null || !connection.confirmed || connection.helper !== null) return true;
  switch (protocol) {
    case TCP:
      // An established connection is assured as well; its packets go on in both directions.
      return (tcpFlags & (FIN | RST)) !== 0 || !connection.assured;
    case UDP:
      return false;
    case GRE:
      return connection.sourceNat || connection.destinationNat;
    default:
      return true;
  }
}

/**
 * `flow add`: the rule ends for a connection that cannot be put there, and for one that is there already, which nothing
 * shows (net/netfilter/nft_flow_offload.c nft_flow_offload_eval). What met the rule until now had not gone past it.
 */
function addFlow(statement: Extract<Statement, { kind: 'flow' }>, context: NftContext): Acted {
  const { packet, statements } = context;
  if (staysOnSlowPath(context, packet.protocol)) return 'break';
  const name = `flow add @${statement.table}`;
  const rest = statements.slice(statements.indexOf(statement) + 1);
  // With nothing behind it, it makes no difference.
  const way = rest.every(isInert) ? 'next' : oneWay(['next', 'break'], own(context, name), name, context);
  if (way === 'next') note('ASM_NFT_FLOWTABLE', { table: statement.table }, context);
  return way;
}

/** NAT where the range cannot be told: the packet passes, and that is said. */
function translate(
  statement: Extract<Statement, { kind: 'snat' | 'dnat' | 'masquerade' | 'redirect' }>,
  context: NftContext,
): Acted {
  const verdict = natVerdict(statement, context);
  if (verdict !== null) return verdict;
  note('ASM_NAT_ADDRESS', { target: statement.kind }, context);
  return { kind: 'accept' };
}

/** Where it cannot be told what a field is given, that is said. */
function write(
  statement: Extract<Statement, { kind: 'set' }>,
  context: NftContext,
  effects: NftEffects,
): Acted {
  const done = applySet(statement, context, effects);
  if (done !== 'unknown') return done;
  note('ASM_NFT_HEADER', { field: describe(statement.key) }, context);
  return 'next';
}

/** Does what a statement does; conditions must have been tested before. Questions go to the context's chooser. */
export function act(
  statement: Statement,
  context: NftContext,
  effects: NftEffects,
  decide: (fact: Ternary) => boolean,
): Acted {
  if (!operandsOf(statement).every((one) => decide(isGiven(one, context)))) return 'break';
  switch (statement.kind) {
    case 'verdict':
      return statement.verdict;
    case 'vmap':
      return lookUp(statement, context);
    case 'set':
      return write(statement, context, effects);
    case 'snat':
    case 'dnat':
    case 'masquerade':
    case 'redirect':
      return translate(statement, context);
    case 'reject': {
      if (!hidesAnswer(statement, context)) return rejectVerdict(statement, context);
      const ways = answersOf(context.packet.family);
      return { kind: 'reject', with: oneWay(ways, own(context, 'reject'), 'reject', context) };
    }
    case 'notrack':
      if (context.world.connection === null) effects.setTracking({ notrack: true, zone: null, helper: null });
      return 'next';
    // Only TCP has such options (nft_exthdr_tcp_strip_eval).
    case 'strip-option':
      return context.packet.protocol === 6 ? 'next' : 'break';
    case 'queue':
      return queue(context);
    case 'tproxy':
      return transparentProxy(statement, context);
    case 'synproxy':
      return synproxy(context);
    case 'object':
      if (statement.type !== 'synproxy') return 'next';
      return decide(referenceHolds(statement, context)) ? synproxy(context) : 'break';
    case 'fwd':
      return { kind: 'drop' };
    case 'flow':
      return addFlow(statement, context);
    case 'dynamic-set':
      return decide(applyDynamicSet(statement, context)) ? 'next' : 'break';
    case 'xt': {
      const name = `xt target ${statement.name}`;
      if (statement.type !== 'target') return 'next';
      return verdictOf(oneWay(['next', 'accept', 'drop'], `${name} of ${context.ruleKey}`, name, context));
    }
    case 'opaque': {
      const key = `${statement.text} of ${context.ruleKey}`;
      return verdictOf(oneWay(['next', 'break', 'accept', 'drop'], key, statement.text, context));
    }
    default:
      return 'next';
  }
}
