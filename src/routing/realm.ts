/** Realms: numbers that routes and policy rules give to what they route (`realm`, `realms`), for -m realm. */
import type { Network, Route } from './model.js';

const LOCAL = 255;
const DEFAULT = 253;

const CACHE = new WeakMap<Network, boolean>();

function givesRealms({ words, nexthops }: Route): boolean {
  return words.includes('realm') || nexthops.some((hop) => hop.words?.includes('realm') === true);
}

function find({ rules, tables, known }: Network): boolean {
  const shown = known.tables;
  if (!known.rules || rules.some((rule) => rule.words.includes('realms'))) return false;
  const all = rules.every(
    ({ action }) =>
      action.kind !== 'lookup' ||
      shown === 'all' ||
      shown.has(action.table) ||
      action.table === LOCAL ||
      action.table === DEFAULT,
  );
  return all && [...tables.values()].every((routes) => !routes.some(givesRealms));
}

/**
 * Is it sure that nothing of the node has a realm, so that all that it routes is of realm 0? The tables local and
 * default are taken to have none when the snapshot does not show them.
 */
export function hasNoRealms(network: Network): boolean {
  const known = CACHE.get(network) ?? find(network);
  CACHE.set(network, known);
  return known;
}
