/** Random rule sets over everything that natwalk evaluates, and packets drawn to hit them. */
import type { PacketInput } from '../../../../src/packet/result.js';
import { type Draw, drawn } from '../draw.js';
import { type Profile, type Setting, type SoakCase, saveHeader } from '../profile.js';
import { drawTable } from './chains.js';
import { type Hint, PORTS } from './context.js';
import { ICMP6_TYPES, ICMP_TYPES } from './icmp.js';
import { DEVICES, networkFiles, placesOf } from './network.js';
import { setsDump } from './sets.js';

const FLAGS = [
  ['SYN'],
  ['SYN'],
  ['SYN'],
  ['ACK'],
  ['SYN', 'ACK'],
  ['RST'],
  ['FIN', 'ACK'],
  ['PSH', 'ACK'],
  ['FIN', 'SYN'],
  ['SYN', 'ECE', 'CWR'],
  ['ACK', 'ECE'],
];

const own = (value: unknown): boolean => value !== undefined;

/** The packet that the hints of some rules ask for, filled up at random to one that can be sent. */
export function packet(draw: Draw, { family }: Setting, hint: Hint): PacketInput {
  const places = placesOf(family);
  const icmp = family === 4 ? 'icmp' : 'icmpv6';
  const device = hint.in === null || draw.chance(20) ? null : draw.pick(DEVICES);
  const wanted = hint.in ?? device;
  const proto = hint.proto ?? draw.pick(['tcp', 'tcp', 'udp', 'udp', icmp, 'sctp', 'esp', 'udplite']);
  const behind = wanted === null ? places.own : places.hosts[DEVICES.find((one) => one === wanted) ?? 'eth0'];
  const fits = hint.src !== undefined && behind.includes(hint.src);
  const src = fits ? hint.src : draw.pick(behind);
  const wish = hint.dst ?? draw.pick([...places.own, ...Object.values(places.hosts).flat(), ...places.odd]);
  const type = draw.pick(family === 4 ? ICMP_TYPES : ICMP6_TYPES);
  const flags = (hint.tcpFlags ?? draw.pick(FLAGS)) as string[];
  const local = wanted === null;
  // What the node sends to all goes out and comes in: two packets, which see different rules.
  const dst = local && wish.endsWith('.255') ? '10.0.0.3' : wish;
  const ports = !['icmp', 'icmpv6', 'esp', 'ah'].includes(String(proto));
  const connects = local && proto === 'tcp' && flags.join() === 'SYN';
  // Such a packet is sent with its whole header, the source in it.
  const raw = ports && !connects && proto !== 'udp';
  const tos = Number(hint.tos ?? draw.pick([0, 0, 0, 0x10, 0xb8, 0x20, 2])) & (local ? 0xfc : 0xff);
  const bare = family === 4 ? 60 : 80;
  return {
    in: wanted,
    proto,
    ...(local && !raw && !own(hint.src) && draw.chance(60) ? {} : { src: src ?? '' }),
    dst,
    ...(ports
      ? {
          sport: Math.max(hint.sport ?? draw.pick([...PORTS, 40000, 55555]), 1),
          dport: Math.max(hint.dport ?? draw.pick(PORTS), 1),
        }
      : {}),
    ...(proto === 'tcp' ? { tcpFlags: flags } : {}),
    ...(proto === icmp
      ? {
          icmpType: hint.icmpType ?? type.type,
          icmpCode: hint.icmpCode ?? (hint.icmpType === undefined ? type.code : 0),
          icmpId: draw.integer(1, 9),
        }
      : {}),
    ...(local
      ? { mark: hint.mark ?? draw.pick([0, 0, 7]), uid: hint.uid ?? draw.pick([0, 1000]), gid: hint.gid ?? 0 }
      : {}),
    ttl: hint.ttl ?? draw.pick([64, 64, 64, 1, 2, 255]),
    tos,
    length: connects ? bare : Math.max(hint.length ?? 0, draw.pick([100, 100, 84, 500])),
  };
}

function build(draw: Draw, setting: Setting): SoakCase {
  const open = draw.chance(1);
  const tables = (['raw', 'mangle', 'nat', 'filter', 'security'] as const)
    .filter((table) => draw.chance(table === 'security' || table === 'raw' ? 40 : 75))
    .map((table) => drawTable(draw, setting, table, open));
  const hints = tables.flatMap((table) => table.hints);
  const aimed = (): Hint =>
    hints.length === 0 || draw.chance(25) ? {} : { ...draw.pick(hints), ...draw.pick(hints) };
  const packets = draw
    .list(25, 45, () => packet(draw, setting, aimed()))
    .flatMap((one, at): PacketInput[] => {
      const id = String(at);
      // A port can be connected from once.
      const once = one.in === null && one.proto === 'tcp' && one.tcpFlags?.join() === 'SYN';
      if (once || !draw.chance(20)) return [{ id, ...one }];
      // The same packet again belongs to the connection of the first.
      return [1, 2].map((step) => ({ id: `${id}.${step}`, ...one, flow: id, step }));
    });
  return {
    files: {
      ...networkFiles(setting.family),
      'ipset-save.txt': setsDump(draw, setting.family),
      [setting.family === 4 ? 'iptables-save.txt' : 'ip6tables-save.txt']:
        `${saveHeader(setting)}${tables.map(({ text }) => text).join('')}`,
    },
    packets,
  };
}

export const rules: Profile = {
  name: 'rules',
  families: [4, 6],
  case: (setting) => drawn((draw) => build(draw, setting)),
};
