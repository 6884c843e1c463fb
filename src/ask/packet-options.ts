/** The options that describe a packet, read into a PacketInput. */
import { parseAddress } from '../address/address.js';
import { protocolName, protocolNumber } from '../address/protocols.js';
import { NameBook } from '../names/book.js';
import { type End, type Literal, resolveEnds } from '../names/ends.js';
import { mergeObjects } from '../names/merge.js';
import type { PacketInput } from '../packet/result.js';
import { misnamed, readName } from './named-end.js';
import { misuse } from './mistake.js';

/** Values as Commander hands them over. */
export interface PacketOptions {
  readonly from?: string;
  readonly to?: string;
  readonly proto?: string;
  readonly in?: string;
  readonly local?: true;
  readonly mark?: string;
  readonly tos?: string;
  readonly ttl?: string;
  readonly length?: string;
  readonly tcpFlags?: string;
  readonly icmp?: string;
  readonly icmpId?: string;
  readonly uid?: string;
  readonly gid?: string;
  readonly oif?: string;
  readonly connected?: string;
  readonly ct?: string;
}

/** Reads a decimal or 0x… number within bounds. @throws UsageError */
function number(option: string, text: string, low: number, high: number): number {
  const value = /^(?:0x[0-9a-f]{1,8}|\d{1,10})$/i.test(text) ? Number(text) : NaN;
  if (!(value >= low && value <= high)) throw misuse('USAGE_NUMBER', option, { option, text, low, high });
  return value;
}

/** Which part of a mistyped address to point at: an octet above 255, or all of it. */
function wrongPart(text: string): { start: number; end: number } | undefined {
  for (const octet of text.matchAll(/\d+/g)) {
    if (Number(octet[0]) > 255 && text[octet.index - 1] !== ':')
      return { start: octet.index, end: octet.index + octet[0].length };
  }
  return undefined;
}

/** Reads `IP`, `IP:PORT`, `[IPv6]` or `[IPv6]:PORT`. @throws UsageError */
export function readEndpoint(option: string, text: string): Literal {
  if (parseAddress(text) !== null) return { address: text, port: null };
  const bracketed = /^\[([^\]]*)\](?::(.*))?$/.exec(text);
  const colon = text.lastIndexOf(':');
  const address = bracketed?.[1] ?? (colon < 0 ? text : text.slice(0, colon));
  const port = bracketed === null ? (colon < 0 ? undefined : text.slice(colon + 1)) : bracketed[2];
  if (parseAddress(address) === null)
    throw misuse('USAGE_ADDRESS', option, { option, text }, wrongPart(text));
  if (port === undefined) return { address, port: null };
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65535) {
    const start = text.length - port.length;
    throw misuse(
      'USAGE_PORT',
      option,
      { option, text: port },
      { start: Math.min(start, text.length - 1), end: text.length },
    );
  }
  return { address, port: Number(port) };
}

function readIcmp(text: string): Pick<PacketInput, 'icmpType' | 'icmpCode'> {
  const found = /^(\d{1,3})(?:\/(\d{1,3}))?$/.exec(text);
  const type = Number(found?.[1] ?? NaN);
  const code = Number(found?.[2] ?? 0);
  if (!(type <= 255 && code <= 255)) throw misuse('USAGE_ICMP', '--icmp', { option: '--icmp', text });
  return { icmpType: type, icmpCode: code };
}

const FLAGS: ReadonlySet<string> = new Set(['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG', 'ECE', 'CWR']);

function readFlags(text: string): string[] {
  const names = text.split(',').map((name) => name.trim().toUpperCase());
  if (names.length === 1 && names[0] === 'NONE') return [];
  for (const name of names)
    if (!FLAGS.has(name)) throw misuse('USAGE_FLAGS', '--tcp-flags', { option: '--tcp-flags', text: name });
  return names;
}

const STATES = ['new', 'established', 'related', 'untracked', 'invalid'] as const;

function readState(text: string): NonNullable<PacketInput['ct']> {
  const found = STATES.find((name) => name === text.toLowerCase());
  if (found === undefined)
    throw misuse('USAGE_CHOICE', '--ct', { option: '--ct', text, choices: STATES.join(', ') });
  return found;
}

function readConnected(text: string): boolean {
  const found = ['no', 'yes'].indexOf(text.toLowerCase());
  if (found < 0)
    throw misuse('USAGE_CHOICE', '--connected', { option: '--connected', text, choices: 'yes, no' });
  return found === 1;
}

/** Reads a name or an address. @throws UsageError */
function readEnd(option: string, text: string): End {
  return readName(option, text) ?? readEndpoint(option, text);
}

function entry(options: PacketOptions): Pick<PacketInput, 'in'> {
  if (options.local === true && options.in !== undefined)
    throw misuse('USAGE_CONFLICT', '--in', { option: '--in', other: '--local' });
  if (options.local === true) return { in: null };
  return options.in === undefined ? {} : { in: options.in };
}

const NUMBERS = [
  ['mark', '--mark', 0xffffffff],
  ['tos', '--tos', 255],
  ['ttl', '--ttl', 255],
  ['length', '--length', 65535],
  ['icmpId', '--icmp-id', 65535],
  ['uid', '--uid', 0xffffffff],
  ['gid', '--gid', 0xffffffff],
] as const;

/** A packet as the options describe it: its ends may be names still. */
export interface PacketDraft {
  readonly from: End | null;
  readonly to: End;
  /** Null when it is left open. */
  readonly proto: string | null;
  /** The options tell of ICMP, whichever of the two the family makes it. */
  readonly isIcmp: boolean;
  readonly rest: Omit<PacketInput, 'proto' | 'src' | 'sport' | 'dst' | 'dport'>;
}

/**
 * Reads the options.
 * @throws UsageError that names the first wrong option
 */
export function readPacketDraft(options: PacketOptions): PacketDraft {
  if (options.to === undefined) throw misuse('USAGE_MISSING', null, { option: '--to' });
  const to = readEnd('--to', options.to);
  const from = options.from === undefined ? null : readEnd('--from', options.from);
  if (isFamilyMix(from, to)) throw misuse('USAGE_FAMILY', '--to');
  const numbers: Partial<Record<(typeof NUMBERS)[number][0], number>> = {};
  for (const [key, option, high] of NUMBERS) {
    const text = options[key];
    if (text !== undefined) numbers[key] = number(option, text, 0, high);
  }
  return {
    from,
    to,
    proto: options.proto?.toLowerCase() ?? null,
    isIcmp: options.icmp !== undefined || options.icmpId !== undefined,
    rest: {
      ...entry(options),
      ...(options.icmp === undefined ? {} : readIcmp(options.icmp)),
      ...(options.tcpFlags === undefined ? {} : { tcpFlags: readFlags(options.tcpFlags) }),
      ...(options.oif === undefined ? {} : { oif: options.oif }),
      ...(options.connected === undefined ? {} : { connected: readConnected(options.connected) }),
      ...(options.ct === undefined ? {} : { ct: readState(options.ct) }),
      ...numbers,
    },
  };
}

function isFamilyMix(from: End | null, to: End): boolean {
  if (from === null || 'kind' in from || 'kind' in to) return false;
  return from.address.includes(':') !== to.address.includes(':');
}

/** The family of the packet, when an address tells it already. */
export function familyOfDraft({ from, to }: PacketDraft): 4 | 6 | null {
  for (const end of [from, to])
    if (end !== null && !('kind' in end)) return end.address.includes(':') ? 6 : 4;
  return null;
}

/** Protocol numbers of the words that may name ICMP, and of no protocol at all. */
function protocolOf({ proto, isIcmp }: PacketDraft): number | null {
  if (proto === null) return isIcmp ? 1 : null;
  return protocolNumber(proto) ?? (/^\d{1,3}$/.test(proto) ? Number(proto) : null);
}

/**
 * Makes the packet: names become addresses, and what was left open is filled in.
 * @throws UsageError for a name that leads nowhere
 */
export function packetOf(draft: PacketDraft, names: NameBook): PacketInput {
  const ends = resolveEnds(names, draft, protocolOf(draft));
  if ('problem' in ends) throw misnamed(ends);
  const { from, to, protocol } = ends;
  const icmp = to.address.includes(':') ? 'icmpv6' : 'icmp';
  const otherwise = draft.isIcmp ? icmp : protocol === null ? 'tcp' : protocolName(protocol);
  return {
    ...draft.rest,
    proto: draft.proto ?? otherwise,
    dst: to.address,
    ...(to.port === null ? {} : { dport: to.port }),
    ...(from === null ? {} : { src: from.address, ...(from.port === null ? {} : { sport: from.port }) }),
  };
}

/**
 * Makes the packet that the options describe by its addresses alone.
 * @throws UsageError that names the first wrong option
 */
export function readPacketOptions(options: PacketOptions): PacketInput {
  return packetOf(readPacketDraft(options), new NameBook(mergeObjects([], null)));
}
