/** The walk as rows: one per decision. Steps that decided nothing become counts. */
import { formatAddress } from '../address/address.js';
import type { Outcome } from '../packet/result.js';
import type { Change, Miss, Step } from '../packet/steps.js';
import type { Meaning } from './colour.js';
import { actionOf, selectorOf } from './policy-rule.js';
import { commentOf, conditionOf, placeOf, ruleRef, targetOf, targetOptions } from './rule-ref.js';
import type { View } from './view.js';

/** Something that was tried before the row's decision and did not match. */
export interface MissedLine {
  readonly number: string;
  readonly reason: string;
}

export interface Row {
  /** Index of the step it stands for. */
  readonly step: number;
  /** The table, `route`, or '' under a chain of the same table. */
  readonly group: string;
  readonly place: string;
  readonly depth: number;
  /** `2/3`, `0/43`, or '-'. */
  readonly rule: string;
  readonly result: string;
  readonly meaning: Meaning | null;
  /** A chain's name inside `result` that may be cut in its middle. */
  readonly jump: string | null;
  readonly changes: readonly string[];
  /** The full text of the rule with its place, for `-o wide`. */
  readonly detail: string;
  readonly missed: readonly MissedLine[];
}

export interface Walk {
  readonly rows: readonly Row[];
  /** Rules that were tried and did not match. */
  readonly missed: number;
  /** Built-in chains without rules that let the packet pass, as `table CHAIN`. */
  readonly empty: readonly string[];
}

type StepOf<K extends Step['kind']> = Extract<Step, { readonly kind: K }>;

const BLANK = {
  group: '',
  place: '',
  depth: 0,
  rule: '-',
  meaning: null,
  jump: null,
  changes: [],
  detail: '',
  missed: [],
} as const;

/** `mark 0x0 -> 0x80`; addresses only with what they became, because the first value stands in the header line. */
export function changeText(change: Change): string {
  const name = change.field === 'ctmark' ? 'ct mark' : change.field;
  if (change.field === 'src' || change.field === 'dst') return `${name} -> ${change.to}`;
  if (change.field === 'ct') return `ct ${change.to}`;
  return `${name} ${change.from} -> ${change.to}`;
}

function missedRules(missed: readonly Miss[], total: number, view: View): MissedLine[] {
  if (!view.allRules) return [];
  return missed.map(({ rule, reason }) => ({
    number: `${String(rule.number)}/${String(total)}`,
    reason: view.tell(reason.code, reason.params),
  }));
}

function verdictText(
  step: StepOf<'rule'>,
  view: View,
): { result: string; meaning: Meaning | null; jump: string | null } {
  const { rule } = step;
  const target = targetOf(rule);
  const options = targetOptions(rule);
  const condition = conditionOf(rule);
  const because = condition === '' ? '' : `: ${condition}`;
  switch (step.outcome) {
    case 'jump':
    case 'goto': {
      const comment = commentOf(rule);
      return {
        result: `${step.outcome} ${target}${comment === '' ? '' : ` ${comment}`}`,
        meaning: null,
        jump: target,
      };
    }
    case 'accept':
      return { result: `ACCEPT${because}`, meaning: null, jump: null };
    case 'return':
      return { result: `RETURN${because}`, meaning: null, jump: null };
    case 'drop':
      return { result: `DROP${because}`, meaning: 'bad', jump: null };
    case 'reject':
      return {
        result: `${target === '' ? 'REJECT' : target}${options === '' ? '' : ` ${options}`}`,
        meaning: 'bad',
        jump: null,
      };
    default:
      if (target === '') return { result: view.say('ROW_NO_TARGET'), meaning: null, jump: null };
      return { result: options === '' ? target : `${target} ${options}`, meaning: null, jump: null };
  }
}

function ruleRow(step: StepOf<'rule'>, at: number, view: View): Row {
  const { rule } = step;
  const words = verdictText(step, view);
  return {
    ...BLANK,
    step: at,
    group: step.depth === 0 ? rule.table : '',
    place: rule.chain,
    depth: step.depth,
    rule: `${String(rule.number)}/${String(step.total)}`,
    result: step.open ? `${view.say('ROW_OPEN')} ${words.result}` : words.result,
    meaning: step.open ? 'unknown' : words.meaning,
    jump: words.jump,
    changes: step.changes.map(changeText),
    detail: `${ruleRef(rule).text}  (${placeOf(rule.span)})`,
    missed: missedRules(step.missed, step.total, view),
  };
}

function chainEndRow(step: StepOf<'chain-end'>, at: number, view: View): Row | null {
  // The end of a built-in chain is told by its policy.
  if (step.chain === step.hook) return null;
  const missed = missedRules(step.missed, step.total, view);
  if (step.matched > 0 && missed.length === 0) return null;
  const result = step.matched > 0 ? 'ROW_CHAIN_END' : step.total === 0 ? 'ROW_EMPTY_CHAIN' : 'ROW_NO_MATCH';
  return {
    ...BLANK,
    step: at,
    place: step.chain,
    depth: Math.max(1, step.depth),
    rule: step.matched > 0 ? '-' : `0/${String(step.total)}`,
    result: view.say(result),
    meaning: 'dim',
    missed,
  };
}

function policyRow(step: StepOf<'policy'>, at: number, missed: readonly Miss[], view: View): Row {
  const words = `policy ${step.policy}`;
  return {
    ...BLANK,
    step: at,
    group: step.table,
    place: step.hook,
    rule: step.matched === 0 && step.total > 0 ? `0/${String(step.total)}` : '-',
    result: step.known ? words : `${words} ${view.say('ROW_NOT_SHOWN')}`,
    meaning: step.policy === 'DROP' ? 'bad' : step.known ? null : 'unknown',
    missed: missedRules(missed, step.total, view),
  };
}

function conntrackRow(step: StepOf<'conntrack'>, at: number, view: View): Row {
  const id =
    step.state === 'off'
      ? 'ROW_CT_OFF'
      : step.entry === 'new'
        ? 'ROW_CT_NEW'
        : step.entry === 'found'
          ? 'ROW_CT_FOUND'
          : 'ROW_CT_NONE';
  const changes = step.changes.filter((change) => change.field !== 'ct').map(changeText);
  if (step.state !== 'off')
    changes.unshift(`ct ${step.state}${step.direction === 'REPLY' ? ` ${view.say('ROW_REPLY')}` : ''}`);
  return { ...BLANK, step: at, place: 'conntrack', result: view.say(id), changes };
}

/** `out ens5 via 192.168.0.1`. */
export function wayOut(device: string | null, via: string | null, view: View): string {
  const words = [
    device === null ? '' : view.say('OUT', { device }),
    via === null ? '' : view.say('VIA', { via }),
  ];
  return words.filter((word) => word !== '').join(' ');
}

function routeRow(step: StepOf<'route'>, at: number, view: View): Row {
  const via = step.via === null ? null : formatAddress(step.via);
  const selector = step.rule === null ? '' : selectorOf(step.rule);
  const decided =
    step.rule === null
      ? ''
      : `${selector === '' ? view.say('ANY_PACKET') : selector} -> ${actionOf(step.rule)}`;
  const error = view.say('ROW_NO_ROUTE', { errno: step.errno ?? '' });
  const result = step.result === 'error' ? (decided === '' ? error : `${decided}: ${error}`) : decided;
  const change =
    step.result === 'forward'
      ? wayOut(step.device, via, view)
      : step.result === 'error'
        ? ''
        : view.say(step.result === 'local' ? 'ROW_LOCAL' : 'ROW_BROADCAST');
  const tried = view.allRules ? step.tried.filter((one) => !one.matched) : [];
  return {
    ...BLANK,
    step: at,
    group: step.purpose === 'reroute' ? view.say('REROUTE') : view.say('ROUTE'),
    place:
      step.rule === null
        ? view.say('NO_POLICY_RULE')
        : view.say('POLICY_RULE', { priority: step.rule.priority }),
    result,
    meaning: step.result === 'error' ? 'bad' : null,
    changes: change === '' ? [] : [change],
    detail:
      step.route === null
        ? ''
        : `${step.route.text}${step.route.span === null ? '' : `  (${placeOf(step.route.span)})`}`,
    missed: tried.map((one) => ({
      number: String(one.rule.priority),
      reason: view.tell(one.code, one.params),
    })),
  };
}

function natRow(step: StepOf<'nat'>, at: number, view: View): Row | null {
  if (step.changes.length === 0) return null;
  const id =
    step.why === 'null-binding'
      ? 'ROW_NULL_BINDING'
      : step.why === 'reply'
        ? 'ROW_NAT_REPLY'
        : step.why === 'entry'
          ? 'ROW_NAT_ENTRY'
          : 'ROW_NAT';
  return {
    ...BLANK,
    step: at,
    place: 'conntrack',
    result: view.say(id),
    changes: step.changes.map(changeText),
  };
}

const NAT_SKIPPED = {
  'not-first-packet': 'ROW_NAT_NOT_FIRST',
  'already-mapped': 'ROW_NAT_MAPPED',
  'no-conntrack': 'ROW_NAT_NO_CT',
} as const;

const RP = {
  off: 'RP_OFF',
  'same-device': 'RP_SAME',
  loose: 'RP_LOOSE',
  'other-device': 'RP_OTHER',
  'no-route': 'RP_NO_ROUTE',
  'own-address': 'RP_OWN',
  martian: 'RP_MARTIAN',
  'not-unicast': 'RP_NOT_UNICAST',
} as const;

/** Why the reverse-path filter let the packet pass or not. */
export function reversePathText(step: StepOf<'rp-filter'>, view: View): string {
  const mode = step.mode === null ? '?' : String(step.mode);
  return view.say(RP[step.why], { device: step.device, mode, reverse: step.reverseDevice ?? '?' });
}

const FORWARD = {
  on: 'ROW_FORWARD_ON',
  off: 'ROW_FORWARD_OFF',
  assumed: 'ROW_FORWARD_ASSUMED',
  ttl: 'ROW_FORWARD_TTL',
} as const;

function rowOf(step: Step, at: number, view: View): Row | null {
  const say = view.say;
  switch (step.kind) {
    case 'conntrack':
      return conntrackRow(step, at, view);
    case 'rule':
      return ruleRow(step, at, view);
    case 'maybe':
      return {
        ...BLANK,
        step: at,
        group: step.depth === 0 ? step.rule.table : '',
        place: step.rule.chain,
        depth: step.depth,
        rule: String(step.rule.number),
        result: say('ROW_MAYBE', { target: targetOf(step.rule) || say('ROW_COUNTER') }),
        meaning: 'unknown',
        detail: `${ruleRef(step.rule).text}  (${placeOf(step.rule.span)})`,
      };
    case 'chain-end':
      return chainEndRow(step, at, view);
    case 'nat':
      return natRow(step, at, view);
    case 'nat-skipped':
      return {
        ...BLANK,
        step: at,
        group: 'nat',
        place: step.hook,
        result: say(NAT_SKIPPED[step.why]),
        meaning: 'dim',
      };
    case 'route':
      return routeRow(step, at, view);
    case 'source':
      if (step.why === 'given') return null;
      return {
        ...BLANK,
        step: at,
        place: say('ROW_SOURCE_PLACE'),
        result: say('ROW_SOURCE'),
        changes: [`src -> ${formatAddress(step.address)}`],
      };
    case 'rp-filter':
      if (step.passed && step.why === 'off' && !view.wide) return null;
      return {
        ...BLANK,
        step: at,
        place: 'rp_filter',
        result: reversePathText(step, view),
        meaning: step.passed ? null : 'bad',
      };
    case 'forward':
      return {
        ...BLANK,
        step: at,
        place: 'forward',
        result: say(FORWARD[step.why]),
        meaning: step.allowed ? (step.why === 'assumed' ? 'unknown' : null) : 'bad',
        changes: step.changes.map(changeText),
      };
    case 'loopback':
      return { ...BLANK, step: at, place: 'lo', result: say('ROW_LOOPBACK') };
    case 'deliver':
      return { ...BLANK, step: at, place: 'socket', result: say('DELIVERED'), meaning: 'good' };
    case 'send':
      return { ...BLANK, step: at, place: step.device, result: say('ROW_SENT'), meaning: 'good' };
    default:
      return null;
  }
}

/** A drop that no row above it tells: not by a rule, a policy, the reverse path or the forwarding switch. */
function dropRow(step: StepOf<'drop'>, at: number, last: Row | undefined, view: View): Row | null {
  if (last?.meaning === 'bad') return null;
  return {
    ...BLANK,
    step: at,
    place: '',
    result: `${view.say('DROPPED')}: ${view.tell(`DROP_${step.reason}`)}`,
    meaning: 'bad',
  };
}

/** A translation belongs to the row of the rule that asked for it. */
function joinsRule(step: StepOf<'nat'>, row: Row | undefined, steps: readonly Step[]): row is Row {
  if (step.by === null || row === undefined) return false;
  const before = steps[row.step];
  return before?.kind === 'rule' && before.rule === step.by;
}

/** Counts the rules that did not match, those of a built-in chain once. */
class MissCount {
  total = 0;
  #base = 0;

  add(step: Step): void {
    if (step.kind === 'table') this.#base = 0;
    if (step.kind === 'rule' || step.kind === 'chain-end') {
      this.total += step.missedCount;
      const { chain } = step.kind === 'rule' ? step.rule : step;
      if (chain === step.hook) this.#base += step.missedCount;
    }
    if (step.kind === 'policy') this.total += Math.max(0, step.total - step.matched - this.#base);
  }
}

/** The rules that were tried in vain at the end of a built-in chain, wherever the walk reported them. */
function missedAtEnd(step: StepOf<'policy'>, before: Step | undefined): readonly Miss[] {
  if (before?.kind === 'chain-end' && before.chain === before.hook) return before.missed;
  return step.missed ?? [];
}

/** Makes the rows of an outcome's walk. */
export function walkOf(outcome: Outcome, view: View): Walk {
  const rows: Row[] = [];
  const empty: string[] = [];
  const missed = new MissCount();
  for (const [at, step] of outcome.steps.entries()) {
    missed.add(step);
    const last = rows.at(-1);
    if (step.kind === 'policy') {
      if (step.total === 0 && step.policy === 'ACCEPT' && step.known && !view.wide)
        empty.push(`${step.table} ${step.hook}`);
      else rows.push(policyRow(step, at, missedAtEnd(step, outcome.steps[at - 1]), view));
    } else if (step.kind === 'nat' && joinsRule(step, last, outcome.steps)) {
      rows[rows.length - 1] = { ...last, changes: step.changes.map(changeText) };
    } else {
      const row = step.kind === 'drop' ? dropRow(step, at, last, view) : rowOf(step, at, view);
      if (row !== null) rows.push(row);
    }
  }
  return { rows, missed: missed.total, empty };
}
