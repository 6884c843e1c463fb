/** The hash that HMARK makes of a packet or of its connection (net/netfilter/xt_HMARK.c). */
import { type Address, familyOf } from '../../address/address.js';
import { jhash2, scale } from '../../address/jhash.js';
import { prefixOf } from '../../address/prefix.js';
import type { PacketView, World } from '../view.js';

/** struct xt_hmark_info; what is not given is not hashed. */
export interface Hashing {
  /** The connection's tuples instead of the packet. */
  readonly connection: boolean;
  readonly sourceLength: number | undefined;
  readonly destinationLength: number | undefined;
  /** Both ports as one number, or the SPI: the source is above the destination. */
  readonly portMask: number;
  readonly portSet: number;
  readonly protocolMask: number;
  readonly seed: number;
  readonly modulus: number;
  readonly offset: number;
}

const ICMP = 1;
/** Protocols that begin with two ports, and those with an SPI (net/core/utils.c proto_ports_offset). */
const WITH_PORTS: ReadonlySet<number> = new Set([6, 17, 33, 132, 136]);
const WITH_SPI: ReadonlySet<number> = new Set([50, 51]);
/** What comes behind these IPv6 headers is hashed, and not described. */
const BEFORE_OTHERS: ReadonlySet<number> = new Set([0, 43, 44, 60]);
const ERRORS: ReadonlySet<number> = new Set([3, 4, 5, 11, 12]);

/** Two values of which the packet has some one between: what is hashed of them, or null when that is not settled. */
function hashed(low: Address, high: Address, length: number | undefined): number | null {
  if (length === undefined) return 0;
  const { address } = prefixOf(low, length);
  if (address !== prefixOf(high, length).address) return null;
  if (familyOf(address) === 4) return Number(address) >>> 0;
  const wide = BigInt(address);
  return Number((wide ^ (wide >> 32n) ^ (wide >> 64n) ^ (wide >> 96n)) & 0xffffffffn);
}

interface Ends {
  readonly sourcePort: number;
  readonly sourcePortTo: number;
  readonly destinationPort: number;
  readonly destinationPortTo: number;
}

/** The ports as they are hashed, the larger one first; null when a drawn one counts. */
function hashedPorts(ends: Ends, { portMask, portSet }: Hashing): number | null {
  const drawn = (low: number, high: number, mask: number): boolean => low !== high && mask !== 0;
  if (drawn(ends.sourcePort, ends.sourcePortTo, portMask >>> 16)) return null;
  if (drawn(ends.destinationPort, ends.destinationPortTo, portMask & 0xffff)) return null;
  const both = (ends.sourcePort << 16) | ends.destinationPort;
  const seen = (both & portMask) | portSet;
  const [source, destination] = [seen >>> 16, seen & 0xffff];
  return ((Math.max(source, destination) << 16) | Math.min(source, destination)) >>> 0;
}

function quotes({ family, protocol, icmpType }: PacketView): boolean {
  return family === 4
    ? protocol === ICMP && ERRORS.has(icmpType)
    : protocol === 58 && icmpType > 0 && icmpType < 128;
}

function portsOf(packet: PacketView, hashing: Hashing): number | null {
  if (WITH_PORTS.has(packet.protocol)) return hashedPorts(packet, hashing);
  if (!WITH_SPI.has(packet.protocol)) return 0;
  const nothing = { sourcePort: 0, sourcePortTo: 0, destinationPort: 0, destinationPortTo: 0 };
  return hashing.portMask === 0 ? hashedPorts(nothing, hashing) : null;
}

/**
 * The mark that the packet gets.
 * @returns null when something is hashed that is not known, 'none' when there is no connection to hash
 */
export function hashMark(
  hashing: Hashing,
  packet: PacketView,
  { connection }: World,
): number | 'none' | null {
  let ends: { readonly from: readonly [Address, Address]; readonly to: readonly [Address, Address] };
  let ports: number | null;
  let { protocol } = packet;
  if (hashing.connection) {
    if (connection === null) return 'none';
    const { original, reply } = connection;
    ends = { from: [original.source, original.sourceTo], to: [reply.source, reply.sourceTo] };
    ({ protocol } = original);
    const pair = {
      sourcePort: original.sourcePort,
      sourcePortTo: original.sourcePortTo,
      destinationPort: reply.sourcePort,
      destinationPortTo: reply.sourcePortTo,
    };
    ports = protocol === ICMP ? 0 : hashedPorts(pair, hashing);
  } else {
    if (quotes(packet) || (packet.family === 6 && BEFORE_OTHERS.has(protocol))) return null;
    ends = {
      from: [packet.source, packet.sourceTo],
      to: [packet.destination, packet.destinationTo],
    };
    ports = portsOf(packet, hashing);
  }
  const source = hashed(...ends.from, hashing.sourceLength);
  const destination = hashed(...ends.to, hashing.destinationLength);
  if (source === null || destination === null || ports === null) return null;
  const words = [Math.min(source, destination), Math.max(source, destination), ports];
  const hash = (jhash2(words, hashing.seed) ^ (protocol & hashing.protocolMask)) >>> 0;
  return (scale(hash, hashing.modulus) + hashing.offset) >>> 0;
}

/** The bits that any mark of this hashing has, and those that hang on the hash. */
export function anyMark({ modulus, offset }: Hashing): { readonly value: number; readonly open: number } {
  const last = offset + modulus - 1;
  if (last > 0xffffffff) return { value: 0, open: 0xffffffff };
  const differing = (offset ^ last) >>> 0;
  const open = differing === 0 ? 0 : 0xffffffff >>> Math.clz32(differing);
  return { value: (offset & ~open) >>> 0, open };
}
