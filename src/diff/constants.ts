/** The constants that rules, policy rules and routes name, and their neighbours, by field. */
import { FIELDS, type Field, type Value } from './field.js';
import type { Need } from './need.js';
import { policyNeeds } from './routing-needs.js';
import { type PlacedRule, type Scene, placedRule } from './scene.js';
import { prefixNeed } from './need.js';

export type Constants = ReadonlyMap<Field, readonly Value[]>;

/** So many values of a field are kept. */
const MOST = 400;

class Gathered {
  readonly #values = new Map<Field, Set<Value>>(FIELDS.map((field) => [field, new Set()]));

  add(needs: readonly Need[]): void {
    for (const { field, inside, outside } of needs)
      for (const value of [...inside, ...outside]) this.put(field, value);
  }

  put(field: Field, value: Value): void {
    const set = this.#values.get(field);
    if (set !== undefined && set.size < MOST) set.add(value);
  }

  done(): Constants {
    return new Map([...this.#values].map(([field, set]) => [field, [...set]]));
  }
}

/** Values that no listing names but that often tell nodes apart. */
function addOrdinary(gathered: Gathered, { terrain }: Scene): void {
  for (const device of [null, ...terrain.devices.slice(0, 60)]) gathered.put('in', device);
  for (const address of [...terrain.far, ...terrain.behind.values(), ...terrain.own, ...terrain.special]) {
    gathered.put('src', address);
    gathered.put('dst', address);
  }
  for (const address of terrain.broadcasts) gathered.put('dst', address);
  for (const protocol of [6, 17, terrain.family === 4 ? 1 : 58, 132]) gathered.put('proto', protocol);
  for (const port of [80, 443, 53, 22]) gathered.put('dport', port);
  for (const flags of [2, 16, 18, 4, 0]) gathered.put('flags', flags);
  for (const state of ['new', 'established', 'related', 'invalid', 'untracked']) gathered.put('ct', state);
  for (const mark of [0, 0xdead0000]) gathered.put('mark', mark);
  for (const ttl of [64, 1]) gathered.put('ttl', ttl);
}

/** Gathers the constants of a scene, those that differ first. */
export function constantsOf(scene: Scene, rules: readonly PlacedRule[]): Constants {
  const gathered = new Gathered();
  const { terrain, sides } = scene;
  const needs = ({ side, table, rule }: PlacedRule): void => {
    for (const way of sides[side].reach.needsOf(rule, table)) gathered.add(way);
  };
  for (const { side, thing } of scene.differences) {
    const placed = thing.kind === 'rule' ? placedRule(side, thing) : null;
    if (placed !== null) needs(placed);
    if (thing.kind === 'policy-rule') for (const way of policyNeeds(thing.rule, terrain)) gathered.add(way);
    if (thing.kind === 'route') gathered.add([prefixNeed('dst', thing.route.destination)]);
    if (thing.kind === 'address') gathered.put('dst', thing.address.address);
  }
  addOrdinary(gathered, scene);
  for (const rule of rules) needs(rule);
  for (const { node } of [sides.a, sides.b]) {
    const { rules: policies, tables } = node.networks[scene.family];
    for (const policy of policies.slice(0, MOST))
      for (const way of policyNeeds(policy, terrain)) gathered.add(way);
    for (const route of [...tables.values()].flat().slice(0, MOST))
      gathered.add([prefixNeed('dst', route.destination)]);
  }
  return gathered.done();
}
