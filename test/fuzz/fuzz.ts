/** Draws texts, lets every reader read them, and tells what went wrong. */
import { Random } from '../../bench/node/random.js';
import { type Fault, crashOf, growthOf, smallest } from './fault.js';
import { GrammarTexts } from './grammar-text.js';
import { GRAMMARS, type Reader, loading, parserOf, using } from './readers.js';
import { type Growing, bent, growing, seeds } from './shapes.js';

export interface Progress {
  /** What is read now: where a reader does not come back, this is what it reads. */
  starts(reader: string, text: string): void;
  fault(fault: Fault): void;
}

export interface Counts {
  texts: number;
  readings: number;
  growths: number;
}

/** A text that is a fault of these is kept once. */
const MOST_OF_A_KIND = 3;
const CRASH_TRIES = 600;
const GROWTH_TRIES = 40;
/** Milliseconds for making a text that grows smaller: each try takes as long as the fault is bad. */
const MOST_PATIENCE = 20_000;

class Fuzzer {
  readonly counts: Counts = { texts: 0, readings: 0, growths: 0 };
  readonly #random: Random;
  readonly #progress: Progress;
  readonly #grammars = GRAMMARS.map((name) => new GrammarTexts(name));
  readonly #seeds = seeds();
  readonly #met = new Map<string, number>();

  constructor(seed: number, progress: Progress) {
    this.#random = new Random(seed);
    this.#progress = progress;
  }

  /** Is it one of a few that look alike? Then it is told. */
  #tell(fault: Fault): void {
    const key = `${fault.reader} ${fault.kind} ${fault.kind === 'crash' ? fault.says.slice(0, 60) : ''}`;
    const times = (this.#met.get(key) ?? 0) + 1;
    this.#met.set(key, times);
    if (times <= MOST_OF_A_KIND) this.#progress.fault(fault);
  }

  #reads(reader: Reader, text: string): void {
    this.counts.readings += 1;
    this.#progress.starts(reader.name, text);
    const says = crashOf(reader, text);
    if (says === null) return;
    const least = smallest(text, (part) => crashOf(reader, part) === says, CRASH_TRIES);
    this.#tell({ kind: 'crash', reader: reader.name, text: least, says });
  }

  #grows(reader: Reader, shape: Growing): void {
    this.counts.growths += 1;
    const found = this.#growth(reader, shape);
    // What another process did in the meantime does not show twice.
    if (found === null || this.#growth(reader, shape)?.kind !== found.kind) return;
    const { kind, says } = found;
    const end = Date.now() + MOST_PATIENCE;
    const still = (part: Growing): boolean =>
      part.unit !== '' && Date.now() < end && this.#growth(reader, part)?.kind === kind;
    const unit = smallest(shape.unit, (text) => still({ ...shape, unit: text }), GROWTH_TRIES);
    const head = smallest(shape.head, (text) => still({ ...shape, unit, head: text }), GROWTH_TRIES);
    const tail = smallest(shape.tail, (text) => still({ unit, head, tail: text }), GROWTH_TRIES);
    this.#tell({ kind, reader: reader.name, text: JSON.stringify({ head, unit, tail }), says });
  }

  #growth(reader: Reader, shape: Growing): ReturnType<typeof growthOf> {
    this.#progress.starts(reader.name, JSON.stringify(shape));
    try {
      return growthOf(reader, shape);
    } catch (error) {
      const says = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      return { kind: 'crash', says };
    }
  }

  /** One text, one way of growing, and all that reads them. */
  round(): void {
    const random = this.#random;
    const grammar = random.of(this.#grammars);
    const parser = parserOf(grammar.name, grammar.starts);
    const isWritten = random.chance(0.5);
    const text = isWritten ? grammar.write(random) : bent(random.of(this.#seeds), random);
    this.counts.texts += 1;
    this.#reads(parser, text);
    this.#reads(using, text);
    const other = random.chance(0.5) ? bent(random.of(this.#seeds), random) : text;
    const joined = `${text}\n${other}`;
    this.#reads(using, joined);
    if (text === '' || !random.chance(0.25)) return;
    const shape = growing(random.chance(0.5) ? text : random.of(this.#seeds), random);
    this.#grows(parser, shape);
    this.#grows(loading, shape);
  }
}

/** Goes on until it is told to stop. @returns how much was read */
export function fuzz(seed: number, progress: Progress, goesOn: () => boolean): Counts {
  const fuzzer = new Fuzzer(seed, progress);
  while (goesOn()) fuzzer.round();
  return fuzzer.counts;
}
