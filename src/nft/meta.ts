/** `meta …` (net/netfilter/nft_meta.c nft_meta_get_eval). */
import type { Address } from '../address/address.js';
import { type Ternary, invertIf, unsure } from '../chooser/question.js';
import { type PacketView, UNKNOWN_INTERFACE } from '../iptables/view.js';
import type { Interval } from './datatype.js';
import { textNumber } from './interface-name.js';
import { transportProtocol } from './payload.js';
import { ABSENT, type Value, exact, masked, open } from './value.js';
import type { NftContext } from './world.js';

const FULL = 0xffffffff;

function deviceName(name: string, what: string): Value {
  if (name !== UNKNOWN_INTERFACE) return exact(textNumber(name));
  return open(`${what} device`, 'UNK_OUT_DEVICE', { device: what });
}

/** Of a device that may not be there, or not be known. */
function ofDevice(name: string, what: string, ask: (device: string) => number | null | undefined): Value {
  if (name === '') return ABSENT;
  const found = name === UNKNOWN_INTERFACE ? null : (ask(name) ?? null);
  return found === null ? open(`${what} of ${name}`) : exact(found);
}

/** rtnl_link_ops->kind; devices without it (physical ones, lo) end the rule. */
function kindOf(name: string, what: string, { node }: NftContext): Value {
  if (name === '' || name === 'lo') return ABSENT;
  const kind = name === UNKNOWN_INTERFACE ? null : (node.interfaceKind?.(name) ?? null);
  if (kind === null) return open(`${what} of ${name}`);
  return kind === '' ? ABSENT : exact(textNumber(kind));
}

/**
 * The owner of the sending socket. A packet that arrives has a socket only where the kernel looked one up early
 * (tcp_v4_early_demux and its like, before INPUT).
 */
function owner(id: number | null, what: string, { packet, world }: NftContext): Value {
  if (packet.isLocal)
    return id === null ? open(`${what} of the sender`, 'UNK_OWNER', { what, wanted: '' }) : exact(id);
  const early = world.hook === 'INPUT' && (packet.protocol === 6 || packet.protocol === 17);
  return early ? open(`${what} of the receiver`, 'UNK_OWNER', { what, wanted: '' }) : ABSENT;
}

function isMulticast(address: Address): boolean {
  return typeof address === 'bigint' ? address >> 120n === 0xffn : address >>> 28 === 14;
}

/** The destination that the frame had when it came. */
function received({ packet, world: { connection, state } }: NftContext): Address {
  if (connection === null || state === 'RELATED' || connection.original.protocol === 0)
    return packet.destination;
  return (connection.direction === 'ORIGINAL' ? connection.original : connection.reply).destination;
}

const [HOST, BROADCAST, MULTICAST] = [0n, 1n, 2n];

/** As for iptables: a received frame is taken to go where its IP destination calls for (src/iptables/match/pkttype.ts). */
function packetType(context: NftContext): Value {
  const { packet, world } = context;
  const set = context.node.memory.metaValue('pkttype');
  if (set !== null) return exact(set);
  const outgoing = world.hook === 'OUTPUT' || (world.hook === 'POSTROUTING' && packet.isLocal);
  const address = received(context);
  if (outgoing || (!isMulticast(address) && (packet.inInterface === 'lo' || packet.family === 6)))
    return exact(HOST);
  if (isMulticast(address))
    return packet.inInterface === 'lo'
      ? open('packet type', 'UNK_PACKET_TYPE', { wanted: '' })
      : exact(MULTICAST);
  const broadcast = world.addressTypeIs(address, new Set(['BROADCAST']), packet.inInterface);
  if (typeof broadcast === 'boolean') return exact(broadcast ? BROADCAST : HOST);
  return {
    kind: 'open',
    what: 'packet type',
    code: broadcast.code,
    params: broadcast.params,
    within: ({ from, to }: Interval): Ternary => {
      const [unicast, both] = [from <= HOST && to >= HOST, from <= BROADCAST && to >= BROADCAST];
      if (unicast === both) return unicast;
      return invertIf(unicast, broadcast);
    },
  };
}

function length({ length: bytes }: PacketView): Value {
  if (bytes !== null) return exact(bytes);
  return {
    kind: 'open',
    what: 'length',
    code: 'UNK_LENGTH',
    params: {},
    within: ({ from, to }: Interval): Ternary => {
      const wanted = from === to ? String(from) : `${String(from)}:${String(to)}`;
      return from <= 0n && to >= 0xffffn ? true : unsure(`length is ${wanted}`, 'UNK_LENGTH', { wanted });
    },
  };
}

/** Set in this walk, or not known. */
function remembered(key: string, { node }: NftContext): Value {
  const set = node.memory.metaValue(key);
  return set === null ? open(`meta ${key}`) : exact(set);
}

/** The value of a key; keys that are not known here are open. */
export function metaValue(key: string, context: NftContext): Value {
  const { packet, world, node } = context;
  const { inInterface, outInterface } = packet;
  switch (key) {
    case 'length':
      return length(packet);
    case 'protocol':
      return exact(packet.family === 4 ? 0x800 : 0x86dd);
    case 'nfproto':
      return exact(packet.family === 4 ? 2 : 10);
    case 'l4proto':
      return transportProtocol(packet);
    case 'mark':
      return masked(BigInt(packet.mark >>> 0), BigInt(packet.markUnknown >>> 0), 'mark');
    case 'iif':
    case 'iifname':
      return deviceName(inInterface, 'input');
    case 'oif':
    case 'oifname':
      return deviceName(outInterface, 'output');
    // Of skb->dev, not of the hook's input device: ip_output has put the output device there.
    case 'iiftype':
      return ofDevice(world.hook === 'POSTROUTING' ? outInterface : inInterface, key, (device) =>
        node.interfaceType?.(device),
      );
    case 'oiftype':
      return ofDevice(outInterface, key, (device) => node.interfaceType?.(device));
    case 'iifgroup':
      return ofDevice(inInterface, key, (device) => world.deviceGroup(device));
    case 'oifgroup':
      return ofDevice(outInterface, key, (device) => world.deviceGroup(device));
    case 'iifkind':
      return kindOf(inInterface, key, context);
    case 'oifkind':
      return kindOf(outInterface, key, context);
    case 'skuid':
      return owner(packet.uid, 'uid', context);
    case 'skgid':
      return owner(packet.gid, 'gid', context);
    case 'pkttype':
      return packetType(context);
    case 'rtclassid':
      return realm(context);
    case 'random':
      return {
        kind: 'drawn',
        key: `meta random of ${context.ruleKey} ${String(node.memory.nextDraw())}`,
        modulus: FULL + 1,
        offset: 0,
        fair: true,
      };
    case 'time':
    case 'day':
    case 'hour':
      return open(`meta ${key}`, 'UNK_TIME', { wanted: '' });
    case 'cpu':
      return open('meta cpu', 'UNK_CPU', { cpu: '' });
    default:
      return remembered(key, context);
  }
}

/** The realm of the route; without a route the rule ends, as before routing (skb_dst). */
export function realm({ world, packet }: NftContext): Value {
  if (world.hook === 'PREROUTING' && packet.inInterface !== 'lo') return ABSENT;
  const found = world.realm?.() ?? null;
  return found === null ? open('realm of the route', 'UNK_REALM', { wanted: '' }) : exact(found);
}
