/** `fib …` (net/netfilter/nft_fib.c, net/ipv4/netfilter/nft_fib_ipv4.c, net/ipv6/netfilter/nft_fib_ipv6.c). */
import type { Address } from '../address/address.js';
import { type Ternary, type Unsure, invertIf, unsure } from '../chooser/question.js';
import { type AddressType, UNKNOWN_INTERFACE } from '../iptables/view.js';
import type { Interval } from './datatype.js';
import { textNumber } from './interface-name.js';
import type { Expression } from './model.js';
import { type Value, exact, open } from './value.js';
import type { FibAnswer, FibQuery, NftContext } from './world.js';

type FibExpression = Extract<Expression, { kind: 'fib' }>;

/** In the order of their numbers. */
const TYPES: readonly AddressType[] = [
  'UNSPEC',
  'UNICAST',
  'LOCAL',
  'BROADCAST',
  'ANYCAST',
  'MULTICAST',
  'BLACKHOLE',
  'UNREACHABLE',
  'PROHIBIT',
  'THROW',
  'NAT',
];

/** The likely ones first: one lookup mostly decides. */
const LIKELY = ['UNICAST', 'LOCAL', 'BROADCAST', 'MULTICAST'] as const satisfies readonly AddressType[];
const TRIED: readonly AddressType[] = [...new Set<AddressType>([...LIKELY, ...TYPES])];

interface Asked {
  readonly low: Address;
  readonly high: Address;
  readonly other: Address;
}

function asked({ flags }: FibExpression, { packet }: NftContext): Asked {
  return flags.includes('daddr')
    ? { low: packet.destination, high: packet.destinationTo, other: packet.source }
    : { low: packet.source, high: packet.sourceTo, other: packet.destination };
}

function deviceOf({ flags }: FibExpression, { packet }: NftContext): string | null {
  if (flags.includes('iif')) return packet.inInterface === '' ? null : packet.inInterface;
  if (flags.includes('oif')) return packet.outInterface === '' ? null : packet.outInterface;
  return null;
}

function addressType(expression: FibExpression, context: NftContext): Value {
  const { low, high } = asked(expression, context);
  const device = deviceOf(expression, context);
  const what = `fib ${expression.flags.join(' . ')} type`;
  if (low !== high) return open(what, 'UNK_DRAWN_ADDRESS', {});
  if (device === UNKNOWN_INTERFACE) return open(what, 'UNK_OUT_DEVICE', { device: 'output' });
  const { world, node, packet } = context;
  if (packet.family === 6 && node.fibType6 !== undefined) {
    const type = node.fibType6(queryOf(expression, context));
    return type === null
      ? open(what, 'UNK_NFT_FIB', { device: device ?? 'any device' })
      : exact(TYPES.indexOf(type));
  }
  let question: Unsure | null = null;
  for (const type of TRIED) {
    const is = world.addressTypeIs(low, new Set([type]), device);
    if (is === true) return exact(TYPES.indexOf(type));
    if (is !== false) question ??= is;
  }
  if (question === null) return exact(TYPES.indexOf('UNREACHABLE'));
  return {
    kind: 'open',
    what,
    code: question.code,
    params: question.params,
    within: ({ from, to }: Interval) =>
      world.addressTypeIs(
        low,
        new Set(TYPES.filter((_, number) => BigInt(number) >= from && BigInt(number) <= to)),
        device,
      ),
  };
}

/** Packets that came in by lo pass as if the route led back to it (nft_fib_can_skip). */
function isLoopback({ world, packet }: NftContext): boolean {
  return (world.hook === 'PREROUTING' || world.hook === 'INPUT') && packet.inInterface === 'lo';
}

function queryOf(expression: FibExpression, context: NftContext): FibQuery {
  const { packet, world } = context;
  const { low, other } = asked(expression, context);
  const { flags } = expression;
  const device = deviceOf(expression, context);
  const back = !flags.includes('daddr') && world.hook === 'FORWARD' && flags.includes('iif');
  const marked = flags.includes('mark');
  return {
    destination: low,
    source: other,
    mark: marked ? packet.mark : 0,
    markUnknown: marked ? packet.markUnknown : 0,
    tos: packet.tos,
    from: back ? packet.outInterface : 'lo',
    device,
    reverse: !flags.includes('daddr'),
    arrived: packet.inInterface === '' ? packet.outInterface : packet.inInterface,
  };
}

function answer(expression: FibExpression, context: NftContext): FibAnswer {
  const { node } = context;
  if (isLoopback(context)) return { kind: 'device', name: 'lo' };
  const { low, high } = asked(expression, context);
  const query = queryOf(expression, context);
  const { device } = query;
  const { flags } = expression;
  const key = `fib ${flags.join(' . ')} of ${String(low)} by ${device ?? 'any'} from ${query.from} mark ${String(query.mark)}`;
  const question = unsure(key, 'UNK_NFT_FIB', { device: device ?? 'any device' });
  const drawn = low !== high || device === UNKNOWN_INTERFACE || query.from === UNKNOWN_INTERFACE;
  return drawn ? { kind: 'open', question } : (node.fib?.(query) ?? { kind: 'open', question });
}

/** `fib saddr . iif oif missing`: is there such a route? */
export function fibPresent(expression: FibExpression, context: NftContext): Value {
  const found = answer(expression, context);
  if (found.kind !== 'open') return exact(found.kind === 'device' ? 1 : 0);
  const { question } = found;
  return {
    kind: 'open',
    what: `fib ${expression.flags.join(' . ')} exists`,
    code: question.code,
    params: question.params,
    within: ({ from, to }: Interval): Ternary => {
      if (from === 0n) return to >= 1n || invertIf(true, question);
      return from === 1n && question;
    },
  };
}

/** The value of a lookup; what is asked about is a type or a device. */
export function fibValue(expression: FibExpression, context: NftContext): Value {
  if (expression.result === 'type') return addressType(expression, context);
  const found = answer(expression, context);
  if (found.kind === 'device') return exact(textNumber(found.name));
  if (found.kind === 'none') return exact(0);
  const { question } = found;
  const device = deviceOf(expression, context);
  if (device === null || device === UNKNOWN_INTERFACE)
    return open(question.key, question.code, question.params);
  const name = textNumber(device);
  return {
    kind: 'open',
    what: question.key,
    code: question.code,
    params: question.params,
    within: ({ from, to }: Interval): Ternary => {
      const [has, hasNone] = [from <= name && name <= to, from <= 0n && to >= 0n];
      if (has === hasNone) return has;
      return invertIf(hasNone, question);
    },
  };
}
