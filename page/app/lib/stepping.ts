/** Moves through a walk. */
import type { LegView } from '../../shared/walk.js';
import { model } from './model.svelte.js';

const stepsOf = (): LegView['steps'] => model.leg?.steps ?? [];

/** Goes to a step, as near as there is one. */
export function goTo(step: number): void {
  model.stepAt = Math.max(0, Math.min(stepsOf().length - 1, step));
}

export function move(by: number): void {
  model.playing = false;
  goTo(model.stepAt + by);
}

const isChange = (index: number): boolean => (stepsOf()[index]?.changed.length ?? 0) > 0;

/** The next step that changes something, or the end. */
export function moveToChange(direction: 1 | -1): void {
  model.playing = false;
  const count = stepsOf().length;
  let at = model.stepAt + direction;
  while (at > 0 && at < count - 1 && !isChange(at)) at += direction;
  goTo(at);
}

/** The first step of the next station, or of the one before. */
export function moveToStation(direction: 1 | -1): void {
  model.playing = false;
  const steps = stepsOf();
  const here = steps[model.stepAt]?.station;
  let at = model.stepAt;
  while (steps[at]?.station === here && at >= 0 && at < steps.length) at += direction;
  const there = steps[at]?.station;
  if (direction < 0) while (at > 0 && steps[at - 1]?.station === there) at -= 1;
  goTo(at);
}

/** The packet, its answer, and whoever else has a way. */
export function nextLeg(): void {
  const count = model.outcome?.legs.length ?? 0;
  if (count < 2) return;
  model.playing = false;
  model.legAt = (model.legAt + 1) % count;
  model.stepAt = 0;
}

export function chooseLeg(leg: number): void {
  model.playing = false;
  model.legAt = leg;
  model.stepAt = 0;
}

export function chooseOutcome(outcome: number): void {
  model.playing = false;
  model.outcomeAt = outcome;
  model.legAt = 0;
  goTo(model.stepAt);
}

/** Plays on, from the beginning when it is at the end. */
export function togglePlay(): void {
  if (!model.playing && model.stepAt >= stepsOf().length - 1) model.stepAt = 0;
  model.playing = !model.playing;
}

/** One beat of the play. */
export function beat(): void {
  if (model.stepAt >= stepsOf().length - 1) model.playing = false;
  else model.stepAt += 1;
}

/** The sentence of a step. */
export function sentenceOf({ group, place, rule, result, changes }: LegView['steps'][number]): string {
  const where = [group, place, rule === '-' ? '' : rule].filter((word) => word !== '').join(' ');
  const what = [result, ...changes].join(', ');
  return where === '' ? what : `${where}: ${what}`;
}
