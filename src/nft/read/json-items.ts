/** The items of `{"nftables": […]}`, each with its place, so that a text that is cut or damaged loses no more than that. */
import type { Json } from './json-value.js';

export interface JsonItem {
  readonly start: number;
  readonly end: number;
  /** Undefined when the item is no JSON, or deeper than anything that nft prints. */
  readonly value: Json;
}

export interface JsonItems {
  readonly items: readonly JsonItem[];
  /** The text ends before the list does. */
  readonly cut: boolean;
}

/** nft's own output has some ten levels; each costs stack. */
const DEEPEST = 100;

/** The list's own braces: `{`, `[`. */
const LEVELS = 2;

/** The position behind a string that begins at `start`; the end of the text when it does not end. */
function stringEnd(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    const character = text[at];
    if (character === '\\') at += 1;
    else if (character === '"') return at + 1;
  }
  return text.length;
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Finds the items in one pass over the text; null when it does not begin as a list of nftables does. */
export function jsonItems(text: string): JsonItems | null {
  const [head] = /^\s*\{\s*"nftables"\s*:\s*\[/u.exec(text) ?? [];
  if (head === undefined) return null;
  const items: JsonItem[] = [];
  let depth = LEVELS;
  let deepest = LEVELS;
  let start = head.length;
  for (let at = head.length; at < text.length; at += 1) {
    const character = text[at];
    if (character === '"') at = stringEnd(text, at) - 1;
    else if (character === '{' || character === '[') {
      if (depth === LEVELS) [start, deepest] = [at, LEVELS];
      depth += 1;
      deepest = Math.max(deepest, depth);
    } else if (character === '}' || character === ']') {
      depth -= 1;
      if (depth < LEVELS) return { items, cut: false };
      if (depth > LEVELS) continue;
      const end = at + 1;
      items.push({ start, end, value: deepest > DEEPEST ? undefined : parsed(text.slice(start, end)) });
      start = end;
    }
  }
  return { items, cut: true };
}
