/** A packet that was walked for an assertion, and what assertions may ask of it. */
import { formatAddress, parseAddress } from '../address/address.js';
import { isOnWay, readRuleName } from '../check/rule-name.js';
import { finalDestination, finalSource } from '../explain/endpoint.js';
import { restoresMark } from '../explain/native-rule.js';
import { decidingRules } from '../explain/route-reasons.js';
import { targetOf } from '../explain/rule-ref.js';
import { type AnyRule, isNative } from '../packet/any-rule.js';
import type { Node } from '../packet/node.js';
import type { Outcome, PacketInput, TraceResult, VerdictName } from '../packet/result.js';
import type { Step } from '../packet/steps.js';
import { trace } from '../packet/trace.js';

/** How a packet is walked for an assertion. */
export interface WalkedOptions {
  /**
   * Assumptions (ASM_…) that the answer may rest on; `any`: whatever it is. Default: none, for what rests on an assumption
   * is not known to be so.
   */
  readonly assume?: 'any' | readonly string[];
}

export interface Walked {
  readonly node: Node;
  readonly input: PacketInput;
  readonly result: TraceResult;
  readonly options: WalkedOptions;
}

/** Walks a packet. @throws PacketError when its description cannot be walked */
export function walked(node: Node, input: PacketInput, options: WalkedOptions): Walked {
  return { node, input, result: trace(node, input), options };
}

/** Something that each outcome either has or has not. */
export interface Claim {
  /** As a message says it: `leave by ens5`. */
  readonly words: string;
  /** Does it hold of an outcome? */
  readonly holds: (outcome: Outcome) => boolean;
  /** What an outcome has in its place: `leaves by ens6`. */
  readonly got: (outcome: Outcome) => string;
  /** What a failure is about, by the words of a spec: who decided it is told by them. */
  readonly about: readonly string[];
}

/** It ends so. */
export function endsAs(verdict: VerdictName, words: string): Claim {
  return {
    words,
    holds: (outcome) => outcome.verdict === verdict,
    got: (outcome) => `it is ${outcome.verdict}`,
    about: ['verdict'],
  };
}

/** It leaves by a device; with a gateway by that one. */
export function leavesBy(device: string, gateway: string | undefined): Claim {
  const next = gateway === undefined ? undefined : canonical(gateway);
  return {
    words: `leave by ${device}${gateway === undefined ? '' : ` via ${gateway}`}`,
    holds: ({ egress }) =>
      egress !== null && egress.iface === device && (next === undefined || egress.via === next),
    got: ({ egress }) =>
      egress === null
        ? 'it does not leave'
        : `it leaves by ${egress.iface ?? '?'}${egress.via === null ? '' : ` via ${egress.via}`}`,
    about: ['egress'],
  };
}

/** `ADDRESS`, `ADDRESS:PORT` or `ADDRESS:LOW-HIGH`, addresses of IPv6 before a port in brackets; null for anything else. */
function readEnd(text: string): { readonly address: string; readonly port: string } | null {
  const [, six, four = '', port = ''] =
    /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5}(?:-\d{1,5})?)$/.exec(text) ?? [];
  const address = parseAddress(port === '' ? text : (six ?? four));
  return address === null ? null : { address: formatAddress(address), port };
}

function canonical(text: string): string {
  const address = parseAddress(text);
  if (address === null) throw new TypeError(`not an address: ${text}`);
  return formatAddress(address);
}

/**
 * One end of its header is so at the end of the walk; without a port any port will do.
 * @throws TypeError for a text that is no address
 */
export function endIs(end: 'source' | 'destination', text: string): Claim {
  const wanted = readEnd(text);
  if (wanted === null) throw new TypeError(`not an address, with or without a port: ${text}`);
  const read = end === 'source' ? finalSource : finalDestination;
  return {
    words: `have the ${end} ${text}`,
    holds({ final }) {
      const found = readEnd(read(final)) ?? { address: read(final), port: '' };
      return found.address === wanted.address && (wanted.port === '' || found.port === wanted.port);
    },
    got: ({ final }) => `its ${end} is ${read(final)}`,
    about: [end === 'source' ? 'snat' : 'dnat'],
  };
}

/** The rule that gave the connection the mark which `rule` then gave the packet. */
function connectionMarker(steps: readonly Step[], rule: AnyRule): AnyRule | null {
  const restores = isNative(rule) ? restoresMark(rule) : targetOf(rule) === 'CONNMARK';
  const before = steps.slice(
    0,
    restores ? steps.findIndex((step) => step.kind === 'rule' && step.rule === rule) : 0,
  );
  const setter = before.findLast(
    (step) => step.kind === 'rule' && step.changes.some(({ field }) => field === 'ctmark'),
  );
  return setter?.kind === 'rule' ? setter.rule : null;
}

/** The steps that made the outcome what it is: that ended it, translated it, routed it, or set the mark for that. */
function decidingSteps(outcome: Outcome): readonly Step[] {
  const { steps, drop } = outcome;
  const reject = steps.findLast((step) => step.kind === 'reject');
  if (reject?.kind === 'reject')
    return steps.filter((step) => step.kind === 'rule' && step.rule === reject.rule);
  if (drop !== null && drop.rule !== null)
    return steps.filter((step) => step.kind === 'rule' && step.rule === drop.rule);
  if (drop?.reason === 'policy') return steps.filter((step) => step.kind === 'policy').slice(-1);
  const rules = decidingRules(outcome);
  const all = new Set(rules.flatMap((rule) => [rule, connectionMarker(steps, rule)]));
  return [
    ...steps.filter((step) => step.kind === 'rule' && all.has(step.rule)),
    ...steps.filter((step) => step.kind === 'route').slice(-1),
  ];
}

/**
 * A rule, policy rule or chain (by its policy) decided it: ended the walk, translated the packet, chose its way, or set the
 * mark that its way was chosen by.
 * @param text `nat/AWS-SNAT-CHAIN-0:2`, `rule/1024`, `filter/FORWARD`
 * @throws TypeError for a text that names no rule
 */
export function decidedBy(text: string): Claim {
  const name = readRuleName(text);
  if (name === null || name.kind === 'trace')
    throw new TypeError(`not a rule: ${text}; write TABLE/CHAIN:N, TABLE/CHAIN or rule/PRIORITY`);
  return {
    words: `be decided by ${text}`,
    holds: (outcome) => isOnWay(name, { ...outcome, steps: decidingSteps(outcome) }),
    got: (outcome) =>
      isOnWay(name, outcome) ? `${text} was on its way, and decided nothing` : `${text} did not match`,
    about: ['egress', 'snat', 'dnat', 'verdict'],
  };
}
