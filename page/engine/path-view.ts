/** A way across a cluster as the page shows it: places of a map, hops in their order, and each node's own walk. */
import { answerOf } from '../../src/explain/answer.js';
import { assumptionText } from '../../src/explain/assumption.js';
import { percent } from '../../src/explain/endpoint.js';
import { countText, endText, endsText, placeText, throughText, whyText } from '../../src/explain/path.js';
import type { View } from '../../src/explain/view.js';
import type { Hop, PathOutcome, PathResult, Place } from '../../src/cluster/hop.js';
import { endpointsOf } from '../../src/packet/pick.js';
import { referenceOf } from '../../src/why/reference.js';
import type { Node } from '../../src/packet/node.js';
import type {
  Edit,
  Headline,
  LegView,
  Meaning,
  OpenRule,
  OutcomeView,
  PathHopView,
  PathView,
  WalkView,
} from '../shared/walk.js';
import { editsOf, pathChanges, stepOf } from './path-edits.js';
import { MOST_HEADLINES, changedView, legOf } from './walk-view.js';

/** The words of a view for each node. */
export type ViewFor = (node: string) => View;

const MOST_OUTCOMES = 64;

const LOST: ReadonlySet<string> = new Set(['dropped', 'rejected', 'unroutable']);

const keyOf = ({ kind, name }: Place): string => `${kind} ${name}`;

/** What an end of the packet is instead of, in short. */
function changesOf(hop: Hop): readonly string[] {
  const [src, dst] = endsText(hop.before).split(' > ');
  const [ownSrc, ownDst] = endsText(hop.after).split(' > ');
  return [
    ...(dst === ownDst ? [] : [`dst ${ownDst ?? ''}`]),
    ...(src === ownSrc ? [] : [`src ${ownSrc ?? ''}`]),
  ];
}

function hopView(hop: Hop, place: number, leg: number, view: View): PathHopView {
  return {
    ...{ place, back: hop.back, layer: hop.layer, leg },
    through: throughText(hop),
    before: endsText(hop.before),
    after: endsText(hop.after),
    changes: changesOf(hop),
    why: whyText(hop, view),
    lost: LOST.has(hop.action),
  };
}

/** The places in the order in which the packet first comes to them. */
function placesOf(from: Place, hops: readonly Hop[]): ReadonlyMap<string, number> {
  const places = new Map<string, number>();
  for (const place of [from, ...hops.map((hop) => hop.place)])
    if (!places.has(keyOf(place))) places.set(keyOf(place), places.size);
  return places;
}

function pathOf({ from, asked }: PathResult, outcome: PathOutcome, view: View): PathView {
  const { hops } = outcome;
  const numbers = placesOf(from, hops);
  const named = new Map([from, ...hops.map(({ place }) => place)].map((one) => [keyOf(one), one]));
  let legs = -1;
  return {
    places: [...named.values()].map((one) => ({
      kind: one.kind,
      name: one.name === one.kind ? '' : one.name,
      word: view.say(`PATH_PLACE_${one.kind}`),
      label: placeText(one, view),
    })),
    hops: hops.map((hop) => {
      if (hop.walk !== null) legs += 1;
      return hopView(hop, numbers.get(keyOf(hop.place)) ?? 0, hop.walk === null ? -1 : legs, view);
    }),
    title: `${placeText(from, view)}: ${asked.proto} ${endsText(asked)}`,
    end: endText(outcome, view),
    reasons: [
      ...(outcome.reason === null ? [] : [view.tell(outcome.reason.code, outcome.reason.params)]),
      ...outcome.assumptions.map(({ node, assumption }) =>
        view.say('PATH_RESTS', { node, text: assumptionText(assumption, view.language) }),
      ),
    ],
  };
}

/** A hop at which a node walks the packet. */
export type WalkedHop = Hop & { readonly walk: NonNullable<Hop['walk']> };

/** Those of a way, in their order. */
export function walkedHops({ hops }: PathOutcome): readonly WalkedHop[] {
  return hops.flatMap((hop) => (hop.walk === null ? [] : [{ ...hop, walk: hop.walk }]));
}

/** A way that was walked, with what is otherwise. */
export interface WalkedPath {
  readonly result: PathResult;
  /** On the cluster as its files have it; null without changes. */
  readonly before: PathResult | null;
  readonly nodes: ReadonlyMap<string, Node>;
  readonly edits: readonly Edit[];
  /** Findings about the question, in words. */
  readonly notes: readonly string[];
}

function legsOf(outcome: PathOutcome, { nodes, edits }: WalkedPath, viewFor: ViewFor): LegView[] {
  return walkedHops(outcome).flatMap(({ place, back, walk: { result, outcome: own } }): LegView[] => {
    const node = nodes.get(place.name);
    if (node === undefined) return [];
    const view = viewFor(place.name);
    const name = back ? view.say('PAGE_PATH_ANSWER_ON', { node: place.name }) : place.name;
    const answer = answerOf(result.packet, own, view);
    const changed = { node, edits: editsOf(place.name, edits) };
    const leg = legOf({ name, packet: result.packet, outcome: own, answer }, changed, view);
    return [{ ...leg, steps: leg.steps.map((step) => stepOf(step, place.name)) }];
  });
}

function meaningOf({ verdict }: PathOutcome): Meaning {
  return verdict === 'delivered' || verdict === 'arrived' ? 'good' : 'bad';
}

function chanceOf({ probability, assumptions }: PathOutcome, isOnly: boolean, view: View): string | null {
  if (probability !== null) return isOnly ? null : percent(probability);
  const [first] = assumptions;
  return first === undefined ? view.say('OUTCOME_IF') : assumptionText(first.assumption, view.language);
}

function headlineOf(outcome: PathOutcome, isOnly: boolean, view: View): Headline {
  return {
    chance: chanceOf(outcome, isOnly, view),
    word: endText(outcome, view),
    meaning: meaningOf(outcome),
    rest: `(${countText(outcome, view)})`,
  };
}

function headlinesOf({ outcomes }: PathResult, view: View): readonly Headline[] {
  const isOnly = outcomes.length === 1;
  return outcomes.slice(0, MOST_HEADLINES).map((outcome) => {
    const line = headlineOf(outcome, isOnly, view);
    return isOnly ? { ...line, chance: null } : line;
  });
}

/** The endpoint that the packet is sent to on its way there. */
function endpointOf(outcome: PathOutcome): string | null {
  const there = walkedHops(outcome).filter(({ back }) => !back);
  return endpointsOf(there.map(({ walk }) => walk.outcome))[0] ?? null;
}

/** Rules that are open, each by its node. */
function openOf({ assumptions }: PathOutcome, view: View): readonly OpenRule[] {
  const open = new Map<string, OpenRule>();
  for (const { node, assumption } of assumptions) {
    const { rule, by } = assumption;
    if (rule === null || by !== undefined) continue;
    const reference = `${node} ${referenceOf(rule)}`;
    open.set(reference, { reference, question: assumptionText(assumption, view.language) });
  }
  return [...open.values()];
}

/** Makes the view; its outcomes have the walks of the nodes for legs. */
export function pathWalkView(walked: WalkedPath, viewFor: ViewFor, view: View): WalkView {
  const { result, before } = walked;
  const { outcomes, truncated } = result;
  const changes = before === null ? null : pathChanges(before, result, view);
  const count = Math.min(MOST_OUTCOMES, outcomes.length);
  const isOnly = outcomes.length === 1;
  return {
    language: view.language,
    outcomes: outcomes.slice(0, count).map((outcome): OutcomeView => {
      const path = pathOf(result, outcome, view);
      return {
        ...headlineOf(outcome, isOnly, view),
        parts: null,
        pick: isOnly ? null : endpointOf(outcome),
        open: openOf(outcome, view),
        legs: legsOf(outcome, walked, viewFor),
        path,
      };
    }),
    truncated:
      truncated || count < outcomes.length ? view.say('PAGE_OUTCOMES_CUT', { count: outcomes.length }) : null,
    changed:
      changes === null || before === null
        ? null
        : changedView(changes, walked.edits, headlinesOf(before, view), view),
    notes: walked.notes,
  };
}
