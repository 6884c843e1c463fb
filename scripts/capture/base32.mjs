// base32 as Kubernetes shortens its hashes with it (RFC 4648, without padding).

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** The first letters of the base32 of some bytes. @param {Uint8Array} bytes @param {number} length */
export function base32(bytes, length) {
  let bits = 0n;
  for (const byte of bytes) bits = (bits << 8n) | BigInt(byte);
  const spare = BigInt(bytes.length * 8);
  return Array.from({ length }, (_, at) => {
    const shift = spare - BigInt(5 * (at + 1));
    return LETTERS[Number((bits >> shift) & 31n)] ?? '';
  }).join('');
}
