/** The same packet walked again on a node of which one thing is otherwise, for "without it, …" beside an answer. */
import { type AnyRule } from '../packet/any-rule.js';
import type { Node } from '../packet/node.js';
import type { Outcome, PacketInput } from '../packet/result.js';
import type { Step } from '../packet/steps.js';
import { type TraceOptions, trace } from '../packet/trace.js';
import type { PolicyRule } from '../routing/model.js';
import { withoutTarget } from './change.js';
import { type Passes, wouldPass } from './passes.js';

type RouteStep = Extract<Step, { readonly kind: 'route' }>;

/** What views may ask of a second walk. Null: it does not come to one end, or to the same. */
export interface Again {
  /** Without what gave the packet the mark that the lookup went by. */
  withoutMark(outcome: Outcome, route: RouteStep): Outcome | null;
  withoutPolicyRule(rule: PolicyRule): Outcome | null;
  wouldPass(outcome: Outcome): Passes | null;
  /** The same about the answer to the packet; null where this is about the answer. */
  readonly reply: Again | null;
}

/** A mark may be set by several rules in a row. */
const MOST_WRITERS = 4;

/** The rule that gave the packet's mark its value before a step. */
function writerBefore({ steps }: Outcome, route: RouteStep): AnyRule | null {
  const before = steps.slice(0, steps.indexOf(route));
  const step = before.findLast(
    (one) =>
      one.kind === 'rule' && one.changes.some(({ field, from, to }) => field === 'mark' && from !== to),
  );
  return step?.kind === 'rule' ? step.rule : null;
}

/** All ways of a walk that end alike, as one. */
function only(outcomes: readonly Outcome[]): Outcome | null {
  const [first] = outcomes;
  const isAlike = ({ verdict, egress }: Outcome): boolean =>
    verdict === first?.verdict && egress?.iface === first.egress?.iface && egress?.via === first.egress?.via;
  return first !== undefined && outcomes.every(isAlike) ? first : null;
}

function lastRoute({ steps }: Outcome): RouteStep | null {
  const step = steps.findLast((one) => one.kind === 'route');
  return step?.kind === 'route' ? step : null;
}

type Walked = (changed: Node, packet: PacketInput) => Outcome | null;

/** The way without what gave the packet its mark, writer by writer until the lookup is decided otherwise. */
function withoutWriters(
  node: Node,
  input: PacketInput,
  walk: Walked,
  outcome: Outcome,
  route: RouteStep,
): Outcome | null {
  const family = input.dst.includes(':') ? 6 : 4;
  let changed = node;
  let packet = input;
  let [at, step] = [outcome, route];
  for (let left = MOST_WRITERS; left > 0; left -= 1) {
    const rule = writerBefore(at, step);
    if (rule === null && (packet.mark ?? 0) === 0) return null;
    if (rule === null) packet = { ...packet, mark: 0 };
    else changed = withoutTarget(changed, { kind: 'rule', family, rule });
    const next = walk(changed, packet);
    const decided = next === null ? null : lastRoute(next);
    // The rule that a mark selects may be met by the mark of another writer still.
    if (next === null || decided?.rule !== route.rule) return next;
    [at, step] = [next, decided];
  }
  return null;
}

/** Second walks of a packet. The options are those of the first. */
export function againOf(node: Node, input: PacketInput, options: TraceOptions = {}): Again {
  const family = input.dst.includes(':') ? 6 : 4;
  const { reply: _reply, ...rest } = options;
  const walkWith =
    (reply: boolean): Walked =>
    (changed, packet) => {
      const settings = { ...rest, reply, steps: true, allRules: false };
      const { outcomes } = trace(changed, packet, settings);
      if (!reply) return only(outcomes);
      return outcomes.every((one) => one.reply !== undefined)
        ? only(outcomes.flatMap((one) => one.reply ?? []))
        : null;
    };
  const about = (walk: Walked, reply: Again | null): Again => ({
    withoutMark: (outcome, route) => withoutWriters(node, input, walk, outcome, route),
    withoutPolicyRule: (rule) => walk(withoutTarget(node, { kind: 'policy', family, rules: [rule] }), input),
    wouldPass: (outcome) => (reply === null ? null : wouldPass(node, input, family, outcome, rest)),
    reply,
  });
  return about(walkWith(false), about(walkWith(true), null));
}
