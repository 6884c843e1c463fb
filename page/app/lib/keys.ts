/** The keyboard: every key has a button that is to be seen. */
import { model } from './model.svelte.js';
import { rulePane, tellWhy } from './rule-pane.svelte.js';
import { nextLine, openLine } from './routing-keys.js';
import { goTo, move, moveToChange, moveToStation, nextLeg, togglePlay } from './stepping.js';
import { colours } from './theme.svelte.js';
import type { WordId } from './words.svelte.js';

/** What keys ask of the page as a whole. */
export interface Whole {
  readonly share: () => void;
  readonly help: () => void;
  readonly close: () => void;
  /** A walk is shown; elsewhere only what holds for the whole page has keys. */
  readonly isWalk: boolean;
}

/** Keys with their words, as the list of keys shows them. */
const KEYS: readonly (readonly [keys: readonly string[], word: WordId])[] = [
  [['←', '→', 'k', 'j'], 'PAGE_KEY_STEP'],
  [['Shift ←', 'Shift →'], 'PAGE_KEY_CHANGE'],
  [['Home', 'End'], 'PAGE_KEY_ENDS'],
  [['Space'], 'PAGE_KEY_PLAY'],
  [['[', ']'], 'PAGE_KEY_HOOK'],
  [['n'], 'PAGE_KEY_RULE'],
  [['w'], 'PAGE_KEY_WHY'],
  [['e'], 'PAGE_KEY_TOKEN'],
  [['/'], 'PAGE_KEY_FILTER'],
  [['r'], 'PAGE_KEY_REPLY'],
  [['a'], 'PAGE_KEY_ADD'],
  [['d'], 'PAGE_KEY_DIFF'],
  [['s'], 'PAGE_KEY_SHARE'],
  [['l'], 'PAGE_KEY_LANGUAGE'],
  [['t'], 'PAGE_KEY_THEME'],
  [['?'], 'PAGE_KEY_HELP'],
  [['Esc'], 'PAGE_KEY_CLOSE'],
];

const isRouting = (): boolean => (model.step?.route ?? null) !== null;
const hasRules = (): boolean => (model.step?.chain ?? null) !== null;

/** Where a key has something to do; anywhere when it is not here. */
const WHERE: Readonly<Partial<Record<WordId, () => boolean>>> = {
  PAGE_KEY_RULE: () => isRouting() || hasRules(),
  PAGE_KEY_WHY: () => isRouting() || (hasRules() && model.shared === null),
  PAGE_KEY_FILTER: () => hasRules() && !isRouting() && model.shared === null,
  PAGE_KEY_ADD: () => model.shared === null,
};

/** The keys that do something at the step that is shown. */
export function keysHere(): typeof KEYS {
  return KEYS.filter(([, word]) => WHERE[word]?.() ?? true);
}

const EVERYWHERE: ReadonlySet<string> = new Set(['l', 't', '?']);

/** The next of the step's tokens takes the focus, which lights it. */
function nextToken(): void {
  const all = [...document.querySelectorAll<HTMLElement>('.tokens button')];
  const at = all.findIndex((one) => one === document.activeElement);
  all[(at + 1) % all.length]?.focus();
}

/** Does the element take keys itself? */
function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.matches('textarea, select, input:not([type="checkbox"]):not([type="range"])');
}

function actionFor({ key, shiftKey }: KeyboardEvent, whole: Whole): (() => void) | null {
  const last = (model.leg?.steps.length ?? 1) - 1;
  const actions: Readonly<Record<string, () => void>> = {
    ArrowLeft: () => (shiftKey ? moveToChange(-1) : move(-1)),
    ArrowRight: () => (shiftKey ? moveToChange(1) : move(1)),
    k: () => move(-1),
    j: () => move(1),
    Home: () => goTo(0),
    End: () => goTo(last),
    ' ': togglePlay,
    '[': () => moveToStation(-1),
    ']': () => moveToStation(1),
    n: () => (isRouting() ? nextLine() : (rulePane.wanted = 1)),
    w: () => (isRouting() ? openLine() : void tellWhy()),
    e: nextToken,
    '/': () => document.getElementById('rule-filter')?.focus(),
    r: nextLeg,
    a: () => (rulePane.adding = model.shared === null),
    d: () => void model.setBefore(!model.isBefore),
    s: whole.share,
    l: () => void model.changeLanguage(),
    t: () => colours.next(),
    '?': whole.help,
  };
  return Object.hasOwn(actions, key) ? (actions[key] ?? null) : null;
}

/** Does the key belong to what has the focus: a button that Space presses, a slider that arrows move? */
function isTaken({ key, target }: KeyboardEvent): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (key === ' ') return target.matches('button, summary, a, input, [role="option"]');
  return target.matches('input[type="range"]') && /^(?:Arrow|Home$|End$|Page)/.test(key);
}

/** Handles a key of the page. */
export function onKey(event: KeyboardEvent, whole: Whole): void {
  if (event.key === 'Escape') {
    whole.close();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (isTyping(event.target) || isTaken(event)) return;
  if (document.querySelector('dialog[open]') !== null) return;
  if (!whole.isWalk && !EVERYWHERE.has(event.key)) return;
  const action = actionFor(event, whole);
  if (action === null) return;
  event.preventDefault();
  action();
}
