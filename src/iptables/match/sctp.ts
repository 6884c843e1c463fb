import { allOf, invertIf, unsure } from '../../chooser/question.js';
import { type MatchExtension, type ValueType, BadValue, defineMatch } from '../extension.js';
import { portIs, portReason, portSpan } from '../values/port.js';

// prettier-ignore
/** Chunk types in the order of their numbers, which is the order of printing. */
const CHUNKS = [
  'DATA', 'INIT', 'INIT_ACK', 'SACK', 'HEARTBEAT', 'HEARTBEAT_ACK', 'ABORT', 'SHUTDOWN', 'SHUTDOWN_ACK', 'ERROR',
  'COOKIE_ECHO', 'COOKIE_ACK', 'ECN_ECNE', 'ECN_CWR', 'SHUTDOWN_COMPLETE', 'I_DATA', 'ASCONF_ACK', 'RE_CONFIG', 'PAD',
  'FORWARD_TSN', 'ASCONF', 'I_FORWARD_TSN',
] as const;

/** Letters of the flags that a chunk type has, most significant bit first: upper case "set", lower case "not set". */
const CHUNK_FLAGS: ReadonlyMap<string, string> = new Map([
  ['DATA', 'IUBE'],
  ['ABORT', 'T'],
  ['SHUTDOWN_COMPLETE', 'T'],
  ['I_DATA', 'IUBE'],
]);
/** Accepted behind I_DATA, and not printed (iptables 1.8.9). */
const FLAGS_NOT_PRINTED = 'I_DATA';

interface ChunkTest {
  readonly how: 'all' | 'any' | 'only';
  /** `ALL`, `NONE`, or chunk types with their flags, in canonical form. */
  readonly chunks: string;
}

/** `DATA:uBE` -> its name and canonical flags. */
function parseChunk(word: string): readonly [string, string] | BadValue {
  const colon = word.indexOf(':');
  const typed = (colon < 0 ? word : word.slice(0, colon)).toUpperCase();
  const name = CHUNKS.find((one) => one === typed);
  if (name === undefined) return new BadValue('VAL_ONE_OF', { text: word, names: CHUNKS.join(', ') });
  const letters = CHUNK_FLAGS.get(name) ?? '';
  const given = new Map<string, string>();
  for (const letter of colon < 0 ? '' : word.slice(colon + 1)) {
    const upper = letter.toUpperCase();
    if (!letters.includes(upper))
      return new BadValue('VAL_ONE_OF', { text: letter, names: [...letters].join(', ') });
    // A bit that is given both ways counts as set.
    if (given.get(upper) !== upper) given.set(upper, letter);
  }
  return [name, [...letters].map((letter) => given.get(letter) ?? '').join('')];
}

function parseChunks(word: string): string | BadValue {
  if (/^(?:all|none)$/i.test(word)) return word.toUpperCase();
  const flags = new Map<string, string>();
  for (const part of word.split(',').filter((one) => one !== '')) {
    const chunk = parseChunk(part);
    if (chunk instanceof BadValue) return chunk;
    flags.set(...chunk);
  }
  const spell = (name: string): string => {
    const letters = name === FLAGS_NOT_PRINTED ? '' : (flags.get(name) ?? '');
    return letters === '' ? name : `${name}:${letters}`;
  };
  return flags.size === 0
    ? 'NONE'
    : CHUNKS.filter((name) => flags.has(name))
        .map(spell)
        .join(',');
}

const chunkTest: ValueType<ChunkTest> = {
  words: 2,
  parse([mode = '', list = '']) {
    const how = (['all', 'any', 'only'] as const).find((one) => one === mode.toLowerCase());
    if (how === undefined) return new BadValue('VAL_ONE_OF', { text: mode, names: 'all, any, only' });
    const chunks = parseChunks(list);
    return chunks instanceof BadValue ? chunks : { how, chunks };
  },
  print: ({ how, chunks }) => `${how} ${chunks}`,
};

const match: MatchExtension = defineMatch({
  name: 'sctp',
  kernel: 'net/netfilter/xt_sctp.c sctp_mt',
  protocols: [132],
  missing: '--chunk-types is an open question: a packet is described without its SCTP chunks',
  options: {
    sport: { flag: '--sport', aliases: ['--source-port'], value: portSpan, invert: true },
    dport: { flag: '--dport', aliases: ['--destination-port'], value: portSpan, invert: true },
    chunks: { flag: '--chunk-types', value: chunkTest, invert: true },
  },
  evaluate({ sport, dport, chunks }, packet) {
    const text = chunks === undefined ? '' : chunkTest.print(chunks.value, 4);
    return allOf([
      portIs('source port', packet, sport),
      portIs('destination port', packet, dport),
      chunks === undefined ||
        invertIf(chunks.inverted, unsure(`sctp chunks ${text}`, 'UNK_SCTP_CHUNKS', { wanted: text })),
    ]);
  },
  explain: ({ sport, dport }, packet) =>
    portReason(packet, sport, dport) ?? {
      code: 'NO_DPORT',
      option: null,
      params: { wanted: '', has: packet.destinationPort },
    },
});
export default match;
