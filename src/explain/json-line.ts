/**
 * Results as lines of JSON, for many results of one node: the text that JSON.stringify would make of traceJson, without
 * `steps`. What comes again and again (rules, routes, the path, names of addresses) is put into words once.
 */
import { protocolNumber } from '../address/protocols.js';
import type { Rule } from '../iptables/model.js';
import { printRule } from '../iptables/print.js';
import { type AnyRule, isNative } from '../packet/any-rule.js';
import type {
  CompletedPacket,
  Egress,
  FinalPacket,
  Outcome,
  TraceResult,
  Translation,
  TupleText,
} from '../packet/result.js';
import { type WarningJson, assumptionJson } from './json.js';
import { JsonNames } from './json-names.js';
import { JsonTexts } from './json-texts.js';
import { dropRef, entryRef, nameRule, unroutableRef } from './rule-ref.js';
import type { Facts } from './view.js';

/** Ports, ICMP fields and ranges of a header or tuple, those that are there, each behind a comma. */
function drawnFields(of: TupleText | FinalPacket): string {
  let text = '';
  if (of.sport !== undefined) text += `,"sport":${String(of.sport)}`;
  else if (of.sportRange !== undefined) text += `,"sportRange":${JSON.stringify(of.sportRange)}`;
  if (of.dport !== undefined) text += `,"dport":${String(of.dport)}`;
  else if (of.dportRange !== undefined) text += `,"dportRange":${JSON.stringify(of.dportRange)}`;
  if (of.icmpType !== undefined) text += `,"icmpType":${String(of.icmpType)}`;
  if (of.icmpCode !== undefined) text += `,"icmpCode":${String(of.icmpCode)}`;
  if (of.icmpId !== undefined) text += `,"icmpId":${String(of.icmpId)}`;
  else if (of.icmpIdRange !== undefined) text += `,"icmpIdRange":${JSON.stringify(of.icmpIdRange)}`;
  return text;
}

/** Protocol and addresses: words that need no escapes. */
function ends(of: TupleText | FinalPacket): string {
  const src = of.src === undefined ? `"srcRange":${JSON.stringify(of.srcRange)}` : `"src":"${of.src}"`;
  const dst = of.dst === undefined ? `"dstRange":${JSON.stringify(of.dstRange)}` : `"dst":"${of.dst}"`;
  return `"proto":"${of.proto}",${src},${dst}${drawnFields(of)}`;
}

function finalText(final: FinalPacket): string {
  const unknown = final.markUnknown === undefined ? '' : `,"markUnknown":"${final.markUnknown}"`;
  const inner = final.inner === undefined ? '' : `,"inner":${finalText(final.inner)}`;
  return `{${ends(final)},"mark":"${final.mark}"${unknown},"ttl":${String(final.ttl)},"tos":${String(final.tos)}${inner}}`;
}

function conntrackText(of: Outcome['conntrack']): string {
  if (of === null) return 'null';
  const unknown = of.markUnknown === undefined ? '' : `,"markUnknown":"${of.markUnknown}"`;
  const status = of.status.length === 0 ? '' : `"${of.status.join('","')}"`;
  return `{"original":{${ends(of.original)}},"reply":{${ends(of.reply)}},"mark":"${of.mark}"${unknown},"status":[${status}]}`;
}

/** A rule of iptables, as `nameRule` names it. Kept for every rule that is met: what `join` makes is one piece. */
function ruleText(rule: Rule): string {
  const { backend, table, chain, number, span } = rule;
  const { source, start } = span;
  return [
    backend === undefined ? '{' : `{"backend":"${backend}",`,
    `"table":"${table}","chain":`,
    JSON.stringify(chain),
    `,"rule":${String(number)},"file":`,
    JSON.stringify(source.name),
    `,"line":${String(source.position(start).line)},"text":`,
    JSON.stringify(printRule(rule)),
    '}',
  ].join('');
}

/** Writes the results of one node. */
export class JsonLines {
  readonly #texts = new JsonTexts();
  readonly #names: JsonNames;
  readonly #plainPaths: boolean;
  readonly #rules = new Map<AnyRule, string>();
  /** The end of each line: what was found while reading. */
  readonly #warnings: string;

  constructor(warnings: readonly WarningJson[], facts: Facts) {
    this.#warnings = JSON.stringify(warnings);
    this.#names = new JsonNames(facts);
    this.#plainPaths = facts.pathsArePlain?.() === true;
  }

  /** One result, with its line feed. */
  line({ id, packet, outcomes, truncated }: TraceResult): string {
    let text = `{"schema":"natwalk/trace/1","id":${id === null ? 'null' : JSON.stringify(id)},"packet":${this.#packet(packet)},"outcomes":[`;
    for (const [at, outcome] of outcomes.entries()) text += (at === 0 ? '' : ',') + this.#outcome(outcome);
    const names = this.#names.of(packet, outcomes, protocolNumber(packet.proto) ?? Number(packet.proto));
    return `${text}]${names},"truncated":${String(truncated)},"warnings":${this.#warnings}}\n`;
  }

  #packet(packet: CompletedPacket): string {
    const device = packet.in === null ? 'null' : this.#texts.quoted(packet.in);
    let text = `{"in":${device},"inferred":"${packet.inferred}","proto":"${packet.proto}","src":"${packet.src}","dst":"${packet.dst}"`;
    if (packet.sport !== undefined) text += `,"sport":${String(packet.sport)}`;
    if (packet.dport !== undefined) text += `,"dport":${String(packet.dport)}`;
    if (packet.icmpType !== undefined) text += `,"icmpType":${String(packet.icmpType)}`;
    if (packet.icmpCode !== undefined) text += `,"icmpCode":${String(packet.icmpCode)}`;
    if (packet.icmpId !== undefined) text += `,"icmpId":${String(packet.icmpId)}`;
    const { tcpFlags } = packet;
    if (tcpFlags !== undefined)
      text += tcpFlags.length === 0 ? ',"tcpFlags":[]' : `,"tcpFlags":["${tcpFlags.join('","')}"]`;
    text += `,"mark":"${packet.mark}","ttl":${String(packet.ttl)},"tos":${String(packet.tos)}`;
    if (packet.length !== undefined) text += `,"length":${String(packet.length)}`;
    if (packet.uid !== undefined) text += `,"uid":${String(packet.uid)}`;
    if (packet.gid !== undefined) text += `,"gid":${String(packet.gid)}`;
    if (packet.oif !== undefined) text += `,"oif":${this.#texts.quoted(packet.oif)}`;
    if (packet.connected !== undefined) text += `,"connected":${String(packet.connected)}`;
    if (packet.ct !== undefined) text += `,"ct":"${packet.ct}"`;
    return `${text}}`;
  }

  #outcome(outcome: Outcome): string {
    const { probability, assumptions, reject, unroutable, drop, entry, reply } = outcome;
    const share = probability === null ? 'null' : String(probability);
    const resting = assumptions.length === 0 ? '[]' : JSON.stringify(assumptions.map(assumptionJson));
    return (
      `{"probability":${share},"assumptions":${resting},"verdict":"${outcome.verdict}"` +
      `,"final":${finalText(outcome.final)},"egress":${this.#egress(outcome.egress)}` +
      `,"snat":${this.#translation(outcome.snat)},"dnat":${this.#translation(outcome.dnat)}` +
      `,"reject":${reject === null ? 'null' : JSON.stringify(reject)}` +
      `,"unroutable":${unroutable === null ? 'null' : JSON.stringify(unroutableRef(unroutable))}` +
      `,"drop":${drop === null ? 'null' : JSON.stringify(dropRef(drop))},"conntrack":${conntrackText(outcome.conntrack)}` +
      (entry === undefined ? '' : `,"entry":${JSON.stringify(entryRef(entry))}`) +
      `,"path":${this.#path(outcome.path)},"pathMaybe":${this.#path(outcome.pathMaybe)}` +
      (reply === undefined ? '}' : `,"reply":${this.#outcome(reply)}}`)
    );
  }

  #path(names: readonly string[]): string {
    if (names.length === 0) return '[]';
    return this.#plainPaths ? `["${names.join('","')}"]` : JSON.stringify(names);
  }

  #egress(egress: Egress | null): string {
    if (egress === null) return 'null';
    const { iface, via, table, policyRule, route } = egress;
    const texts = this.#texts;
    return `{"iface":${iface === null ? 'null' : texts.quoted(iface)},"via":${via === null ? 'null' : `"${via}"`},"table":${texts.quoted(table)},"policyRule":${String(policyRule)},"route":${route === null ? 'null' : texts.quoted(route)}}`;
  }

  #translation(value: Translation | null): string {
    if (value === null) return 'null';
    return `{"from":"${value.from}","to":"${value.to}","rule":${value.rule === null ? 'null' : this.#rule(value.rule)}}`;
  }

  #rule(rule: AnyRule): string {
    const known = this.#rules.get(rule);
    if (known !== undefined) return known;
    const made = isNative(rule) ? JSON.stringify(nameRule(rule)) : ruleText(rule);
    this.#rules.set(rule, made);
    return made;
  }
}
