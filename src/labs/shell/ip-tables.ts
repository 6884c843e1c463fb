/** Routing tables by the words of commands. */
import { type Network, TABLE_ID } from '../../routing/model.js';

const NAMES: Readonly<Record<number, string>> = {
  [TABLE_ID.main]: 'main',
  [TABLE_ID.local]: 'local',
  [TABLE_ID.default]: 'default',
};

/** A table as the node's listings name it. */
export interface Named {
  readonly id: number;
  readonly name: string;
}

/** The table of a word: by number, or by a name that the node knows. */
export function tableOf(word: string, network: Network): Named | null {
  const known = Object.entries(NAMES).find(([id, name]) => name === word || id === word);
  if (known !== undefined) return { id: Number(known[0]), name: known[1] };
  const rule = network.rules.find(
    ({ action }) => action.kind === 'lookup' && (action.name === word || String(action.table) === word),
  );
  if (rule?.action.kind === 'lookup') return { id: rule.action.table, name: rule.action.name };
  return /^\d{1,10}$/.test(word) ? { id: Number(word), name: word } : null;
}

export const nameOf = (id: number, network: Network): string =>
  NAMES[id] ?? tableOf(String(id), network)?.name ?? String(id);
