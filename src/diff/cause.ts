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

/** A rule, a route, a policy rule or a connection that a step goes by, and how it reads. */
interface Known {
  readonly thing: object;
  readonly text: string;
}

interface Event extends Deciding {
  /** What the step does, without names and numbers. */
  readonly text: string;
  readonly things: readonly Known[];
}

/** Null for steps that decide nothing. */
function eventOf(step: Step): Pick<Event, 'text' | 'things'> | null {
  switch (step.kind) {
    case 'rule':
    case 'maybe':
      return { text: anyTextOf(step.rule), things: [{ thing: step.rule, text: anyTextOf(step.rule) }] };
    case 'policy':
      return { text: `policy ${step.hook} ${step.table} ${step.policy}`, things: [] };
    case 'route': {
      const { rule, route, result, errno, device, via } = step;
      const by = rule === null ? '' : printPolicyRule(rule);
      const to = [route?.text ?? '', device, via === null ? '' : formatAddress(via), errno].join(' ');
      const things = [
        ...(rule === null ? [] : [{ thing: rule, text: by }]),
        ...(route === null ? [] : [{ thing: route, text: route.text }]),
      ];
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
        things: step.of === undefined ? [] : [{ thing: step.of, text: 'entry' }],
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

/** What of an event only one node has. */
function known({ things }: Event, differs: ReadonlySet<object>): readonly Known[] {
  return things.filter(({ thing }) => differs.has(thing));
}

/** The first event by something that only this side has; a rule that only has another place is on both. */
function firstKnown(
  own: readonly Event[],
  others: readonly Event[],
  differs: ReadonlySet<object>,
): Event | null {
  const texts = new Set(others.filter((one) => known(one, differs).length > 0).map(({ text }) => text));
  return own.find((event) => known(event, differs).length > 0 && !texts.has(event.text)) ?? null;
}

/** What stands in the place of an event that only the other side knows. */
function counterpart(event: Event, own: readonly Event[], others: readonly Event[]): Event | null {
  const texts = new Set(others.map(({ text }) => text));
  const alike = own.filter(({ way, step }) => way === event.way && step.kind === event.step.kind);
  return alike.find(({ text }) => !texts.has(text)) ?? firstParting(own, others);
}

/**
 * Why two outcomes of one packet are not the same.
 * @param differs rules, routes, policy rules and connections that only one of the nodes has
 */
export function causeOf(a: Outcome | null, b: Outcome | null, differs: ReadonlySet<object>): Cause {
  const [eventsA, eventsB] = [eventsOf(a), eventsOf(b)];
  const knownA = firstKnown(eventsA, eventsB, differs);
  const knownB = firstKnown(eventsB, eventsA, differs);
  const named = (event: Event | null): string =>
    event === null
      ? ''
      : known(event, differs)
          .map(({ text }) => text)
          .join(' ');
  if (knownA !== null || knownB !== null)
    return {
      key: `${named(knownA)} | ${named(knownB)}`,
      a: knownA ?? (knownB === null ? null : counterpart(knownB, eventsA, eventsB)),
      b: knownB ?? (knownA === null ? null : counterpart(knownA, eventsB, eventsA)),
    };
  const [parted, other] = [firstParting(eventsA, eventsB), firstParting(eventsB, eventsA)];
  return { key: `${parted?.text ?? ''} | ${other?.text ?? ''}`, a: parted, b: other };
}
