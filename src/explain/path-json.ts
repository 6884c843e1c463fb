/** A way across a cluster as JSON, schema natwalk/path/1, and as a Mermaid flowchart. */
import type { Header } from '../cluster/header.js';
import type { HopAction, PathResult, PathVerdict, PlaceKind } from '../cluster/hop.js';
import type { FinalPacket } from '../packet/result.js';
import type { Params } from '../source/diagnostic.js';
import { type OutcomeJson, outcomeJson } from './json.js';
import { endsText, placeText, whyText } from './path.js';
import { type View, type ViewOptions, viewOf } from './view.js';

interface ReasonJson {
  readonly code: string;
  readonly params: Params;
  readonly text: string;
}

export interface HopJson {
  readonly place: { readonly kind: PlaceKind; readonly name: string };
  readonly direction: 'forward' | 'back';
  /** How many tunnels the packet is in. */
  readonly layer: number;
  readonly action: HopAction;
  readonly in: string | null;
  readonly out: string | null;
  readonly via: string | null;
  readonly before: Header;
  readonly after: Header | FinalPacket;
  readonly why: string;
  readonly reason: ReasonJson | null;
  /** The node's own outcome, without its steps; null where the place is no node. */
  readonly outcome: OutcomeJson | null;
}

/** Fields may be added; those here keep their name and meaning. */
export interface PathJson {
  readonly schema: 'natwalk/path/1';
  readonly from: { readonly kind: PlaceKind; readonly name: string };
  readonly packet: Header;
  readonly outcomes: readonly {
    readonly probability: number | null;
    readonly verdict: PathVerdict;
    readonly reason: ReasonJson | null;
    readonly assumptions: readonly { readonly node: string; readonly code: string; readonly text: string }[];
    readonly hops: readonly HopJson[];
  }[];
  readonly truncated: boolean;
}

function reasonJson(
  reason: { readonly code: string; readonly params: Params } | null,
  view: View,
): ReasonJson | null {
  return reason === null ? null : { ...reason, text: view.tell(reason.code, reason.params) };
}

/** Ready for JSON.stringify. */
export function pathJson(result: PathResult, options: ViewOptions = {}): PathJson {
  const view = viewOf({ ...options, language: 'en' });
  return {
    schema: 'natwalk/path/1',
    from: result.from,
    packet: result.asked,
    outcomes: result.outcomes.map(({ probability, verdict, reason, assumptions, hops }) => ({
      ...{ probability, verdict, reason: reasonJson(reason, view) },
      assumptions: assumptions.map(({ node, assumption: { code, params } }) => ({
        ...{ node, code, text: view.tell(code, params) },
      })),
      hops: hops.map((hop) => ({
        place: hop.place,
        direction: hop.back ? 'back' : 'forward',
        ...{ layer: hop.layer, action: hop.action, in: hop.in, out: hop.out, via: hop.via },
        ...{ before: hop.before, after: hop.after, why: whyText(hop, view) },
        reason: reasonJson(hop.reason, view),
        outcome: hop.walk === null ? null : outcomeJson({ ...hop.walk.outcome, steps: [] }),
      })),
    })),
    truncated: result.truncated,
  };
}

/** Everything but letters, digits and a few harmless signs becomes a character code, so that no label is syntax. */
function escaped(text: string): string {
  return text.replace(
    /[^\p{L}\p{N} .,:/+*=_@-]/gu,
    (character) => `#${String(character.codePointAt(0) ?? 0)};`,
  );
}

/** Draws the ways: a box for each hop, the way back dashed. */
export function renderPathMermaid(result: PathResult, options: ViewOptions = {}): string {
  const view = viewOf(options);
  const lines = ['flowchart TD', `  s(["${escaped(placeText(result.from, view))}"])`];
  for (const [at, { hops, verdict }] of result.outcomes.entries()) {
    let before = 's';
    for (const [number, hop] of hops.entries()) {
      const id = `o${String(at)}h${String(number)}`;
      const words = [placeText(hop.place, view), whyText(hop, view)].filter((text) => text !== '');
      const arrow = hop.back ? '-.->' : '-->';
      lines.push(
        `  ${before} ${arrow}|"${escaped(endsText(hop.before))}"| ${id}["${words.map(escaped).join('<br/>')}"]`,
      );
      before = id;
    }
    const good = verdict === 'delivered' || verdict === 'arrived';
    if (before !== 's') lines.push(`  class ${before} ${good ? 'good' : 'bad'}`);
  }
  lines.push('  classDef good stroke:#080,stroke-width:3px', '  classDef bad stroke:#b00,stroke-width:3px');
  return `${lines.join('\n')}\n`;
}
