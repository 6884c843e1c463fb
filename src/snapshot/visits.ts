/** Command lines whose output comes from several places in turn: which listing below them is of which. */
import { type Command, readCommand } from './command.js';
import { type Loop, readLoop } from './loop.js';
import { statementsOf } from './statements.js';

/** A line that goes to several places. */
export interface Visits {
  /** What lists something at one stop, in the order of its output; those that lead elsewhere when nothing is known to list. */
  readonly stepsAt: (name: string) => readonly Command[];
  /** The stops in their order; null when the line does not show them. */
  readonly names: readonly string[] | null;
  /** The steps are at another place at each stop. */
  readonly varies: boolean;
  /** Lines with the same key go to the same stops. */
  readonly key: string;
}

/** What a line is taken for, and its visits when they are more than one place. */
export interface Typed {
  readonly command: Command;
  readonly visits: Visits | null;
  /** The lists of policy rules that a line prints in one place, in their order; left out for one and none. */
  readonly ruleLists?: readonly Command[];
}

const placeOf = ({ host, namespace }: Command): string => JSON.stringify([host, namespace]);

const isElsewhere = ({ host, namespace }: Command): boolean => host !== null || namespace !== null;

/** The statements that print listings; without any of them those that lead to another place. */
function relevant(statements: readonly string[]): readonly Command[] {
  const all = statements.map(readCommand);
  const listing = all.filter(({ kind }) => kind !== null);
  return listing.length > 0 ? listing : all.filter(isElsewhere);
}

function ofLoop(loop: Loop, whole: Command): Typed {
  const stepsAt = (name: string): readonly Command[] => relevant(loop.bodyFor(name));
  const [here, there] = [stepsAt('a').map(placeOf), stepsAt('b').map(placeOf)];
  const varies = here.some((place, at) => place !== there[at]);
  if (!varies && new Set(here).size < 2) {
    const [{ host, namespace } = whole] = stepsAt('a');
    return { command: { ...whole, host, namespace }, visits: null };
  }
  return { command: whole, visits: { stepsAt, names: loop.names, varies, key: loop.head } };
}

/** Reads what somebody typed. */
export function readTyped(line: string): Typed {
  const text = line.trim().slice(0, 1000);
  const whole = readCommand(text);
  const loop = readLoop(text);
  if (loop !== null) return ofLoop(loop, whole);
  const statements = statementsOf(text);
  if (statements.length < 2) return { command: whole, visits: null };
  const steps = relevant(statements);
  const last = readCommand(statements.at(-1) ?? '');
  const [only = last] = steps;
  if (steps.length > 1) {
    const { host, namespace } = only;
    if (steps.some((step) => placeOf(step) !== placeOf(only)))
      return { command: whole, visits: { stepsAt: () => steps, names: [''], varies: false, key: text } };
    const ruleLists = steps.filter(({ kind }) => kind === 'ip rule');
    return {
      command: { ...whole, host, namespace },
      visits: null,
      ...(ruleLists.length > 1 ? { ruleLists } : {}),
    };
  }
  // What is typed next goes on in a shell that the last statement opens.
  return { command: { ...(only.kind === null && last.isShell ? last : only), text }, visits: null };
}
