/** Which rules, policy rules and chains made an outcome what it is, as far as a failure is about it. */
import { ruleName } from '../explain/reason.js';
import { ruleRef } from '../explain/rule-ref.js';
import { viewOf } from '../explain/view.js';
import type { AnyRule } from '../packet/any-rule.js';
import type { Node } from '../packet/node.js';
import type { Outcome } from '../packet/result.js';
import type { Step } from '../packet/steps.js';
import { printPolicyRule } from '../routing/print.js';
import type { Span } from '../source/source.js';
import type { Deciding } from './result.js';

const VIEW = viewOf();

const at = (span: Span | null): Pick<Deciding, 'file' | 'line'> =>
  span === null
    ? { file: null, line: null }
    : { file: span.source.name, line: span.source.position(span.start).line };

function byRule(rule: AnyRule): Deciding {
  return { name: ruleName(rule, VIEW), text: ruleRef(rule).text, ...at(rule.span) };
}

type Route = Extract<Step, { kind: 'route' }>;

function byRoute({ rule, route }: Route): readonly Deciding[] {
  const found: Deciding[] = [];
  if (rule !== null) {
    const name = `policy rule ${String(rule.priority)}`;
    found.push({ name, text: printPolicyRule(rule).replace('\t', ' '), ...at(rule.span) });
  }
  if (route !== null) found.push({ name: 'route', text: route.text, ...at(route.span) });
  return found;
}

type Named = Extract<Step, { kind: 'rule' | 'policy' }>;

const isNamed = (step: Step): step is Named => step.kind === 'rule' || step.kind === 'policy';

const tableOf = (step: Named): string => (step.kind === 'rule' ? step.rule.table : step.table);

function chainSpan(
  node: Node,
  family: 4 | 6,
  { table, chain }: Extract<Step, { kind: 'policy' }>,
): Span | null {
  const own = [...node.ruleSets[family].tables.values()].find(({ name }) => name === table);
  const native = node.nativeTables[family].find((one) => `${one.family} ${one.name}` === table);
  return (own ?? native)?.chains.get(chain)?.span ?? null;
}

/** What a failure may be about. */
type Concern = 'way' | 'source' | 'destination' | 'mark' | 'end';

const CONCERNS: readonly (readonly [RegExp, Concern])[] = [
  [/^(?:egress|via|table|policy-rule|route|unroutable|never)/, 'way'],
  [/^(?:snat|src|sport|final\.s|icmp-id)/, 'source'],
  [/^(?:dnat|dst|dport|final\.d|endpoints)/, 'destination'],
  [/^(?:mark|ct-mark|conntrack|final\.mark)/, 'mark'],
  [/^(?:path rule\/)/, 'way'],
];

function concernOf(key: string): Concern {
  const plain = key.replace(/^reply\./, '');
  return CONCERNS.find(([form]) => form.test(plain))?.[1] ?? 'end';
}

/** Finds what decided one outcome. */
class Cause {
  readonly #node: Node;
  readonly #family: 4 | 6;
  readonly #steps: readonly Step[];
  readonly #outcome: Outcome;

  constructor(node: Node, family: 4 | 6, outcome: Outcome) {
    this.#node = node;
    this.#family = family;
    this.#steps = outcome.steps;
    this.#outcome = outcome;
  }

  /** The last rule or policy that the packet met in a table: a rule of it that should have matched is not far. */
  inTable(table: string): readonly Deciding[] {
    const last = this.#steps.findLast((step) => isNamed(step) && tableOf(step) === table);
    return last !== undefined && isNamed(last) ? this.#named(last) : this.#end();
  }

  of(concern: Concern): readonly Deciding[] {
    switch (concern) {
      case 'way':
        return this.#way();
      case 'source':
        return this.#translated(this.#outcome.snat?.rule ?? null, 'src');
      case 'destination':
        return this.#translated(this.#outcome.dnat?.rule ?? null, 'dst');
      case 'mark':
        return this.#mark();
      case 'end':
        return this.#end();
    }
  }

  #mark(): readonly Deciding[] {
    const marking = this.#steps.findLast(
      (step) =>
        step.kind === 'rule' && step.changes.some(({ field }) => field === 'mark' || field === 'ctmark'),
    );
    return marking?.kind === 'rule' ? [byRule(marking.rule)] : [];
  }

  /** The last lookup, and the mark that it had. */
  #way(): readonly Deciding[] {
    const { verdict } = this.#outcome;
    if (verdict === 'dropped' || verdict === 'rejected') return this.#end();
    const route = this.#steps.findLast((step) => step.kind === 'route');
    if (route?.kind !== 'route') return this.#end();
    return [...byRoute(route), ...(route.withoutMark === null ? [] : this.#mark())];
  }

  /** The rule that translates; failing that, the rule or policy that let the packet go without. */
  #translated(rule: AnyRule | null, manip: 'src' | 'dst'): readonly Deciding[] {
    if (rule !== null) return [byRule(rule)];
    const hooks = manip === 'src' ? ['POSTROUTING', 'INPUT'] : ['PREROUTING', 'OUTPUT'];
    const last = this.#steps.findLast(
      (step) => isNamed(step) && hooks.includes(step.hook) && tableOf(step) === 'nat',
    );
    return last !== undefined && isNamed(last) ? this.#named(last) : this.#end();
  }

  #named(step: Named): readonly Deciding[] {
    if (step.kind === 'rule') return [byRule(step.rule)];
    const span = chainSpan(this.#node, this.#family, step);
    const passed = this.#steps.findLast(
      (one) => one.kind === 'rule' && one.hook === step.hook && one.rule.table === step.table,
    );
    return [
      { name: `${step.table} ${step.chain}`, text: `policy ${step.policy}`, ...at(span) },
      ...(passed?.kind === 'rule' ? [byRule(passed.rule)] : []),
    ];
  }

  #end(): readonly Deciding[] {
    const { drop } = this.#outcome;
    if (drop !== null && drop.rule !== null) return [byRule(drop.rule)];
    const step = this.#steps.findLast((one) => one.kind === 'reject');
    if (step?.kind === 'reject') return [byRule(step.rule)];
    if (drop !== null && drop.reason !== 'policy') {
      const route = this.#steps.findLast((one) => one.kind === 'route');
      const found = route?.kind === 'route' ? byRoute(route) : [];
      return [{ name: drop.reason, text: '', file: null, line: null }, ...found];
    }
    const filter = this.#steps.findLast((one) => isNamed(one) && tableOf(one) === 'filter');
    const last = filter ?? this.#steps.findLast(isNamed);
    if (last !== undefined && isNamed(last)) return this.#named(last);
    const route = this.#steps.findLast((one) => one.kind === 'route');
    return route?.kind === 'route' ? byRoute(route) : [];
  }
}

/**
 * What decided, each once, for all failures of an outcome.
 * @param keys the words of the spec; `path` with the rule behind it
 */
export function decidingOf(
  node: Node,
  dst: string,
  outcome: Outcome,
  keys: readonly string[],
): readonly Deciding[] {
  const family = dst.includes(':') ? 6 : 4;
  const found = new Map<string, Deciding>();
  for (const key of keys) {
    const walked = key.startsWith('reply.') ? (outcome.reply ?? outcome) : outcome;
    const cause = new Cause(node, family, walked);
    const [, table] = /path ([a-z]+)[/:]/.exec(key) ?? [];
    const isTable = table !== undefined && table !== 'rule';
    for (const one of isTable ? cause.inTable(table) : cause.of(concernOf(key)))
      found.set(`${one.name} ${one.file ?? ''} ${String(one.line)}`, one);
  }
  return [...found.values()];
}
