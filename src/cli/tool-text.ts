/** Output of emulated tools on a terminal: their tabs stay, nothing else of a dump acts on it. */
import { sanitizeLines } from '../explain/sanitize.js';

export function toolText(text: string): string {
  return text.split('\t').map(sanitizeLines).join('\t');
}
