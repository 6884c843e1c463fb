/** Reads the words of a rule as iptables' own option loop does (iptables/xshared.c do_parse, command_default). */
import type { Family } from '../../address/address.js';
import { BadValue } from '../extension.js';
import { protocolName } from '../../address/protocols.js';
import { findMatch, findTarget } from '../registry.js';
import { HEADER_FLAGS, type Row, abbreviated, nearest, spellings } from './options.js';
import { shown } from './problem.js';
import { RuleDraft } from './rule-draft.js';
import { MatchSection, TargetSection } from './section.js';
import type { Words } from './words.js';

/** Other names under which iptables finds a match (libxtables/xtables.c xtables_find_match). */
const MATCH_ALIASES: ReadonlyMap<string, string> = new Map([
  ['icmpv6', 'icmp6'],
  ['ipv6-icmp', 'icmp6'],
  ['ipv6-mh', 'mh'],
  ['mobility-header', 'mh'],
]);

/** How many words follow a header option. */
const HEADER_WORDS: ReadonlyMap<string, number> = new Map([
  ['s', 1], ['d', 1], ['i', 1], ['o', 1], ['p', 1], ['f', 0], ['c', 1], ['m', 1], ['j', 1], ['g', 1], ['4', 0], ['6', 0],
]); // prettier-ignore

/** Whether the table has declared a chain of that name so far: it goes before a target of the same name. */
export type IsChain = (name: string) => boolean;

type AnySection = RuleDraft['sections'][number];

class RuleParser {
  readonly draft: RuleDraft;
  readonly #words: Words;
  readonly #family: Family;
  readonly #end: number;
  #at: number;
  /** Index of a `!` that waits for its option, or -1. */
  #bang = -1;
  /** The last thing that was read is `-j NAME` or `-g NAME`. */
  #afterAction = false;
  #last: number | null = null;
  readonly #isChain: IsChain;

  constructor(words: Words, from: number, to: number, family: Family, isChain: IsChain) {
    this.#isChain = isChain;
    this.draft = new RuleDraft(words, family);
    this.#words = words;
    this.#family = family;
    this.#at = from;
    this.#end = to;
  }

  run(): void {
    while (this.#at < this.#end && !this.draft.broken) this.#step();
    if (this.#bang >= 0) this.#break('RULE_DANGLING_NOT', {}, this.#bang, this.#bang + 1);
  }

  #break(code: string, params: Record<string, string | number>, from: number, to: number): void {
    this.draft.broken = true;
    this.#bang = -1;
    this.draft.problem(code, params, from, to);
  }

  #step(): void {
    const at = this.#at;
    if (this.#words.isBang(at)) {
      if (this.#bang >= 0) this.#break('RULE_DANGLING_NOT', {}, at, at + 1);
      this.#bang = at;
      this.#at += 1;
      return;
    }
    const word = this.#words.value(at);
    if (word.length > 1 && word.startsWith('-') && word !== '--') {
      this.#afterAction = false;
      if (word.startsWith('--')) this.#long(word);
      else this.#short(word);
    } else this.#stray();
  }

  /** Where the option's words begin: at its `!` if there is one. */
  get #first(): number {
    return this.#bang >= 0 ? this.#bang : this.#at;
  }

  #short(word: string): void {
    const letter = word.charAt(1);
    const glued = word.length > 2 ? word.slice(2) : null;
    // iptables looks for most values in the next word, even where the option has one of its own (`-s10.0.0.1`).
    const known = HEADER_WORDS.has(letter) && (glued === null || letter === 'g' || letter === 'c');
    if (!known) this.#unknown(word);
    else this.#header(letter, glued);
  }

  #long(word: string): void {
    const equals = word.indexOf('=');
    const flag = equals < 0 ? word : word.slice(0, equals);
    const inline = equals < 0 ? null : word.slice(equals + 1);
    const letter = HEADER_FLAGS.get(flag);
    if (letter !== undefined) {
      this.#header(letter, inline);
      return;
    }
    const current = this.draft.sections.at(-1);
    // Nobody knows what an unknown match has; behind the name of a chain, options belong to the matches.
    if (current?.extension === null && current !== this.draft.target) {
      this.#unknown(flag);
      return;
    }
    const { owners } = this.draft;
    for (const section of owners) {
      const row = section.spellings.get(flag);
      if (row !== undefined) {
        this.#take(section, row, flag, inline);
        return;
      }
    }
    const meant = abbreviated(flag, owners);
    if (meant !== null) {
      this.draft.entangled = true;
      if ('letter' in meant) this.#header(meant.letter, inline);
      else this.#take(meant.owner, meant.row, flag, inline);
    } else if (!this.#implicit(flag, inline)) this.#unknown(flag);
  }

  /** `-p tcp --dport 80`: an option that nobody knows loads the match of the protocol, once (command_default, load_proto). */
  #implicit(flag: string, inline: string | null): boolean {
    const { draft } = this;
    if (draft.implicitLoaded || draft.protocolWord === '') return false;
    const number = draft.header.protocol?.value ?? 0;
    const name = number === 58 ? 'icmp6' : number === 135 ? 'mh' : protocolName(number);
    const extension = findMatch(name, this.#family);
    if (extension === null) return false;
    const row = spellings(extension.options).get(flag);
    const section = new MatchSection(
      name,
      extension,
      this.#words,
      this.#words.start(this.#first),
      this.#words.end(this.#at),
    );
    const meant = row === undefined ? abbreviated(flag, [section]) : { owner: section, row };
    if (meant === null || 'letter' in meant) return false;
    draft.implicitLoaded = true;
    draft.entangled = true;
    draft.matches.push(section);
    draft.open(section);
    this.#take(section, meant.row, flag, inline);
    return true;
  }

  /** Another option stands here, or nothing. */
  #lacksValue(at: number): boolean {
    return at >= this.#end || this.#words.isBang(at) || this.#words.value(at).startsWith('-');
  }

  /** Reads an option of an extension: its words, and an old-style `!` before them. */
  #take(section: AnySection, row: Row, flag: string, inline: string | null): void {
    const { draft } = this;
    const first = this.#first;
    let inverted = this.#bang >= 0;
    let at = this.#at + 1;
    if (
      !inverted &&
      inline === null &&
      row.spec.invert === true &&
      row.spec.value.words > 0 &&
      at < this.#end &&
      this.#words.isBang(at)
    ) {
      inverted = true;
      at += 1;
    }
    const wanted =
      row.spec.value.optional === true && inline === null && this.#lacksValue(at) ? 0 : row.spec.value.words;
    const values: string[] = inline === null ? [] : [inline];
    while (values.length < wanted && at < this.#end) {
      values.push(this.#words.value(at));
      at += 1;
    }
    const option = this.#at;
    this.#at = at;
    this.#bang = -1;
    section.keep(first, at);
    const refuse = (code: string, params: Record<string, string | number>, from: number): void => {
      section.spoilt = true;
      draft.problem(
        code,
        { flag: shown(flag), extension: shown(section.name), ...params },
        from,
        Math.max(at, from + 1),
      );
    };
    if (values.length < wanted) {
      // The rule ends here. Printed in another order, what comes next would be taken for the value.
      draft.entangled = true;
      this.#break('RULE_VALUE_MISSING', { flag: shown(flag), extension: shown(section.name) }, option, at);
    } else if (inline !== null && wanted === 0) refuse('RULE_VALUE_UNWANTED', {}, option);
    else if (inverted && row.spec.invert !== true) refuse('RULE_NOT_INVERTIBLE', {}, first);
    else if (section.has(row.key) && row.spec.repeatable !== true) refuse('RULE_REPEATED', {}, first);
    else {
      const value = row.spec.value.parse(values, this.#family);
      if (value instanceof BadValue)
        refuse(value.code, value.params, wanted > 0 && inline === null ? at - wanted : option);
      else section.set(row.key, { value, inverted });
    }
  }

  #header(letter: string, glued: string | null): void {
    const words = HEADER_WORDS.get(letter) ?? 0;
    const option = this.#at;
    let value = this.#at + 1;
    let inverted = this.#bang >= 0;
    const first = this.#first;
    if (glued !== null) value = option;
    else if (
      words > 0 &&
      !inverted &&
      'sdiop'.includes(letter) &&
      value < this.#end &&
      this.#words.isBang(value)
    ) {
      // `-s ! 10.0.0.0/8`, as iptables before 1.4.3 printed it.
      inverted = true;
      value += 1;
    }
    if (words > 0 && value >= this.#end) {
      this.draft.entangled = true;
      this.#break(
        'RULE_VALUE_MISSING',
        { flag: this.#words.value(option), extension: '' },
        option,
        option + 1,
      );
      return;
    }
    this.#at = words > 0 ? value + 1 : option + 1;
    const text = glued ?? (words > 0 ? this.#words.value(value) : '');
    const hadBang = this.#bang >= 0;
    this.#bang = -1;
    if ('sdiopf'.includes(letter)) this.draft.setHeader(letter, text, inverted, first, this.#at);
    else if (hadBang)
      this.#break('RULE_NOT_INVERTIBLE', { flag: `-${letter}`, extension: '' }, first, this.#at);
    else this.#command(letter, text, option);
  }

  #command(letter: string, text: string, option: number): void {
    const from = this.#words.start(option);
    const to = this.#words.end(this.#at - 1);
    if (text === '' && 'mjg'.includes(letter)) {
      this.#break('RULE_VALUE_MISSING', { flag: `-${letter}`, extension: '' }, option, this.#at);
    } else if (letter === 'm') {
      if (this.draft.late) this.draft.broken = true;
      const name = MATCH_ALIASES.get(text) ?? text;
      const extension = findMatch(name, this.#family);
      const section = new MatchSection(name, extension, this.#words, from, to);
      if (extension === null)
        this.draft.problem('RULE_UNKNOWN_MATCH', { name: shown(text) }, option, this.#at, 'warning');
      this.draft.matches.push(section);
      this.draft.open(section);
    } else if (letter === 'c') this.#counters(text, option);
    else if (letter === 'j' || letter === 'g') {
      if (this.draft.target !== null || this.draft.jump !== null)
        this.#break('RULE_REPEATED', { flag: `-${letter}`, extension: '' }, option, this.#at);
      else if (letter === 'g') this.draft.jump = { kind: 'chain', chain: text, goto: true };
      else {
        const extension = this.#isChain(text) ? null : findTarget(text, this.#family);
        const section = new TargetSection(text, extension, this.#words, from, to);
        this.draft.target = section;
        this.draft.open(section);
      }
      this.#afterAction = true;
    } else if (letter !== String(this.#family))
      this.#break('RULE_OTHER_FAMILY', { text: `-${letter}`, family: this.#family }, option, this.#at);
  }

  /** `-c PACKETS BYTES` or `-c PACKETS,BYTES`. */
  #counters(text: string, option: number): void {
    const parts = text.split(',');
    if (parts.length === 1 && this.#at < this.#end) {
      parts.push(this.#words.value(this.#at));
      this.#at += 1;
    }
    const [packets = '', bytes = '', ...rest] = parts;
    if (rest.length > 0 || !/^\d{1,20}$/.test(packets) || !/^\d{1,20}$/.test(bytes))
      this.#break('RULE_COUNTERS', { text: shown(text) }, option, this.#at);
    else this.draft.counters = { packets: Number(packets), bytes: Number(bytes) };
  }

  /** An option that nobody has: it and the words up to the next option belong to the section that was opened last. */
  #unknown(flag: string): void {
    const { draft } = this;
    const first = this.#first;
    const option = this.#at;
    let at = option + 1;
    while (
      at < this.#end &&
      !this.#words.isBang(at) &&
      (this.#words.isQuoted(at) || !this.#words.value(at).startsWith('-'))
    )
      at += 1;
    this.#at = at;
    this.#bang = -1;
    const section = draft.sections.at(-1);
    draft.early ||= draft.protocolWord === '' && (section?.extension !== null || section === draft.target);
    draft.late ||= section !== undefined && section === draft.target;
    if (section === undefined) {
      draft.entangled = true;
      draft.problem('RULE_UNKNOWN_OPTION', { option: shown(flag) }, option, option + 1);
      draft.keepOpaque(first, at);
      return;
    }
    section.keep(first, at);
    if (section.extension === null) return;
    draft.entangled = true;
    section.spoilt = true;
    const guess = nearest(flag, section.spellings.keys());
    const params = { option: shown(flag), extension: section.name };
    if (guess === null) draft.problem('RULE_OPTION', params, option, option + 1, 'warning');
    else draft.problem('RULE_OPTION_MEANT', { ...params, guess }, option, option + 1, 'warning');
  }

  /**
   * Words behind the target that hold no option: what somebody wrote beside the rule. Behind a target's option they
   * may be the rest of a broken value, so there they count.
   */
  #remark(at: number): boolean {
    if (this.#lastOption() >= at) return false;
    this.draft.problem('RULE_REMARK', {}, at, this.#words.count, 'warning');
    this.draft.entangled = true;
    this.#at = this.#end;
    return true;
  }

  /** Where the last word that may be an option is; looked for once, since each stray word asks. */
  #lastOption(): number {
    if (this.#last !== null) return this.#last;
    let at = this.#words.count - 1;
    while (at >= 0 && !this.#words.value(at).startsWith('-')) at -= 1;
    this.#last = at;
    return at;
  }

  /** A word that belongs to no option. */
  #stray(): void {
    const { draft } = this;
    const first = this.#first;
    const at = this.#at;
    this.#at += 1;
    this.#bang = -1;
    const section = draft.sections.at(-1);
    if (this.#afterAction && this.#remark(at)) return;
    // Printed right behind the target, it would pass for a remark.
    const bare = section !== undefined && section === draft.target && section.text === '';
    if (section?.extension === null && !bare) {
      section.keep(first, this.#at);
      return;
    }
    draft.entangled = true;
    draft.problem('RULE_STRAY', { word: shown(this.#words.value(at)) }, at, at + 1);
    draft.keepOpaque(first, this.#at);
  }
}

/** Reads the words `from` to `to` as a rule without `-A CHAIN`. */
export function parseRule(
  words: Words,
  from: number,
  to: number,
  family: Family,
  isChain: IsChain = () => false,
): RuleDraft {
  const parser = new RuleParser(words, from, to, family, isChain);
  parser.run();
  return parser.draft;
}
