import type { Address } from '../../address/address.js';
import { type Ternary, invertIf, unsure } from '../../chooser/question.js';
import { BadValue, type MatchExtension, type ValueType, defineMatch } from '../extension.js';
import type { PacketView, World } from '../view.js';

type PacketType = 'unicast' | 'broadcast' | 'multicast' | 'otherhost';

const NAMES: ReadonlyMap<string, PacketType> = new Map<string, PacketType>([
  ['unicast', 'unicast'],
  ['host', 'unicast'],
  ['broadcast', 'broadcast'],
  ['bcast', 'broadcast'],
  ['multicast', 'multicast'],
  ['mcast', 'multicast'],
  ['otherhost', 'otherhost'],
]);

const packetType: ValueType<PacketType> = {
  words: 1,
  parse: ([word = '']) =>
    NAMES.get(word.toLowerCase()) ??
    new BadValue('VAL_ONE_OF', { text: word, names: [...NAMES.keys()].join(', ') }),
  print: (value) => value,
};

function isMulticast(address: Address): boolean {
  return typeof address === 'bigint' ? address >> 120n === 0xffn : address >>> 28 === 14;
}

/**
 * The destination as it was when the device received the packet: translation does not change the type. Behind a CT rule
 * in raw the entry is a template, of protocol 0, which knows no destination.
 */
function received({ destination }: PacketView, { connection, state }: World): Address {
  if (connection === null || state === 'RELATED' || connection.original.protocol === 0) return destination;
  return (connection.direction === 'ORIGINAL' ? connection.original : connection.reply).destination;
}

/**
 * Outgoing packets are unicast whatever their destination. Of received ones the frame's destination is taken to be what
 * the IP destination calls for; packets for other hosts never come as far as the tables. Copies of a node's own
 * broadcasts and multicasts, which it hears too, are of those types.
 */
function isType(wanted: PacketType, packet: PacketView, world: World): Ternary {
  if (wanted === 'otherhost') return false;
  const outgoing = world.hook === 'OUTPUT' || (world.hook === 'POSTROUTING' && packet.isLocal);
  const address = received(packet, world);
  if (outgoing || !isMulticast(address)) {
    if (outgoing || packet.inInterface === 'lo' || packet.family === 6) return wanted === 'unicast';
    if (wanted === 'multicast') return false;
    return invertIf(
      wanted === 'unicast',
      world.addressTypeIs(address, new Set(['BROADCAST']), packet.inInterface),
    );
  }
  if (packet.inInterface === 'lo') return unsure(`packet type ${wanted}`, 'UNK_PACKET_TYPE', { wanted });
  return wanted === 'multicast';
}

const match: MatchExtension = defineMatch({
  name: 'pkttype',
  kernel: 'net/netfilter/xt_pkttype.c pkttype_mt',
  missing: 'a received frame is taken to go where its IP destination calls for',
  options: { type: { flag: '--pkt-type', value: packetType, invert: true, required: true } },
  evaluate: ({ type }, packet, world) => invertIf(type.inverted, isType(type.value, packet, world)),
  explain: ({ type }) => ({
    code: 'NO_PACKET_TYPE',
    option: 'type',
    params: { wanted: `${type.inverted ? 'not ' : ''}${type.value}` },
  }),
});
export default match;
