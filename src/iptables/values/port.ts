/** Ports and port ranges, by number or by service name. */
import { type Ternary, allOf, invertIf, unsure } from '../../chooser/question.js';
import { numberWithin } from '../decide.js';
import { BadValue, type Given, type Reason, type ValueType } from '../extension.js';
import type { PacketView, World } from '../view.js';
import { type NumberSpan, parseNumber } from './number.js';
import { serviceNumber } from './services.js';

/** Reads a port: a number up to 65535, or a name of /etc/services. @returns null when it is neither */
export function parsePort(word: string): number | null {
  const value = parseNumber(word) ?? serviceNumber(word);
  return value !== null && value <= 65535 ? value : null;
}

function spanType(ordered: boolean): ValueType<NumberSpan> {
  return {
    words: 1,
    parse([word = '']) {
      const [left = '', right, ...rest] = word.split(':');
      const from = left === '' && right !== undefined ? 0 : parsePort(left);
      const to = right === undefined ? from : right === '' ? 65535 : parsePort(right);
      if (from === null || to === null || rest.length > 0) return new BadValue('VAL_PORT', { text: word });
      return from <= to || !ordered ? { from, to } : new BadValue('VAL_SPAN_ORDER', { text: word });
    },
    print: ({ from, to }) => (from === to ? String(from) : `${String(from)}:${String(to)}`),
  };
}

/** `PORT`, `A:B`, `A:` or `:B`, as -m tcp and -m sctp take it. */
export const portSpan: ValueType<NumberSpan> = spanType(true);

/** The same for -m udp and -m conntrack, which also take `B:A`: a span that no port lies in. */
export const loosePortSpan: ValueType<NumberSpan> = spanType(false);

/** The port of an option that asks for exactly one; null for others. */
export function onlyPort(given: Given<NumberSpan> | undefined): number | null {
  return given === undefined || given.inverted || given.value.from !== given.value.to
    ? null
    : given.value.from;
}

/** A span option's words: nothing when it covers all ports, inverted or not (libxt_tcp.c and libxt_udp.c leave it out). */
export function printPortSpan(flag: string, given: Given<NumberSpan> | undefined): string {
  if (given === undefined || (given.value.from === 0 && given.value.to === 65535)) return '';
  return `${given.inverted ? '! ' : ''}${flag} ${portSpan.print(given.value, 4)}`;
}

/** Is a port of the packet in the span, `!` included? `what` names the port in a question. */
export function portIs(
  what: 'source port' | 'destination port',
  packet: PacketView,
  given: Given<NumberSpan> | undefined,
): Ternary {
  if (given === undefined) return true;
  const { from, to } = given.value;
  const within =
    what === 'source port'
      ? numberWithin(packet.sourcePort, packet.sourcePortTo, from, to, what)
      : numberWithin(packet.destinationPort, packet.destinationPortTo, from, to, what);
  return invertIf(given.inverted, within);
}

const isSingle = ({ value }: Given<NumberSpan>): boolean => value.from === value.to;

/**
 * Do both ports hold? iptables-nft (1.8.9) makes one comparison of `! --sport A ! --dport B`, which holds unless both are
 * equal; others of its versions, and iptables-legacy, compare each, and the save does not tell which loaded the rule.
 */
export function portsAre(
  packet: PacketView,
  sport: Given<NumberSpan> | undefined,
  dport: Given<NumberSpan> | undefined,
  { backend }: World,
): Ternary {
  const source = portIs('source port', packet, sport);
  const destination = portIs('destination port', packet, dport);
  if (backend === 'nft' && source !== destination && sport?.inverted === true && dport?.inverted === true) {
    const isOne = isSingle(sport) && isSingle(dport);
    if (isOne && typeof source === 'boolean' && typeof destination === 'boolean')
      return unsure('inverted ports are compared at once', 'UNK_NFT_PORTS');
  }
  if (source === true) return destination;
  return source === false ? false : allOf([source, destination]);
}

/** The reason when `--sport` or `--dport` said no, or null when neither did. */
export function portReason(
  packet: PacketView,
  sport: Given<NumberSpan> | undefined,
  dport: Given<NumberSpan> | undefined,
): Reason | null {
  const wanted = ({ inverted, value }: Given<NumberSpan>): string =>
    `${inverted ? 'not ' : ''}${portSpan.print(value, 4)}`;
  if (sport !== undefined && portIs('source port', packet, sport) === false)
    return { code: 'NO_SPORT', option: 'sport', params: { wanted: wanted(sport), has: packet.sourcePort } };
  if (dport !== undefined && portIs('destination port', packet, dport) === false)
    return {
      code: 'NO_DPORT',
      option: 'dport',
      params: { wanted: wanted(dport), has: packet.destinationPort },
    };
  return null;
}
