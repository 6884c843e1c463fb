import { allOf, invertIf, unsure } from '../../chooser/question.js';
import { BadValue, type MatchExtension, type ValueType, defineMatch } from '../extension.js';
import { integer } from '../values/number.js';
import { loosePortSpan, portIs, portReason } from '../values/port.js';

/** Packet types in the order of their numbers; the last stands for all types from 10 on. */
const TYPES = [
  'REQUEST',
  'RESPONSE',
  'DATA',
  'ACK',
  'DATAACK',
  'CLOSEREQ',
  'CLOSE',
  'RESET',
  'SYNC',
  'SYNCACK',
  'INVALID',
] as const;

/** A list in any case. */
const types: ValueType<readonly string[]> = {
  words: 1,
  parse([word = '']) {
    const given = new Set<string>();
    for (const part of word.split(',').filter((one) => one !== '')) {
      const name = TYPES.find((one) => one === part.toUpperCase());
      if (name === undefined) return new BadValue('VAL_ONE_OF', { text: part, names: TYPES.join(', ') });
      given.add(name);
    }
    return given.size === 0 ? new BadValue('VAL_EMPTY') : TYPES.filter((name) => given.has(name));
  },
  print: (list) => list.join(','),
};

const match: MatchExtension = defineMatch({
  name: 'dccp',
  kernel: 'net/netfilter/xt_dccp.c dccp_mt',
  protocols: [33],
  missing: '--dccp-types and --dccp-option are open questions: a packet is described by its ports alone',
  options: {
    sport: { flag: '--sport', aliases: ['--source-port'], value: loosePortSpan, invert: true },
    dport: { flag: '--dport', aliases: ['--destination-port'], value: loosePortSpan, invert: true },
    types: { flag: '--dccp-types', value: types, invert: true },
    option: { flag: '--dccp-option', value: integer(1, 255), invert: true },
  },
  evaluate({ sport, dport, types: asked, option }, packet) {
    const wanted = asked?.value.join(',') ?? '';
    return allOf([
      portIs('source port', packet, sport),
      portIs('destination port', packet, dport),
      asked === undefined ||
        invertIf(
          asked.inverted,
          asked.value.length === TYPES.length || unsure(`dccp type ${wanted}`, 'UNK_DCCP_TYPE', { wanted }),
        ),
      option === undefined ||
        invertIf(
          option.inverted,
          unsure(`dccp option ${String(option.value)}`, 'UNK_DCCP_OPTION', { option: option.value }),
        ),
    ]);
  },
  explain: ({ sport, dport }, packet) =>
    portReason(packet, sport, dport) ?? { code: 'NO_DCCP_TYPE', option: 'types', params: {} },
});
export default match;
