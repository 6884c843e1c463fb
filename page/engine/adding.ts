/** A command that adds a rule on its way into a node: where it stands, what is wrong with it, and putting it in. */
import { nearest } from '../../src/names/nearest.js';
import type { Node } from '../../src/packet/node.js';
import type { Diagnostic, Params } from '../../src/source/diagnostic.js';
import { SourceText, type Span } from '../../src/source/source.js';
import { insertFrom } from '../../src/why/insert.js';
import type { Insertion } from '../../src/why/inserted.js';
import { BadReference, type Target } from '../../src/why/reference.js';
import type { Command, Word } from './command-words.js';
import { editName } from './edit-text.js';

/** The changed node, or what is wrong with the command. */
export type Added = Node | readonly Diagnostic[];

/** Behind the last: a place is no number above those that a chain has. */
export const LAST: number = Number.MAX_SAFE_INTEGER;

const MOST_NEAR = 3;

/** A command on its way into a node. */
export class Adding {
  readonly node: Node;
  readonly name: string;
  readonly command: Command;
  readonly #source: SourceText;
  readonly #index: number;

  constructor(node: Node, text: string, index: number, command: Command) {
    [this.node, this.name, this.command] = [node, editName(index), command];
    this.#index = index;
    this.#source = new SourceText(this.name, text);
  }

  /** The same command on its way into another node. */
  on(node: Node): Adding {
    return new Adding(node, this.#source.text, this.#index, this.command);
  }

  /** The whole command: where the rule stands from now on. */
  get whole(): Span {
    return this.span(0, this.#source.text.trimEnd().length);
  }

  get text(): string {
    return this.#source.text;
  }

  span(start: number, end: number): Span {
    return { source: this.#source, start, end };
  }

  fault(
    code: string,
    params: Params,
    { start, end }: Pick<Span, 'start' | 'end'> = this.whole,
  ): Diagnostic[] {
    return [{ code, severity: 'error', params, span: this.span(start, end) }];
  }

  /** What a tool says, at the word that it quotes. */
  said(text: string): Diagnostic[] {
    const quoted = [...text.matchAll(/["'`]([^"'`]+)["'`]/g)].map(([, word]) => word ?? '');
    const word = this.wordOf(quoted) ?? this.wordOf([text]) ?? this.whole;
    return this.fault('PAGE_ADD_REFUSED', { tool: this.command.tool, said: text.trim() }, word);
  }

  /** The first of the command's words that is one of these. */
  wordOf(texts: readonly string[]): Word | undefined {
    return this.command.words.find(({ text }) => texts.includes(text));
  }

  /** There is no such chain: those whose names are near are told. */
  noChain(chain: string, table: string, chains: ReadonlyMap<string, unknown>, word: Word): Diagnostic[] {
    const near = nearest(chain, [...chains.keys()], MOST_NEAR).join(', ') || '-';
    return this.fault('PAGE_ADD_CHAIN', { chain, table, near }, word);
  }

  /** Puts rules in, one after another, each where `place` says. */
  insert(targets: readonly Target[], place: string | null): Insertion | readonly Diagnostic[] {
    let last: Insertion | null = null;
    for (const target of targets) {
      const { node } = last ?? this;
      const next = insertFrom(node, target, { node, name: this.name }, place);
      if (next instanceof BadReference) return this.fault(CODES[next.code] ?? next.code, next.params);
      last = next;
    }
    return last ?? this.fault('PAGE_ADD_FORM', {});
  }
}

/** What is said of a rule of another node, in the words of a command. */
const CODES: Readonly<Record<string, string | undefined>> = {
  USAGE_WITH_NUMBER: 'PAGE_ADD_NUMBER',
  USAGE_WITH_CHAIN: 'PAGE_ADD_CHAIN',
  USAGE_WITH_NO_TABLE: 'PAGE_ADD_TABLE',
  USAGE_RULE_AMBIGUOUS: 'PAGE_ADD_WHICH',
};
