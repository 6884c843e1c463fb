/** The end of a rule's line in a listing: what its matches print, in their order, and then its target. */
import type { Family } from '../../address/address.js';
import { type Claim, type ListingForm, claim, skipBlanks } from './form.js';
import { HEADER_MATCHES } from './matches-header.js';
import { STATE_MATCHES } from './matches-state.js';
import { TARGET_FORMS } from './targets.js';

/** One match of a rule. */
export interface MatchPart {
  readonly name: string;
  /** Its option words; none where it is obscure. */
  readonly words: readonly string[];
  /** The listing does not settle what it tests: only the text that stands there is known. */
  readonly obscure: boolean;
  readonly start: number;
  readonly end: number;
}

/** A line's end, taken apart. */
export interface Extras {
  readonly matches: readonly MatchPart[];
  /** Option words of the target; null when they cannot be told. */
  readonly target: readonly string[] | null;
  /** Name of the target where it differs from the one in the target column. */
  readonly targetName: string;
  readonly goto: boolean;
  /** Offset of the first text that nothing claims; the text's length when all is claimed. */
  readonly unread: number;
}

/** More comments than this in one rule are not told apart. */
const MOST_COMMENTS = 30;

/** No rule has more matches than this. */
const MOST_MATCHES = 200;

const MATCHES: readonly ListingForm[] = [...HEADER_MATCHES, ...STATE_MATCHES];

const byLetter = new Map<string, readonly ListingForm[]>();

/** The matches whose text can begin with a letter, in their order. */
function matchesOf(letter: string): readonly ListingForm[] {
  let forms = byLetter.get(letter);
  if (forms === undefined) {
    forms = MATCHES.filter(({ begins }) => begins?.has(letter) ?? true);
    byLetter.set(letter, forms);
  }
  return forms;
}

interface Tail {
  readonly matches: readonly MatchPart[];
  readonly target: Claim | null;
  readonly unread: number;
}

function comment(start: number, end: number, text: string): MatchPart {
  const words = ['--comment', text.slice(start + 3, Math.max(end - 3, start + 3))];
  return { name: 'comment', words, obscure: false, start, end };
}

/** Where a comment that begins at `at` may end: behind each ` *​/` that a word ends with. */
function commentEnds(text: string, at: number): readonly number[] {
  const ends: number[] = [];
  for (let from = at + 2; ends.length < MOST_COMMENTS;) {
    const found = text.indexOf(' */', from);
    if (found < 0) break;
    from = found + 3;
    if (from === text.length || text.charCodeAt(from) === 32) ends.push(from);
  }
  return ends;
}

class ExtrasReader {
  readonly #text: string;
  readonly #family: Family;
  readonly #targets: readonly ListingForm[];
  /** Tails by their offset: comments may end in several ways, and all meet again. */
  readonly #known = new Map<number, Tail>();

  constructor(text: string, family: Family, targets: readonly ListingForm[]) {
    this.#text = text;
    this.#family = family;
    this.#targets = targets;
  }

  /** Reads everything from `from` on. Reads as much as it can where not all can be read. */
  tail(from: number, comments = 0): Tail {
    const known = this.#known.get(from);
    if (known !== undefined) return known;
    const tail = this.#read(from, comments);
    this.#known.set(from, tail);
    return tail;
  }

  #read(from: number, comments: number): Tail {
    const text = this.#text;
    const matches: MatchPart[] = [];
    let at = skipBlanks(text, from);
    while (at < text.length) {
      if (text.startsWith('/*', at)) {
        const tail = comments < MOST_COMMENTS ? this.#comment(at, comments + 1) : null;
        return tail === null
          ? { matches, target: null, unread: at }
          : { ...tail, matches: [...matches, ...tail.matches] };
      }
      const part = matches.length < MOST_MATCHES ? this.#match(at) : null;
      if (part === null) {
        const target = this.#target(at);
        return { matches, target, unread: target === null ? at : text.length };
      }
      matches.push(part);
      at = skipBlanks(text, part.end);
    }
    return { matches, target: { words: [], end: at, obscure: false }, unread: text.length };
  }

  /** The first end of a comment from where the rest can be read, else the first of all. */
  #comment(at: number, comments: number): Tail | null {
    const ends = commentEnds(this.#text, at);
    const tails = ends.map((end) => ({ end, tail: this.tail(end, comments) }));
    const best = tails.find(({ tail }) => tail.unread === this.#text.length) ?? tails[0];
    if (best === undefined) return null;
    const { end, tail } = best;
    return { ...tail, matches: [comment(at, end, this.#text), ...tail.matches] };
  }

  #match(at: number): MatchPart | null {
    for (const form of matchesOf(this.#text.charAt(at))) {
      const found = claim(form, this.#text, at, this.#family);
      if (found !== null)
        return { name: form.name, words: found.words, obscure: found.obscure, start: at, end: found.end };
    }
    return null;
  }

  /** The target's own text: it ends the line. */
  #target(at: number): Claim | null {
    for (const form of this.#targets) {
      const found = claim(form, this.#text, at, this.#family);
      if (found !== null && skipBlanks(this.#text, found.end) === this.#text.length) return found;
    }
    return null;
  }
}

/** What stands between two ends of comments may be a part of one comment that has an end in it. */
function withoutDoubt(matches: readonly MatchPart[]): readonly MatchPart[] {
  const first = matches.findIndex(({ name }) => name === 'comment');
  const last = matches.findLastIndex(({ name }) => name === 'comment');
  return matches.map((part, place) =>
    place > first && first >= 0 && place < last && part.name !== 'comment'
      ? { ...part, obscure: true }
      : part,
  );
}

/**
 * Takes the end of a line apart. Never throws; what it cannot read is left over, from `unread` on.
 * @param target what stands in the target column
 */
export function readExtras(line: string, family: Family, target: string): Extras {
  const text = line.trimEnd();
  const goto = /^ *\[goto\](?: |$)/.exec(text);
  // iptables-legacy shows the old name of `CT --notrack` at the end.
  const noTrack = target === 'CT' && / ?NOTRACK$/.test(text);
  const name = noTrack ? 'NOTRACK' : target;
  const body = noTrack ? text.slice(0, -'NOTRACK'.length).trimEnd() : text;
  const reader = new ExtrasReader(body, family, TARGET_FORMS.get(name) ?? []);
  const { matches, target: own, unread } = reader.tail(goto?.[0].length ?? 0);
  return {
    matches: withoutDoubt(matches),
    target: own === null || own.obscure ? null : own.words,
    targetName: name,
    goto: goto !== null,
    unread: unread === body.length ? text.length : unread,
  };
}

/** Has the target no text of its own in a listing, so that all of an unknown end belongs to the matches? */
export function isSilent(target: string): boolean {
  return !TARGET_FORMS.has(target);
}
