/** How far a JSON value reaches in a text that goes on after it. */

/**
 * The offset after the object or array that the text begins with; null when it does not end. Brackets are counted
 * outside of strings; whether the value is sound is for its reader to say.
 */
export function jsonEnd(text: string): number | null {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at];
    if (inString) {
      if (sign === '\\') at += 1;
      else if (sign === '"') inString = false;
    } else if (sign === '"') inString = true;
    else if (sign === '{' || sign === '[') depth += 1;
    else if (sign === '}' || sign === ']') {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return null;
}
