/** Addresses, ports and packets as views write them. */
import type { CompletedPacket, FinalPacket, Outcome } from '../packet/result.js';

/** `10.0.0.1:443`, `[2001:db8::1]:443`, or the bare address when there is no port. */
export function endpoint(address: string, port: string): string {
  if (port === '') return address;
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

function one(value: number | undefined, range: readonly [number, number] | undefined): string {
  if (range !== undefined) return `${String(range[0])}-${String(range[1])}`;
  return value === undefined ? '' : String(value);
}

function address(value: string | undefined, range: readonly [string, string] | undefined): string {
  return range === undefined ? (value ?? '?') : `${range[0]}-${range[1]}`;
}

/** Source of the final header, drawn ports as `LOW-HIGH`. */
export function finalSource(final: FinalPacket): string {
  return endpoint(address(final.src, final.srcRange), one(final.sport, final.sportRange));
}

/** A packet that left without an address of its own, since the snapshot shows none that it may have. */
function hasNoSource({ final, assumptions }: Outcome): boolean {
  const { src } = final;
  return (src === '0.0.0.0' || src === '::') && assumptions.some(({ code }) => code === 'ASM_SOURCE');
}

/** Where an outcome's packet comes from; `*` for one of the node's addresses, which the snapshot does not show. */
export function outcomeSource(outcome: Outcome): string {
  const { final } = outcome;
  return hasNoSource(outcome) ? endpoint('*', one(final.sport, final.sportRange)) : finalSource(final);
}

/** The same without port. */
export function outcomeSourceAddress(outcome: Outcome): string {
  return hasNoSource(outcome) ? '*' : finalSourceAddress(outcome.final);
}

/** Destination of the final header. */
export function finalDestination(final: FinalPacket): string {
  return endpoint(address(final.dst, final.dstRange), one(final.dport, final.dportRange));
}

/** The final source address without port. */
export function finalSourceAddress(final: FinalPacket): string {
  return address(final.src, final.srcRange);
}

/** The final destination address without port. */
export function finalDestinationAddress(final: FinalPacket): string {
  return address(final.dst, final.dstRange);
}

const ICMP4: ReadonlyMap<number, string> = new Map([
  [0, 'echo-reply'],
  [3, 'destination-unreachable'],
  [5, 'redirect'],
  [8, 'echo-request'],
  [11, 'time-exceeded'],
]);
const ICMP6: ReadonlyMap<number, string> = new Map([
  [1, 'destination-unreachable'],
  [2, 'packet-too-big'],
  [3, 'time-exceeded'],
  [128, 'echo-request'],
  [129, 'echo-reply'],
]);

function icmp(packet: CompletedPacket): string {
  if (packet.icmpType === undefined) return '';
  const name = (packet.proto === 'icmp' ? ICMP4 : ICMP6).get(packet.icmpType);
  const code = packet.icmpCode ?? 0;
  const type = name ?? `type ${String(packet.icmpType)}`;
  return `${type}${name === undefined || code !== 0 ? ` code ${String(code)}` : ''}`;
}

/** The source as it was given: `*` when a local process left it to the kernel. */
function givenSource(packet: CompletedPacket): string {
  return packet.in === null && (packet.src === '0.0.0.0' || packet.src === '::') ? '*' : packet.src;
}

/** `tcp 10.0.0.1:4000 > 10.0.0.2:80 SYN`: the packet as it was sent. */
export function packetText(packet: CompletedPacket): string {
  const port = (value: number | undefined): string => (value === undefined ? '' : String(value));
  const words = [
    packet.proto,
    `${endpoint(givenSource(packet), port(packet.sport))} > ${endpoint(packet.dst, port(packet.dport))}`,
    packet.tcpFlags?.join(',') ?? icmp(packet),
  ];
  if (packet.mark !== '0x0') words.push(`mark ${packet.mark}`);
  if (packet.ct !== undefined) words.push(`ct ${packet.ct}`);
  return words.filter((word) => word !== '').join(' ');
}

/** A probability as percent, three figures at most: `33.3 %`. */
export function percent(probability: number): string {
  const value = probability * 100;
  const text = value >= 99.95 && value < 100 ? '> 99.9' : String(Number(value.toPrecision(3)));
  return `${text} %`;
}
