/** Why an assertion about a packet fails, for people: what was asked, what the node does, and which rules decided. */
import { decidingOf } from '../check/deciding.js';
import { traceCommand } from '../check/command.js';
import { packetText } from '../explain/endpoint.js';
import { factsOf } from '../explain/facts.js';
import { describe } from '../explain/messages/index.js';
import { sanitizeLines } from '../explain/sanitize.js';
import { renderSummary } from '../explain/summary.js';
import type { PacketError } from '../packet/complete.js';
import type { Outcome } from '../packet/result.js';
import type { Claim, Walked } from './walked.js';

function isUncertain({ assumptions }: Outcome, { options: { assume = [] } }: Walked): boolean {
  return assume !== 'any' && assumptions.some(({ code }) => !assume.includes(code));
}

/** The rules that decided an outcome, a line each: `policy rule 1024 (ip-rule.txt:6): 1024: from all …`. */
function deciders({ node, result }: Walked, outcome: Outcome, about: readonly string[]): readonly string[] {
  return decidingOf(node, result.packet.dst, outcome, about).map(({ name, text, file, line }) => {
    const place = file === null ? '' : ` (${file}:${String(line ?? 0)})`;
    return `  ${name}${place}${text === '' ? '' : `: ${text}`}`;
  });
}

function message(walked: Walked, head: readonly string[], outcome: Outcome | null, claim: Claim): string {
  const { node, input, result } = walked;
  const decided = outcome === null ? [] : deciders(walked, outcome, claim.about);
  const answer = renderSummary(result, { facts: factsOf(node) }).trimEnd();
  const lines = [
    ...head,
    '',
    ...answer.split('\n').map((line) => (line === '' ? '' : `  ${line}`)),
    ...(decided.length === 0 ? [] : ['', 'decided by', ...decided]),
    '',
    `again: ${traceCommand(node.name, input)}`,
  ];
  return sanitizeLines(lines.join('\n'));
}

/**
 * Holds a claim against every outcome: each must have it, or with `negated` none. What rests on an assumption, or on more
 * outcomes than were walked, fails both ways.
 * @returns the words of the failure; null where the claim holds
 */
export function failureOf(walked: Walked, claim: Claim, negated: boolean): string | null {
  const { outcomes, packet, truncated } = walked.result;
  const asked = `expected ${packetText(packet)} ${negated ? 'not ' : ''}to ${claim.words}`;
  const at = outcomes.findIndex((outcome) => claim.holds(outcome) === negated);
  const wrong = outcomes[at];
  if (wrong !== undefined) {
    const which = outcomes.length > 1 ? `[${String(at + 1)}] ` : '';
    return message(walked, [asked, `${which}${negated ? 'it does' : claim.got(wrong)}`], wrong, claim);
  }
  const open = outcomes.find((outcome) => isUncertain(outcome, walked));
  if (open !== undefined) {
    const codes = [...new Set(open.assumptions.map(({ code }) => code))];
    const why = codes.map((code) => {
      const { params = {} } = open.assumptions.find((one) => one.code === code) ?? {};
      return `  ${code}: ${describe(code, params)}`;
    });
    const way = `allow it with { assume: [${codes.map((code) => `'${code}'`).join(', ')}] }`;
    return message(walked, [asked, 'that is not known, for it rests on', ...why, way], open, claim);
  }
  if (!truncated && outcomes.length > 0) return null;
  return message(
    walked,
    [asked, 'that is not known, for there are more outcomes than were walked'],
    null,
    claim,
  );
}

/** What is wrong with a packet's description, in words. */
export function packetFault(error: PacketError): string {
  const lines = error.problems.map(({ code, field, params }) => `  ${field}: ${describe(code, params)}`);
  return sanitizeLines(['the packet cannot be walked', ...lines].join('\n'));
}
