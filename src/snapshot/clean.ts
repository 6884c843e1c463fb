/** What a terminal or an editor adds to a dump: colours, a byte order mark, carriage returns. */

const ESCAPE = String.fromCharCode(27);
const BELL = String.fromCharCode(7);

/** The end of the escape sequence that begins at `start` (ECMA-48: CSI, OSC, or one letter). */
function sequenceEnd(text: string, start: number): number {
  const kind = text[start + 1];
  if (kind === '[') {
    let at = start + 2;
    while (at < text.length && text.charCodeAt(at) >= 0x20 && text.charCodeAt(at) < 0x40) at += 1;
    return at + 1;
  }
  if (kind === ']') {
    for (let at = start + 2; at < text.length && text[at] !== '\n'; at += 1) {
      if (text[at] === BELL) return at + 1;
      if (text[at] === ESCAPE) return at + 2;
    }
    return start + 2;
  }
  return kind === '(' || kind === ')' ? start + 3 : start + 2;
}

function withoutEscapes(text: string): string {
  let at = text.indexOf(ESCAPE);
  if (at < 0) return text;
  const kept: string[] = [];
  let from = 0;
  while (at >= 0) {
    kept.push(text.slice(from, at));
    from = sequenceEnd(text, at);
    at = text.indexOf(ESCAPE, from);
  }
  kept.push(text.slice(from));
  return kept.join('');
}

/** `iptables -L` closes a BPF program with NUL where a save has a quote (libxt_bpf.c bpf_print_code). Elsewhere a NUL is damage. */
function withoutNuls(text: string): string {
  if (!text.includes('\0')) return text;
  return text.replace(/match bpf [\d ,\0]+/g, (program) => program.replaceAll('\0', ''));
}

/**
 * The text as a person sees it: without terminal escapes (also those that `cat -v` spelled out), byte order mark and
 * carriage returns; no-break spaces from a web page become blanks. Lines keep their numbers, and columns count what
 * is visible.
 */
export function cleanText(text: string): string {
  let clean = withoutEscapes(text.startsWith('\ufeff') ? text.slice(1) : text);
  if (clean.includes('^[[')) clean = clean.replace(/\^\[\[[0-9;]{0,20}m/g, '');
  if (clean.includes('\r'))
    clean = clean.includes('\n') ? clean.replaceAll('\r', '') : clean.replaceAll('\r', '\n');
  return withoutNuls(clean.replaceAll('\u00a0', ' '));
}
