/** A rule while its words are being read: what has been seen so far, and how it becomes a rule. */
import type { Family } from '../../address/address.js';
import type { Prefix } from '../../address/prefix.js';
import { BadValue } from '../extension.js';
import type { Counters, Header, HostName, Invertible, OpaqueMatch, RuleAction, RuleMatch } from '../model.js';
import { type Problem, shown } from './problem.js';
import type { Row } from './options.js';
import type { MatchSection, TargetSection } from './section.js';
import { isEverything, parseAddresses, parseDevice, parseProtocol } from './selectors.js';
import type { Words } from './words.js';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type Selector = Invertible<Prefix | HostName>;

/** A rule's meaning. A comma list of addresses makes several rules: one header each. */
export interface RuleParts {
  readonly headers: readonly Header[];
  readonly matches: readonly RuleMatch[];
  readonly action: RuleAction;
  readonly counters: Counters | null;
  readonly problems: readonly Problem[];
  /** Its text alone says what it is, whatever chains there are, and nothing is to be told of it. */
  readonly plain?: boolean;
}

/** The header that every packet passes. */
export const ANY_HEADER: Header = {
  source: null,
  destination: null,
  inInterface: null,
  outInterface: null,
  protocol: null,
  fragment: null,
};

const NO_ACTION: RuleAction = { kind: 'none' };

/** More rules than this are not made out of one line. */
const MOST_RULES = 10_000;

/** A rule that says nothing but its own words: it matches or not, and does anything or nothing. */
export function unreadable(
  text: string,
  problems: readonly Problem[],
  counters: Counters | null = null,
): RuleParts {
  return {
    headers: [ANY_HEADER],
    matches: [{ opaque: true, name: '', text }],
    action: { kind: 'opaque', name: '', text: '' },
    counters,
    problems,
  };
}

/** A rule with a broken quotation, or with what no word may hold. */
export function torn(text: string, from: number, to: number): RuleParts {
  return unreadable(text, [{ code: 'RULE_TORN', severity: 'error', params: {}, from, to }]);
}

export class RuleDraft {
  readonly family: Family;
  readonly words: Words;
  readonly header: Mutable<Header> = { ...ANY_HEADER };
  /** The word after `-p`, whose match an option can load by itself. */
  protocolWord = '';
  implicitLoaded = false;
  readonly matches: MatchSection[] = [];
  /** All sections in the order in which they were opened; the last one owns what nobody knows. */
  readonly sections: (MatchSection | TargetSection)[] = [];
  /** The last section of each extension, in the order in which they were opened: what an option is looked up in. */
  readonly #owners = new Map<ReadonlyMap<string, Row>, MatchSection | TargetSection>();
  target: TargetSection | null = null;
  jump: RuleAction | null = null;
  /** Header conditions that cannot be read. */
  readonly opaque: OpaqueMatch[] = [];
  counters: Counters | null = null;
  readonly problems: Problem[] = [];
  /** Something makes the rule unreadable as a whole. */
  broken = false;
  /** An abbreviation or a stray word was met: the sections cannot be told apart without the rest of the rule. */
  entangled = false;
  /** An option that nobody had came before any `-p`, which might have loaded its match. */
  early = false;
  /** An option that the target does not have: a match that comes later, but prints earlier, might have it. */
  late = false;
  #sources: readonly (Prefix | HostName)[] = [];
  #destinations: readonly (Prefix | HostName)[] = [];
  readonly #seen = new Set<string>();

  constructor(words: Words, family: Family) {
    this.words = words;
    this.family = family;
  }

  /** Begins a section. */
  open(section: MatchSection | TargetSection): void {
    this.sections.push(section);
    // Behind all others: an option is that of the extension that was named last.
    this.#owners.delete(section.spellings);
    this.#owners.set(section.spellings, section);
  }

  /** Who may have an option, the last one first; few, however often an extension is named. */
  get owners(): readonly (MatchSection | TargetSection)[] {
    return [...this.#owners.values()].reverse();
  }

  problem(
    code: string,
    params: Problem['params'],
    from: number,
    to: number,
    severity: Problem['severity'] = 'error',
  ): void {
    this.problems.push({ code, severity, params, from: this.words.start(from), to: this.words.end(to - 1) });
  }

  /** Keeps words that are no known condition, so that the rule is neither lost nor taken for wider than it is. */
  keepOpaque(from: number, to: number): void {
    const kept: string[] = [];
    for (let at = from; at < to; at += 1) kept.push(this.words.kept(at));
    this.opaque.push({ opaque: true, name: '', text: kept.join(' ') });
  }

  /** Takes a header condition whose words are `from` (with its `!`) to `to`; the value is the last of them. */
  setHeader(letter: string, value: string, inverted: boolean, from: number, to: number): void {
    const bad = this.#seen.has(letter)
      ? new BadValue('RULE_REPEATED', { flag: `-${letter}` })
      : this.#assign(letter, value, inverted);
    this.#seen.add(letter);
    if (bad === null) return;
    const params = Object.fromEntries(
      Object.entries(bad.params).map(([name, one]) => [name, typeof one === 'string' ? shown(one) : one]),
    );
    this.problem(bad.code, params, to - 1, to);
    this.keepOpaque(from, to);
  }

  #assign(letter: string, value: string, inverted: boolean): BadValue | null {
    switch (letter) {
      case 's':
      case 'd':
        return this.#addresses(letter, value, inverted);
      case 'i':
      case 'o': {
        const device = parseDevice(value);
        if (device instanceof BadValue) return device;
        if (device !== '+' || inverted)
          this.header[letter === 'i' ? 'inInterface' : 'outInterface'] = { value: device, inverted };
        return null;
      }
      case 'p': {
        const protocol = parseProtocol(value);
        if (protocol instanceof BadValue) return protocol;
        if (protocol === 0 && inverted) return new BadValue('RULE_NEVER', { text: value });
        this.protocolWord = value;
        // In another order the rule would mean something else, so it is kept in its own.
        if (this.early) this.broken = true;
        this.header.protocol = protocol === 0 ? null : { value: protocol, inverted };
        return null;
      }
      default:
        if (this.family === 6) return new BadValue('RULE_OTHER_FAMILY', { text: '-f', family: 6 });
        this.header.fragment = { value: true, inverted };
        return null;
    }
  }

  #addresses(letter: 's' | 'd', word: string, inverted: boolean): BadValue | null {
    const list = parseAddresses(word, this.family);
    if (list instanceof BadValue) return list;
    if (inverted && list.length > 1) return new BadValue('RULE_INVERTED_LIST', { text: word });
    const other = letter === 's' ? this.#destinations : this.#sources;
    if (list.length * Math.max(1, other.length) > MOST_RULES)
      return new BadValue('RULE_ADDRESS_LIST', { most: MOST_RULES });
    if (letter === 's') {
      this.#sources = list;
      this.header.source = this.#selector(list[0], inverted);
    } else {
      this.#destinations = list;
      this.header.destination = this.#selector(list[0], inverted);
    }
    return null;
  }

  #selector(value: Prefix | HostName | undefined, inverted: boolean): Selector | null {
    return value === undefined || (!inverted && isEverything(value, this.family))
      ? null
      : { value, inverted };
  }

  /** The header, once for each pair of a source and a destination, in the order in which iptables appends them. */
  headers(): readonly Header[] {
    if (this.#sources.length <= 1 && this.#destinations.length <= 1) return [this.header];
    const { source, destination } = this.header;
    const sources =
      this.#sources.length > 1 ? this.#sources.map((one) => this.#selector(one, false)) : [source];
    const destinations =
      this.#destinations.length > 1
        ? this.#destinations.map((one) => this.#selector(one, false))
        : [destination];
    return sources.flatMap((one) =>
      destinations.map((two) => ({ ...this.header, source: one, destination: two })),
    );
  }

  /** Whether it has a header option, also one that says nothing (`-p all`). */
  get hasHeader(): boolean {
    return this.#seen.size > 0;
  }

  /** The number of a `-p` that is not inverted. */
  get protocol(): number | null {
    return this.header.protocol === null || this.header.protocol.inverted ? null : this.header.protocol.value;
  }

  /** The words from `from` to the end as one line. */
  raw(from: number): string {
    const kept: string[] = [];
    for (let at = from; at < this.words.count; at += 1) kept.push(this.words.kept(at));
    return kept.join(' ');
  }

  finish(from: number): RuleParts {
    if (this.broken) return unreadable(this.raw(from), this.problems, this.counters);
    const report = (problem: Problem): void => {
      this.problems.push(problem);
    };
    const matches: RuleMatch[] = [...this.opaque];
    for (const section of this.matches) matches.push(section.bindMatch(this.protocol, this.family, report));
    const action = this.jump ?? this.target?.bindFor(this.protocol, this.family, report) ?? NO_ACTION;
    return { headers: this.headers(), matches, action, counters: this.counters, problems: this.problems };
  }
}
