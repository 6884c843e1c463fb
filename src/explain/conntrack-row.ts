/** Rows of connection tracking and NAT. */
import { BLANK, type Row, type StepOf, changeText } from './row.js';
import { placeOf } from './rule-ref.js';
import type { View } from './view.js';

/** The row of conntrack's lookup. */
export function conntrackRow(step: StepOf<'conntrack'>, at: number, view: View): Row {
  const id =
    step.state === 'off'
      ? 'ROW_CT_OFF'
      : step.entry === 'new'
        ? 'ROW_CT_NEW'
        : step.entry === 'found'
          ? 'ROW_CT_FOUND'
          : 'ROW_CT_NONE';
  const of = step.of === undefined ? null : placeOf(step.of.span);
  const dumped = step.state === 'RELATED' ? 'ROW_CT_ABOUT_DUMP' : 'ROW_CT_DUMP';
  const result = of === null ? view.say(id) : view.say(dumped, { place: of });
  const changes = step.changes.filter((change) => change.field !== 'ct').map(changeText);
  if (step.state !== 'off')
    changes.unshift(`ct ${step.state}${step.direction === 'REPLY' ? ` ${view.say('ROW_REPLY')}` : ''}`);
  return { ...BLANK, step: at, place: 'conntrack', result, changes };
}

/** The row of a translation that no rule's row tells; null when it changed nothing. */
export function natRow(step: StepOf<'nat'>, at: number, view: View): Row | null {
  if (step.changes.length === 0) return null;
  const id =
    step.why === 'null-binding'
      ? 'ROW_NULL_BINDING'
      : step.why === 'reply'
        ? 'ROW_NAT_REPLY'
        : step.why === 'entry'
          ? 'ROW_NAT_ENTRY'
          : 'ROW_NAT';
  return {
    ...BLANK,
    step: at,
    place: 'conntrack',
    result: view.say(id),
    changes: step.changes.map(changeText),
  };
}

const NAT_SKIPPED = {
  'not-first-packet': 'ROW_NAT_NOT_FIRST',
  'already-mapped': 'ROW_NAT_MAPPED',
  'no-conntrack': 'ROW_NAT_NO_CT',
} as const;

/** The row of a nat table that is not consulted. */
export function natSkippedRow(step: StepOf<'nat-skipped'>, at: number, view: View): Row {
  return {
    ...BLANK,
    step: at,
    group: 'nat',
    place: step.hook,
    result: view.say(NAT_SKIPPED[step.why]),
    meaning: 'dim',
  };
}
