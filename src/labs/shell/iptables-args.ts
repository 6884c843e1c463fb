/** The words of an iptables command, taken apart. */
import { inQuotes } from '../../iptables/quoting.js';
import { TABLES } from '../../iptables/model.js';
import type { TableName } from '../../iptables/view.js';

export type Action = 'A' | 'I' | 'D' | 'R' | 'C' | 'S' | 'L' | 'F' | 'Z' | 'N' | 'X' | 'P' | 'E' | 'V';

export interface IptablesArgs {
  readonly action: Action;
  readonly table: TableName;
  /** Null where the command names none. */
  readonly chain: string | null;
  /** Of `-I CHAIN 3`, `-D CHAIN 3`, `-R CHAIN 3`, `-S CHAIN 3`. */
  readonly number: number | null;
  /** Policy, or the new name of -E. */
  readonly extra: string | null;
  /** What is left: the rule, as iptables would read it. */
  readonly rule: string;
  readonly verbose: boolean;
  readonly numeric: boolean;
  readonly exact: boolean;
  readonly numbers: boolean;
  /** -Z beside -L. */
  readonly zero: boolean;
}

/** What iptables says of a command line; its title and the hint at --help are not part of it. */
export class ArgsError extends Error {
  override readonly name = 'ArgsError';
  readonly status: number;

  constructor(message: string, status = 2) {
    super(message);
    this.status = status;
  }
}

const LONG: Readonly<Record<string, Action>> = {
  ...{ append: 'A', insert: 'I', delete: 'D', replace: 'R', check: 'C', 'list-rules': 'S', list: 'L' },
  ...{ flush: 'F', zero: 'Z', 'new-chain': 'N', new: 'N', 'delete-chain': 'X', policy: 'P' },
  ...{ 'rename-chain': 'E', version: 'V' },
} as const;

/** The other long options of the tool itself, in its own order: getopt_long(3) takes each by its beginning. */
const OTHERS = [
  ...['table', 'wait', 'verbose', 'numeric', 'exact', 'line-numbers', 'source', 'destination', 'src', 'dst'],
  ...['protocol', 'in-interface', 'out-interface', 'jump', 'goto', 'match', 'fragments', 'set-counters'],
] as const;
const NAMES: readonly string[] = [...Object.keys(LONG), ...OTHERS];

/** The long option that a word begins: itself, or the only one that begins so. */
function wholeOption(word: string): string {
  if (NAMES.includes(word)) return word;
  const meant = NAMES.filter((name) => name.startsWith(word));
  return meant.length === 1 ? (meant[0] ?? word) : word;
}

/** Options of rules by their letter, as the tool names them where they do not belong. */
const LETTERS: Readonly<Record<string, string>> = {
  ...{ source: 's', src: 's', destination: 'd', dst: 'd', protocol: 'p', jump: 'j', goto: 'j', g: 'j' },
  ...{ 'in-interface': 'i', 'out-interface': 'o', 'set-counters': 'c', fragments: 'f' },
};

/** Actions that take a rule. */
const TAKES_RULE = new Set<string>(['A', 'I', 'D', 'R', 'C']);

const ACTIONS = new Set<string>(Object.values(LONG));
const isAction = (letter: string): letter is Action => ACTIONS.has(letter);

/** Actions that need a chain, and those that may do without. */
const NEEDS_CHAIN = new Set<string>(['A', 'I', 'D', 'R', 'C', 'N', 'P', 'E']);

type Mutable = { -readonly [K in keyof IptablesArgs]: IptablesArgs[K] };

class ArgsReader {
  readonly #words: readonly string[];
  readonly #rule: string[] = [];
  #at = 0;
  #action: Action | null = null;
  readonly #args: Mutable = {
    ...{ action: 'L', table: 'filter', chain: null, number: null, extra: null, rule: '', verbose: false },
    ...{ numeric: false, exact: false, numbers: false, zero: false },
  };

  constructor(words: readonly string[]) {
    this.#words = words;
  }

  read(): IptablesArgs {
    for (; this.#at < this.#words.length; this.#at += 1) this.#word(this.#words[this.#at] ?? '');
    if (this.#action === null) throw new ArgsError('no command specified');
    const args = { ...this.#args, action: this.#action, rule: this.#rule.join(' ') };
    if (!TAKES_RULE.has(args.action) || (args.action === 'D' && args.number !== null)) this.#stray();
    if (args.chain !== null && [...args.chain].length > 28)
      throw new ArgsError(`chain name \`${args.chain}' too long (must be under 29 chars)`);
    return args;
  }

  /** Words of a rule where none belongs. */
  #stray(): void {
    const [word] = this.#rule;
    if (word === undefined) return;
    const [, name] = /^--?([a-z][a-z-]*)$/.exec(word) ?? [];
    if (name === undefined) throw new ArgsError(`Bad argument \`${word}'`);
    const letter = Object.hasOwn(LETTERS, name) ? (LETTERS[name] ?? '') : name;
    if (!/^[sdpjiocf]$/.test(letter)) throw new ArgsError(`unknown option "${word}"`);
    throw new ArgsError(`Illegal option \`-${letter}' with this command`);
  }

  #next(): string | undefined {
    const word = this.#words[this.#at + 1];
    if (word === undefined || (word.startsWith('-') && word.length > 1) || word === '!') return undefined;
    this.#at += 1;
    return word;
  }

  #word(word: string): void {
    const [, written, joined] = /^--([a-z][a-z-]*)(?:=(.*))?$/s.exec(word) ?? [];
    const long = written === undefined ? undefined : wholeOption(written);
    if (word === '-t' || long === 'table') this.#table(joined ?? this.#next());
    else if (long !== undefined && Object.hasOwn(LONG, long)) this.#act(LONG[long] ?? 'L');
    else if (long === 'line-numbers' || word === '-0') this.#args.numbers = true;
    else if (word === '-w' || long === 'wait') this.#number();
    else if (long === 'verbose') this.#args.verbose = true;
    else if (long === 'numeric') this.#args.numeric = true;
    else if (long === 'exact') this.#args.exact = true;
    else if (/^-[A-Za-z]{2,}$/.test(word) && this.#isBundle(word))
      for (const letter of word.slice(1)) this.#letter(letter);
    else if (/^-t\S/.test(word)) this.#table(word.slice(2));
    else if (/^-[A-Za-z]$/.test(word) && (isAction(word.charAt(1)) || 'vnx'.includes(word.charAt(1))))
      this.#letter(word.charAt(1));
    else this.#rule.push(ruleWord(word));
  }

  /** `-nvL`, `-Lnv`: letters that take no value, and one action. */
  #isBundle(word: string): boolean {
    const letters = [...word.slice(1)];
    return letters.every((letter) => 'vnxLSZF'.includes(letter));
  }

  #letter(letter: string): void {
    if (letter === 'v') this.#args.verbose = true;
    else if (letter === 'n') this.#args.numeric = true;
    else if (letter === 'x') this.#args.exact = true;
    else if (isAction(letter)) this.#act(letter);
  }

  #table(name: string | undefined): void {
    if (name === undefined) throw new ArgsError('option "-t" requires an argument');
    const found = TABLES.find((table) => table === name);
    if (found === undefined) throw new ArgsError(name, 3);
    this.#args.table = found;
  }

  #number(): void {
    const word = this.#words[this.#at + 1];
    if (word !== undefined && /^\d{1,5}$/.test(word)) this.#at += 1;
  }

  #act(action: Action): void {
    if (this.#action !== null) {
      if (action === 'Z' && (this.#action === 'L' || this.#action === 'S')) {
        this.#args.zero = true;
        return;
      }
      throw new ArgsError(`Cannot use -${action} with -${this.#action}\n`);
    }
    this.#action = action;
    const chain = this.#next();
    if (chain === undefined) {
      if (NEEDS_CHAIN.has(action)) throw new ArgsError(`option "-${action}" requires an argument`);
      return;
    }
    this.#args.chain = chain;
    if (action === 'P' || action === 'E') {
      const extra = this.#next();
      if (extra === undefined)
        throw new ArgsError(
          action === 'P'
            ? '-P requires a chain and a policy'
            : '-E requires old-chain-name and new-chain-name',
        );
      this.#args.extra = extra;
    }
    if ('IDRSLZ'.includes(action)) this.#place();
  }

  #place(): void {
    const word = this.#next();
    if (word === undefined) return;
    if (!/^\d{1,9}$/.test(word) || Number(word) === 0) throw new ArgsError(`Invalid rule number \`${word}'`);
    this.#args.number = Number(word);
  }
}

/** A word as a dump has it: in quotes where it would not be one otherwise. */
export function ruleWord(word: string): string {
  return word !== '' && /^[^\s"'\\]+$/.test(word) ? word : inQuotes(word);
}

/** Takes the words apart. @throws ArgsError */
export function readArgs(words: readonly string[]): IptablesArgs {
  return new ArgsReader(words).read();
}
