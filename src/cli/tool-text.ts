/** Output of emulated tools on a terminal: their tabs stay, nothing else of a dump acts on it. */
import { marksToColours } from '../labs/shell/ip-colour.js';
import { sanitizeLines } from '../explain/sanitize.js';

export function toolText(text: string): string {
  return text.split('\t').map(sanitizeLines).join('\t');
}

/** The same of what an emulated tool prints in colours, where it has any. */
export function coloursOf(text: string): string {
  return text
    .split(/([\ufdd0-\ufdd6])/)
    .map((part, at) => (at % 2 === 1 ? marksToColours(part) : toolText(part)))
    .join('');
}
