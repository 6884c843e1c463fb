/** Bytes of a file -> text: which encoding they are in, and whether they are text at all. */

/** A text, and what was remarkable about its bytes. */
export interface Decoded {
  readonly text: string;
  /** A code of the message catalogue. */
  readonly finding: 'READ_UTF16_GUESSED' | 'READ_UTF16_CUT' | null;
}

type Utf16 = 'le' | 'be';

/** A half of the bytes is NUL at one parity, and hardly any at the other: Latin text in UTF-16 without its mark. */
function parityOf(bytes: Uint8Array): Utf16 | null {
  const head = bytes.subarray(0, 4096);
  if (!head.includes(0)) return null;
  const nuls = [0, 0];
  for (const [at, byte] of head.entries()) if (byte === 0) nuls[at & 1] = (nuls[at & 1] ?? 0) + 1;
  const half = head.length / 2;
  const [even = 0, odd = 0] = nuls;
  if (half < 8) return null;
  if (odd > half * 0.8 && even < half * 0.05) return 'le';
  return even > half * 0.8 && odd < half * 0.05 ? 'be' : null;
}

function markOf(bytes: Uint8Array): Utf16 | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'le';
  return bytes[0] === 0xfe && bytes[1] === 0xff ? 'be' : null;
}

function utf16(bytes: Uint8Array, order: Utf16): string {
  return new TextDecoder(`utf-16${order}`, { ignoreBOM: true }).decode(
    bytes.subarray(0, bytes.length - (bytes.length % 2)),
  );
}

/** Arguments of one call: engines bound their number. */
const PIECE = 8192;

/** Every byte is the character of its number. What `TextDecoder` calls latin1 is Windows-1252. */
function latin1(bytes: Uint8Array): string {
  const pieces: string[] = [];
  for (let at = 0; at < bytes.length; at += PIECE)
    pieces.push(String.fromCharCode(...bytes.subarray(at, at + PIECE)));
  return pieces.join('');
}

/** UTF-8, and Latin-1 when the bytes are not UTF-8: every byte then stays one character, and no text is lost. */
function bytewise(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return latin1(bytes);
  }
}

/** As many bytes of a file tell whether it is a text. */
export const LOOKED_AT = 65_536;

/** Nearly every text: none of it is a control character but tabs and ends of lines. */
const PLAIN = /^[\t\n\r -~\u00a0-\uffff]*$/;

/** Control characters but those that texts and terminals have: BEL, backspace, tab, line feed, form feed, return, escape. */
function isControl(byte: number): boolean {
  return byte < 0x20 ? byte < 7 || byte === 0x0b || (byte > 0x0d && byte !== 0x1b) : byte === 0x7f;
}

/** A text has hardly any NUL bytes and few other control characters; images, programs and random bytes have many. */
function looksBinary(bytes: Uint8Array): boolean {
  const head = bytes.subarray(0, LOOKED_AT);
  // One look tells that of nearly every file; byte by byte it takes as long as reading a small node.
  if (PLAIN.test(new TextDecoder('latin1').decode(head))) return false;
  let nuls = 0;
  let controls = 0;
  for (const byte of head) {
    if (byte === 0) nuls += 1;
    if (isControl(byte)) controls += 1;
  }
  return (nuls > 0 && nuls * 100 > head.length) || (controls > 1 && controls * 25 > head.length);
}

/** Is a file no text, by its first bytes? */
export function isBinary(head: Uint8Array): boolean {
  return markOf(head) === null && parityOf(head) === null && looksBinary(head);
}

/** Reads bytes that are ASCII, all of them; null for any other. */
export type ReadAscii = (bytes: Uint8Array) => string | null;

/**
 * The text of a file; null when it is not text. UTF-16 is what Windows shells write.
 * @param ascii faster than `TextDecoder`, where there is such a thing
 */
export function decode(bytes: Uint8Array, ascii: ReadAscii = () => null): Decoded | null {
  const marked = markOf(bytes);
  const order = marked ?? parityOf(bytes);
  if (order !== null) {
    const cut = bytes.length % 2 !== 0;
    return {
      text: utf16(bytes, order),
      finding: cut ? 'READ_UTF16_CUT' : marked === null ? 'READ_UTF16_GUESSED' : null,
    };
  }
  return looksBinary(bytes) ? null : { text: ascii(bytes) ?? bytewise(bytes), finding: null };
}
