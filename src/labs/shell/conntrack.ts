/** `conntrack` on the emulated node: the entries that its packets have made. */
import { protocolNumber } from '../../address/protocols.js';
import { type Call, type Output, unknownOption } from './output.js';

const TITLE = 'conntrack v1.4.7 (conntrack-tools)';
const KNOWN = '-L -D -C -p PROTO -s ADDR -d ADDR --sport N --dport N -q ADDR -r ADDR --src-nat --dst-nat';

/** Which entries are meant. */
type Condition = (line: string) => boolean;

/** The first tuple, and the second. */
function tuples(line: string): readonly [string, string] {
  const at = line.indexOf(' src=', line.indexOf(' src=') + 1);
  return [` ${line.slice(0, at)} `, ` ${line.slice(at)} `];
}

const word =
  (tuple: 0 | 1, name: string, value: string): Condition =>
  (line) =>
    tuples(line)[tuple].includes(` ${name}=${value} `);

function valueIn(tuple: string, name: string): string {
  return new RegExp(` ${name}=(\\S+)`).exec(tuple)?.[1] ?? '';
}

const CONDITIONS: Readonly<Record<string, (value: string) => Condition>> = {
  '-s': (value) => word(0, 'src', value),
  '--src': (value) => word(0, 'src', value),
  '--orig-src': (value) => word(0, 'src', value),
  '-d': (value) => word(0, 'dst', value),
  '--dst': (value) => word(0, 'dst', value),
  '--orig-dst': (value) => word(0, 'dst', value),
  '--sport': (value) => word(0, 'sport', value),
  '--dport': (value) => word(0, 'dport', value),
  '--orig-port-dst': (value) => word(0, 'dport', value),
  '-r': (value) => word(1, 'src', value),
  '--reply-src': (value) => word(1, 'src', value),
  '-q': (value) => word(1, 'dst', value),
  '--reply-dst': (value) => word(1, 'dst', value),
  '-p': (value) => (line) =>
    Number(/^\S+ +(\d+)/.exec(line)?.[1]) === (protocolNumber(value) ?? Number(value)),
};

/** The source was translated if the answer goes to another address; the destination, if it comes from another. */
const TRANSLATED: Readonly<Record<string, Condition>> = {
  '--src-nat': (line) => valueIn(tuples(line)[0], 'src') !== valueIn(tuples(line)[1], 'dst'),
  '-n': (line) => valueIn(tuples(line)[0], 'src') !== valueIn(tuples(line)[1], 'dst'),
  '--dst-nat': (line) => valueIn(tuples(line)[0], 'dst') !== valueIn(tuples(line)[1], 'src'),
  '-g': (line) => valueIn(tuples(line)[0], 'dst') !== valueIn(tuples(line)[1], 'src'),
};

function count(number: number, what: string): string {
  return `${TITLE}: ${String(number)} flow entries have been ${what}.\n`;
}

/** `conntrack -L | -D | -C [conditions]`. */
export function conntrack(words: readonly string[], call: Call): Output {
  let action: 'L' | 'D' | 'C' | null = null;
  const conditions: Condition[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const given = words[at] ?? '';
    const [name = '', joined] = given.startsWith('--') ? given.split('=') : [given];
    const value = Object.hasOwn(CONDITIONS, name) ? CONDITIONS[name] : undefined;
    const plain = Object.hasOwn(TRANSLATED, name) ? TRANSLATED[name] : undefined;
    if (name === '-L' || name === '--dump') action = 'L';
    else if (name === '-D' || name === '--delete' || name === '-F' || name === '--flush') action = 'D';
    else if (name === '-C' || name === '--count') action = 'C';
    else if (plain !== undefined) conditions.push(plain);
    else if (value !== undefined) {
      if (joined === undefined) at += 1;
      conditions.push(value(joined ?? words[at] ?? ''));
    } else if (!(name === 'conntrack' || (name === '-f' && words[(at += 1)] === 'ipv4')))
      throw unknownOption('conntrack', given, KNOWN);
  }
  const { machine } = call.shell;
  const isMeant = (line: string): boolean => conditions.every((one) => one(line));
  const found = machine.connections.filter(isMeant);
  const out = found.map((line) => `${line}\n`).join('');
  if (action === 'C') return { out: `${String(machine.connections.length)}\n`, err: '', status: 0 };
  if (action === 'L') return { out, err: count(found.length, 'shown'), status: 0 };
  if (action === null) throw unknownOption('conntrack', words.join(' '), KNOWN);
  machine.forget(isMeant);
  return { out, err: count(found.length, 'deleted'), status: found.length > 0 ? 0 : 1 };
}
