/**
 * Reads the rules of a dump. A node has hundreds of thousands of rules and a few thousand different options, so each
 * different header, match and target text is read once and then shared.
 *
 * The words are cut at `-m`, `-j`, `-g` and `-c` first. That is where sections begin in every dump that a tool printed;
 * a part that does not read as one whole section by itself (an abbreviation, an implicit match, a value that is spelled
 * like an option) sends its rule through the option loop as a whole.
 */
import type { Family } from '../../address/address.js';
import { BadValue, type MatchExtension, type TargetExtension } from '../extension.js';
import type { Header, OpaqueMatch, RuleAction, RuleMatch } from '../model.js';
import { findMatch, findTarget } from '../registry.js';
import { PlainHeaders, PlainSections } from './plain.js';
import type { Problem } from './problem.js';
import { type IsChain, parseRule } from './rule-parser.js';
import { ANY_HEADER, type RuleDraft, type RuleParts } from './rule-draft.js';
import type { Words } from './words.js';

/** A part of a rule that stands for itself. Offsets in `problems` count from its first word. */
type HeaderPart = { readonly headers: readonly Header[]; readonly opaque: readonly OpaqueMatch[] } & Shared;
type MatchPart = { readonly match: RuleMatch; readonly protocols: readonly number[] } & Shared;
type ActionPart = {
  readonly action: RuleAction;
  readonly protocols: readonly number[];
  /** A chain has the name of a target. */
  readonly odd?: boolean;
} & Shared;
interface Shared {
  readonly problems: readonly Problem[];
}

const NO_ACTION: RuleAction = { kind: 'none' };
const NO_PROBLEMS: readonly Problem[] = [];
const NO_OPAQUE: readonly OpaqueMatch[] = [];
const NOTHING: HeaderPart = { headers: [ANY_HEADER], opaque: NO_OPAQUE, problems: NO_PROBLEMS };
const NO_MATCHES: readonly RuleMatch[] = [];
const M = 109;
const J = 106;
const G = 103;
const C = 99;

function shifted(problems: readonly Problem[], by: number): readonly Problem[] {
  return problems.length === 0
    ? NO_PROBLEMS
    : problems.map((one) => ({ ...one, from: one.from + by, to: one.to + by }));
}

/** Texts that come again and again come early; to keep all others would cost more than to read them. */
const MOST_KEPT = 4096;

function remember<P>(parts: Map<string, P>, text: string, part: P): void {
  if (parts.size < MOST_KEPT) parts.set(text, part);
}

/** Reads rules of one family; keep one for a whole snapshot. */
export class RuleReader {
  readonly family: Family;
  readonly #headers = new Map<string, HeaderPart | null>();
  readonly #matches = new Map<string, MatchPart | null>();
  readonly #actions = new Map<string, ActionPart | null>();
  readonly #jumps = new Map<string, RuleAction>();
  readonly #plainHeaders: PlainHeaders;
  readonly #plainMatches: PlainSections<MatchPart, MatchExtension>;
  readonly #plainTargets: PlainSections<ActionPart, TargetExtension>;
  readonly #scratch: RuleMatch[] = [];

  constructor(family: Family) {
    this.family = family;
    this.#plainHeaders = new PlainHeaders(family);
    this.#plainMatches = new PlainSections(
      family,
      (name) => findMatch(name, family),
      (extension, values) => {
        const match = extension.bind(values, family);
        if (match instanceof BadValue) return null;
        return { match, protocols: match.demands.protocols, problems: NO_PROBLEMS };
      },
    );
    this.#plainTargets = new PlainSections(
      family,
      (name) => findTarget(name, family),
      (extension, values) => {
        const target = extension.bind(values, family);
        if (target instanceof BadValue) return null;
        const action: RuleAction = { kind: 'target', target };
        return { action, protocols: target.demands.protocols, problems: NO_PROBLEMS };
      },
    );
  }

  /** The one action that jumps to a chain. */
  jump(chain: string): RuleAction {
    let action = this.#jumps.get(chain);
    if (action === undefined) {
      action = { kind: 'chain', chain, goto: false };
      this.#jumps.set(chain, action);
    }
    return action;
  }

  /**
   * Reads the words from `from` on.
   */
  read(words: Words, from: number, isChain: IsChain): RuleParts {
    const quick = this.#quick(words, from, isChain);
    return quick ?? parseRule(words, from, words.count, this.family, isChain).finish(from);
  }

  /** Reads a rule part by part; null when the parts do not stand for themselves. */
  #quick(words: Words, from: number, isChain: IsChain): RuleParts | null {
    let at = nextSection(words, from);
    const header = at === from ? NOTHING : this.#header(words, from, at);
    if (header === null) return null;
    const ofHeader = at === from ? NO_PROBLEMS : shifted(header.problems, words.start(from));
    let others: Problem[] | null = null;
    const matches = this.#scratch;
    matches.length = 0;
    for (const one of header.opaque) matches.push(one);
    const [first = ANY_HEADER] = header.headers;
    const protocol = first.protocol === null || first.protocol.inverted ? null : first.protocol.value;
    const allowed = (protocols: readonly number[]): boolean =>
      protocols.length === 0 || (protocol !== null && protocols.includes(protocol));
    let action: RuleAction | null = null;
    let counters: RuleParts['counters'] = null;
    let odd = false;
    while (at < words.count) {
      const end = nextSection(words, at + 1);
      const letter = words.shortOption(at);
      if (letter === M) {
        const part = this.#match(words, at, end);
        if (part === null || !allowed(part.protocols)) return null;
        matches.push(part.match);
        if (part.problems.length > 0) (others ??= []).push(...shifted(part.problems, words.start(at)));
      } else if (letter === C) {
        const draft = parseRule(words, at, end, this.family);
        if (draft.counters === null || !isBare(draft)) return null;
        ({ counters } = draft);
      } else {
        if (action !== null) return null;
        const part = this.#action(words, at, end, isChain);
        if (part === null || !allowed(part.protocols)) return null;
        ({ action } = part);
        odd = part.odd === true;
        if (part.problems.length > 0) (others ??= []).push(...shifted(part.problems, words.start(at)));
      }
      at = end;
    }
    // A copy has room for nothing more: a list that grew keeps room for 16.
    const own = matches.length === 0 ? NO_MATCHES : matches.slice();
    const { headers } = header;
    const problems = others === null ? ofHeader : [...ofHeader, ...others];
    const plain =
      !odd &&
      problems.length === 0 &&
      matches.every((match) => !('opaque' in match)) &&
      action?.kind !== 'opaque';
    return { headers, matches: own, action: action ?? NO_ACTION, counters, problems, plain };
  }

  #header(words: Words, from: number, to: number): HeaderPart | null {
    const plain = this.#plainHeaders.read(words, from, to);
    if (plain !== null) return { headers: [plain], opaque: NO_OPAQUE, problems: NO_PROBLEMS };
    const key = words.text.slice(words.start(from), words.end(to - 1));
    const known = this.#headers.get(key);
    if (known !== undefined) return known;
    const part = this.#readHeader(words, from, to);
    remember(this.#headers, key, part);
    return part;
  }

  #readHeader(words: Words, from: number, to: number): HeaderPart | null {
    const draft = parseRule(words, from, to, this.family);
    const alone =
      !draft.broken &&
      !draft.entangled &&
      draft.sections.length === 0 &&
      draft.jump === null &&
      draft.counters === null;
    return alone
      ? {
          headers: draft.headers(),
          opaque: draft.opaque,
          problems: shifted(draft.problems, -words.start(from)),
        }
      : null;
  }

  #match(words: Words, from: number, to: number): MatchPart | null {
    const plain = to - from === 4 ? this.#plainMatches.read(words, from) : null;
    if (plain !== null) return plain;
    const key = words.text.slice(words.start(from), words.end(to - 1));
    const known = this.#matches.get(key);
    if (known !== undefined) return known;
    const part = this.#readMatch(words, from, to);
    remember(this.#matches, key, part);
    return part;
  }

  #readMatch(words: Words, from: number, to: number): MatchPart | null {
    const draft = parseRule(words, from, to, this.family);
    const [section] = draft.matches;
    if (draft.broken || draft.entangled || section === undefined || draft.sections.length !== 1) return null;
    if (draft.opaque.length > 0 || draft.jump !== null || draft.counters !== null || draft.hasHeader)
      return null;
    const problems = [...draft.problems];
    const { match, protocols } = section.bindAny(this.family, (problem) => problems.push(problem));
    return { match, protocols, problems: shifted(problems, -words.start(from)) };
  }

  #action(words: Words, from: number, to: number, isChain: IsChain): ActionPart | null {
    if (to - from === 2 && words.shortOption(from) === J) {
      const name = words.value(from + 1);
      if (name === '') return null;
      const known = findTarget(name, this.family) !== null;
      if (!known || isChain(name))
        return { action: this.jump(name), protocols: [], problems: NO_PROBLEMS, odd: known };
    }
    // A chain goes before a target of its name, and what is behind it belongs to the matches.
    if (to - from > 2 && isChain(words.value(from + 1))) return null;
    if (to - from === 4 && words.shortOption(from) === J) {
      const plain = this.#plainTargets.read(words, from);
      if (plain !== null) return plain;
    }
    const key = words.text.slice(words.start(from), words.end(to - 1));
    const known = this.#actions.get(key);
    if (known !== undefined) return known;
    const part = this.#readAction(words, from, to);
    remember(this.#actions, key, part);
    return part;
  }

  #readAction(words: Words, from: number, to: number): ActionPart | null {
    const draft = parseRule(words, from, to, this.family);
    if (draft.broken || draft.entangled || draft.matches.length > 0) return null;
    if (draft.opaque.length > 0 || draft.counters !== null || draft.hasHeader) return null;
    const problems = [...draft.problems];
    if (draft.jump !== null)
      return { action: draft.jump, protocols: [], problems: shifted(problems, -words.start(from)) };
    // Options behind the name of a chain belong to the matches.
    if (draft.target === null || (draft.target.extension === null && draft.target.text !== '')) return null;
    const { action, protocols } = draft.target.bindAction(this.family, (problem) => problems.push(problem));
    return { action, protocols, problems: shifted(problems, -words.start(from)) };
  }
}

/** Index of the next word that begins a section in print: `-m`, `-j`, `-g` or `-c`. */
function nextSection(words: Words, from: number): number {
  for (let at = from; at < words.count; at += 1) {
    const letter = words.shortOption(at);
    if (letter === M || letter === J || letter === G || letter === C) return at;
  }
  return words.count;
}

/** Whether nothing but counters was in the words of a draft. */
function isBare(draft: RuleDraft): boolean {
  return (
    !draft.entangled &&
    !draft.hasHeader &&
    draft.problems.length === 0 &&
    draft.opaque.length === 0 &&
    draft.sections.length === 0 &&
    draft.jump === null
  );
}
