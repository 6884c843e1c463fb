/** SHA-1 (FIPS 180-4): CNI plugins name a pod's device by it. Pure, and the same on a page. */
import { padded, rotated } from './sha256.js';

const START: readonly number[] = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0];
const ROUNDS: readonly number[] = [0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6];

function mixed(turn: number, b: number, c: number, d: number): number {
  if (turn === 0) return (b & c) | (~b & d);
  return turn === 2 ? (b & c) | (b & d) | (c & d) : b ^ c ^ d;
}

/** The digest of a text's UTF-8 bytes in hexadecimal. */
export function sha1(text: string): string {
  const view = padded(new TextEncoder().encode(text));
  const state = Int32Array.from(START);
  for (let offset = 0; offset < view.byteLength; offset += 64) {
    const words = Array.from({ length: 16 }, (_, at) => view.getInt32(offset + at * 4));
    for (let at = 16; at < 80; at += 1) {
      const [one = 0, two = 0, three = 0, four = 0] = [3, 8, 14, 16].map((back) => words[at - back]);
      words.push(rotated(one ^ two ^ three ^ four, 31) | 0);
    }
    let [a = 0, b = 0, c = 0, d = 0, e = 0] = state;
    for (const [at, word] of words.entries()) {
      const turn = Math.floor(at / 20);
      // Rotated left by n is rotated right by 32 - n.
      const next = (rotated(a, 27) + mixed(turn, b, c, d) + e + (ROUNDS[turn] ?? 0) + word) | 0;
      [e, d, c, b, a] = [d, c, rotated(b, 2) | 0, a, next];
    }
    for (const [at, word] of [a, b, c, d, e].entries()) state[at] = ((state[at] ?? 0) + word) | 0;
  }
  return [...state].map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
}
