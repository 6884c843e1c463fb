/** The output of a line that goes to several places: cut where a listing begins anew, and given to the places in turn. */
import type { Command, Kind } from './command.js';
import type { Somewhere } from './session.js';
import { unknownPlace } from './runner.js';
import type { Visits } from './visits.js';

/** What is told about a part of the output when all of it is seen. */
export interface Told {
  command: Command | null;
  place: Somewhere;
  kind: Kind | null;
}

interface Part {
  readonly told: Told;
  readonly kind: Kind;
  /** What each listing of the kind has once, in its order. */
  readonly keys: string[];
}

/** Addresses as text that sorts like them: the kernel lists the routes of a table by prefix (fib_trie.c fn_trie_dump_leaf). */
function sortable(prefix: string): string | null {
  if (prefix === 'default') return '';
  const [, address] = /^(\d{1,3}(?:\.\d{1,3}){3})(?:\/\d{1,2})?$/.exec(prefix) ?? [];
  return (
    address
      ?.split('.')
      .map((byte) => byte.padStart(3, '0'))
      .join('.') ?? null
  );
}

const KEYS: ReadonlyMap<Kind, RegExp> = new Map<Kind, RegExp>([
  ['ip rule', /^(\d{1,10}):/],
  ['ip addr', /^(\d{1,10}): /],
  ['iptables', /^(\*\w+|-P \S+)/],
  ['iptables -L', /^Chain (\S+) \(policy/],
  ['nft list ruleset', /^table (\S+ \S+) \{/],
  ['sysctl', /^([\w./@-]+) ?=/],
  ['ipset save', /^create (\S+) /],
  ['ipset list', /^Name: (\S+)/],
  ['ip route', /^(?:(?:unicast|blackhole|unreachable|prohibit|throw) )?(default|[\d./]+)(?: |$)/],
  ['JSON', /^(\[)/],
]);

/** Kinds whose listings need not begin alike: they are told apart only where each shows the same. */
const LOOSE: ReadonlySet<Kind> = new Set<Kind>([
  'iptables',
  'iptables -L',
  'nft list ruleset',
  'sysctl',
  'ipset save',
  'ipset list',
]);

function keyOf(line: string, kind: Kind): string | null {
  const key = KEYS.get(kind)?.exec(line)?.[1] ?? null;
  return key !== null && kind === 'ip route' ? sortable(key) : key;
}

/** Can a listing that has shown these keys not go on with this one? */
function beginsAnew({ keys, kind }: Part, key: string): boolean {
  const last = keys.at(-1);
  if (last === undefined) return false;
  if (kind === 'JSON') return true;
  // Rules stand by priority, routes of a table by prefix, links by index: -o prints one more than once.
  if (kind === 'ip rule') return Number(key) < Number(last);
  if (kind === 'ip route') return key < last;
  if (kind === 'ip addr') return key === '1' && last !== '1';
  return keys.includes(key);
}

/** Follows the parts of one output. */
export class Spread {
  readonly #visits: Visits;
  readonly #placeOf: (command: Command) => Somewhere;
  /** Numbers of the unknown places of a text, by what leads there. */
  readonly #book: Map<string, number>;
  readonly #parts: Part[] = [];

  /**
   * @param placeOf where a command of the line runs
   * @param book shared by all outputs of a text: lines that go to the same unknown places share their numbers
   */
  constructor(visits: Visits, placeOf: (command: Command) => Somewhere, book: Map<string, number>) {
    this.#visits = visits;
    this.#placeOf = placeOf;
    this.#book = book;
  }

  /** A part begins with this line. */
  begin(told: Told, line: string, kind: Kind): void {
    const key = keyOf(line, kind);
    this.#parts.push({ told, kind, keys: key === null ? [] : [key] });
  }

  /** Does the next listing begin with this line, of the same kind as the part before? */
  restarts(line: string, kind: Kind): boolean {
    const part = this.#parts.at(-1);
    const key = keyOf(line, kind);
    if (part === undefined || key === null) return false;
    if (beginsAnew(part, key)) return true;
    part.keys.push(key);
    return false;
  }

  /** Gives each part to the place where it was printed, where that is certain; otherwise to one that nothing names. */
  settle(): void {
    const parts = this.#parts;
    const { stepsAt, names, varies, key } = this.#visits;
    const steps = stepsAt('x').filter(({ kind }) => kind !== null).length;
    const rounds = steps === 0 ? 0 : parts.length / steps;
    const isWhole = Number.isInteger(rounds) && rounds > 0 && (names === null || names.length === rounds);
    if (isWhole && this.#fits(steps)) {
      const base = names === null ? this.#numbersFor(`${key} ${String(rounds)}`, rounds) : 0;
      for (const [at, { told }] of parts.entries()) {
        const round = Math.floor(at / steps);
        const step = stepsAt(names?.[round] ?? unknownPlace(base + round))[at % steps];
        if (step !== undefined) {
          told.command = step;
          told.place = this.#placeOf(step);
        }
      }
      return;
    }
    for (const { told, kind } of parts) {
      const name = unknownPlace(this.#numbersFor(`${key} ${String(this.#book.size)}`, 1));
      const candidates = stepsAt(name);
      const step = candidates.find((one) => one.kind === kind) ?? candidates[0];
      if (step === undefined) continue;
      // The lines may be of more than one place.
      told.command = kind === step.kind ? { ...step, partial: true } : null;
      told.place = varies ? this.#placeOf(step) : { host: name, namespace: null };
    }
  }

  #numbersFor(key: string, count: number): number {
    const known = this.#book.get(key);
    if (known !== undefined) return known;
    const next = this.#book.get('') ?? 1;
    this.#book.set('', next + count);
    this.#book.set(key, next);
    return next;
  }

  /** Are the parts what the steps print, in their order? */
  #fits(steps: number): boolean {
    const wanted = this.#visits.stepsAt('x').filter(({ kind }) => kind !== null);
    const { names } = this.#visits;
    return this.#parts.every(({ kind, keys }, at) => {
      const step = wanted[at % steps];
      const [first] = this.#parts.slice(at % steps);
      if (step === undefined || (kind !== step.kind && kind !== 'JSON')) return false;
      // Routes of IPv6 and of all tables have no order that would show where the next listing begins; those of a
      // table may go on where the one before ends, so that only the count of the places tells that none was missed.
      if (kind === 'ip route' && (step.table === 'all' || step.family === 6 || names === null)) return false;
      return !LOOSE.has(kind) || first?.keys.join('\n') === keys.join('\n');
    });
  }
}

/** The outputs of one text that come from several places. */
export class Spreads {
  readonly #all: Spread[] = [];
  readonly #book = new Map<string, number>();

  /** The one of a line that was typed; null for a line that stays in one place. */
  of(visits: Visits | null, placeOf: (command: Command) => Somewhere): Spread | null {
    if (visits === null) return null;
    const spread = new Spread(visits, placeOf, this.#book);
    this.#all.push(spread);
    return spread;
  }

  settle(): void {
    for (const spread of this.#all) spread.settle();
  }
}
