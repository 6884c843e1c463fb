/** One line of a batch, read into a packet. */
import type { PacketInput } from '../packet/result.js';

/** What is wrong with a line: a short reason. */
export class BadLine {
  readonly reason: string;
  /** The line's id, when it has one that can be read. */
  readonly id: string | null;

  constructor(reason: string, id: string | null) {
    this.reason = reason;
    this.id = id;
  }
}

type Field = Exclude<keyof PacketInput, 'inner' | 'tcpFlags'>;

type Kind = 'text' | 'number' | 'either' | 'device' | 'truth';

const FIELDS: Readonly<Record<Field, Kind>> = {
  id: 'text',
  in: 'device',
  proto: 'either',
  src: 'text',
  sport: 'number',
  dst: 'text',
  dport: 'number',
  icmpType: 'number',
  icmpCode: 'number',
  icmpId: 'number',
  mark: 'either',
  ttl: 'number',
  tos: 'either',
  length: 'number',
  uid: 'number',
  gid: 'number',
  oif: 'text',
  connected: 'truth',
  ct: 'text',
  flow: 'text',
  step: 'number',
};

const KINDS: Readonly<Record<Kind, string>> = {
  text: 'text',
  number: 'a whole number',
  either: 'text or a whole number',
  device: 'text or null',
  truth: 'true or false',
};

function fits(value: unknown, kind: Kind): boolean {
  const whole = typeof value === 'number' && Number.isSafeInteger(value);
  if (kind === 'number') return whole;
  if (kind === 'truth') return typeof value === 'boolean';
  if (kind === 'either') return whole || typeof value === 'string';
  return typeof value === 'string' || (kind === 'device' && value === null);
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function fieldProblem(packet: Readonly<Record<string, unknown>>): string | null {
  for (const [name, kind] of Object.entries(FIELDS)) {
    const value = Object.hasOwn(packet, name) ? packet[name] : undefined;
    if (value !== undefined && !fits(value, kind)) return `"${name}" must be ${KINDS[kind]}`;
  }
  const flags = Object.hasOwn(packet, 'tcpFlags') ? packet['tcpFlags'] : undefined;
  if (flags !== undefined && !(Array.isArray(flags) && flags.every((flag) => typeof flag === 'string')))
    return '"tcpFlags" must be a list of names';
  for (const name of ['proto', 'dst']) {
    if (!Object.hasOwn(packet, name)) return `"${name}" is missing`;
  }
  return null;
}

/** Whether every field of a packet has a type that PacketInput allows. */
function isPacket(
  value: Readonly<Record<string, unknown>>,
): value is Readonly<Record<string, unknown>> & PacketInput {
  return fieldProblem(value) === null;
}

/** A field's value as a packet holds it: names may be given as numbers. */
function fieldValue(name: string, value: unknown): unknown {
  return (name === 'id' || name === 'flow') && typeof value === 'number' ? String(value) : value;
}

/** The fields that a packet has; null stands for "left out", but as a device. Everything else of a line is ignored. */
function pick(packet: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const names = [...Object.keys(FIELDS), 'tcpFlags', 'inner'];
  const given = names.filter(
    (name) => Object.hasOwn(packet, name) && (packet[name] !== null || name === 'in'),
  );
  return Object.fromEntries(given.map((name) => [name, fieldValue(name, packet[name])]));
}

const KIND_OF: ReadonlyMap<string, Kind> = new Map(Object.entries(FIELDS));

/**
 * A packet whose fields are all as they should be, which nearly all are; null for any other, of which readObject says
 * what is wrong, and for one with fields that are no single values.
 */
function quickRead(given: Readonly<Record<string, unknown>>): (Record<string, unknown> & PacketInput) | null {
  const packet: Record<string, unknown> = {};
  for (const name of Object.keys(given)) {
    const kind = KIND_OF.get(name);
    const value = given[name];
    if (kind === undefined) {
      if (name === 'tcpFlags' || name === 'inner') return null;
    } else if (value !== null || name === 'in') {
      const field = fieldValue(name, value);
      if (!fits(field, kind)) return null;
      packet[name] = field;
    }
  }
  return hasDestination(packet) ? packet : null;
}

/** The kinds of all fields are tested already. */
function hasDestination(packet: Record<string, unknown>): packet is Record<string, unknown> & PacketInput {
  return packet['proto'] !== undefined && packet['dst'] !== undefined;
}

function readObject(given: Readonly<Record<string, unknown>>, id: string | null): PacketInput | BadLine {
  const picked = pick(given);
  const inner = picked['inner'];
  if (inner !== undefined && !isObject(inner)) return new BadLine('"inner" must be an object', id);
  const packet = inner === undefined ? null : readObject(inner, id);
  if (packet instanceof BadLine) return new BadLine(`inner: ${packet.reason}`, id);
  const fields = packet === null ? picked : { ...picked, inner: packet };
  return isPacket(fields) ? fields : new BadLine(fieldProblem(fields) ?? '', id);
}

/** Reads a line. Fields that no packet has are ignored, so that a line may carry notes of its own. */
export function readBatchLine(text: string): PacketInput | BadLine {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return new BadLine('it is not JSON', null);
  }
  if (!isObject(value)) return new BadLine('it is not a JSON object', null);
  const quick = quickRead(value);
  if (quick !== null) return quick;
  const id = Object.hasOwn(value, 'id') ? value['id'] : null;
  return readObject(value, typeof id === 'string' || typeof id === 'number' ? String(id) : null);
}
