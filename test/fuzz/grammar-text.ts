/** Texts that a grammar could have been written for: its own rules are followed, and every choice is drawn. */
import { readFileSync } from 'node:fs';
import peggy from 'peggy';
import type { Random } from '../../bench/node/random.js';
import { wordOf } from './words.js';

type Expression = peggy.ast.Rule['expression'] | peggy.ast.Expression;

/** Deeper than this only what is short is chosen. */
const DEEP = 24;
/** Longer than this a text is not to become. */
const LONG = 4_000;

class Writer {
  readonly #rules: ReadonlyMap<string, peggy.ast.Rule>;
  readonly #random: Random;
  #text = '';

  constructor(rules: ReadonlyMap<string, peggy.ast.Rule>, random: Random) {
    this.#rules = rules;
    this.#random = random;
  }

  write(start: string): string {
    const rule = this.#rules.get(start);
    if (rule !== undefined) this.#expression(rule.expression, 0);
    return this.#text;
  }

  #class({ parts, inverted }: peggy.ast.CharacterClass): string {
    const random = this.#random;
    const part = parts.length === 0 ? '' : random.of(parts);
    if (inverted || typeof part === 'object') {
      if (inverted) return random.chance(0.3) ? wordOf(random) : String.fromCharCode(random.between(33, 126));
      const [low, high] = Array.isArray(part) ? part : ['a', 'a'];
      return String.fromCharCode(random.between((low ?? 'a').charCodeAt(0), (high ?? 'a').charCodeAt(0)));
    }
    return part;
  }

  #times(least: number, most: number, depth: number): number {
    if (depth > DEEP || this.#text.length > LONG) return least;
    let times = least;
    while (times < most && this.#random.chance(0.6)) times += 1;
    return times;
  }

  #repeat(expression: Expression, times: number, depth: number): void {
    for (let at = 0; at < times; at += 1) this.#expression(expression, depth);
  }

  #expression(node: Expression, depth: number): void {
    switch (node.type) {
      case 'choice':
        this.#expression(this.#random.of(node.alternatives), depth + 1);
        return;
      case 'sequence':
        for (const element of node.elements) this.#expression(element, depth + 1);
        return;
      case 'literal':
        // A word that is nearly right leads further in than one that is not.
        this.#text += this.#random.chance(0.01) ? node.value.slice(1) : node.value;
        return;
      case 'class':
        this.#text += this.#class(node);
        return;
      case 'any':
        this.#text += wordOf(this.#random);
        return;
      case 'optional':
        this.#repeat(node.expression, this.#times(0, 1, depth), depth + 1);
        return;
      case 'zero_or_more':
        this.#repeat(node.expression, this.#times(0, 12, depth), depth + 1);
        return;
      case 'one_or_more':
        this.#repeat(node.expression, this.#times(1, 12, depth), depth + 1);
        return;
      case 'rule_ref': {
        const rule = this.#rules.get(node.name);
        if (rule !== undefined && depth < 4 * DEEP && this.#text.length < 2 * LONG)
          this.#expression(rule.expression, depth + 1);
        return;
      }
      case 'simple_and':
      case 'simple_not':
      case 'semantic_and':
      case 'semantic_not':
      case 'repeated':
      case 'library_ref':
        // What only looks ahead writes nothing.
        return;
      default:
        this.#expression(node.expression, depth + 1);
    }
  }
}

/** A grammar, ready to write texts by. */
export class GrammarTexts {
  readonly name: string;
  readonly starts: readonly string[];
  readonly #rules: ReadonlyMap<string, peggy.ast.Rule>;

  /** @param name of a file in grammar/, without its ending */
  constructor(name: string) {
    const text = readFileSync(`grammar/${name}.peggy`, 'utf8');
    const shared = readFileSync('grammar/tokens.peggy', 'utf8');
    const rules = [text, shared].flatMap((one) => peggy.parser.parse(one).rules);
    this.name = name;
    this.#rules = new Map(rules.map((rule) => [rule.name, rule]));
    const named = [...text.matchAll(/^\/\/ @start (\w+)/gm)].map(([, start]) => start ?? '');
    this.starts = named.length > 0 ? named : [rules[0]?.name ?? ''];
  }

  write(random: Random): string {
    const writer = new Writer(this.#rules, random);
    return writer.write(random.of(this.starts));
  }
}
