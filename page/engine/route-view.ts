/** A FIB lookup with every policy rule and the routes that were chosen from. */
import { type Address, formatAddress, parseAddress } from '../../src/address/address.js';
import { contains } from '../../src/address/prefix.js';
import { actionOf, selectorOf } from '../../src/explain/policy-rule.js';
import { wayOut } from '../../src/explain/route-row.js';
import { placeOf } from '../../src/explain/rule-ref.js';
import type { View } from '../../src/explain/view.js';
import type { Node } from '../../src/packet/node.js';
import type { Step } from '../../src/packet/steps.js';
import { printPolicyRule } from '../../src/routing/print.js';
import { rulesOf } from '../../src/routing/policy-rules.js';
import type { PolicyRule, Route } from '../../src/routing/model.js';
import type { Span } from '../../src/source/source.js';
import type { EditTarget, RouteLine, RouteView, TriedState } from '../shared/walk.js';
import { targetFor } from './targets.js';
import type { Edit } from '../shared/walk.js';

type RouteStep = Extract<Step, { kind: 'route' }>;

/** Routes that lead elsewhere are listed up to so many. */
const MOST_OTHERS = 40;

function policyText(rule: PolicyRule): string {
  return `${String(rule.priority)}: ${selectorOf(rule) || 'from all'} -> ${actionOf(rule)}`;
}

const where = (span: Span | null): string | null => (span === null ? null : placeOf(span));

/** Address of an endpoint's text. */
function addressIn(endpoint: string): Address | null {
  return parseAddress(endpoint) ?? parseAddress(endpoint.replace(/^\[?([^\]]*?)\]?:[\d-]+$/, '$1'));
}

/** What is looked at beside the step itself. */
export interface RouteAsk {
  readonly node: Node;
  readonly family: 4 | 6;
  readonly edits: readonly Edit[];
  /** The destination as it was looked up. */
  readonly to: string;
}

function policyLines(step: RouteStep, { node, family, edits }: RouteAsk, view: View): RouteLine[] {
  const tried = new Map(step.tried.map((one) => [one.rule, one]));
  return rulesOf(node.networks[family]).map((rule): RouteLine => {
    const one = tried.get(rule);
    const decided = step.rule === rule;
    const state: TriedState = decided
      ? 'decided'
      : one === undefined
        ? 'unreached'
        : one.matched
          ? 'passed'
          : 'missed';
    const reason = one === undefined || decided ? '' : view.tell(one.code, one.params);
    const edit: EditTarget | null = targetFor(rule.span, edits, (file, line) => ({
      kind: 'policy-rule',
      family,
      file,
      line,
    }));
    return {
      text: policyText(rule),
      line: printPolicyRule(rule).replace('\t', ' '),
      state,
      reason,
      place: where(rule.span),
      edit,
    };
  });
}

interface Listed {
  readonly lines: readonly RouteLine[];
  readonly more: number;
}

function routeLines(step: RouteStep, { node, family, edits, to }: RouteAsk): Listed {
  const { route } = step;
  const table = route?.table ?? step.table;
  const all = table === null ? [] : (node.networks[family].tables.get(table) ?? []);
  const address = addressIn(to);
  const covers = ({ destination }: Route): boolean => address !== null && contains(destination, address);
  // What could have carried the packet comes first, the narrowest before the others.
  const ordered = all
    .filter((one) => one === route || covers(one))
    .toSorted((a, b) => (b.destination.length ?? 0) - (a.destination.length ?? 0));
  const others = all.filter((one) => !ordered.includes(one));
  const lines = [...ordered, ...others.slice(0, MOST_OTHERS)].map((one): RouteLine => ({
    text: one.text,
    line: one.text,
    state: one === route ? 'decided' : covers(one) ? 'passed' : 'missed',
    reason: '',
    place: where(one.span),
    edit: targetFor(one.span, edits, (file, line) => ({
      kind: 'route',
      family,
      table: one.table,
      file,
      line,
    })),
  }));
  return { lines, more: Math.max(0, others.length - MOST_OTHERS) };
}

function resultOf(step: RouteStep, view: View): string {
  const via = step.via === null ? null : formatAddress(step.via);
  if (step.result === 'forward') return wayOut(step.device, via, view);
  if (step.result === 'error') return view.say('ROW_NO_ROUTE', { errno: step.errno ?? '' });
  return view.say(step.result === 'local' ? 'ROW_LOCAL' : 'ROW_BROADCAST');
}

function otherwise({ withoutMark: other }: RouteStep, view: View): string | null {
  if (other === null) return null;
  const via = other.via === null ? null : formatAddress(other.via);
  const way = other.errno ?? wayOut(other.device, via, view);
  const rule = other.rule === null ? view.say('NO_POLICY_RULE') : policyText(other.rule);
  return `${rule}: ${way}`;
}

const TITLES = {
  input: 'PAGE_ROUTE_INPUT',
  output: 'PAGE_ROUTE_OUTPUT',
  reroute: 'PAGE_ROUTE_REROUTE',
} as const;

/** The lookup of a step. */
export function routeView(step: RouteStep, ask: RouteAsk, view: View): RouteView {
  const { lines, more } = routeLines(step, ask);
  const name = step.rule === null ? null : actionOf(step.rule);
  return {
    title: view.say(TITLES[step.purpose]),
    rules: policyLines(step, ask, view),
    table: step.route === null && step.table === null ? null : name,
    routes: lines,
    more,
    result: resultOf(step, view),
    otherwise: otherwise(step, view),
  };
}
