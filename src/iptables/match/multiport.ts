import { type Ternary, invertIf, unsure } from '../../chooser/question.js';
import {
  type Given,
  type MatchExtension,
  type ValueType,
  type Values,
  BadValue,
  defineMatch,
} from '../extension.js';
import type { NumberSpan } from '../values/number.js';
import { parsePort } from '../values/port.js';
import type { PacketView } from '../view.js';

/** XT_MULTI_PORTS: a range takes two slots. */
const SLOTS = 15;

function parseItem(word: string): NumberSpan | BadValue {
  const [left = '', right, ...rest] = word.split(':');
  const from = parsePort(left);
  const to = right === undefined ? from : parsePort(right);
  if (from === null || to === null || rest.length > 0) return new BadValue('VAL_PORT', { text: word });
  // Unlike -m tcp, a range must have two different, ordered ends.
  return right === undefined || from < to ? { from, to } : new BadValue('VAL_SPAN_ORDER', { text: word });
}

const printItem = ({ from, to }: NumberSpan): string =>
  from === to ? String(from) : `${String(from)}:${String(to)}`;

const ports: ValueType<readonly NumberSpan[]> = {
  words: 1,
  parse([word = '']) {
    const list: NumberSpan[] = [];
    let slots = 0;
    for (const part of word.split(',')) {
      const item = parseItem(part);
      if (item instanceof BadValue) return item;
      slots += item.from === item.to ? 1 : 2;
      if (slots > SLOTS) return new BadValue('VAL_PORT_SLOTS', { max: SLOTS });
      list.push(item);
    }
    return list;
  },
  print: (list) => list.map(printItem).join(','),
};

/** Is a port that lies somewhere in `low..high` in the list? */
function inList(what: string, low: number, high: number, list: readonly NumberSpan[]): Ternary {
  let covered = 0;
  let next = low;
  for (const { from, to } of [...list].sort((a, b) => a.from - b.from)) {
    const start = Math.max(from, next);
    const end = Math.min(to, high);
    if (start > end) continue;
    covered += end - start + 1;
    next = end + 1;
  }
  if (covered === 0) return false;
  if (covered === high - low + 1) return true;
  const range = `${String(low)}-${String(high)}`;
  const text = ports.print(list, 4);
  return unsure(`drawn ${what} ${range} in ${text}`, 'UNK_DRAWN_LIST', { range, list: text });
}

function either(a: Ternary, b: Ternary): Ternary {
  if (a === true || b === true) return true;
  if (a === false) return b;
  return b === false ? a : { ...a, key: `${a.key} | ${b.key}` };
}

const options = {
  sports: {
    flag: '--sports',
    aliases: ['--source-ports'],
    value: ports,
    invert: true,
    excludes: ['dports', 'ports'],
  },
  dports: {
    flag: '--dports',
    aliases: ['--destination-ports'],
    value: ports,
    invert: true,
    excludes: ['ports'],
  },
  ports: { flag: '--ports', aliases: ['--port'], value: ports, invert: true },
} as const;

interface Question {
  readonly option: 'sports' | 'dports' | 'ports';
  readonly given: Given<readonly NumberSpan[]>;
}

function asked({ sports, dports, ports: both }: Values<typeof options>): Question | null {
  if (sports !== undefined) return { option: 'sports', given: sports };
  if (dports !== undefined) return { option: 'dports', given: dports };
  return both === undefined ? null : { option: 'ports', given: both };
}

function answer({ option, given }: Question, packet: PacketView): Ternary {
  const source = (): Ternary => inList('source port', packet.sourcePort, packet.sourcePortTo, given.value);
  const destination = (): Ternary =>
    inList('destination port', packet.destinationPort, packet.destinationPortTo, given.value);
  if (option === 'sports') return source();
  return option === 'dports' ? destination() : either(source(), destination());
}

const match: MatchExtension = defineMatch({
  name: 'multiport',
  kernel: 'net/netfilter/xt_multiport.c multiport_mt',
  protocols: [6, 17, 33, 132, 136],
  options,
  check: (values) =>
    asked(values) === null
      ? new BadValue('VAL_ONE_REQUIRED', { flags: '--sports, --dports, --ports' })
      : null,
  evaluate(values, packet) {
    const question = asked(values);
    return question !== null && invertIf(question.given.inverted, answer(question, packet));
  },
  explain(values, packet) {
    const question = asked(values);
    const list = question === null ? '' : ports.print(question.given.value, 4);
    const wanted = `${question?.given.inverted === true ? 'not ' : ''}${list}`;
    const option = question?.option ?? null;
    if (option === 'sports') return { code: 'NO_SPORT', option, params: { wanted, has: packet.sourcePort } };
    if (option === 'dports')
      return { code: 'NO_DPORT', option, params: { wanted, has: packet.destinationPort } };
    return {
      code: 'NO_PORTS',
      option,
      params: { wanted, sport: packet.sourcePort, dport: packet.destinationPort },
    };
  },
});
export default match;
