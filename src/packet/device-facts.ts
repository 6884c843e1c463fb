/** What a walk has taken the output device to be, where the snapshot does not tell: one device has one name. */
import { outputDeviceAsked } from '../iptables/header.js';

const stem = (selector: string): string | null => (selector.endsWith('+') ? selector.slice(0, -1) : null);

/** Are all names that the one selector takes among those that the other takes? */
function isWithin(selector: string, other: string): boolean {
  const wide = stem(other);
  return wide === null ? selector === other : (stem(selector) ?? selector).startsWith(wide);
}

/** May a name be taken by both? */
function canBeBoth(selector: string, other: string): boolean {
  return isWithin(selector, other) || isWithin(other, selector);
}

export class DeviceFacts {
  readonly #known = new Map<string, boolean>();

  /** A question was answered; those about something else are passed over. */
  note(key: string, holds: boolean): void {
    const selector = outputDeviceAsked(key);
    if (selector !== null) this.#known.set(selector, holds);
  }

  /** What follows for a question from those before it; null where it is open, or about something else. */
  implied(key: string): boolean | null {
    const selector = this.#known.size === 0 ? null : outputDeviceAsked(key);
    if (selector === null) return null;
    for (const [known, holds] of this.#known) {
      if (holds && isWithin(known, selector)) return true;
      if (holds ? !canBeBoth(known, selector) : isWithin(selector, known)) return false;
    }
    return null;
  }

  clone(): DeviceFacts {
    const copy = new DeviceFacts();
    for (const [selector, holds] of this.#known) copy.#known.set(selector, holds);
    return copy;
  }
}
