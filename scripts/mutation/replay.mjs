// Runs the checks of a bundle, with one fault switched on or none.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { deserialize } from 'node:v8';
import { Script } from 'node:vm';

/** A fault met so often within one check makes a loop that does not end. */
const ENDLESS = 1_000_000;

class Endless extends Error {}

/** A bundle of checks. */
export class Replay {
  #script;
  #recording;
  #active = '';
  #hits = 0;
  #instance = null;
  /** Told of every piece of code that runs; null while faults are on. */
  covered = null;

  constructor(script, recording) {
    this.#script = new Script(readFileSync(script, 'utf8'), { filename: script }).runInThisContext();
    this.#recording = deserialize(readFileSync(recording));
  }

  /** Evaluates all modules anew. */
  #instantiate() {
    const module = { exports: {} };
    const active = (id) => {
      if (id !== this.#active) return false;
      this.#hits += 1;
      if (this.#hits > ENDLESS) throw new Endless();
      return true;
    };
    const cover = (...ids) => {
      if (this.covered !== null) for (const id of ids) this.covered.add(id);
    };
    const idle = () => undefined;
    const require = createRequire(import.meta.url);
    this.#script(require, module, module.exports, active, this.covered === null ? idle : cover);
    return { ...module.exports, checks: module.exports.checksOf(this.#recording) };
  }

  /** @param fresh evaluate all modules, as faults in what they do once need it */
  switchOn(id, fresh) {
    this.#active = id;
    this.#hits = 0;
    if (fresh || this.#instance === null) this.#instance = this.#instantiate();
    this.#instance.forget();
  }

  /** After a fault that was there when modules were evaluated. */
  drop() {
    this.#instance = null;
  }

  get checks() {
    return this.#instance.checks;
  }

  forget() {
    this.#instance.forget();
  }

  /** @returns the kinds of a check's comparisons, or why it has none */
  async run(at, loaded = () => undefined) {
    this.#hits = 0;
    try {
      const kinds = await this.#instance.checks[at].run(loaded);
      return this.#hits > ENDLESS ? 'endless' : kinds;
    } catch (error) {
      return this.#hits > ENDLESS
        ? 'endless'
        : `threw ${error instanceof Error ? error.message : String(error)}`;
    }
  }
}

/** How much an answer leaves open: nothing, what the kernel draws, or what a question is asked about. */
const openness = (kind) => ['agree', 'drawn'].indexOf(kind) + 1 || 3;

/**
 * How a fault shows in a check: `wrong` where the kernel contradicts, `hedged` where a question is asked (or the packet
 * is refused, or a range given) although the answer was certain, `threw`, `endless`; null when it does not.
 */
export function difference(kinds, baseline) {
  if (kinds === baseline || kinds === 'unrecorded') return null;
  if (kinds === 'endless') return 'endless';
  if (kinds.startsWith('threw')) return 'threw';
  const [got, was] = [kinds.split(' '), baseline.split(' ')];
  if (got.includes('wrong')) return 'wrong';
  return got.some((kind, at) => was[at] !== undefined && openness(kind) > openness(was[at]))
    ? 'hedged'
    : null;
}
