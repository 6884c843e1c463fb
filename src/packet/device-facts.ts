/** What a walk has taken the output device to be, where the snapshot does not tell: one device has one name. */
import { outputDeviceAsked } from '../iptables/header.js';
import type { Hook } from '../iptables/view.js';
import type { Routed } from './walk.js';

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

/** Did routing decide the same again? */
function isSame(one: Routed, two: Routed): boolean {
  return one.rule === two.rule && one.table === two.table && one.route === two.route;
}

/** A packet of OUTPUT may be routed again; what was taken of the first device says nothing of the other. */
export class DeviceFacts {
  #first: Routed | null = null;
  #isLater = false;
  #known = new Map<string, boolean>();
  #later = new Map<string, boolean>();

  /** A hook shows the device of a routing decision, in OUTPUT that of the first one. */
  show(hook: Hook, routed: Routed | null): void {
    if (hook === 'OUTPUT') this.#first ??= routed;
    const first = hook === 'OUTPUT' ? null : this.#first;
    this.#isLater = first !== null && routed !== null && !isSame(first, routed);
  }

  get #now(): Map<string, boolean> {
    return this.#isLater ? this.#later : this.#known;
  }

  /** The question as it is asked: of another device it is another one. */
  keyOf(key: string): string {
    return this.#isLater && outputDeviceAsked(key) !== null ? `${key}, routed again` : key;
  }

  /** A question was answered; those about something else are passed over. */
  note(key: string, holds: boolean): void {
    const selector = outputDeviceAsked(key);
    if (selector !== null) this.#now.set(selector, holds);
  }

  /** What follows for a question from those before it; null where it is open, or about something else. */
  implied(key: string): boolean | null {
    const known = this.#now;
    const selector = known.size === 0 ? null : outputDeviceAsked(key);
    if (selector === null) return null;
    for (const [other, holds] of known) {
      if (holds && isWithin(other, selector)) return true;
      if (holds ? !canBeBoth(other, selector) : isWithin(selector, other)) return false;
    }
    return null;
  }

  clone(): DeviceFacts {
    const copy = new DeviceFacts();
    copy.#first = this.#first;
    copy.#isLater = this.#isLater;
    copy.#known = new Map(this.#known);
    copy.#later = new Map(this.#later);
    return copy;
  }
}
