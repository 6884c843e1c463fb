/** Steps as plain JSON: rules become references, addresses text; nothing in them is a class or a bigint. */
import { formatAddress } from '../address/address.js';
import type { Change, Miss, Step } from '../packet/steps.js';
import type { PolicyRule, Route } from '../routing/model.js';
import type { PolicyRuleTried } from '../routing/lookup.js';
import { describe } from './messages/index.js';
import { printPolicyRule } from '../routing/print.js';
import { type EntryRef, type RuleRef, entryRef, placeOf, ruleRef } from './rule-ref.js';

/** A rule that did not match, and why, in JSON. */
export interface MissJson {
  readonly rule: RuleRef;
  readonly code: string;
  readonly text: string;
  /** Position of the failed match among the rule's matches; null when the header failed. */
  readonly match: number | null;
}

/** A policy rule in JSON. */
export interface PolicyRuleJson {
  readonly priority: number;
  readonly text: string;
  readonly place: string | null;
}

/** A route in JSON. */
export interface RouteJson {
  readonly text: string;
  readonly table: number;
  readonly type: string;
  readonly place: string | null;
}

/** A policy rule that was tried before, and why it did not lead anywhere, in JSON. */
export interface TriedJson {
  readonly policyRule: PolicyRuleJson;
  readonly matched: boolean;
  readonly code: string;
  readonly text: string;
}

type Convert<T> = T extends { readonly kind: 'rule' }
  ? Omit<T, 'rule' | 'missed'> & { readonly rule: RuleRef; readonly missed: readonly MissJson[] }
  : T extends { readonly kind: 'route' }
    ? Omit<T, 'tried' | 'rule' | 'route' | 'via' | 'withoutMark'> & {
        readonly tried: readonly TriedJson[];
        readonly policyRule: PolicyRuleJson | null;
        readonly route: RouteJson | null;
        readonly via: string | null;
        readonly withoutMark: {
          readonly policyRule: PolicyRuleJson | null;
          readonly device: string | null;
          readonly via: string | null;
          readonly errno: string | null;
        } | null;
      }
    : T extends { readonly kind: 'chain-end' }
      ? Omit<T, 'missed'> & { readonly missed: readonly MissJson[] }
      : T extends { readonly kind: 'nat' }
        ? Omit<T, 'by'> & { readonly by: RuleRef | null }
        : T extends { readonly kind: 'drop' }
          ? Omit<T, 'rule'> & { readonly rule: RuleRef | null }
          : T extends { readonly kind: 'maybe' }
            ? Omit<T, 'rule' | 'params'> & { readonly rule: RuleRef; readonly text: string }
            : T extends { readonly kind: 'reject' }
              ? Omit<T, 'rule'> & { readonly rule: RuleRef }
              : T extends { readonly kind: 'source' }
                ? Omit<T, 'address'> & { readonly address: string }
                : T extends { readonly kind: 'send' }
                  ? Omit<T, 'via'> & { readonly via: string | null }
                  : T extends { readonly kind: 'conntrack' }
                    ? Omit<T, 'of'> & { readonly of?: EntryRef }
                    : T;

/** A step as JSON: the same kinds and fields as Step. */
export type StepJson = Convert<Step>;

const nullable = <T, U>(value: T | null, convert: (value: T) => U): U | null =>
  value === null ? null : convert(value);

function miss({ rule, reason, match }: Miss): MissJson {
  return {
    rule: ruleRef(rule),
    code: reason.code,
    text: describe(reason.code, reason.params),
    match,
  };
}

function policyRule(rule: PolicyRule): PolicyRuleJson {
  return {
    priority: rule.priority,
    text: printPolicyRule(rule).replace('\t', ' '),
    place: nullable(rule.span, placeOf),
  };
}

function route(one: Route): RouteJson {
  return { text: one.text, table: one.table, type: one.type, place: nullable(one.span, placeOf) };
}

function tried(one: PolicyRuleTried): TriedJson {
  return {
    policyRule: policyRule(one.rule),
    matched: one.matched,
    code: one.code,
    text: describe(one.code, one.params),
  };
}

const copies = (changes: readonly Change[]): Change[] =>
  changes.map(({ field, from, to }) => ({ field, from, to }));

/** Converts one step. */
export function stepJson(step: Step): StepJson {
  switch (step.kind) {
    case 'rule':
      return {
        ...step,
        rule: ruleRef(step.rule),
        changes: copies(step.changes),
        missed: step.missed.map(miss),
      };
    case 'maybe': {
      const { kind, hook, depth, code } = step;
      return { kind, hook, rule: ruleRef(step.rule), depth, code, text: describe(code, step.params) };
    }
    case 'chain-end':
      return { ...step, missed: step.missed.map(miss) };
    case 'nat':
      return { ...step, by: nullable(step.by, ruleRef) };
    case 'route': {
      const { kind, purpose, table, device, result, errno, withoutMark: other } = step;
      return {
        kind,
        purpose,
        tried: step.tried.map(tried),
        policyRule: nullable(step.rule, policyRule),
        route: nullable(step.route, route),
        table,
        device,
        via: nullable(step.via, formatAddress),
        result,
        errno,
        withoutMark: nullable(other, (found) => ({
          policyRule: nullable(found.rule, policyRule),
          device: found.device,
          via: nullable(found.via, formatAddress),
          errno: found.errno,
        })),
      };
    }
    case 'source':
      return { ...step, address: formatAddress(step.address) };
    case 'send':
      return { ...step, via: nullable(step.via, formatAddress) };
    case 'drop':
      return { ...step, rule: nullable(step.rule, ruleRef) };
    case 'reject':
      return { ...step, rule: ruleRef(step.rule) };
    case 'conntrack': {
      const { of, ...rest } = step;
      return of === undefined ? rest : { ...rest, of: entryRef(of) };
    }
    default:
      return step;
  }
}
