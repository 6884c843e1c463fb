/** `forall:` of a flow: packets drawn from sets. */
import { parsePrefix, type Prefix } from '../../address/prefix.js';
import { parseAddress } from '../../address/address.js';
import { protocolNumber } from '../../address/protocols.js';
import { type Reference, parseReference } from '../../names/reference.js';
import type { Span } from '../../source/source.js';
import type { Faults } from '../reading.js';
import { type Mapping, type Tree, entryOf, itemsOf } from '../tree.js';

export const FORALL_KEYS = [
  'from',
  'to',
  'proto',
  'port',
  'sport',
  'in',
  'local',
  'mark',
  'runs',
  'seed',
] as const;

/** Sets that a node's snapshot fills. */
export const SETS = ['pods', 'services', 'node', 'outside-vpc', 'vpc'] as const;

export type SetName = (typeof SETS)[number];

/** One of the sets that an end is drawn from. */
export type EndSet =
  | { readonly kind: 'set'; readonly name: SetName; readonly span: Span }
  | { readonly kind: 'prefix'; readonly prefix: Prefix; readonly span: Span }
  | { readonly kind: 'name'; readonly reference: Reference; readonly span: Span };

export interface PortRange {
  readonly low: number;
  readonly high: number;
}

export interface PropertySpec {
  readonly from: readonly EndSet[];
  readonly to: readonly EndSet[];
  readonly protocols: readonly string[];
  readonly ports: readonly PortRange[];
  readonly sourcePorts: readonly PortRange[];
  /** Left out: inferred of each source. */
  readonly in: string | null | undefined;
  readonly mark: number | null;
  readonly runs: number;
  readonly seed: number;
  readonly span: Span;
}

/** The most packets of a property. */
export const MOST_RUNS = 1_000_000;

const RUNS = 100;

function readEnd(tree: Tree, key: string, faults: Faults): readonly EndSet[] {
  return itemsOf(tree).flatMap((item): readonly EndSet[] => {
    const text = faults.text(item, key);
    if (text === null) return [];
    const { span } = item;
    const name = SETS.find((one) => one === text);
    if (name === 'services' && key === 'from') {
      faults.tell('CHECK_SET', span, { key, text, sets: SETS.join(', ') });
      return [];
    }
    if (name !== undefined) return [{ kind: 'set', name, span }];
    const reference = parseReference(text);
    if (reference !== null) return [{ kind: 'name', reference, span }];
    const prefix = text.includes('/') || parseAddress(text) !== null ? parsePrefix(text) : null;
    if (prefix !== null && prefix.length !== null) return [{ kind: 'prefix', prefix, span }];
    faults.tell('CHECK_SET', span, { key, text, sets: SETS.join(', ') });
    return [];
  });
}

function readPorts(tree: Tree, key: string, faults: Faults): readonly PortRange[] {
  return itemsOf(tree).flatMap((item) => {
    const text = faults.text(item, key);
    if (text === null) return [];
    const [, first, last = first] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text) ?? [];
    const [low, high] = [Number(first), Number(last)];
    if (first !== undefined && low <= high && high <= 65535) return [{ low, high }];
    faults.tell('CHECK_PORTS', item.span, { key, text });
    return [];
  });
}

function readProtocols(tree: Tree, faults: Faults): readonly string[] {
  return itemsOf(tree).flatMap((item) => {
    const text = faults.text(item, 'proto')?.toLowerCase();
    if (text === undefined) return [];
    if (protocolNumber(text) !== null || (/^\d{1,3}$/.test(text) && Number(text) <= 255)) return [text];
    faults.tell('CHECK_PROTOCOL', item.span, { text });
    return [];
  });
}

function readIn(map: Mapping, faults: Faults): string | null | undefined {
  const device = entryOf(map, 'in')?.value;
  const local = entryOf(map, 'local')?.value;
  const isLocal = local === undefined ? null : faults.choice(local, 'local', ['true', 'false', 'yes', 'no']);
  if (isLocal === 'true' || isLocal === 'yes') return null;
  if (device === undefined) return undefined;
  if (device.kind === 'scalar' && device.value === null) return null;
  return faults.text(device, 'in') ?? undefined;
}

/** Reads a property. @returns null after telling what is wrong */
export function readProperty(tree: Tree, faults: Faults): PropertySpec | null {
  const map = faults.map(tree, 'forall');
  if (map === null) return null;
  faults.keys(map, FORALL_KEYS);
  const value = (key: (typeof FORALL_KEYS)[number]): Tree | null => entryOf(map, key)?.value ?? null;
  const [from, to, proto, port, sport] = [
    value('from'),
    value('to'),
    value('proto'),
    value('port'),
    value('sport'),
  ];
  const number = (key: 'mark' | 'runs' | 'seed', low: number, high: number): number | null => {
    const given = value(key);
    return given === null ? null : faults.number(given, key, low, high);
  };
  for (const [key, given] of [
    ['from', from],
    ['to', to],
  ] as const)
    if (given === null) faults.tell('CHECK_MISSING', map.span, { key, of: 'forall' });
  return {
    from: from === null ? [] : readEnd(from, 'from', faults),
    to: to === null ? [] : readEnd(to, 'to', faults),
    protocols: proto === null ? ['tcp'] : readProtocols(proto, faults),
    ports: port === null ? [{ low: 443, high: 443 }] : readPorts(port, 'port', faults),
    sourcePorts: sport === null ? [{ low: 40000, high: 40000 }] : readPorts(sport, 'sport', faults),
    in: readIn(map, faults),
    mark: number('mark', 0, 0xffffffff),
    runs: number('runs', 1, MOST_RUNS) ?? RUNS,
    seed: number('seed', 0, 0xffffffff) ?? 1,
    span: map.span,
  };
}
