/** A way across a cluster as text: one list of hops, each with what it does to the packet and why. */
import type { Header } from '../cluster/header.js';
import type { Hop, PathOutcome, PathResult, Place } from '../cluster/hop.js';
import type { FinalPacket } from '../packet/result.js';
import { answerOf } from './answer.js';
import { assumptionText } from './assumption.js';
import { endpoint, finalDestination, finalSource } from './endpoint.js';
import { ruleWithPlace } from './reason.js';
import { sanitize } from './sanitize.js';
import { outcomePrefix } from './summary.js';
import { type View, type ViewOptions, viewOf } from './view.js';
import { padEnd, widthOf, wrap } from './width.js';

const portText = (port: number | undefined): string => (port === undefined ? '' : String(port));

/** `192.168.40.11:40000 > 192.168.61.33:8080` */
export function endsText(header: Header | FinalPacket): string {
  if ('mark' in header) return `${finalSource(header)} > ${finalDestination(header)}`;
  const { src, sport, dst, dport } = header;
  return `${endpoint(src, portText(sport))} > ${endpoint(dst, portText(dport))}`;
}

/** `node a`, `router 192.168.32.1`, `internet gateway` */
export function placeText({ kind, name }: Place, view: View): string {
  const word = view.say(`PATH_PLACE_${kind}`);
  return name === kind ? word : `${word} ${name}`;
}

/** The way through the place: in by which interface, out by which. */
export function throughText({ in: device, out, via }: Hop): string {
  if (device === null && out === null) return '';
  const left = out === null ? '' : ` -> ${out}${via === null ? '' : ` via ${via}`}`;
  return `${device ?? '(local)'}${left}`;
}

/** What decided, of a node in short: translations with their rules, or why the walk ended; else the route. */
export function whyText(hop: Hop, view: View): string {
  const { reason, walk } = hop;
  if (reason !== null) return view.tell(reason.code, reason.params);
  if (walk === null) return hop.action === 'received' ? view.say('PATH_RECEIVED') : '';
  const { result, outcome } = walk;
  if (hop.action !== 'forwarded' && hop.action !== 'sent' && hop.action !== 'delivered') {
    const { word, rest, reasons } = answerOf(result.packet, outcome, view);
    const first = reasons.slice(0, 2).map(({ label, text }) => `${label} ${text}`);
    return [`${word} ${rest}`, ...first].join('; ');
  }
  const parts: string[] = [];
  for (const [name, translation] of [
    ['DNAT', outcome.dnat],
    ['SNAT', outcome.snat],
  ] as const) {
    if (translation === null) continue;
    const by = translation.rule === null ? 'conntrack' : ruleWithPlace(translation.rule, view);
    parts.push(`${name} ${translation.to}: ${by}`);
  }
  const { egress } = outcome;
  if (egress !== null && egress.policyRule !== null)
    parts.push(`ip rule ${String(egress.policyRule)}: ${egress.route ?? egress.table}`);
  return parts.join('; ');
}

function hopLines(hop: Hop, number: number, widths: { readonly place: number }, view: View): string[] {
  const indent = '     ';
  const tunnel = '  '.repeat(hop.layer);
  const name = `${tunnel}${placeText(hop.place, view)}`;
  const bad = hop.action === 'dropped' || hop.action === 'rejected' || hop.action === 'unroutable';
  const head = `${hop.back ? '<-' : '->'}${String(number).padStart(2)} ${padEnd(sanitize(name), widths.place)}  ${sanitize(throughText(hop))}`;
  const before = endsText(hop.before);
  const after = endsText(hop.after);
  const packet = before === after ? before : `${before}  =>  ${after}`;
  const why = whyText(hop, view);
  const shown = (line: string): string => (bad ? view.paint('bad', line) : line);
  return [
    ...(widthOf(head.trimEnd()) <= view.width
      ? [shown(head.trimEnd())]
      : wrap(head, view.width - 5).map((line, at) => shown(at === 0 ? line : `${indent}${line}`))),
    ...wrap(sanitize(packet), view.width - 5).map(
      (line) => `${indent}${before === after ? line : view.paint('change', line)}`,
    ),
    ...(why === '' ? [] : wrap(sanitize(why), view.width - 5)).map(
      (line) => `${indent}${view.paint('dim', line)}`,
    ),
  ];
}

/** How a way ends, in one sentence. */
export function endText({ verdict, hops }: PathOutcome, view: View): string {
  const place = hops.at(-1)?.place;
  return view.say(`PATH_END_${verdict}`, { place: place === undefined ? '?' : placeText(place, view) });
}

/** How many hops there are each way. */
export function countText({ hops }: PathOutcome, view: View): string {
  const there = hops.filter(({ back }) => !back).length;
  const back = hops.length - there;
  return there === 1 ? view.say('PATH_COUNT_ONE', { back }) : view.say('PATH_COUNT', { there, back });
}

function outcomeLines(outcome: PathOutcome, prefix: string, view: View): string[] {
  const { hops, verdict, reason, assumptions } = outcome;
  const good = verdict === 'delivered' || verdict === 'arrived';
  const widths = {
    place: Math.max(
      0,
      ...hops.map(({ place, layer }) => widthOf(sanitize(placeText(place, view))) + 2 * layer),
    ),
  };
  const head = `${prefix}${sanitize(endText(outcome, view))} (${countText(outcome, view)})`;
  const rests = assumptions.map(({ node, assumption }) =>
    view.say('PATH_RESTS', { node, text: assumptionText(assumption, view.language) }),
  );
  return [
    ...wrap(head, view.width).map((line) => view.paint(good ? 'good' : 'bad', line)),
    ...(reason === null ? [] : wrap(sanitize(view.tell(reason.code, reason.params)), view.width - 2)).map(
      (line) => `  ${line}`,
    ),
    ...rests.flatMap((text) =>
      wrap(sanitize(text), view.width - 2).map((line) => `  ${view.paint('unknown', line)}`),
    ),
    '',
    ...hops.flatMap((hop, at) => hopLines(hop, at + 1, widths, view)),
  ];
}

/** Renders every way for people. Ends with a line feed. */
export function renderPath(result: PathResult, options: ViewOptions = {}): string {
  const view = viewOf(options);
  const { from, asked, outcomes } = result;
  const head = `${placeText(from, view)}: ${asked.proto} ${endsText(asked)}`;
  const lines = wrap(sanitize(head), view.width).map((line) => view.paint('strong', line));
  for (const [at, outcome] of outcomes.entries()) {
    const prefix = outcomes.length > 1 ? outcomePrefix(String(at + 1), outcome.probability, view) : '';
    lines.push('', ...outcomeLines(outcome, prefix, view));
  }
  if (result.truncated) lines.push('', view.paint('unknown', view.say('TRUNCATED')));
  return `${lines.join('\n')}\n`;
}
