/** A part of a rule that belongs to one extension: `-m NAME …` or `-j NAME …`, while its options are being read. */
import type { Family } from '../../address/address.js';
import { BadValue, type Given, type MatchExtension, type TargetExtension } from '../extension.js';
import type { RuleAction, RuleMatch } from '../model.js';
import { type Row, spellings } from './options.js';
import { type Problem, shown } from './problem.js';
import type { Words } from './words.js';

const NONE: ReadonlyMap<string, Row> = new Map();

type Report = (problem: Problem) => void;

/** An action, and the protocols of which one must be the rule's own; any will do when there are none. */
export interface DemandingAction {
  readonly action: RuleAction;
  readonly protocols: readonly number[];
}

/** A match, and the protocols that it demands, in the same way. */
export interface DemandingMatch {
  readonly match: RuleMatch;
  readonly protocols: readonly number[];
}

/** Options of one extension in one rule. What cannot be understood spoils the whole section: it becomes opaque. */
abstract class Section<E extends MatchExtension | TargetExtension> {
  readonly name: string;
  /** Null: no such extension is known, and all its options are kept as they are. */
  readonly extension: E | null;
  readonly spellings: ReadonlyMap<string, Row>;
  spoilt = false;
  /** Offsets of `-m NAME`. */
  protected readonly from: number;
  protected readonly to: number;
  protected readonly values: Record<string, Given<unknown>> = {};
  readonly #words: Words;
  readonly #kept: string[] = [];

  constructor(name: string, extension: E | null, words: Words, from: number, to: number) {
    this.name = name;
    this.extension = extension;
    this.spellings = extension === null ? NONE : spellings(extension.options);
    this.#words = words;
    this.from = from;
    this.to = to;
  }

  /** Remembers words of the section, so that they can be kept if it becomes opaque. */
  keep(from: number, to: number): void {
    for (let at = from; at < to; at += 1) this.#kept.push(this.#words.kept(at));
  }

  get text(): string {
    return this.#kept.join(' ');
  }

  has(key: string): boolean {
    return Object.hasOwn(this.values, key);
  }

  set(key: string, given: Given<unknown>): void {
    this.values[key] = given;
  }

  protected lacksProtocol(protocols: readonly number[], protocol: number | null, report: Report): boolean {
    if (protocols.length === 0 || (protocol !== null && protocols.includes(protocol))) return false;
    const params = { name: shown(this.name), protocols: protocols.join(', ') };
    report({ code: 'RULE_NEEDS_PROTOCOL', severity: 'error', params, from: this.from, to: this.to });
    return true;
  }

  protected refused(bad: BadValue, report: Report): void {
    const params = { extension: shown(this.name), ...bad.params };
    report({ code: bad.code, severity: 'error', params, from: this.from, to: this.to });
  }
}

/** `-m NAME` and its options. */
export class MatchSection extends Section<MatchExtension> {
  /** Without regard to the rule's protocol: what it has to be is in the answer. */
  bindAny(family: Family, report: Report): DemandingMatch {
    const { extension, name, text } = this;
    const opaque: DemandingMatch = { match: { opaque: true, name, text }, protocols: [] };
    if (extension === null || this.spoilt) return opaque;
    const bound = extension.bind(this.values, family);
    if (!(bound instanceof BadValue)) return { match: bound, protocols: bound.demands.protocols };
    this.refused(bound, report);
    return opaque;
  }

  /**
   * As `bindAny`, opaque when the rule's protocol will not do.
   * @param protocol number of a `-p` that is not inverted
   */
  bindMatch(protocol: number | null, family: Family, report: Report): RuleMatch {
    const { match, protocols } = this.bindAny(family, report);
    return this.lacksProtocol(protocols, protocol, report)
      ? { opaque: true, name: this.name, text: this.text }
      : match;
  }
}

/** `-j NAME` and its options. */
export class TargetSection extends Section<TargetExtension> {
  /** Without regard to the rule's protocol: what it has to be is in the answer. */
  bindAction(family: Family, report: Report): DemandingAction {
    const { extension, name, text } = this;
    const opaque: DemandingAction = { action: { kind: 'opaque', name, text }, protocols: [] };
    if (extension === null) {
      // Without options it is a user chain, or will turn out to be none when the table has been read.
      if (text === '') return { action: { kind: 'chain', chain: name, goto: false }, protocols: [] };
      report({
        code: 'RULE_UNKNOWN_TARGET',
        severity: 'warning',
        params: { name: shown(name) },
        from: this.from,
        to: this.to,
      });
      return opaque;
    }
    if (this.spoilt) return opaque;
    const bound = extension.bind(this.values, family);
    if (!(bound instanceof BadValue))
      return { action: { kind: 'target', target: bound }, protocols: bound.demands.protocols };
    this.refused(bound, report);
    return opaque;
  }

  /** As `bindAction`, opaque when the rule's protocol will not do. */
  bindFor(protocol: number | null, family: Family, report: Report): RuleAction {
    const { action, protocols } = this.bindAction(family, report);
    return this.lacksProtocol(protocols, protocol, report)
      ? { kind: 'opaque', name: this.name, text: this.text }
      : action;
  }
}
