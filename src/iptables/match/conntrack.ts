import { type Ternary, allOf, invertIf, unsure } from '../../chooser/question.js';
import { addressInPrefix, numberWithin } from '../decide.js';
import {
  type Given,
  type MatchExtension,
  type Reason,
  type Values,
  BadValue,
  defineMatch,
  printOptions,
} from '../extension.js';
import { type HostMask, hostMask } from '../values/host-mask.js';
import { loosePortSpan } from '../values/port.js';
import { protocolValue } from '../values/protocol.js';
import { type NumberSpan, looseSpan } from '../values/number.js';
import { ctStateList, hasState, stateBits } from '../values/state.js';
import { oneOf, someOf } from '../values/text.js';
import type { ConnectionView, Tuple, World } from '../view.js';

const statusList = someOf(['NONE', 'EXPECTED', 'SEEN_REPLY', 'ASSURED', 'CONFIRMED'], {
  ignoreCase: true,
  prefix: true,
});
const direction = oneOf(['ORIGINAL', 'REPLY'], { ignoreCase: true });

const options = {
  state: { flag: '--ctstate', value: ctStateList, invert: true },
  proto: { flag: '--ctproto', value: protocolValue, invert: true },
  origsrc: { flag: '--ctorigsrc', value: hostMask, invert: true },
  origdst: { flag: '--ctorigdst', value: hostMask, invert: true },
  replsrc: { flag: '--ctreplsrc', value: hostMask, invert: true },
  repldst: { flag: '--ctrepldst', value: hostMask, invert: true },
  origsrcport: { flag: '--ctorigsrcport', value: loosePortSpan, invert: true },
  origdstport: { flag: '--ctorigdstport', value: loosePortSpan, invert: true },
  replsrcport: { flag: '--ctreplsrcport', value: loosePortSpan, invert: true },
  repldstport: { flag: '--ctrepldstport', value: loosePortSpan, invert: true },
  status: {
    flag: '--ctstatus',
    // NONE is no bit: beside another name it adds nothing, and alone it is a mask that never matches.
    value: {
      ...statusList,
      print: (names: readonly string[]) =>
        names.filter((name) => name !== 'NONE' || names.length === 1).join(','),
    },
    invert: true,
  },
  expire: { flag: '--ctexpire', value: looseSpan(0, 0xffffffff), invert: true },
  dir: { flag: '--ctdir', value: direction },
} as const;

type Options = Values<typeof options>;
type Key = keyof typeof options;

function addressIs(given: Given<HostMask> | undefined, low: Tuple['source'], high: Tuple['source']): Ternary {
  return given === undefined || invertIf(given.inverted, addressInPrefix(low, high, given.value.prefix));
}

function portIs(what: string, given: Given<NumberSpan> | undefined, low: number, high: number): Ternary {
  return (
    given === undefined ||
    invertIf(given.inverted, numberWithin(low, high, given.value.from, given.value.to, what))
  );
}

function protocolIs(given: Given<number> | undefined, protocol: number): boolean {
  if (given === undefined) return true;
  return (given.value === protocol) !== given.inverted;
}

function statusIs(given: Options['status'], connection: ConnectionView): boolean {
  if (given === undefined) return true;
  const bits: Readonly<Record<(typeof given.value)[number], boolean>> = {
    NONE: false,
    EXPECTED: connection.expected,
    SEEN_REPLY: connection.seenReply,
    ASSURED: connection.assured,
    CONFIRMED: connection.confirmed,
  };
  return given.value.some((name) => bits[name]) !== given.inverted;
}

function expireIs(given: Options['expire']): Ternary {
  if (given === undefined) return true;
  const { from, to } = given.value;
  if (from > to) return given.inverted;
  if (from === 0 && to === 0xffffffff) return !given.inverted;
  return invertIf(
    given.inverted,
    unsure(`ct expires in ${String(from)}-${String(to)}`, 'UNK_CT_EXPIRE', { from, to }),
  );
}

/** The conditions in the kernel's order, each with the option that makes it. Without an entry only the state counts. */
function* conditions(values: Options, world: World): Iterable<readonly [Key, Ternary]> {
  const { state } = values;
  const { connection } = world;
  if (state !== undefined) yield ['state', hasState(world, state.value) !== state.inverted];
  if (connection === null) {
    // The kernel stops here: a state that fits is enough, whatever else the rule asks; no state asked is a no.
    if (state === undefined) yield ['dir', false];
    return;
  }
  const { original, reply } = connection;
  yield ['dir', values.dir === undefined || values.dir.value === connection.direction];
  yield ['origsrc', addressIs(values.origsrc, original.source, original.sourceTo)];
  yield ['origdst', addressIs(values.origdst, original.destination, original.destinationTo)];
  yield ['replsrc', addressIs(values.replsrc, reply.source, reply.sourceTo)];
  yield ['repldst', addressIs(values.repldst, reply.destination, reply.destinationTo)];
  yield ['proto', protocolIs(values.proto, original.protocol)];
  yield [
    'origsrcport',
    portIs('ctorigsrcport', values.origsrcport, original.sourcePort, original.sourcePortTo),
  ];
  yield [
    'origdstport',
    portIs('ctorigdstport', values.origdstport, original.destinationPort, original.destinationPortTo),
  ];
  yield ['replsrcport', portIs('ctreplsrcport', values.replsrcport, reply.sourcePort, reply.sourcePortTo)];
  yield [
    'repldstport',
    portIs('ctrepldstport', values.repldstport, reply.destinationPort, reply.destinationPortTo),
  ];
  yield ['status', statusIs(values.status, connection)];
  yield ['expire', expireIs(values.expire)];
}

function evaluate(values: Options, world: World): Ternary {
  const { state } = values;
  // Most rules ask for the state alone.
  if (state !== undefined && asksOne(values)) return hasState(world, state.value) !== state.inverted;
  return allOf(answers(values, world));
}

function asksOne(values: Options): boolean {
  let asked = 0;
  for (const key in values) if (Object.hasOwn(values, key)) asked += 1;
  return asked === 1;
}

function* answers(values: Options, world: World): Iterable<Ternary> {
  for (const [, answer] of conditions(values, world)) yield answer;
}

/** What the entry has where an option asked, as text. */
function found(key: Key, world: World): string {
  const { connection } = world;
  if (connection === null || key === 'state') return stateBits(world).join(',');
  const { original, reply } = connection;
  const values: Readonly<Record<Exclude<Key, 'state'>, string>> = {
    proto: String(original.protocol),
    origsrc: hostMask.printAddress(original.source),
    origdst: hostMask.printAddress(original.destination),
    replsrc: hostMask.printAddress(reply.source),
    repldst: hostMask.printAddress(reply.destination),
    origsrcport: String(original.sourcePort),
    origdstport: String(original.destinationPort),
    replsrcport: String(reply.sourcePort),
    repldstport: String(reply.destinationPort),
    status: [
      connection.expected ? 'EXPECTED' : '',
      connection.seenReply ? 'SEEN_REPLY' : '',
      connection.assured ? 'ASSURED' : '',
      connection.confirmed ? 'CONFIRMED' : '',
    ]
      .filter((name) => name !== '')
      .join(','),
    expire: '',
    dir: connection.direction,
  };
  return values[key];
}

function explain(values: Options, world: World): Reason {
  let failed: Key | null = null;
  for (const [key, answer] of conditions(values, world))
    if (failed === null && answer === false) failed = key;
  if (world.connection === null && failed !== 'state')
    return { code: 'NO_CONNECTION', option: null, params: {} };
  const option = failed ?? 'state';
  const given: Given<unknown> | undefined = values[option];
  const wanted = given === undefined ? '' : printOptions(options, { [option]: given }, 4);
  const code = option === 'state' ? 'NO_STATE' : 'NO_CONNTRACK';
  return { code, option, params: { wanted, has: found(option, world) } };
}

const match: MatchExtension = defineMatch({
  name: 'conntrack',
  kernel: 'net/netfilter/xt_conntrack.c conntrack_mt',
  needsConntrack: true,
  missing: '--ctexpire is an open question: how long an entry still lives is not known',
  options,
  check: (values) =>
    Object.keys(values).length === 0
      ? new BadValue('VAL_ONE_REQUIRED', { flags: '--ctstate, --ctproto, …' })
      : null,
  evaluate: (values, _packet, world) => evaluate(values, world),
  explain: (values, _packet, world) => explain(values, world),
});
export default match;
