/** Why two walks of one packet part: the steps on each side that the other has not, those that differ first. */
import { formatAddress } from '../address/address.js';
import type { Outcome } from '../packet/result.js';
import type { Step } from '../packet/steps.js';
import { printPolicyRule } from '../routing/print.js';
import { anyTextOf } from './shape.js';

/** A step that decides, of the packet's walk or of its answer's. */
export interface Deciding {
  readonly step: Step;
  readonly way: 'packet' | 'reply';
}

export interface Cause {
  /** Packets with one key have one cause. */
  readonly key: string;
  /** Null: there is nothing on this side that the other has not. */
  readonly a: Deciding | null;
  readonly b: Deciding | null;
}

interface Event extends Deciding {
  /** What the step does, without names and numbers. */
  readonly text: string;
  /** The rules, routes and policy rules that it goes by. */
  readonly things: readonly object[];
}

/** Null for steps that decide nothing. */
function eventOf(step: Step): Pick<Event, 'text' | 'things'> | null {
  switch (step.kind) {
    case 'rule':
    case 'maybe':
      return { text: anyTextOf(step.rule), things: [step.rule] };
    case 'policy':
      return { text: `policy ${step.hook} ${step.table} ${step.policy}`, things: [] };
    case 'route': {
      const { rule, route, result, errno, device, via } = step;
      const by = rule === null ? '' : printPolicyRule(rule);
      const to = [route?.text ?? '', device, via === null ? '' : formatAddress(via), errno].join(' ');
      const things = [rule, route].filter((one) => one !== null);
      return { text: `route ${step.purpose} ${by} ${to} ${result}`, things };
    }
    case 'rp-filter': {
      const { device, passed, why, mode, reverseDevice } = step;
      const parts = [device, String(passed), passed ? '' : why, passed ? '' : String(mode), reverseDevice];
      return { text: `rp-filter ${parts.join(' ')}`, things: [] };
    }
    case 'forward':
      return { text: `forward ${String(step.allowed)} ${step.why}`, things: [] };
    case 'source':
      return { text: `source ${formatAddress(step.address)}`, things: [] };
    case 'conntrack':
      return {
        text: `conntrack ${step.state} ${step.entry}`,
        things: step.of === undefined ? [] : [step.of],
      };
    case 'nat': {
      const changes = step.changes.map(({ field, to }) => `${field} ${to}`);
      return { text: `nat ${step.hook} ${step.why} ${changes.join(' ')}`, things: [] };
    }
    case 'deliver':
      return { text: `deliver ${step.device}`, things: [] };
    case 'send':
      return { text: `send ${step.device}`, things: [] };
    case 'drop':
      return { text: `drop ${step.reason}`, things: [] };
    case 'unroutable':
      return { text: `unroutable ${step.errno}`, things: [] };
    case 'reject':
      return { text: `reject ${step.with}`, things: [] };
    case 'enter':
    case 'table':
    case 'nat-skipped':
    case 'chain-end':
    case 'loopback':
      return null;
  }
}

function eventsOf(outcome: Outcome | null): readonly Event[] {
  const events: Event[] = [];
  for (const [way, steps] of [
    ['packet', outcome?.steps ?? []],
    ['reply', outcome?.reply?.steps ?? []],
  ] as const) {
    for (const step of steps) {
      const event = eventOf(step);
      if (event !== null) events.push({ ...event, text: `${way} ${event.text}`, step, way });
    }
  }
  return events;
}

/** The first event at which the lists part, taking one that the other list comes to later for passed over. */
function firstParting(own: readonly Event[], others: readonly Event[]): Event | null {
  let at = 0;
  while (at < own.length && at < others.length && own[at]?.text === others[at]?.text) at += 1;
  const event = own[at];
  if (event === undefined) return null;
  // The other walk has something in between, and then comes to this.
  return others.slice(at + 1).some(({ text }) => text === event.text) ? null : event;
}

/** The first event by something that only this side has; a rule that only has another place is on both. */
function firstKnown(
  own: readonly Event[],
  others: readonly Event[],
  differs: ReadonlySet<object>,
): Event | null {
  const isKnown = ({ things }: Event): boolean => things.some((thing) => differs.has(thing));
  const texts = new Set(others.filter(isKnown).map(({ text }) => text));
  return own.find((event) => isKnown(event) && !texts.has(event.text)) ?? null;
}

/**
 * Why two outcomes of one packet are not the same.
 * @param differs rules, routes, policy rules and connections that only one of the nodes has
 */
export function causeOf(a: Outcome | null, b: Outcome | null, differs: ReadonlySet<object>): Cause {
  const [eventsA, eventsB] = [eventsOf(a), eventsOf(b)];
  const knownA = firstKnown(eventsA, eventsB, differs);
  const knownB = firstKnown(eventsB, eventsA, differs);
  const [parted, other] = [firstParting(eventsA, eventsB), firstParting(eventsB, eventsA)];
  const both = knownA === null && knownB === null;
  const key = both
    ? `${parted?.text ?? ''} | ${other?.text ?? ''}`
    : `${knownA?.text ?? ''} | ${knownB?.text ?? ''}`;
  return { key, a: knownA ?? parted, b: knownB ?? other };
}
