/** Rows of routing decisions. */
import { formatAddress } from '../address/address.js';
import { actionOf, selectorOf } from './policy-rule.js';
import { BLANK, type Row, type StepOf, changeText } from './row.js';
import { placeOf } from './rule-ref.js';
import type { View } from './view.js';

/** `out ens5 via 192.168.0.1`. */
export function wayOut(device: string | null, via: string | null, view: View): string {
  const words = [
    device === null ? '' : view.say('OUT', { device }),
    via === null ? '' : view.say('VIA', { via }),
  ];
  return words.filter((word) => word !== '').join(' ');
}

/** The row of a FIB lookup. */
export function routeRow(step: StepOf<'route'>, at: number, view: View): Row {
  const via = step.via === null ? null : formatAddress(step.via);
  const selector = step.rule === null ? '' : selectorOf(step.rule);
  const decided =
    step.rule === null
      ? ''
      : `${selector === '' ? view.say('ANY_PACKET') : selector} -> ${actionOf(step.rule)}`;
  const error =
    step.errno !== null
      ? view.say('ROW_NO_ROUTE', { errno: step.errno })
      : view.say(step.route === null ? 'ROW_NO_ROUTE_TO' : 'ROW_ROUTE_REFUSED');
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

/** The same where several settings come to it, and the snapshot does not have the one that is set. */
const OPEN = {
  ...RP,
  loose: 'RP_LOOSE_OPEN',
  'other-device': 'RP_OTHER_OPEN',
  'no-route': 'RP_NO_ROUTE_OPEN',
} as const;

/** Why the reverse-path filter let the packet pass or not. */
export function reversePathText(step: StepOf<'rp-filter'>, view: View): string {
  const { device, mode, why } = step;
  const reverse = step.reverseDevice ?? view.say('RP_ELSEWHERE');
  if (mode === null) return view.say(OPEN[why], { device, reverse });
  const id = why === 'other-device' && mode === 2 ? 'RP_OTHER_LOOSE' : RP[why];
  return view.say(id, { device, mode, reverse });
}

/** The row of the reverse-path filter; one that is off decided nothing. */
export function reversePathRow(step: StepOf<'rp-filter'>, at: number, view: View): Row | null {
  if (step.passed && step.why === 'off' && !view.wide) return null;
  const text = reversePathText(step, view);
  return {
    ...BLANK,
    step: at,
    place: 'rp_filter',
    result: step.passed ? text : view.say('ROW_DROPPED', { reason: text }),
    meaning: step.passed ? null : 'bad',
  };
}

/** The row of the source address that the kernel chose; null when it was given. */
export function sourceRow(step: StepOf<'source'>, at: number, view: View): Row | null {
  if (step.why === 'given') return null;
  return {
    ...BLANK,
    step: at,
    place: view.say('ROW_SOURCE_PLACE'),
    result: view.say('ROW_SOURCE'),
    changes: [`src -> ${formatAddress(step.address)}`],
  };
}

const FORWARD = {
  on: 'ROW_FORWARD_ON',
  off: 'ROW_FORWARD_OFF',
  assumed: 'ROW_FORWARD_ASSUMED',
  ttl: 'ROW_FORWARD_TTL',
  bridged: 'ROW_FORWARD_BRIDGED',
} as const;

/** The row of ip_forward and the TTL. */
export function forwardRow(step: StepOf<'forward'>, at: number, view: View): Row {
  return {
    ...BLANK,
    step: at,
    place: 'forward',
    result: view.say(FORWARD[step.why]),
    meaning: !step.allowed ? 'bad' : step.why === 'assumed' ? 'unknown' : null,
    changes: step.changes.map(changeText),
  };
}
