/** Which view is shown: walks, or labs. The address says it, and leads back to it. */
import { tick } from 'svelte';
import { model } from '../lib/model.svelte.js';
import { labs } from './labs.svelte.js';
import { type Route, readRoute, routeText } from './route.js';
import { watching } from './watch.svelte.js';

export type LabsRoute = Extract<Route, { kind: 'labs' | 'lab' }>;

class Views {
  view: 'walk' | 'labs' = $state('walk');
  /** Where in the labs the reader is, or was before he looked at a walk. */
  labs: LabsRoute | null = $state.raw(null);
  /** How far down the labs were scrolled, and what had the focus there. */
  #left: { readonly scroll: number; readonly focus: Element | null } | null = null;

  /** Begins where the address says. @returns false for a walk that the labs know nothing of */
  async begin(hash: string): Promise<boolean> {
    const route = readRoute(hash);
    if (route.kind === 'walk') return false;
    await this.go(route);
    return true;
  }

  /** Goes where the address says now. */
  async follow(hash: string): Promise<void> {
    await this.go(readRoute(hash));
  }

  async go(route: Route): Promise<void> {
    if (this.view === 'labs') this.#left = { scroll: scrollY, focus: document.activeElement };
    if (route.kind === 'walk') await this.#toWalks();
    else if (route.kind === 'watch') await this.#toPacket(route);
    else await this.#toLabs(route);
  }

  async #toWalks(): Promise<void> {
    this.view = 'walk';
    // Who came for a lab has no node yet.
    const isEmpty = model.loaded === null && model.shared === null && model.busy === null;
    if (isEmpty) await model.begin(null);
  }

  async #toPacket(route: Extract<Route, { kind: 'watch' }>): Promise<void> {
    const { now } = watching;
    const isThere = now !== null && routeText(now.route) === routeText(route);
    this.labs ??= { kind: 'lab', lab: route.lab };
    if (!isThere && !(await watching.begin(route))) {
      await this.#toLabs({ kind: 'lab', lab: route.lab }, labs.missing);
      return;
    }
    this.view = 'walk';
    scrollTo(0, 0);
    await tick();
    document.getElementById('walk')?.focus({ preventScroll: true });
  }

  async #toLabs(route: LabsRoute, missing: string | null = null): Promise<void> {
    const isBack = this.view === 'walk' && this.labs !== null && routeText(this.labs) === routeText(route);
    watching.end();
    this.view = 'labs';
    this.labs = route;
    if (route.kind === 'lab') await labs.open(route.lab);
    else await labs.showList();
    labs.missing ??= missing;
    const left = this.#left;
    if (!isBack || left === null) return;
    await tick();
    scrollTo(0, left.scroll);
    if (left.focus instanceof HTMLElement) left.focus.focus({ preventScroll: true });
  }

  /** The text behind `#` of what is watched; null for the reader's own node. */
  get watchedText(): string | null {
    const { route } = watching;
    return route === null ? null : routeText(route);
  }
}

export const views: Views = new Views();
