/** `jhash`, `symhash` and `numgen` (net/netfilter/nft_hash.c, net/netfilter/nft_numgen.c). */
import { jhash2, scale } from '../address/jhash.js';
import type { DataType } from './datatype.js';
import type { Expression } from './model.js';
import { ABSENT, type Value, exact } from './value.js';
import type { NftContext } from './world.js';

/** The bytes of a value as its register holds them. */
function bytesOf(value: bigint, { bits, order }: DataType): number[] {
  const size = Math.ceil(bits / 8);
  const bytes = Array.from({ length: size }, (_, at) =>
    Number((value >> BigInt(8 * (size - 1 - at))) & 0xffn),
  );
  return order === 'host' ? bytes.reverse() : bytes;
}

/** Little-endian words; what is missing in the last one is zero, which jhash's own tail amounts to. */
function wordsOf(bytes: readonly number[]): number[] {
  return Array.from({ length: Math.ceil(bytes.length / 4) }, (_, at) =>
    [3, 2, 1, 0].reduce((word, index) => (word << 8) | (bytes[4 * at + index] ?? 0), 0),
  );
}

/** include/linux/jhash.h `jhash` over bytes. */
function jhash(bytes: readonly number[], seed: number): number {
  const words = wordsOf(bytes);
  return jhash2(words, (seed + bytes.length - 4 * words.length) | 0);
}

/** What jhash hashes: parts of a concatenation begin at a register of four bytes each. */
function register(value: Value, types: readonly DataType[]): number[] | null {
  const parts = value.kind === 'tuple' ? value.parts : [value];
  const bytes: number[] = [];
  for (const [at, part] of parts.entries()) {
    const type = types[at];
    if (part.kind !== 'exact' || type === undefined) return null;
    bytes.push(...bytesOf(part.value, type));
    while (parts.length > 1 && bytes.length % 4 !== 0) bytes.push(0);
  }
  return bytes;
}

/** `jhash EXPRESSION mod N seed S`; without a seed the kernel made one up when the rule was loaded. */
export function jhashValue(
  { modulus, seed, offset }: Extract<Expression, { kind: 'jhash' | 'symhash' }>,
  of: Value,
  types: readonly DataType[],
  { ruleKey }: NftContext,
): Value {
  if (of.kind === 'absent' || (of.kind === 'tuple' && of.parts.some(({ kind }) => kind === 'absent')))
    return ABSENT;
  const bytes = register(of, types);
  if (bytes !== null && seed !== null) return exact(scale(jhash(bytes, seed), modulus) + offset);
  const key = `jhash of ${ruleKey} over ${bytes === null ? 'a value that is not known' : bytes.join(',')}`;
  return { kind: 'drawn', key, modulus, offset, fair: true };
}

/** The same for both directions of a flow; its secret is made at boot. */
export function symhashValue(
  { modulus, offset }: Extract<Expression, { kind: 'jhash' | 'symhash' }>,
  { packet }: NftContext,
): Value {
  const { protocol, source, destination, sourcePort, destinationPort } = packet;
  const ends = [
    `${String(source)} ${String(sourcePort)}`,
    `${String(destination)} ${String(destinationPort)}`,
  ];
  const key = `symhash mod ${String(modulus)} of ${String(protocol)} ${ends.toSorted().join(' ')}`;
  return { kind: 'drawn', key, modulus, offset, fair: true };
}

/** `numgen random` draws for each packet; `numgen inc` goes on from a count that no dump shows. */
export function numgenValue(
  { mode, modulus, offset }: Extract<Expression, { kind: 'numgen' }>,
  { ruleKey, node }: NftContext,
): Value {
  const draw = node.memory.nextDraw();
  const key = `numgen ${mode} of ${ruleKey} ${String(draw)}`;
  return { kind: 'drawn', key, modulus, offset, fair: mode === 'random' };
}
