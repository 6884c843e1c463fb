/** What the documents of a JSON text are, and the text cut where another kind begins. */
import type { Kind } from '../command.js';
import { isKubernetesJson } from '../kubectl.js';
import { readDocuments } from './documents.js';

/** A run of documents of one kind. */
export interface JsonPart {
  readonly start: number;
  readonly end: number;
  /** Null for lists without anything in them, and for text that is no JSON. */
  readonly kind: Kind | null;
}

/** A kind is told by the keys of the first items; this much of a document is looked at. */
const ENOUGH = 4000;

/** In this order: links of `ip maddr` also have an index, those of a bridge a priority, neighbours a destination. */
const KINDS: readonly (readonly [RegExp, Kind])[] = [
  [/^\s*\{\s*"nftables"\s*:/, 'nft -j list ruleset'],
  [/[{,]\s*"mac"\s*:\s*"/, 'bridge fdb'],
  [/"maddr"\s*:\s*\[/, 'ip maddr'],
  [/[{,]\s*"prefixlen"\s*:\s*\d{1,3}\s*,[^{}]{0,80}"label"\s*:\s*\d/, 'ip addrlabel'],
  [/[{,]\s*"(?:ifindex|operstate|addr_info)"\s*:/, 'ip addr'],
  [/[{,]\s*"priority"\s*:\s*\d/, 'ip rule'],
  [/[{,]\s*"(?:lladdr|proxy)"\s*:|"state"\s*:\s*\[/, 'ip neigh'],
  // Packets, as batches of natwalk's own list them, have a destination too.
  [/[{,]\s*"(?:in|proto|sport|dport|tcpFlags)"\s*:/, 'JSON'],
  [/[{,]\s*"dst"\s*:\s*"/, 'ip route'],
];

/** What a document is by its beginning; 'JSON' for one that natwalk does not know, null for an empty list. */
export function kindOfDocument(text: string): Kind | null {
  const head = text.slice(0, ENOUGH);
  if (isKubernetesJson(head)) return 'kubectl get';
  // `ip` lists an empty object for each link that a filter leaves out.
  if (/^\s*\[[\s,{}]*\]?\s*$/.test(head)) return null;
  return KINDS.find(([pattern]) => pattern.test(head))?.[1] ?? 'JSON';
}

/**
 * Cuts a text at the lines where a document begins that is another listing than the one before: one of another kind, or
 * another list. Objects one after another (`jq -c '.[]'`) are one listing.
 */
export function jsonParts(text: string): readonly JsonPart[] {
  const parts: { start: number; end: number; kind: Kind | null; isList: boolean }[] = [];
  for (const { start, end, isList } of readDocuments(text, false).documents) {
    const kind = kindOfDocument(text.slice(start, Math.min(end, start + ENOUGH)));
    const last = parts.at(-1);
    const between = text.slice(last?.end ?? 0, start);
    const newline = between.lastIndexOf('\n') + 1;
    // A section is made of whole lines.
    const sameLine = newline === 0 && last !== undefined;
    if (last !== undefined && (sameLine || (!last.isList && !isList && last.kind === kind))) last.end = end;
    else parts.push({ start: (last?.end ?? 0) + newline, end, kind, isList });
  }
  const [first] = parts;
  if (first === undefined) return [{ start: 0, end: text.length, kind: null }];
  const above = text.slice(0, first.start).trim() === '' ? [] : [{ start: 0, end: first.start, kind: null }];
  // Lines behind a document belong to it: its reader says what they are.
  return [
    ...above,
    ...parts.map(({ start, kind }, place) => ({ start, end: parts[place + 1]?.start ?? text.length, kind })),
  ];
}
