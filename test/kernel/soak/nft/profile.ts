/** Random native nftables tables, alone and beside those of iptables, and packets drawn to hit them. */
import type { PacketInput } from '../../../../src/packet/result.js';
import { LOADED_FIRST } from '../../adapter/native-rules.js';
import { type Draw, drawn } from '../draw.js';
import {
  type Backend,
  type FileName,
  type Profile,
  type Setting,
  type SoakCase,
  saveHeader,
} from '../profile.js';
import { drawTable as drawIptables } from '../rules/chains.js';
import type { Hint } from '../rules/context.js';
import { networkFiles } from '../rules/network.js';
import { packet } from '../rules/profile.js';
import { setsDump } from '../rules/sets.js';
import { drawTable } from './chains.js';

interface Save {
  readonly name: FileName;
  readonly text: string;
  readonly hints: readonly Hint[];
}

/** Tables of one iptables, each with so many per cent. */
function save(draw: Draw, setting: Setting, backend: Backend, name: FileName, percent: number): Save {
  const own = { ...setting, backend };
  const tables = (['raw', 'mangle', 'nat', 'filter'] as const)
    .filter((table) => (table === 'filter' && percent > 30) || draw.chance(percent))
    .map((table) => drawIptables(draw, own, table, false));
  return {
    name,
    text: `${saveHeader(own)}${tables.map(({ text }) => text).join('')}`,
    hints: tables.flatMap(({ hints }) => hints),
  };
}

/** Native tables alone in a quarter of the cases, beside one iptables in most, and beside both in a third. */
function saves(draw: Draw, setting: Setting): readonly Save[] {
  const four = setting.family === 4;
  const drawnOf = draw.integer(0, 99);
  if (drawnOf < 25) return [];
  const plain = save(
    draw,
    setting,
    drawnOf < 67 ? setting.backend : 'legacy',
    four ? 'iptables-save.txt' : 'ip6tables-save.txt',
    40,
  );
  if (drawnOf < 67) return [plain];
  return [plain, save(draw, setting, 'nft', four ? 'iptables-nft-save.txt' : 'ip6tables-nft-save.txt', 25)];
}

function build(draw: Draw, setting: Setting): SoakCase {
  const open = draw.chance(1);
  const tables = draw.list(1, 3, (at) => drawTable(draw, setting, at, { open }));
  const beside = saves(draw, setting);
  const hints = [
    ...tables.flatMap((table) => table.hints),
    ...tables.flatMap((table) => table.hints),
    ...beside.flatMap((one) => one.hints),
  ];
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
  const order = draw.chance(40) ? `${LOADED_FIRST}\n` : '';
  return {
    files: {
      ...networkFiles(setting.family),
      ...(beside.length === 0 ? {} : { 'ipset-save.txt': setsDump(draw, setting.family) }),
      ...Object.fromEntries(beside.map(({ name, text }) => [name, text])),
      'nft-ruleset.txt': `${order}${tables.map(({ text }) => text).join('')}`,
    },
    packets,
  };
}

export const nft: Profile = {
  name: 'nft',
  families: [4, 6],
  case: (setting) => drawn((draw) => build(draw, setting)),
};
