/** Is there a browser to be driven? Debian and Ubuntu have one as a package; nothing is downloaded. */
import { accessSync, constants } from 'node:fs';

/** The shell first: the same engine without windows, and half of the work. */
const PLACES = ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome'].map(
  (name) => `/usr/bin/${name}`,
);

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The browser's program, or null. */
export function browserPath(): string | null {
  return PLACES.find(isProgram) ?? null;
}

/** Why the page cannot be tried in a browser; null when it can. */
export function whyNoBrowser(): string | null {
  return browserPath() === null ? `none of ${PLACES.join(', ')} is there` : null;
}
