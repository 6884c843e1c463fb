/** The reader's own choices, kept in the browser: language and colours, and nothing of any dump. */

const PREFIX = 'natwalk.';

/** What was kept; null where nothing was, or nothing can be. */
export function recall(name: 'language' | 'theme'): string | null {
  try {
    return localStorage.getItem(`${PREFIX}${name}`);
  } catch {
    return null;
  }
}

/** Keeps a choice, where the browser lets it. */
export function remember(name: 'language' | 'theme', value: string): void {
  try {
    localStorage.setItem(`${PREFIX}${name}`, value);
  } catch {
    // The choice holds for this visit.
  }
}
