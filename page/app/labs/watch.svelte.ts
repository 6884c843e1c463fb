/** A lab's packet in the view of walks: the reader's own node makes room for the lab's, and comes back behind it. */
import type { Loaded } from '../../shared/protocol.js';
import { type KeptNode, model } from '../lib/model.svelte.js';
import { t } from '../lib/words.svelte.js';
import { labs } from './labs.svelte.js';
import type { WatchRoute } from './route.js';

/** What is being watched. */
export interface Watched {
  readonly route: WatchRoute;
  readonly number: number;
  readonly about: string;
  readonly node: string;
  /** The node as it was opened: when another is shown, this one is not watched any more. */
  readonly loaded: Loaded;
}

class Watching {
  #watched: Watched | null = $state.raw(null);
  /** What is being opened. */
  #coming: WatchRoute | null = $state.raw(null);
  #own: KeptNode | null = null;

  /** What is watched, as long as nothing else was opened. */
  get now(): Watched | null {
    const watched = this.#watched;
    const { loaded } = model;
    // In another language the same node is told anew.
    return watched !== null &&
      loaded !== null &&
      loaded.digest === watched.loaded.digest &&
      loaded.name === watched.loaded.name
      ? watched
      : null;
  }

  /** The route to what is watched, or comes to be. */
  get route(): WatchRoute | null {
    return this.#coming ?? this.now?.route ?? null;
  }

  /** Opens the packet's node and walks it. @returns whether there is such a packet */
  async begin(route: WatchRoute): Promise<boolean> {
    await labs.open(route.lab);
    const { lab } = labs;
    if (lab === null) return false;
    const view = await labs.watch(route);
    if (view === null) {
      labs.missing ??= t('LABS_NO_PACKET', { number: lab.number, packet: route.packet });
      return false;
    }
    this.end();
    this.#own = model.keep();
    this.#coming = route;
    await model.openBeside(view.title, view.files, view.ask);
    const { loaded } = model;
    if (loaded !== null)
      this.#watched = { route, number: lab.number, about: view.about, node: view.node, loaded };
    this.#coming = null;
    if (loaded === null) return false;
    const { steps } = view;
    const last = steps === null ? 0 : (model.leg?.steps.findLastIndex(({ at }) => at < steps) ?? 0);
    model.stepAt = Math.max(0, last);
    return true;
  }

  /** Puts the reader's own node back, unless another was opened since. */
  end(): void {
    const own = this.#own;
    if (this.now !== null && own !== null) {
      model.engine?.stop();
      model.putBack(own);
    } else if (own !== null && own.engine !== model.engine) own.engine?.stop();
    [this.#watched, this.#own] = [null, null];
  }
}

export const watching: Watching = new Watching();
