/** The progress in this browser: kept only when the reader asks for it. */

const NAME = 'natwalk.labs';
/** A text that could not be read, before it is written over. */
const ASIDE = 'natwalk.labs.damaged';

/** What is kept; null where nothing is, or nothing can be. */
export function recallProgress(): string | null {
  try {
    return localStorage.getItem(NAME);
  } catch {
    return null;
  }
}

/** @returns whether it is kept now */
export function keepProgress(document: string): boolean {
  try {
    localStorage.setItem(NAME, document);
    return true;
  } catch {
    return false;
  }
}

/** Puts a damaged text aside, in place of an earlier one. */
export function putAside(text: string): void {
  try {
    localStorage.setItem(ASIDE, text);
  } catch {
    // There is no room for both; the reader was told to take it out first.
  }
}

export function forgetProgress(): void {
  try {
    localStorage.removeItem(NAME);
  } catch {
    // Nothing can have been kept.
  }
}
