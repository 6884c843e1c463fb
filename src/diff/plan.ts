/** The order in which packets are tried: those that differences suggest first, each stage within its share. */
import type { Value } from './field.js';
import { around } from './around.js';
import { type Constants, constantsOf } from './constants.js';
import { covering } from './cover.js';
import type { Draft } from './field.js';
import type { Template } from './reach.js';
import { policyNeeds, routeNeeds } from './routing-needs.js';
import { type PlacedRule, type Scene, placedRule, rulesToMeet } from './scene.js';
import { satisfies, solve } from './solve.js';
import { draftsFor, everyWay, interleaved, templatesOf, templatesOfSet } from './streams.js';

export const STAGES = ['differences', 'meetings', 'rules', 'constants'] as const;

export type StageName = (typeof STAGES)[number];

export interface Stage {
  readonly name: StageName;
  /** The part of the budget that it may take up to its end; what it leaves is for those behind it. */
  readonly upTo: number;
  readonly drafts: Iterator<Draft, void>;
}

export interface Plan {
  readonly constants: Constants;
  readonly stages: readonly Stage[];
}

/** Templates of the things that differ, a few for each. */
function* differing(scene: Scene): Generator<Template, void, undefined> {
  for (const { side, thing } of scene.differences) {
    const placed = thing.kind === 'rule' ? placedRule(side, thing) : null;
    if (placed !== null) yield* first(templatesOf(placed, scene), 3);
    else if (thing.kind === 'policy-rule')
      for (const needs of policyNeeds(thing.rule, scene.terrain)) yield { needs, wishes: [] };
    else if (thing.kind === 'route')
      for (const needs of routeNeeds(thing.route, [], scene.terrain)) yield { needs, wishes: [] };
    else yield* first(templatesOfSet({ side, thing, family: scene.family }, scene), 12);
  }
}

function* first<T>(all: Iterable<T>, most: number): Generator<T, void, undefined> {
  let count = 0;
  for (const one of all) {
    if (count >= most) return;
    count += 1;
    yield one;
  }
}

/** What every rule, policy rule and route asks by itself. */
function* asked(scene: Scene, rules: readonly PlacedRule[]): Generator<Template, void, undefined> {
  for (const { side, table, rule } of rules)
    for (const needs of first(scene.sides[side].reach.needsOf(rule, table), 2)) yield { needs, wishes: [] };
  for (const side of ['a', 'b'] as const) {
    const { rules: policies, tables } = scene.sides[side].node.networks[scene.family];
    for (const policy of policies.slice(0, MOST_ROUTES))
      for (const needs of policyNeeds(policy, scene.terrain)) yield { needs, wishes: [] };
    for (const route of [...tables.values()].flat().slice(0, MOST_ROUTES))
      for (const needs of first(routeNeeds(route, [], scene.terrain), 1)) yield { needs, wishes: [] };
  }
}

/** So many policy rules, and routes, of each side are met. */
const MOST_ROUTES = 200;

/** Packets that two templates take at once: `one` with each of the others that it can meet. */
function* meeting(
  one: Template,
  others: readonly Template[],
  scene: Scene,
): Generator<Draft, void, undefined> {
  const { terrain } = scene;
  for (const other of others) {
    if (other.needs.length === 0) continue;
    const both: Template = {
      needs: [...other.needs, ...one.needs],
      wishes: [...one.wishes, ...other.wishes],
    };
    const draft = solve(both, terrain);
    if (satisfies(draft, other.needs, terrain)) yield draft;
    // They may meet though the header that one asks for is made on the way: its own values win.
    else yield solve({ needs: [...one.needs, ...other.needs], wishes: both.wishes }, terrain);
  }
}

function* allMeetings(scene: Scene, rules: readonly PlacedRule[]): Generator<Draft, void, undefined> {
  const others = [...asked(scene, rules)];
  yield* interleaved([...differing(scene)].map((template) => meeting(template, others, scene)));
}

/** Every rule by itself, then every two of them. */
function* allRules(scene: Scene, rules: readonly PlacedRule[]): Generator<Draft, void, undefined> {
  const { terrain, ways } = scene;
  yield* everyWay(scene);
  yield* interleaved(rules.map((rule) => oneRule(rule, scene)));
  const templates = [...asked(scene, rules)];
  for (const template of templates) yield* around(template, terrain, ways);
  for (const [at, template] of templates.entries()) yield* meeting(template, templates.slice(at + 1), scene);
}

function* oneRule(rule: PlacedRule, scene: Scene): Generator<Draft, void, undefined> {
  const { terrain, ways } = scene;
  yield* interleaved([...first(templatesOf(rule, scene), 4)].map((one) => around(one, terrain, ways)));
}

/** Plans the packets of a scene. Nothing is made before it is asked for. */
export function planOf(scene: Scene): Plan {
  const rules = rulesToMeet(scene);
  const constants = constantsOf(scene, rules);
  const streams = scene.differences.map((difference) => draftsFor(difference, scene));
  return {
    constants,
    stages: [
      { name: 'differences', upTo: 0.5, drafts: interleaved(streams) },
      { name: 'meetings', upTo: 0.7, drafts: allMeetings(scene, rules) },
      { name: 'rules', upTo: 0.85, drafts: allRules(scene, rules) },
      { name: 'constants', upTo: 1, drafts: covering(constants) },
    ],
  };
}

/** How many values of each field there are. */
export function countsOf(constants: Constants): ReadonlyMap<string, number> {
  return new Map(
    [...constants].map(([field, values]: readonly [string, readonly Value[]]) => [field, values.length]),
  );
}
