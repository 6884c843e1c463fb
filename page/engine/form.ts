/** The form's texts as a packet. Its fields are the options of the command, with the same words for what is wrong. */
import { type PacketOptions, packetOf, readPacketDraft } from '../../src/ask/packet-options.js';
import { UsageError } from '../../src/ask/mistake.js';
import { type MessageId, describe, finding, message } from '../../src/explain/messages/index.js';
import { PacketError } from '../../src/packet/complete.js';
import type { Node } from '../../src/packet/node.js';
import type { PacketInput } from '../../src/packet/result.js';
import type { FormProblem, PacketForm } from '../shared/protocol.js';
import type { Language } from '../shared/walk.js';

/** What the field for the way in holds for a packet of a local process. */
export const LOCAL_PROCESS = '(local)';

const FIELDS: Readonly<Record<string, keyof PacketForm>> = {
  '--from': 'from',
  '--to': 'to',
  '--in': 'in',
  '--local': 'in',
  '--mark': 'mark',
  '--tcp-flags': 'tcpFlags',
  '--icmp': 'icmp',
  '--ttl': 'ttl',
  '--uid': 'uid',
  '--gid': 'gid',
  '--ct': 'ct',
};

/** What the fields are called on the page: the words of the command line are not seen there. */
const LABELS: Readonly<Partial<Record<keyof PacketForm, MessageId>>> = {
  from: 'PAGE_FROM',
  to: 'PAGE_TO',
  in: 'PAGE_IN',
  mark: 'PAGE_MARK',
  tcpFlags: 'PAGE_FLAGS',
  icmp: 'PAGE_ICMP',
  ttl: 'PAGE_TTL',
  uid: 'PAGE_UID',
  gid: 'PAGE_GID',
  ct: 'PAGE_CT',
};

/** Fields of a packet by those of the form. */
const INPUT_FIELDS: Readonly<Record<string, keyof PacketForm>> = {
  src: 'from',
  sport: 'from',
  dst: 'to',
  dport: 'to',
  proto: 'proto',
  in: 'in',
  mark: 'mark',
  tcpFlags: 'tcpFlags',
  icmpType: 'icmp',
  icmpCode: 'icmp',
  ttl: 'ttl',
  uid: 'uid',
  gid: 'gid',
  ct: 'ct',
};

/** The form as the options of the command. */
export function optionsOf(form: PacketForm): PacketOptions {
  const { in: device, ...texts } = form;
  const given = Object.fromEntries(
    Object.entries(texts).flatMap(([name, text]) => (text.trim() === '' ? [] : [[name, text.trim()]])),
  ) as PacketOptions;
  const way = device.trim();
  if (way === LOCAL_PROCESS) return { ...given, local: true };
  return way === '' ? given : { ...given, in: way };
}

/** @throws UsageError for a form that describes no packet */
export function packetOfForm(form: PacketForm, node: Node): PacketInput {
  return packetOf(readPacketDraft(optionsOf(form)), node.names);
}

/** What is wrong, field by field; null for an error that is not about the form. */
export function problemsOf(error: unknown, language: Language): readonly FormProblem[] | null {
  const problem = (
    code: string,
    given: Parameters<typeof finding>[1],
    field: keyof PacketForm | null,
  ): FormProblem => {
    const label = field === null ? undefined : LABELS[field];
    const params = label === undefined ? given : { ...given, option: message(label, {}, language) };
    const words = finding(code, params, language);
    return { field, text: words?.text ?? describe(code, params, language), advice: words?.do ?? '' };
  };
  if (error instanceof UsageError)
    return error.mistakes.map(({ code, params, option }) =>
      problem(code, params, FIELDS[option ?? String(params['option'] ?? '')] ?? null),
    );
  if (error instanceof PacketError)
    return error.problems.map(({ code, params, field }) =>
      problem(code, params, INPUT_FIELDS[field] ?? null),
    );
  return null;
}
