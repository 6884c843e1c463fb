/** What a watched rule was asked each time that a packet came to it. */
import type { Unsure } from '../chooser/question.js';
import type { ConditionPart, Inspected } from '../iptables/inspect.js';
import { inspectRule } from '../iptables/inspect.js';
import type { ChainWatch } from '../iptables/chain-walk.js';
import type { PreparedRule } from '../iptables/prepared.js';
import type { ConnectionState, Hook, World } from '../iptables/view.js';
import type { NftInspected, NftWatch } from '../nft/chain-walk.js';
import type { NftRule, Statement } from '../nft/model.js';
import { isCondition, isInert } from '../nft/statement.js';
import type { AnyRule } from './any-rule.js';
import { type Packet, copyPacket } from './packet.js';
import type { Walk } from './walk.js';

/** One test of a rule. */
export interface Passing {
  readonly rule: AnyRule;
  readonly hook: Hook;
  readonly depth: number;
  /** How many steps the walk had reported before: the step of a rule that matched has this index. */
  readonly step: number;
  readonly matched: boolean;
  /** The packet as the rule saw it. */
  readonly packet: Packet;
  /** Conntrack's state of it then; `off` where conntrack is not there, `before` where it comes later: both look INVALID. */
  readonly state: ConnectionState | 'off' | 'before';
  readonly conditions: readonly Inspected[];
  /** Of native rules: the chain that this packet is sent to. */
  readonly to: string | null;
}

type Seen = Pick<Passing, 'packet' | 'state' | 'step'>;

function stateOf({ tracking, state, steps }: Walk): Passing['state'] {
  if (!tracking) return 'off';
  return state === 'INVALID' && !steps.some(({ kind }) => kind === 'conntrack') ? 'before' : state;
}

const seen = (walk: Walk): Seen => ({
  packet: copyPacket(walk.packet),
  state: stateOf(walk),
  step: walk.steps.length,
});

/** Watches rules of iptables in a table at a hook. Null when nobody watches. */
export function watchChains(walk: Walk, hook: Hook, worldFor: () => World & Entered): ChainWatch | null {
  const rules = walk.options.watched;
  if (rules === undefined) return null;
  return {
    rules,
    tested({ rule, key }: PreparedRule, depth, matched) {
      // A world of its own: asking again must not make the rule's own one doubtful.
      const world = worldFor();
      world.enter({ key });
      const conditions = inspectRule(rule, walk.packet, world);
      walk.passings.push({ rule, hook, depth, matched, ...seen(walk), conditions, to: null });
    },
  };
}

interface Entered {
  enter(rule: { readonly key: string }): void;
}

/** A map of verdicts that has nothing for a packet ends its rule, as a condition that does not hold. */
const asks = (statement: Statement): boolean => isCondition(statement) || statement.kind === 'vmap';

/** The conditions of a native rule; those behind the last that was asked were not come to, unless it matched. */
function inspected(
  { statements }: NftRule,
  asked: readonly NftInspected[],
  matched: boolean,
): readonly Inspected[] {
  const known = new Map(asked.map((one) => [one.statement, one]));
  return statements.flatMap((statement, index): readonly Inspected[] => {
    const one = known.get(index);
    const part: ConditionPart = { kind: 'statement', index };
    if (one !== undefined) return [{ part, answer: one.answer, reason: one.reason }];
    return asks(statement) && !isInert(statement)
      ? [{ part, answer: matched ? true : null, reason: null }]
      : [];
  });
}

/** Watches rules of native tables at a hook. Null when nobody watches. */
export function watchNative(walk: Walk, hook: Hook): NftWatch | null {
  const rules = walk.options.watched;
  if (rules === undefined) return null;
  let before: Seen | null = null;
  return {
    rules,
    testing() {
      before = seen(walk);
    },
    tested(rule, depth, matched, conditions, to) {
      const at = before ?? seen(walk);
      walk.passings.push({
        rule,
        hook,
        depth,
        matched,
        ...at,
        conditions: inspected(rule, conditions, matched),
        to,
      });
    },
  };
}

/** The open question that a condition asks; null when it is settled. */
export function openQuestion({ answer }: Inspected): Unsure | null {
  return answer === null || typeof answer === 'boolean' ? null : answer;
}
