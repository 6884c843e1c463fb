/** SNPT and DNPT: IPv6 prefix translation without state (RFC 6296), as net/ipv6/netfilter/ip6t_NPT.c computes it. */
import type { Address } from '../../address/address.js';
import { type Prefix, contains, formatPrefix, prefixOf } from '../../address/prefix.js';
import { BadValue, type TargetExtension, type ValueType, type Values, defineTarget } from '../extension.js';
import type { Hook } from '../view.js';
import { type HostMask, hostMask } from './host-mask.js';

const LONGEST = 64;
const WORDS = [112n, 96n, 80n, 64n, 48n, 32n, 16n, 0n];
const ALL_ONES = 0xffff;

/** A prefix and what it is translated to. */
export interface Translation {
  readonly from: Prefix;
  readonly to: Prefix;
}

const words = (address: bigint): number[] => WORDS.map((shift) => Number((address >> shift) & 0xffffn));

/** The sum of two 16-bit words in ones' complement. */
function plus(a: number, b: number): number {
  const sum = a + b;
  return (sum & ALL_ONES) + (sum >>> 16);
}

const big = (address: Address): bigint => BigInt(address);

const longest = ({ from, to }: Translation): number => Math.max(from.length ?? 0, to.length ?? 0);

/** The address with the other prefix, and nothing else changed. */
function withPrefix(translation: Translation, address: bigint): bigint {
  const mask = big(prefixOf((1n << 128n) - 1n, longest(translation)).address);
  return (big(translation.to.address) & mask) | (address & ~mask);
}

/**
 * The address with the other prefix, one of its 16-bit words changed so that checksums stay right. The address need not
 * be in the first prefix: nobody asks.
 * @returns null when there is no word to change
 */
export function translatePrefix(translation: Translation, address: bigint): bigint | null {
  const { from, to } = translation;
  const translated = withPrefix(translation, address);
  const parts = words(translated);
  const sum = (prefix: Prefix): number => words(big(prefix.address)).reduce(plus, 0);
  const adjustment = plus(sum(from), ALL_ONES ^ sum(to));
  const at =
    longest(translation) <= 48 ? 3 : parts.findIndex((part, index) => index >= 4 && part !== ALL_ONES);
  const [shift, part] = [WORDS[at], parts[at]];
  if (shift === undefined || part === undefined) return null;
  const changed = plus(part, adjustment) % ALL_ONES;
  return (translated & ~(0xffffn << shift)) | (BigInt(changed) << shift);
}

/** A network without host bits, of at most 64 bits. */
const network: ValueType<HostMask> = {
  words: 1,
  parse(given, family) {
    const read = hostMask.parse(given, family);
    if (read instanceof BadValue) return read;
    const { address, prefix } = read;
    return (prefix.length ?? LONGEST + 1) <= LONGEST && address === prefix.address
      ? read
      : new BadValue('VAL_TRANSLATED_PREFIX', { text: given[0] ?? '', max: LONGEST });
  },
  print: ({ prefix }) => formatPrefix(prefix),
};

const options = {
  from: { flag: '--src-pfx', value: network, required: true },
  to: { flag: '--dst-pfx', value: network, required: true },
} as const;

/** `::/0` is not printed. */
function print({ from, to }: Values<typeof options>): string {
  const part = (flag: string, { prefix }: HostMask): string =>
    prefix.length === 0 ? '' : `${flag} ${formatPrefix(prefix)}`;
  return [part('--src-pfx', from.value), part('--dst-pfx', to.value)].filter((text) => text !== '').join(' ');
}

/** SNPT or DNPT. What conntrack knows of the packet stays as it was. */
export function prefixTarget(
  name: 'SNPT' | 'DNPT',
  side: 'source' | 'destination',
  hooks: readonly Hook[],
): TargetExtension {
  const quotedSide = side === 'source' ? 'destination' : 'source';
  return defineTarget({
    name,
    families: [6],
    kernel: `net/ipv6/netfilter/ip6t_NPT.c ip6t_${name.toLowerCase()}_tg`,
    placement: { tables: ['mangle'], hooks },
    missing: 'an address outside of the first prefix leaves a wrong checksum, which its receiver may drop',
    options,
    print,
    apply({ from, to }, packet, _world, effects) {
      const translation = { from: from.value.prefix, to: to.value.prefix };
      const [low, high] =
        side === 'source' ? [packet.source, packet.sourceTo] : [packet.destination, packet.destinationTo];
      if (low === high) {
        const translated = translatePrefix(translation, big(low));
        const changed = translated ?? withPrefix(translation, big(low));
        effects.setAddress(side, changed, changed);
        // The answer goes to the source as it is by now.
        if (translated === null) return { kind: 'reject', with: 'icmp6-parameter-problem' };
      } else {
        // Some address of the new prefix: which one hangs on what the kernel drew.
        const { address, mask } = translation.to;
        effects.setAddress(side, address, big(address) | (~big(mask) & ((1n << 128n) - 1n)));
      }
      effects.mapQuoted(quotedSide, (quoted) =>
        contains(translation.from, quoted) ? translatePrefix(translation, big(quoted)) : null,
      );
      return 'continue';
    },
  });
}
