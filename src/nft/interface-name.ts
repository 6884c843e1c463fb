/** Interface names as the kernel compares them: 16 bytes, filled with zeros, so that `eth*` is a range of numbers. */

const SIZE = 16;

const known = new Map<string, bigint>();

function encode(name: string): bigint {
  let value = 0n;
  const bytes = new TextEncoder().encode(name).slice(0, SIZE);
  for (let at = 0; at < SIZE; at += 1) value = (value << 8n) | BigInt(bytes[at] ?? 0);
  return value;
}

/** A text of at most 16 bytes as a number of 128 bits. */
export function textNumber(text: string): bigint {
  const found = known.get(text);
  if (found !== undefined) return found;
  const value = encode(text);
  known.set(text, value);
  return value;
}

/** The text that a number of 128 bits stands for. */
export function numberText(value: bigint): string {
  const bytes: number[] = [];
  for (let shift = 120n; shift >= 0n; shift -= 8n) {
    const byte = Number((value >> shift) & 0xffn);
    if (byte === 0) break;
    bytes.push(byte);
  }
  return new TextDecoder().decode(new Uint8Array(bytes));
}

/** `eth0`, or every name that begins as `eth*` does; `eth\*` means the star itself. */
export function namesLike(pattern: string): { readonly from: bigint; readonly to: bigint } {
  const literal = pattern.replace(/\\\*$/u, '*');
  if (!pattern.endsWith('*') || literal !== pattern) {
    const value = textNumber(literal);
    return { from: value, to: value };
  }
  const head = pattern.slice(0, -1);
  const from = textNumber(head);
  const open = BigInt(8 * (SIZE - new TextEncoder().encode(head).length));
  return { from, to: from | ((1n << open) - 1n) };
}
