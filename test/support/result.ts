/** Hand-made rules, steps and results, for the tests of the views. */
import { ruleForAll } from '../../src/routing/policy-rules.js';
import { parseAddress } from '../../src/address/address.js';
import { prefixOf } from '../../src/address/prefix.js';
import {
  BadValue,
  type BoundMatch,
  type BoundTarget,
  defineMatch,
  defineTarget,
} from '../../src/iptables/extension.js';
import type { Rule } from '../../src/iptables/model.js';
import type { Hook, TableName } from '../../src/iptables/view.js';
import type { Outcome, TraceResult } from '../../src/packet/result.js';
import type { Change, Step } from '../../src/packet/steps.js';
import type { PolicyRule, Route } from '../../src/routing/model.js';
import { SourceText } from '../../src/source/source.js';

function matchCalled(name: string, text: string): BoundMatch {
  const bound = defineMatch({
    name,
    options: {},
    kernel: 'test',
    print: () => text,
    evaluate: () => true,
    explain: () => ({ code: 'NO_BY_ASSUMPTION', params: {}, option: null }),
  }).bind({}, 4);
  if (bound instanceof BadValue) throw new Error(bound.code);
  return bound;
}

function targetCalled(name: string, text: string): BoundTarget {
  const bound = defineTarget({
    name,
    options: {},
    kernel: 'test',
    print: () => text,
    apply: () => 'continue',
  }).bind({}, 4);
  if (bound instanceof BadValue) throw new Error(bound.code);
  return bound;
}

export interface RuleParts {
  readonly matches?: readonly (readonly [name: string, text: string])[];
  readonly target?: readonly [name: string, text: string];
  readonly jump?: string;
  readonly line?: number;
}

/** A rule of save.txt; only its texts matter. */
export function aRule(table: TableName, chain: string, number: number, parts: RuleParts = {}): Rule {
  const line = parts.line ?? 10 + number;
  const source = new SourceText('save.txt', '\n'.repeat(line));
  const [name, text] = parts.target ?? ['ACCEPT', ''];
  return {
    table,
    chain,
    number,
    header: {
      source: null,
      destination: null,
      inInterface: null,
      outInterface: null,
      protocol: null,
      fragment: null,
    },
    matches: (parts.matches ?? []).map(([match, options]) => matchCalled(match, options)),
    action:
      parts.jump === undefined
        ? { kind: 'target', target: targetCalled(name, text) }
        : { kind: 'chain', chain: parts.jump, goto: false },
    counters: null,
    span: { source, start: line - 1, end: line - 1 },
  };
}

type RuleStep = Extract<Step, { readonly kind: 'rule' }>;

/** The step of a rule that matched. */
export function matched(
  hook: Hook,
  rule: Rule,
  outcome: RuleStep['outcome'],
  rest: Partial<RuleStep> = {},
): Step {
  return {
    kind: 'rule',
    hook,
    rule,
    total: 5,
    depth: 0,
    outcome,
    changes: [],
    open: false,
    missed: [],
    missedCount: 0,
    ...rest,
  };
}

export const change = (field: Change['field'], from: string, to: string): Change => ({ field, from, to });

/** A policy rule that takes every packet, with what a test sets. */
export function aPolicyRule(priority: number, rest: Partial<PolicyRule> = {}): PolicyRule {
  return { ...ruleForAll(4, priority), action: { kind: 'lookup', table: 254, name: 'main' }, ...rest };
}

/** A default route by `device`. */
export function aRoute(device: string, via: string): Route {
  return {
    family: 4,
    type: 'unicast',
    destination: prefixOf(0, 0),
    tos: 0,
    metric: 0,
    table: 254,
    scope: 0,
    source: null,
    nexthops: [{ via: parseAddress(via), device, weight: 1, onlink: false, dead: false, linkdown: false }],
    words: [],
    text: `default via ${via} dev ${device}`,
    span: null,
  };
}

/** A FIB lookup that found the default route by `device`. */
export function routed(
  device: string,
  via: string,
  rule: PolicyRule = aPolicyRule(32766),
): Extract<Step, { readonly kind: 'route' }> {
  return {
    kind: 'route',
    purpose: 'input',
    tried: [{ rule, matched: true, code: 'PR_MATCH', params: {} }],
    rule,
    route: aRoute(device, via),
    table: 254,
    device,
    via: parseAddress(via),
    result: 'forward',
    errno: null,
    withoutMark: null,
  };
}

/** A packet from 10.0.1.57 that came in by eth1 and left by eth0; a test changes what it is about. */
export function anOutcome(rest: Partial<Outcome> = {}): Outcome {
  return {
    probability: 1,
    assumptions: [],
    verdict: 'forwarded',
    final: {
      proto: 'tcp',
      src: '10.0.1.57',
      sport: 40000,
      dst: '203.0.113.9',
      dport: 443,
      mark: '0x0',
      ttl: 63,
      tos: 0,
    },
    egress: {
      iface: 'eth0',
      via: '10.0.1.1',
      table: 'main',
      policyRule: 32766,
      route: 'default via 10.0.1.1 dev eth0',
    },
    snat: null,
    dnat: null,
    reject: null,
    unroutable: null,
    drop: null,
    conntrack: null,
    path: [],
    pathMaybe: [],
    steps: [],
    ...rest,
  };
}

/** The result of one or more outcomes of that packet. */
export function aResult(
  outcomes: readonly Outcome[],
  packet: Partial<TraceResult['packet']> = {},
): TraceResult {
  return {
    id: null,
    packet: {
      in: 'eth1',
      inferred: 'given',
      proto: 'tcp',
      src: '10.0.1.57',
      sport: 40000,
      dst: '203.0.113.9',
      dport: 443,
      tcpFlags: ['SYN'],
      mark: '0x0',
      ttl: 64,
      tos: 0,
      ...packet,
    },
    outcomes,
    truncated: false,
  };
}

/** What an outcome has of a packet that went nowhere. */
export const GONE = {
  egress: null,
  final: {
    proto: 'tcp',
    src: '10.0.1.57',
    sport: 40000,
    dst: '203.0.113.9',
    dport: 443,
    mark: '0x0',
    ttl: 64,
    tos: 0,
  },
} as const;
