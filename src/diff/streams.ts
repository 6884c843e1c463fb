/** Packets for a difference: those that come to what differs, in every way that its surroundings make. */
import { PROTOCOL } from '../packet/packet.js';
import type { EntryTuple } from '../packet/conntrack-entry.js';
import { around } from './around.js';
import type { Difference, Side } from './difference.js';
import type { Draft, Field, Value } from './field.js';
import { type Need, oneOf } from './need.js';
import { policyNeeds, routeNeeds } from './routing-needs.js';
import type { Template } from './reach.js';
import { type PlacedRule, type Scene, placedRule } from './scene.js';
import { withPart } from './ways.js';

type Drafts = Generator<Draft, void, undefined>;

const plain = (needs: readonly Need[]): Template => ({ needs, wishes: [] });

/** Templates by which packets come to a rule, by its side's tables. */
export function* templatesOf(
  { side, table, rule }: PlacedRule,
  scene: Scene,
): Generator<Template, void, undefined> {
  yield* scene.sides[side].reach.templates(rule, table);
}

function* aroundAll(templates: Iterable<Template>, { terrain, ways }: Scene): Drafts {
  yield* interleaved([...templates].map((template) => around(template, terrain, ways)));
}

/** In turn from each, until all are at their ends. */
export function* interleaved<T>(streams: readonly Iterator<T, void>[]): Generator<T, void, undefined> {
  let open = streams;
  while (open.length > 0) {
    const next: Iterator<T, void>[] = [];
    for (const stream of open) {
      const result = stream.next();
      if (result.done === true) continue;
      yield result.value;
      next.push(stream);
    }
    open = next;
  }
}

/** Every ordinary way in with every ordinary destination. */
export function* everyWay({ ways }: Scene, base: Draft = new Map()): Drafts {
  for (const source of ways.sources)
    for (const to of ways.destinations) yield withPart(withPart(base, source), to);
}

/** Rules that test a set. */
function rulesWithSet(name: string, isNative: boolean, side: Side, scene: Scene): readonly PlacedRule[] {
  const pattern = isNative ? `@${name}` : `--match-set ${name} `;
  const found: PlacedRule[] = [];
  for (const table of scene.sides[side].shapes.values()) {
    if ((table.native !== null) !== isNative) continue;
    const chains = new Set<string>();
    table.eachJump((from, to) => chains.add(from).add(to));
    for (const { chain } of table.roots.values()) chains.add(chain);
    for (const chain of chains)
      for (const rule of table.chain(chain)?.rules ?? [])
        if (`${rule.text} `.includes(pattern)) found.push({ side, table, rule });
  }
  return found;
}

/** Templates of the rules that test a set, its elements that differ first. */
export function* templatesOfSet(
  { side, thing }: Difference,
  scene: Scene,
): Generator<Template, void, undefined> {
  if (thing.kind !== 'element' && thing.kind !== 'native-element') return;
  const isNative = thing.kind === 'native-element';
  for (const rule of rulesWithSet(thing.set.name, isNative, side, scene)) yield* templatesOf(rule, scene);
}

function tupleDraft({ source, destination, key }: EntryTuple, protocol: number): Draft {
  const draft = new Map<Field, Value>([
    ['src', source],
    ['dst', destination],
    ['proto', protocol],
  ]);
  if (key?.kind === 'ports') draft.set('sport', key.source).set('dport', key.destination);
  if (key?.kind === 'icmp') draft.set('icmp', key.type * 256 + key.code);
  return draft;
}

/** The device in the name of a setting: `net.ipv4.conf.eth0/100.rp_filter`. */
function deviceOfSetting(name: string): string | null {
  return /^net\.ipv[46]\.conf\.(.+)\.[^.]+$/.exec(name)?.[1]?.replaceAll('/', '.') ?? null;
}

function* ofSetting(name: string, scene: Scene): Drafts {
  const device = deviceOfSetting(name);
  const isDevice = device !== null && scene.terrain.devices.includes(device);
  if (!isDevice) {
    yield* everyWay(scene);
    return;
  }
  yield* ofDevice(device, scene);
}

/** What comes in by a device from anywhere, and what goes out by it. */
function* ofDevice(device: string, scene: Scene): Drafts {
  const { terrain, ways } = scene;
  const behind = terrain.behind.get(device);
  const senders: readonly Value[] = [
    ...terrain.behind.values(),
    ...terrain.far,
    ...terrain.own,
    ...terrain.special,
  ];
  const [first = []] = ways.destinations;
  for (const src of senders) yield withPart(new Map(), [['in', device], ['src', src], ...first]);
  for (const part of ways.destinations)
    for (const src of senders)
      yield withPart(
        new Map([
          ['in', device],
          ['src', src],
        ] as const),
        part,
      );
  if (behind === undefined) return;
  for (const part of ways.sources) yield withPart(new Map([['dst', behind]]), part);
}

function* ofAddress(value: Value, scene: Scene): Drafts {
  for (const part of scene.ways.sources) yield withPart(new Map([['dst', value]]), part);
  for (const part of scene.ways.destinations) {
    yield withPart(new Map([['src', value]]), part);
    yield withPart(
      new Map<Field, Value>([
        ['src', value],
        ['in', null],
      ]),
      part,
    );
  }
  for (const proto of [PROTOCOL.udp, scene.family === 4 ? PROTOCOL.icmp : PROTOCOL.icmpv6])
    for (const part of scene.ways.sources)
      yield withPart(
        new Map([
          ['dst', value],
          ['proto', proto],
        ] as const),
        part,
      );
}

/** Packets that may tell what a difference does; none for one that is about no packet in particular. */
export function* draftsFor({ side, thing }: Difference, scene: Scene): Drafts {
  const { terrain } = scene;
  const { node } = scene.sides[side];
  switch (thing.kind) {
    case 'rule': {
      const placed = placedRule(side, thing);
      if (placed !== null) yield* aroundAll(templatesOf(placed, scene), scene);
      return;
    }
    case 'chain': {
      const isOut = thing.hook === 'OUTPUT';
      const template = plain(isOut ? [oneOf('in', [null], [])] : []);
      yield* aroundAll([template, plain([oneOf('dst', terrain.own, [])])], scene);
      return;
    }
    case 'policy-rule':
      yield* aroundAll(policyNeeds(thing.rule, terrain).map(plain), scene);
      return;
    case 'route':
      yield* aroundAll(routeNeeds(thing.route, node.networks[scene.family].rules, terrain).map(plain), scene);
      return;
    case 'address':
      yield* interleaved([ofAddress(thing.address.address, scene), ofDevice(thing.device, scene)]);
      return;
    case 'link':
      yield* ofDevice(thing.link.name, scene);
      return;
    case 'setting':
      yield* ofSetting(thing.name, scene);
      return;
    case 'element':
    case 'native-element':
      yield* aroundAll(templatesOfSet({ side, thing, family: scene.family }, scene), scene);
      return;
    case 'connection': {
      const { original, reply, protocol } = thing.entry;
      if (typeof original.source !== (scene.family === 6 ? 'bigint' : 'number')) return;
      for (const tuple of [original, reply]) {
        const draft = tupleDraft(tuple, protocol);
        yield draft;
        yield withPart(draft, [['flags', 16]]);
        yield withPart(draft, [['in', null]]);
      }
      return;
    }
    case 'set':
    case 'ground':
      yield* everyWay(scene);
  }
}
