/**
 * The form of a match and of a target. An extension is one file with a declarative option table, as iptables' own
 * extensions are (extensions/libxt_*.c): one generic reader turns tokens into typed values by that table.
 */
import type { Family } from '../address/address.js';
import type { Ternary } from '../chooser/question.js';
import type { Params } from '../source/diagnostic.js';
import type { Effects, Verdict } from './verdict.js';
import type { Hook, PacketView, TableName, World } from './view.js';

/** A value that could not be read: a message id (VAL…) that says what was expected, and its parameters. */
export class BadValue {
  readonly code: string;
  readonly params: Params;

  constructor(code: string, params: Params = {}) {
    this.code = code;
    this.params = params;
  }
}

/** How the words after a flag become a value, and back. */
export interface ValueType<T> {
  /** How many words follow the flag; 0 for a bare flag. */
  readonly words: number;
  /** The one word may be left out: before another option, or at the end. */
  readonly optional?: boolean;
  parse(words: readonly string[], family: Family): T | BadValue;
  /** Canonical words, quoted where iptables quotes, '' for a bare flag. */
  print(value: T, family: Family): string;
}

/** One row of an extension's option table. */
export interface OptionSpec<T> {
  /** The flag as iptables-save prints it, with its dashes. */
  readonly flag: string;
  /** Other spellings that iptables accepts. */
  readonly aliases?: readonly string[];
  readonly value: ValueType<T>;
  /** `!` may stand before it. */
  readonly invert?: boolean;
  /** The extension is refused without it. */
  readonly required?: boolean;
  /** Keys of options that may not stand beside it. */
  readonly excludes?: readonly string[];
  /** Keys of options that must stand beside it. */
  readonly needs?: readonly string[];
  /** It may be repeated; the last value counts, and print gets the last. Otherwise a repeat is an error. */
  readonly repeatable?: boolean;
}

const NO_KEYS: readonly string[] = [];

export type OptionTable = Readonly<Record<string, OptionSpec<unknown>>>;

/** An option that was given. */
export interface Given<T> {
  readonly value: T;
  readonly inverted: boolean;
}

type ValueOf<S> = S extends OptionSpec<infer T> ? T : never;

/** The typed values of an option table: required options are always there. */
export type Values<O extends OptionTable> = {
  readonly [K in keyof O as O[K] extends { readonly required: true } ? K : never]: Given<ValueOf<O[K]>>;
} & {
  readonly [K in keyof O as O[K] extends { readonly required: true } ? never : K]?: Given<ValueOf<O[K]>>;
};

/** Option values before their extension binds them. */
export type RawValues = Readonly<Record<string, Given<unknown>>>;

/** Why a match said no: a message id (NO…) with what was wanted and what the packet has. */
export interface Reason {
  readonly code: string;
  readonly params: Params;
  /** Key of the option that failed, so that a view can put a caret under it. */
  readonly option: string | null;
}

/** Full: evaluated as the kernel does. Partial: see `missing`. */
export type Support = 'full' | 'partial';

/** Where a rule may stand; what is left out is not limited. The kernel refuses a rule elsewhere (xt_check_match). */
export interface Placement {
  readonly tables?: readonly TableName[];
  readonly hooks?: readonly Hook[];
}

/** A match with its options read: ready to be asked. */
export interface BoundMatch {
  readonly extension: MatchExtension;
  /** Canonical text of its options, without `-m NAME`; '' when there are none. */
  readonly text: string;
  /** With these options (`--ecn-tcp-ece` needs `-p tcp`) and in this family. */
  readonly demands: Demands;
  /** It holds for packets to this port alone, and asking it leaves no trace. */
  readonly destinationPort?: number | undefined;
  evaluate(packet: PacketView, world: World): Ternary;
  /** Only meaningful after evaluate said false. */
  explain(packet: PacketView, world: World): Reason;
  /** The same match with another value of an option that it has, by the option's key. */
  with(key: string, value: unknown): BoundMatch | BadValue;
}

/** What a file in match/ exports: the same for every match, its option types erased. */
export interface MatchExtension {
  readonly name: string;
  readonly families: readonly Family[];
  readonly options: OptionTable;
  /**
   * Protocol numbers of which one must be the rule's own `-p` (not inverted); empty when any will do. A bound match may
   * demand otherwise.
   */
  readonly protocols: readonly number[];
  /** Evaluating it makes the kernel track connections in this namespace (nf_ct_netns_get). */
  readonly needsConntrack: boolean;
  readonly placement: Placement;
  /** Kernel source that the evaluation follows. */
  readonly kernel: string;
  readonly support: Support;
  /** What is not modelled; '' when support is full. */
  readonly missing: string;
  bind(values: RawValues, family: Family): BoundMatch | BadValue;
}

/** What the kernel asks of a rule before it takes it, and what taking it starts; options may narrow it. */
export interface Demands {
  /** As in the extension: the rule's own `-p` must be one of these; empty when any will do. */
  readonly protocols: readonly number[];
  readonly placement: Placement;
  readonly needsConntrack: boolean;
}

/** A target with its options read. */
export interface BoundTarget {
  readonly extension: TargetExtension;
  readonly text: string;
  /** With these options (`--to-ports` needs a protocol with ports, `--notrack` no connection tracking). */
  readonly demands: Demands;
  apply(packet: PacketView, world: World, effects: Effects): Verdict;
  /** The same target with another value of an option that it has, by the option's key. */
  with(key: string, value: unknown): BoundTarget | BadValue;
}

/** What a file in target/ exports. */
export interface TargetExtension {
  readonly name: string;
  readonly families: readonly Family[];
  readonly options: OptionTable;
  readonly protocols: readonly number[];
  readonly needsConntrack: boolean;
  readonly placement: Placement;
  /** It leaves packet and verdict alone (LOG, NFLOG, TRACE): whether its rule matched changes nothing but the path. */
  readonly inert: boolean;
  readonly kernel: string;
  readonly support: Support;
  readonly missing: string;
  bind(values: RawValues, family: Family): BoundTarget | BadValue;
}

interface Common<O extends OptionTable> {
  readonly name: string;
  readonly families?: readonly Family[];
  readonly options: O;
  readonly protocols?: readonly number[];
  readonly needsConntrack?: boolean;
  readonly placement?: Placement;
  readonly kernel: string;
  /** Left out: full. */
  readonly missing?: string;
  /** Rules between options that the table cannot state; runs after required, excludes and needs. */
  check?(values: Values<O>, family: Family): BadValue | null;
  /** Canonical option text where it is not "the table's rows in order". */
  print?(values: Values<O>, family: Family): string;
}

export interface MatchDefinition<O extends OptionTable> extends Common<O> {
  /** Where the options given, or the family, make the demands differ from the extension's own. */
  demands?(values: Values<O>, family: Family): Partial<Demands>;
  /** The one port that packets must be sent to, if that is so. */
  destinationPort?(values: Values<O>): number | null;
  evaluate(values: Values<O>, packet: PacketView, world: World): Ternary;
  explain(values: Values<O>, packet: PacketView, world: World): Reason;
}

export interface TargetDefinition<O extends OptionTable> extends Common<O> {
  readonly inert?: boolean;
  /** Where the options given make the demands differ from the extension's own. */
  demands?(values: Values<O>): Partial<Demands>;
  apply(values: Values<O>, packet: PacketView, world: World, effects: Effects): Verdict;
}

/** Canonical text of options: the table's rows in order, `! ` before inverted ones, as `-S` prints them. */
export function printOptions(options: OptionTable, values: RawValues, family: Family): string {
  const parts: string[] = [];
  for (const [key, spec] of rowsOf(options)) {
    const given = Object.hasOwn(values, key) ? values[key] : undefined;
    if (given === undefined) continue;
    const words = spec.value.print(given.value, family);
    parts.push(`${given.inverted ? '! ' : ''}${spec.flag}${words === '' ? '' : ` ${words}`}`);
  }
  return parts.join(' ');
}

/** The rows of each option table that was checked: a node has a hundred thousand rules and a few dozen tables. */
const ROWS = new WeakMap<OptionTable, readonly (readonly [string, OptionSpec<unknown>])[]>();

function rowsOf(options: OptionTable): readonly (readonly [string, OptionSpec<unknown>])[] {
  let rows = ROWS.get(options);
  if (rows === undefined) ROWS.set(options, (rows = Object.entries(options)));
  return rows;
}

/** The checks that an option table states by itself. @returns what is wrong, or null */
export function checkOptions(options: OptionTable, values: RawValues): BadValue | null {
  for (const [key, spec] of rowsOf(options)) {
    const given = Object.hasOwn(values, key);
    if (!given) {
      if (spec.required === true) return new BadValue('VAL_REQUIRED', { flag: spec.flag });
      continue;
    }
    for (const other of spec.excludes ?? NO_KEYS) {
      if (Object.hasOwn(values, other))
        return new BadValue('VAL_EXCLUDES', { flag: spec.flag, other: options[other]?.flag ?? other });
    }
    for (const other of spec.needs ?? NO_KEYS) {
      if (!Object.hasOwn(values, other))
        return new BadValue('VAL_NEEDS', { flag: spec.flag, other: options[other]?.flag ?? other });
    }
  }
  return null;
}

/** What a match and a target have in common, with the blanks of their definition filled in. */
function described<O extends OptionTable>(
  definition: Common<O>,
): Omit<MatchExtension, 'bind'> & Omit<TargetExtension, 'bind' | 'inert'> {
  return {
    name: definition.name,
    families: definition.families ?? [4, 6],
    options: definition.options,
    protocols: definition.protocols ?? [],
    needsConntrack: definition.needsConntrack ?? false,
    placement: definition.placement ?? {},
    kernel: definition.kernel,
    support: definition.missing === undefined ? 'full' : 'partial',
    missing: definition.missing ?? '',
  };
}

/**
 * Checks the values of an option table and gives them their types: the generic reader filled `raw` by this very table,
 * and checkOptions saw that the required ones are there.
 */
function checked<O extends OptionTable>(
  definition: Common<O>,
  raw: RawValues,
  family: Family,
): Values<O> | BadValue {
  const bad = checkOptions(definition.options, raw);
  if (bad !== null) return bad;
  const values = raw as Values<O>;
  return definition.check?.(values, family) ?? values;
}

/** Makes what it is asked to of the values of its options. */
interface Binding<B> {
  bind(values: RawValues, family: Family): B | BadValue;
}

/** What a bound match and a bound target share. Their text is made when it is asked for: most rules are never printed. */
class Bound<O extends OptionTable, D extends Common<O>, E extends Binding<B>, B> {
  readonly extension: E;
  readonly demands: Demands;
  protected readonly definition: D;
  protected readonly values: Values<O>;
  readonly #family: Family;

  constructor(extension: E, definition: D, values: Values<O>, demands: Demands, family: Family) {
    this.extension = extension;
    this.definition = definition;
    this.values = values;
    this.demands = demands;
    this.#family = family;
  }

  get text(): string {
    const { definition, values } = this;
    return definition.print?.(values, this.#family) ?? printOptions(definition.options, values, this.#family);
  }

  with(key: string, value: unknown): B | BadValue {
    const values: RawValues = this.values;
    const inverted = values[key]?.inverted === true;
    return this.extension.bind({ ...values, [key]: { value, inverted } }, this.#family);
  }
}

class DefinedMatch<O extends OptionTable>
  extends Bound<O, MatchDefinition<O>, MatchExtension, BoundMatch>
  implements BoundMatch
{
  evaluate(packet: PacketView, world: World): Ternary {
    return this.definition.evaluate(this.values, packet, world);
  }

  explain(packet: PacketView, world: World): Reason {
    return this.definition.explain(this.values, packet, world);
  }

  get destinationPort(): number | undefined {
    return this.definition.destinationPort?.(this.values) ?? undefined;
  }
}

class DefinedTarget<O extends OptionTable>
  extends Bound<O, TargetDefinition<O>, TargetExtension, BoundTarget>
  implements BoundTarget
{
  apply(packet: PacketView, world: World, effects: Effects): Verdict {
    return this.definition.apply(this.values, packet, world, effects);
  }
}

/** Gives an extension's demands with those of the options given: alike ones are one object, the extension itself first. */
class Narrowed {
  readonly #own: Demands;
  readonly #known = new Map<string, Demands>();

  constructor(own: Demands) {
    this.#own = own;
    this.#known.set('{}', own);
  }

  with(given: Partial<Demands> | undefined): Demands {
    if (given === undefined) return this.#own;
    const key = JSON.stringify(given);
    let known = this.#known.get(key);
    if (known === undefined) {
      const { protocols, placement, needsConntrack } = this.#own;
      known = { protocols, placement, needsConntrack, ...given };
      this.#known.set(key, known);
    }
    return known;
  }
}

/** Makes a match out of its definition. */
export function defineMatch<const O extends OptionTable>(definition: MatchDefinition<O>): MatchExtension {
  const extension: MatchExtension = {
    ...described(definition),
    bind(raw, family) {
      const values = checked(definition, raw, family);
      if (values instanceof BadValue) return values;
      const demands = narrowed.with(definition.demands?.(values, family));
      return new DefinedMatch(extension, definition, values, demands, family);
    },
  };
  const narrowed = new Narrowed(extension);
  return extension;
}

/** Makes a target out of its definition. */
export function defineTarget<const O extends OptionTable>(definition: TargetDefinition<O>): TargetExtension {
  const extension: TargetExtension = {
    ...described(definition),
    inert: definition.inert ?? false,
    bind(raw, family) {
      const values = checked(definition, raw, family);
      if (values instanceof BadValue) return values;
      return new DefinedTarget(
        extension,
        definition,
        values,
        narrowed.with(definition.demands?.(values)),
        family,
      );
    },
  };
  const narrowed = new Narrowed(extension);
  return extension;
}
