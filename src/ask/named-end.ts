/** Ends of a packet that are given by name: `pod:NAME`, `svc:NAME:PORT`, `node:NAME`. */
import { protocolNumber } from '../address/protocols.js';
import type { NameBook } from '../names/book.js';
import { type End, type EndProblem, type Side, resolveEnds } from '../names/ends.js';
import { type NameProblem, type Reference, isReference, parseReference } from '../names/reference.js';
import type { PacketInput } from '../packet/result.js';
import type { Params } from '../source/diagnostic.js';
import { type Mistake, UsageError, misuse } from './mistake.js';

/** Reads a name; null when the text names no kind. @throws UsageError for a name that is ill written */
export function readName(option: string, text: string): Reference | null {
  const reference = parseReference(text);
  if (reference === null && isReference(text)) throw misuse('NAME_FORM', option, { option, text });
  return reference;
}

/** Where the part stands in `KIND:NAME:PORT`. */
function partOf({ part }: NameProblem, text: string): NonNullable<Mistake['part']> {
  const start = text.indexOf(':') + 1;
  const colon = text.indexOf(':', start);
  if (part === 'port' && colon >= 0) return { start: colon + 1, end: text.length };
  return { start, end: colon < 0 ? text.length : colon };
}

const OPTIONS = { from: '--from', to: '--to' } as const;

/** A name that leads nowhere, as a mistake of its option. */
export function misnamed({ side, problem, text }: EndProblem): UsageError {
  const option = OPTIONS[side];
  const part = partOf(problem, text);
  return new UsageError([{ code: problem.code, option, params: { option, ...problem.params }, part }]);
}

/** Why a line's name leads nowhere: a message id with its parameters. */
export class Misnamed {
  readonly code: string;
  readonly params: Params;

  constructor(code: string, params: Params) {
    this.code = code;
    this.params = params;
  }
}

const FIELDS = { from: 'src', to: 'dst' } as const;

/** An end of a line: its field's text, and the port in a field of its own, which wins. */
function endOf({ src, sport, dst, dport }: PacketInput, side: Side): End | Misnamed | null {
  const option = FIELDS[side];
  const text = side === 'from' ? src : dst;
  const port = side === 'from' ? sport : dport;
  if (text === undefined) return null;
  if (!isReference(text)) return { address: text, port: port ?? null };
  const reference = parseReference(text);
  if (reference === null) return new Misnamed('NAME_FORM', { option, text });
  return port === undefined ? reference : { ...reference, port: String(port) };
}

function portOf(port: number | null, name: 'sport' | 'dport'): Pick<PacketInput, 'sport' | 'dport'> {
  return port === null ? {} : { [name]: port };
}

/** A packet of a line with names in place of addresses, with the addresses. Its protocol is given. */
export function namedPacket(packet: PacketInput, names: NameBook): PacketInput | Misnamed {
  if (!isReference(packet.src ?? '') && !isReference(packet.dst)) return packet;
  const from = endOf(packet, 'from');
  const to = endOf(packet, 'to');
  if (from instanceof Misnamed) return from;
  if (to === null || to instanceof Misnamed) return to ?? packet;
  const { proto } = packet;
  const protocol = typeof proto === 'number' ? proto : protocolNumber(proto);
  const ends = resolveEnds(names, { from, to }, protocol);
  if ('problem' in ends)
    return new Misnamed(ends.problem.code, { option: FIELDS[ends.side], ...ends.problem.params });
  return {
    ...packet,
    ...(ends.from === null ? {} : { src: ends.from.address, ...portOf(ends.from.port, 'sport') }),
    dst: ends.to.address,
    ...portOf(ends.to.port, 'dport'),
  };
}
