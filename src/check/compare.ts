/** A walk held against an expectation. */
import type { Family } from '../address/address.js';
import type { Node } from '../packet/node.js';
import type { Outcome, TraceResult } from '../packet/result.js';
import type { Params } from '../source/diagnostic.js';
import type { Span } from '../source/source.js';
import type { EndpointShare, Expectation, Passing, Wanted } from './expectation.js';
import { addressIn } from './fields.js';
import type { Failure, Place } from './result.js';
import { isOnWay, isThere } from './rule-name.js';
import type { Subject } from './subject.js';

/** Where a stretch of a text stands. */
export function placeOf({ source, start, end }: Span): Place {
  return { start, end, ...source.position(start) };
}

/** What else outcomes may rest on; `any`: on whatever it is. */
export type Allowed = ReadonlySet<string> | 'any';

const shown = (value: string | null): string => value ?? 'none';

const fits = ({ got, wishes }: Wanted, subject: Subject): boolean => {
  const value = got(subject);
  return wishes.some((wish) => wish.fits(value));
};

/** `50 %`, to four figures. */
const percent = (value: number): string => `${String(Number((value * 100).toPrecision(4)))} %`;

class Comparison {
  readonly failures: Failure[] = [];
  readonly #node: Node;
  readonly #family: Family;

  constructor(node: Node, family: Family) {
    this.#node = node;
    this.#family = family;
  }

  value(key: string, span: Span, expected: string, got: string, outcome: number | null): void {
    this.failures.push({ key, place: placeOf(span), values: { expected, got }, said: null, outcome });
  }

  say(key: string, span: Span, outcome: number | null, code: string, params: Params = {}): void {
    this.failures.push({ key, place: placeOf(span), values: null, said: { code, params }, outcome });
  }

  fields(wanted: readonly Wanted[], subject: Subject, number: number, prefix: string): void {
    for (const one of wanted) {
      if (fits(one, subject)) continue;
      const expected = one.wishes.map(({ text }) => text).join(' | ');
      this.value(`${prefix}${one.key}`, one.span, expected, shown(one.got(subject)), number);
    }
  }

  path({ contains, excludes }: Expectation, outcome: Outcome, number: number, prefix: string): void {
    const key = `${prefix}path`;
    for (const { name, text, span } of contains)
      if (!isOnWay(name, outcome)) this.say(key, span, number, 'CHECK_FAIL_CONTAINS', { rule: text });
    for (const { name, text, span } of excludes)
      if (isOnWay(name, outcome)) this.say(key, span, number, 'CHECK_FAIL_EXCLUDES', { rule: text });
  }

  never({ never }: Expectation, subject: Subject, number: number, prefix: string): void {
    if (!never?.wanted.every((one) => fits(one, subject))) return;
    const got = never.wanted.map((one) => `${one.key} ${shown(one.got(subject))}`).join(', ');
    this.say(`${prefix}never`, never.span, number, 'CHECK_FAIL_NEVER', { got });
  }

  /** Nothing may pass because a rule or device that is forbidden has another name today. */
  names(expectation: Expectation, prefix: string): void {
    const gone = ({ name }: Passing): boolean => !isThere(name, this.#node, this.#family);
    for (const one of expectation.excludes.filter(gone))
      this.say(`${prefix}path`, one.span, null, 'CHECK_FAIL_NO_RULE', { rule: one.text });
    const { links, known } = this.#node.networks[this.#family];
    for (const { key, wishes, span } of expectation.never?.wanted ?? [])
      if (known.links && (key === 'egress' || key === 'egress.iface'))
        for (const { text } of wishes)
          if (text !== 'none' && !links.has(text))
            this.say(`${prefix}never`, span, null, 'CHECK_FAIL_NO_DEVICE', { device: text });
  }

  rests(expectation: Expectation, outcome: Outcome, number: number, allowed: Allowed, prefix: string): void {
    if (allowed === 'any') return;
    const told = new Set<string>();
    for (const { code } of outcome.assumptions) {
      if (allowed.has(code) || expectation.assumptions.has(code) || told.has(code)) continue;
      told.add(code);
      this.say(`${prefix}assumptions`, expectation.span, number, 'CHECK_FAIL_RESTS', { code });
    }
  }

  outcome(
    expectation: Expectation,
    subject: Subject,
    number: number,
    allowed: Allowed,
    prefix: string,
  ): void {
    const { outcome, packet } = subject;
    this.rests(expectation, outcome, number, allowed, prefix);
    this.fields(expectation.wanted, subject, number, prefix);
    this.path(expectation, outcome, number, prefix);
    this.never(expectation, subject, number, prefix);
    const { reply } = expectation;
    if (reply === null) return;
    if ('none' in reply) {
      if (outcome.reply !== undefined) this.value('reply', reply.none, 'none', outcome.reply.verdict, number);
    } else if (outcome.reply === undefined) this.say('reply', reply.span, number, 'CHECK_FAIL_NO_REPLY');
    else {
      const back = { packet: { ...packet, in: outcome.egress?.iface ?? null }, outcome: outcome.reply };
      this.outcome(reply, back, number, allowed, 'reply.');
    }
  }

  endpoints({ endpoints }: Expectation, outcomes: readonly Outcome[]): void {
    if (endpoints === null) return;
    const { shares, span } = endpoints;
    const reached = new Map<string, number>();
    for (const outcome of outcomes) {
      const end = outcome.dnat?.to ?? 'none';
      const key = shares.find((share) => isEndpoint(share, end))?.endpoint ?? end;
      reached.set(key, (reached.get(key) ?? 0) + (outcome.probability ?? NaN));
    }
    for (const { endpoint, probability, tolerance, span: at } of shares) {
      const got = reached.get(endpoint) ?? 0;
      if (Math.abs(got - probability) <= tolerance + 1e-9) continue;
      const text = Number.isNaN(got) ? '?' : percent(got);
      this.value('endpoints', at, `${endpoint} ${percent(probability)}`, `${endpoint} ${text}`, null);
    }
    for (const [end, share] of reached)
      if (!shares.some(({ endpoint }) => endpoint === end))
        this.value(
          'endpoints',
          span,
          'no other',
          `${end} ${Number.isNaN(share) ? '?' : percent(share)}`,
          null,
        );
  }
}

function isEndpoint({ endpoint }: EndpointShare, end: string): boolean {
  return endpoint === end || endpoint === addressIn(end);
}

/**
 * What of a walk is not as expected. Every outcome must satisfy the expectation; what an outcome rests on must be named
 * by it, or allowed.
 */
export function compare(
  expectation: Expectation,
  result: TraceResult,
  node: Node,
  allowed: Allowed,
): readonly Failure[] {
  const comparison = new Comparison(node, result.packet.dst.includes(':') ? 6 : 4);
  comparison.names(expectation, '');
  if (expectation.reply !== null && !('none' in expectation.reply))
    comparison.names(expectation.reply, 'reply.');
  if (result.truncated) comparison.say('outcomes', expectation.span, null, 'CHECK_FAIL_TRUNCATED');
  for (const [index, outcome] of result.outcomes.entries())
    comparison.outcome(expectation, { packet: result.packet, outcome }, index + 1, allowed, '');
  comparison.endpoints(expectation, result.outcomes);
  return comparison.failures;
}
