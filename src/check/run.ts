/** One check, run: the packet is walked, or packets are drawn, and what comes out is held against the expectation. */
import type { Prefix } from '../address/prefix.js';
import type { Paint } from '../explain/colour.js';
import { packetText } from '../explain/endpoint.js';
import type { Language } from '../explain/messages/index.js';
import { minimalLine } from '../explain/minimal.js';
import { renderSummary } from '../explain/summary.js';
import type { Facts } from '../explain/view.js';
import { PacketError } from '../packet/complete.js';
import type { Node } from '../packet/node.js';
import type { PacketInput, TraceResult } from '../packet/result.js';
import { trace } from '../packet/trace.js';
import type { Params } from '../source/diagnostic.js';
import type { Span } from '../source/source.js';
import { traceCommand } from './command.js';
import { compare, placeOf } from './compare.js';
import type { HitCounter } from './coverage.js';
import { decidingOf } from './deciding.js';
import { goldenFailure, goldenText } from './golden.js';
import { PacketFault, packetOf } from './packet.js';
import { Domain } from './property/domain.js';
import { tryProperty } from './property/run.js';
import { SetFault, Sets } from './property/sets.js';
import type { CheckResult, Deciding, Failure } from './result.js';
import type { Check } from './spec.js';

/** What a check is run with. */
export interface RunContext {
  /** The spec's path as it was typed. */
  readonly spec: string;
  readonly node: Node;
  /** The node's path as messages name it. */
  readonly path: string;
  readonly vpc: readonly Prefix[] | null;
  readonly facts: Facts;
  readonly language: Language;
  readonly paint: Paint;
  /** Display cells per line of the answer; 100 unless told. */
  readonly width?: number;
  readonly counter: HitCounter | null;
  /** The text of the check's golden file; null where there is none. */
  readonly golden: string | null;
  /** Golden files are rewritten, not compared. */
  readonly isUpdate: boolean;
}

/** A check's result, and the text that its golden file is to have (with `--update`). */
export interface Ran {
  readonly result: CheckResult;
  readonly write: string | null;
}

const said = (key: string, span: Span, code: string, params: Params = {}): Failure => ({
  key,
  place: placeOf(span),
  values: null,
  said: { code, params },
  outcome: null,
});

/** A packet that was walked, and what is not as expected. */
interface Walked {
  readonly input: PacketInput;
  readonly result: TraceResult | null;
  readonly failures: readonly Failure[];
}

/** Fields of a packet by the words of a spec. */
const WORDS: Readonly<Record<string, string>> = {
  src: 'from',
  sport: 'from',
  dst: 'to',
  dport: 'to',
  icmpType: 'icmp',
  icmpCode: 'icmp',
  icmpId: 'icmp-id',
  tcpFlags: 'tcp-flags',
};

function walk(check: Check, input: PacketInput, { node, counter, isUpdate, golden }: RunContext): Walked {
  const { expect, packet } = check;
  try {
    const wantsReply = expect !== null && expect.reply !== null;
    const result = trace(node, input, { reply: wantsReply });
    for (const outcome of result.outcomes) counter?.note(outcome);
    const failures = expect === null ? [] : compare(expect, result, node, check.allowed);
    const differs =
      check.golden === null || isUpdate ? null : goldenFailure(check.golden, golden, goldenText(result));
    return { input, result, failures: differs === null ? failures : [...failures, differs] };
  } catch (error) {
    if (!(error instanceof PacketError)) throw error;
    const failures = error.problems.map(({ code, field, params }) => {
      const word = WORDS[field] ?? field;
      return said(word, packet?.places.get(word) ?? packet?.span ?? check.span, code, params);
    });
    return { input, result: null, failures };
  }
}

function decidingIn({ result, failures }: Walked, node: Node): readonly Deciding[] {
  if (result === null) return [];
  const found = result.outcomes.flatMap((outcome, index) => {
    // What differs from a golden file is any part of the walk; the answer says what decided it.
    const keys = failures
      .filter(({ key }) => key !== 'golden')
      .filter((one) => one.outcome === index + 1 || one.outcome === null)
      .map(({ key, said: why }) =>
        why?.params['rule'] === undefined ? key : `${key} ${why.params['rule']}`,
      );
    return keys.length === 0 ? [] : decidingOf(node, result.packet.dst, outcome, keys);
  });
  return [...new Map(found.map((one) => [JSON.stringify(one), one])).values()];
}

function resultOf(
  check: Check,
  walked: Walked | null,
  failures: readonly Failure[],
  context: RunContext,
  rest: Pick<CheckResult, 'drawn' | 'updated'>,
): CheckResult {
  const passed = failures.length === 0;
  const result = walked?.result ?? null;
  const { language, paint, facts, node, path, width = 100 } = context;
  return {
    spec: context.spec,
    name: check.name,
    place: placeOf(check.span),
    node: path,
    passed,
    packet: result === null ? '' : packetText(result.packet),
    command: walked === null ? '' : traceCommand(path, walked.input),
    failures,
    outcomes: result === null ? [] : result.outcomes.map(minimalLine),
    answer: passed || result === null ? '' : renderSummary(result, { language, paint, facts, width }),
    deciding: passed || walked === null ? [] : decidingIn(walked, node),
    ...rest,
  };
}

const NOT_DRAWN = { drawn: null, updated: false } as const;

function runPacket(check: Check, context: RunContext): Ran {
  const { packet } = check;
  const input = packet === null ? null : packetOf(packet, context.node);
  if (packet === null || input === null)
    return { result: resultOf(check, null, [], context, NOT_DRAWN), write: null };
  if (input instanceof PacketFault) {
    const span = packet.places.get(input.key ?? '') ?? packet.span;
    const failure = said(input.key ?? 'packet', span, input.code, input.params);
    return { result: resultOf(check, null, [failure], context, NOT_DRAWN), write: null };
  }
  const walked = walk(check, input, context);
  const isWritten = check.golden !== null && context.isUpdate && walked.result !== null;
  const text = isWritten ? goldenText(walked.result) : null;
  const updated = text !== null && text !== context.golden;
  const result = resultOf(check, walked, walked.failures, context, { drawn: null, updated });
  return { result, write: updated ? text : null };
}

function runProperty(check: Check, context: RunContext): CheckResult {
  const { property } = check;
  if (property === null) return resultOf(check, null, [], context, NOT_DRAWN);
  const domain = Domain.of(property, new Sets(context.node, context.vpc));
  if (domain instanceof SetFault) {
    const failure = said('forall', domain.span, domain.code, domain.params);
    return resultOf(check, null, [failure], context, NOT_DRAWN);
  }
  const { failed, walked, all, shrinks } = tryProperty(domain, property, (input) => {
    const one = walk(check, input, context);
    return one.failures.length === 0 ? null : one;
  });
  const drawn = { walked, all, seed: property.seed, shrinks };
  return resultOf(check, failed, failed?.failures ?? [], context, { drawn, updated: false });
}

/** Runs a check. Never throws because of what a spec or a dump says. */
export function runCheck(check: Check, context: RunContext): Ran {
  if (check.property !== null) return { result: runProperty(check, context), write: null };
  return runPacket(check, context);
}
