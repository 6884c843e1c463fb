/** A command line taken apart into its statements, as a shell does at `;`, `&&`, `||` and `&`. */

/** What stands between two statements, from a place on. */
const BETWEEN = /^(?:;|&&|\|\||&(?![>&\d]))/;

/** Cuts at separators that no quotes, brackets or backslash protect. */
function cut(text: string): readonly string[] {
  const found: string[] = [];
  let quote = '';
  let depth = 0;
  let from = 0;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at] ?? '';
    if (sign === '\\') at += 1;
    else if (quote !== '') quote = sign === quote ? '' : quote;
    else if (sign === '"' || sign === "'" || sign === '`') quote = sign;
    else if (sign === '(' || sign === '{') depth += 1;
    else if (sign === ')' || sign === '}') depth -= 1;
    else if (depth <= 0 && text[at - 1] !== '>') {
      const [separator] = BETWEEN.exec(text.slice(at, at + 3)) ?? [];
      if (separator === undefined) continue;
      found.push(text.slice(from, at));
      at += separator.length - 1;
      from = at + 1;
    }
  }
  return [...found, text.slice(from)].map((one) => one.trim()).filter((one) => one !== '');
}

/** `ssh n1 "ip rule; ip route"`: what is quoted is several commands behind the same words. */
function unquoted(statement: string): readonly string[] {
  const [, before = '', , inner = ''] = /^([^"']{1,400}\s)(["'])(.{1,800})\2\s*$/.exec(statement) ?? [];
  const parts = /^\s*(?:echo|printf)\b/.test(before) ? [] : cut(inner);
  return parts.length > 1 ? parts.map((part) => `${before}${part}`) : [statement];
}

/** The statements of a line, in the order in which they print; those that are quoted for another place behind its words. */
export function statementsOf(line: string): readonly string[] {
  return cut(line).flatMap(unquoted);
}
