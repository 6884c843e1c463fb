import type { Address } from '../../address/address.js';
import { type Ternary, allOf, invertIf, unsure } from '../../chooser/question.js';
import { formatAddress } from '../../address/address.js';
import { type Given, type MatchExtension, type Values, BadValue, defineMatch } from '../extension.js';
import { flag, someOf } from '../values/text.js';
import { type AddressType, type PacketView, type World, UNKNOWN_INTERFACE } from '../view.js';

// prettier-ignore
const TYPES = [
  'UNSPEC', 'UNICAST', 'LOCAL', 'BROADCAST', 'ANYCAST', 'MULTICAST', 'BLACKHOLE', 'UNREACHABLE', 'PROHIBIT', 'THROW', 'NAT', 'XRESOLVE',
] as const satisfies readonly AddressType[];

/** What ip6tables' checkentry refuses. */
const NOT_IN_IPV6: readonly AddressType[] = [
  'BROADCAST',
  'BLACKHOLE',
  'PROHIBIT',
  'THROW',
  'NAT',
  'XRESOLVE',
];
/** What IPv6 looks up in the routes; the other types follow from the address alone. */
const ROUTE_TYPES: readonly AddressType[] = ['LOCAL', 'ANYCAST', 'UNREACHABLE'];

const typeList = someOf(TYPES, { ignoreCase: true, prefix: true });

const options = {
  src: { flag: '--src-type', value: typeList, invert: true },
  dst: { flag: '--dst-type', value: typeList, invert: true },
  limitIn: { flag: '--limit-iface-in', value: flag, excludes: ['limitOut'] },
  limitOut: { flag: '--limit-iface-out', value: flag },
} as const;

type Options = Values<typeof options>;
type Types = Given<readonly AddressType[]>;

/** Kinds of IPv6 address (net/ipv6/addrconf_core.c __ipv6_addr_type), as far as the match asks. */
const isMulticast6 = (address: bigint): boolean => address >> 120n === 0xffn;
const isUnicast6 = (address: bigint): boolean =>
  address !== 0n && !isMulticast6(address) && address >> 32n !== 0xffffn;

/** IPv6 (match_type6): the address must have *every* address kind that is listed, and one of the route types if any is. */
function typeIs6(
  address: bigint,
  types: readonly AddressType[],
  device: string | null,
  world: World,
): Ternary {
  if (types.includes('MULTICAST') && !isMulticast6(address)) return false;
  if (types.includes('UNICAST') && !isUnicast6(address)) return false;
  if (types.includes('UNSPEC') && address !== 0n) return false;
  const route = types.filter((type) => ROUTE_TYPES.includes(type));
  return route.length === 0 || world.addressTypeIs(address, new Set(route), device);
}

/** The device that limits the lookup: null for any, undefined when the snapshot cannot name it. */
function deviceOf({ limitIn, limitOut }: Options, packet: PacketView): string | null | undefined {
  const name = limitIn !== undefined ? packet.inInterface : limitOut !== undefined ? packet.outInterface : '';
  if (name === UNKNOWN_INTERFACE) return undefined;
  return name === '' ? null : name;
}

const SETS = new WeakMap<readonly AddressType[], ReadonlySet<AddressType>>();

function setOf(types: readonly AddressType[]): ReadonlySet<AddressType> {
  const known = SETS.get(types);
  if (known !== undefined) return known;
  const made = new Set(types);
  SETS.set(types, made);
  return made;
}

function typeIs(
  given: Types | undefined,
  low: Address,
  high: Address,
  values: Options,
  packet: PacketView,
  world: World,
): Ternary {
  if (given === undefined) return true;
  const device = deviceOf(values, packet);
  if (low !== high || device === undefined) {
    const asked = `${given.value.join(',')} for ${String(low)}-${String(high)}`;
    const question =
      low !== high
        ? unsure(`address type ${asked}`, 'UNK_DRAWN_ADDRESS')
        : unsure(`address type on the output device ${asked}`, 'UNK_OUT_DEVICE');
    return invertIf(given.inverted, question);
  }
  const answer =
    typeof low === 'bigint'
      ? typeIs6(low, given.value, device, world)
      : world.addressTypeIs(low, setOf(given.value), device);
  return invertIf(given.inverted, answer);
}

const sourceIs = (values: Options, packet: PacketView, world: World): Ternary =>
  typeIs(values.src, packet.source, packet.sourceTo, values, packet, world);

function evaluate(values: Options, packet: PacketView, world: World): Ternary {
  const source = sourceIs(values, packet, world);
  if (source === false) return false;
  const destination = typeIs(values.dst, packet.destination, packet.destinationTo, values, packet, world);
  return source === true ? destination : allOf([source, destination]);
}

const match: MatchExtension = defineMatch({
  name: 'addrtype',
  kernel: 'net/netfilter/xt_addrtype.c addrtype_mt_v1',
  options,
  check({ src, dst }, family) {
    if (src === undefined && dst === undefined)
      return new BadValue('VAL_ONE_REQUIRED', { flags: '--src-type, --dst-type' });
    const refused = [...(src?.value ?? []), ...(dst?.value ?? [])].find(
      (type) => family === 6 && NOT_IN_IPV6.includes(type),
    );
    return refused === undefined ? null : new BadValue('VAL_NOT_IN_IPV6', { text: refused });
  },
  evaluate,
  explain(values, packet, world) {
    const bySource = sourceIs(values, packet, world) === false;
    const given = bySource ? values.src : values.dst;
    const wanted = given === undefined ? '' : `${given.inverted ? 'not ' : ''}${given.value.join(',')}`;
    const address = formatAddress(bySource ? packet.source : packet.destination);
    return bySource
      ? { code: 'NO_SRC_TYPE', option: 'src', params: { wanted, address } }
      : { code: 'NO_DST_TYPE', option: 'dst', params: { wanted, address } };
  },
});
export default match;
