/** The mask of a prefix of so many bits. */
export function prefixMask(length: number): number {
  return length === 0 ? 0 : -1 << (32 - length);
}
