/**
 * The packet behind each step in a link: only what differs from the step before. In a walk of thirty steps it is what takes
 * most of the room.
 */
import type { Slice } from '../../shared/slice.js';
import type { LegView, PacketState, StateField, StepView } from '../../shared/walk.js';

/** Does something to all ways of a slice. Whoever made the link, what is no list of ways stays as it is. */
function mapLegs(slice: Slice, change: (leg: LegView) => LegView): Slice {
  const walks = Object.fromEntries(
    Object.entries(slice.walks).map(([language, sliced]) => {
      const outcomes = sliced.walk.outcomes.map((outcome) => ({
        ...outcome,
        legs: outcome.legs.map(change),
      }));
      return [language, { ...sliced, walk: { ...sliced.walk, outcomes } }];
    }),
  );
  return { ...slice, walks };
}

function difference(before: PacketState, now: PacketState): Partial<PacketState> {
  const fields = (Object.keys(now) as StateField[]).filter((field) => now[field] !== before[field]);
  return Object.fromEntries(fields.map((field) => [field, now[field]]));
}

/** The slice with differences in the place of states. */
export function compact(slice: Slice): Slice {
  return mapLegs(slice, (leg) => {
    let before = leg.start;
    const steps = leg.steps.map((step) => {
      const state = difference(before, step.state) as PacketState;
      before = step.state;
      return { ...step, state };
    });
    return { ...leg, steps };
  });
}

/** The other way round. @throws TypeError for what is no slice */
export function expand(slice: Slice): Slice {
  return mapLegs(slice, (leg) => {
    let state = leg.start;
    const steps = leg.steps.map((step): StepView => {
      state = { ...state, ...step.state };
      return { ...step, state };
    });
    return { ...leg, steps };
  });
}
