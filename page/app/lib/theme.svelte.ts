/** Light or dark: as the system has it, or as the reader says. */
import { recall, remember } from './remember.js';

export type Theme = 'auto' | 'light' | 'dark';

const ORDER: readonly Theme[] = ['auto', 'light', 'dark'];

class Colours {
  theme: Theme = $state(ORDER.find((one) => one === recall('theme')) ?? 'auto');

  next(): void {
    this.theme = ORDER[(ORDER.indexOf(this.theme) + 1) % ORDER.length] ?? 'auto';
    remember('theme', this.theme);
  }
}

export const colours: Colours = new Colours();
