/** What every view is told besides the result. */
import type { Address } from '../address/address.js';
import type { Name, Question } from '../names/book.js';
import type { AnyRule } from '../packet/any-rule.js';
import type { Params } from '../source/diagnostic.js';
import type { Again } from '../why/again.js';
import { type Paint, plain } from './colour.js';
import { type Language, type MessageId, describe, message } from './messages/index.js';
import type { ChainPlace } from './path-words.js';

/** Facts about the node that an answer needs and a result does not hold. */
export interface Facts {
  /** The device that has the address (as text), or null. */
  deviceOfAddress(address: string): string | null;
  /** Whether the device has an address of the family of `address`. */
  hasAddressLike(device: string, address: string): boolean;
  /** Whose rules the kernel runs on packets of the family of `address`, where that is a mixture of both iptables; else none. */
  mixture(address: string): readonly string[];
  /** The rules of a chain that packets of the family of `address` may meet; null where there is no such chain. */
  rulesOf(place: ChainPlace, address: string): readonly AnyRule[] | null;
  /** The ports that have a part in the names of an address; null, or no such method: any may have. */
  portsOf?(address: Address): ReadonlySet<number> | null;
  /** Is nothing in the names of chains and tables that JSON would escape? Left out: that is not known. */
  pathsArePlain?(): boolean;
  /** Says which addresses `namesOf` will be asked for. */
  expectNames?(addresses: readonly Address[]): void;
  /** What an address is called. */
  namesOf(question: Omit<Question, 'isOwn'>): readonly Name[];
}

/** For when nothing is known about the node. */
export const NO_FACTS: Facts = {
  deviceOfAddress: () => null,
  hasAddressLike: () => false,
  mixture: () => [],
  rulesOf: () => null,
  namesOf: () => [],
};

/** What a view may be told; all of it may be left out. */
export interface ViewOptions {
  readonly language?: Language;
  readonly paint?: Paint;
  readonly facts?: Facts;
  /** Walks the packet again on a changed node, where an answer says what would be otherwise; left out: it does not say. */
  readonly again?: Again;
  /** Display cells per line; 100 unless told. */
  readonly width?: number;
  /** Show the rules that did not match, each with its reason. */
  readonly allRules?: boolean;
  /** Show the text and place of each rule, and the tables that did nothing. */
  readonly wide?: boolean;
}

/** The options with their defaults, and the words of the language. */
export interface View {
  readonly language: Language;
  readonly paint: Paint;
  readonly facts: Facts;
  readonly width: number;
  readonly allRules: boolean;
  readonly wide: boolean;
  readonly again?: Again;
  /** Words for an id of this house. */
  readonly say: (id: MessageId, params?: Params) => string;
  /** Words for an id that the engine emitted. */
  readonly tell: (code: string, params?: Params) => string;
}

/** Fills in the defaults. */
export function viewOf(options: ViewOptions = {}): View {
  const language = options.language ?? 'en';
  return {
    language,
    paint: options.paint ?? plain,
    facts: options.facts ?? NO_FACTS,
    width: options.width ?? 100,
    allRules: options.allRules ?? false,
    wide: options.wide ?? false,
    ...(options.again === undefined ? {} : { again: options.again }),
    say: (id, params = {}) => message(id, params, language),
    tell: (code, params = {}) => describe(code, params, language),
  };
}

/** The view for the answer to a packet: second walks are of the answer too. */
export function replyView({ again, ...view }: View): View {
  return again === undefined || again.reply === null ? view : { ...view, again: again.reply };
}
