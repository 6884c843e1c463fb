import { invertIf, allOf, unsure } from '../../chooser/question.js';
import { type Given, type MatchExtension, BadValue, defineMatch, type ValueType } from '../extension.js';
import { integer } from '../values/number.js';
import { onlyPort, portsAre, portReason, portSpan, printPortSpan } from '../values/port.js';

const FLAGS = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG'] as const;
const BITS: Readonly<Record<string, number>> = {
  FIN: 1,
  SYN: 2,
  RST: 4,
  PSH: 8,
  ACK: 16,
  URG: 32,
  ALL: 63,
  NONE: 0,
};

interface FlagTest {
  readonly mask: number;
  readonly set: number;
}

function parseFlags(word: string): number | BadValue {
  let bits = 0;
  for (const name of word.split(',').filter((part) => part !== '')) {
    const bit = Object.hasOwn(BITS, name.toUpperCase()) ? BITS[name.toUpperCase()] : undefined;
    if (bit === undefined)
      return new BadValue('VAL_ONE_OF', { text: name, names: Object.keys(BITS).join(', ') });
    bits |= bit;
  }
  return bits;
}

function printFlags(bits: number): string {
  return bits === 0 ? 'NONE' : FLAGS.filter((name) => (bits & (BITS[name] ?? 0)) !== 0).join(',');
}

const flagTest: ValueType<FlagTest> = {
  words: 2,
  parse([mask = '', set = '']) {
    const first = parseFlags(mask);
    if (first instanceof BadValue) return first;
    const second = parseFlags(set);
    return second instanceof BadValue ? second : { mask: first, set: second };
  },
  print: ({ mask, set }) => `${printFlags(mask)} ${printFlags(set)}`,
};

/** `--syn` is a spelling of --tcp-flags and prints as that. */
const syn: ValueType<FlagTest> = { ...flagTest, words: 0, parse: () => ({ mask: 23, set: 2 }) };

/** A test of no flag at all is printed only when it is inverted. */
function printFlagTest(given: Given<FlagTest> | undefined): string {
  if (given === undefined || (given.value.mask === 0 && !given.inverted)) return '';
  return `${given.inverted ? '! ' : ''}--tcp-flags ${flagTest.print(given.value, 4)}`;
}

function flagsAre(bits: number, given: Given<FlagTest> | undefined): boolean {
  if (given === undefined) return true;
  return ((bits & given.value.mask) === given.value.set) !== given.inverted;
}

const match: MatchExtension = defineMatch({
  name: 'tcp',
  kernel: 'net/netfilter/xt_tcpudp.c tcp_mt',
  protocols: [6],
  missing: '--tcp-option is an open question: a packet is described without its TCP options',
  options: {
    sport: { flag: '--sport', aliases: ['--source-port'], value: portSpan, invert: true },
    dport: { flag: '--dport', aliases: ['--destination-port'], value: portSpan, invert: true },
    option: { flag: '--tcp-option', value: integer(1, 255), invert: true },
    flags: { flag: '--tcp-flags', value: flagTest, invert: true, excludes: ['syn'] },
    syn: { flag: '--tcp-flags', aliases: ['--syn'], value: syn, invert: true },
  },
  destinationPort: ({ dport }) => onlyPort(dport),
  evaluate({ sport, dport, option, flags, syn: bare }, packet, world) {
    const ports = portsAre(packet, sport, dport, world);
    if (flags === undefined && bare === undefined && option === undefined) return ports;
    return allOf([
      ports,
      flagsAre(packet.tcpFlags, flags ?? bare),
      option === undefined ||
        invertIf(
          option.inverted,
          unsure(`tcp option ${String(option.value)}`, 'UNK_TCP_OPTION', { option: option.value }),
        ),
    ]);
  },
  explain({ sport, dport, flags, syn: bare }, packet) {
    const port = portReason(packet, sport, dport);
    if (port !== null) return port;
    const wanted = flags ?? bare;
    const text =
      wanted === undefined ? '' : `${wanted.inverted ? 'not ' : ''}${flagTest.print(wanted.value, 4)}`;
    return {
      code: 'NO_TCP_FLAGS',
      option: flags === undefined ? 'syn' : 'flags',
      params: { wanted: text, has: printFlags(packet.tcpFlags) },
    };
  },
  print: ({ sport, dport, option, flags, syn: bare }) =>
    [
      printPortSpan('--sport', sport),
      printPortSpan('--dport', dport),
      option === undefined ? '' : `${option.inverted ? '! ' : ''}--tcp-option ${String(option.value)}`,
      printFlagTest(flags ?? bare),
    ]
      .filter((part) => part !== '')
      .join(' '),
});
export default match;
