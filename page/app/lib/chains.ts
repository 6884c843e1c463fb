/** The chain beside a step: from the engine, or out of a shared link. */
import type { ChainAsk } from '../../shared/protocol.js';
import type { ChainView } from '../../shared/walk.js';
import { EngineError } from './engine.js';
import { model } from './model.svelte.js';
import { words } from './words.svelte.js';

/** What of the chain is wanted. */
export type Wanted = Pick<ChainAsk, 'filter' | 'only' | 'from' | 'count'>;

function shared(): ChainView | null {
  const walks = model.shared?.walks;
  const sliced = walks?.[words.language] ?? walks?.en ?? walks?.ko;
  const place = sliced?.at[`${String(model.legAt)}:${String(model.stepAt)}`];
  const view = place === undefined ? undefined : sliced?.chains[place];
  if (view === undefined) return null;
  return { ...view, focus: view.rows.findIndex(({ step }) => step === model.stepAt) };
}

/** The rows; null at a step that no chain stands beside. */
export async function chainFor(wanted: Wanted): Promise<ChainView | null> {
  const { step, engine, asked, outcomeAt, legAt, stepAt } = model;
  if ((step?.chain ?? null) === null) return null;
  if (model.shared !== null) return wanted.from === 0 ? shared() : null;
  if (engine === null || asked === null) return null;
  try {
    return await engine.call('chain', {
      ask: asked,
      outcome: outcomeAt,
      leg: legAt,
      step: stepAt,
      language: words.language,
      ...wanted,
    });
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    model.failed = error.message;
    return null;
  }
}
