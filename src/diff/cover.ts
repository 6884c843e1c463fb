/** Packets in which every two values of two fields come together, as long as there is room. */
import type { Constants } from './constants.js';
import type { Draft, Field, Value } from './field.js';

/** Fields that say where a packet is going: their values are combined freely. */
const PLACES = ['src', 'dst'] as const;

/** Fields whose values take most packets out of the ordinary: one at a time. */
const SHARP = ['mark', 'ct', 'flags', 'icmp', 'tos', 'ttl', 'length', 'uid', 'gid', 'sport', 'oif'] as const;

type Layer4 = readonly (readonly [Field, Value])[];

function layer4(constants: Constants): readonly Layer4[] {
  const ports = constants.get('dport') ?? [];
  const protocols = constants.get('proto') ?? [];
  const both = protocols.flatMap((protocol): readonly Layer4[] =>
    protocol === 6 || protocol === 17
      ? ports.map((port): Layer4 => [
          ['proto', protocol],
          ['dport', port],
        ])
      : [[['proto', protocol]]],
  );
  return both.length === 0 ? [[]] : both;
}

function at<T>(list: readonly T[], index: number): T | undefined {
  return list[index % list.length];
}

function draft(...parts: readonly (readonly (readonly [Field, Value | undefined])[])[]): Draft {
  const map = new Map<Field, Value>();
  for (const [field, value] of parts.flat()) if (value !== undefined) map.set(field, value);
  return map;
}

/** Fields of a socket are a local process's alone. */
function partOf(field: Field, value: Value): readonly (readonly [Field, Value])[] {
  if (field === 'uid' || field === 'gid' || field === 'oif')
    return [
      ['in', null],
      [field, value],
    ];
  return field === 'icmp'
    ? [
        ['proto', 1],
        [field, value],
      ]
    : [[field, value]];
}

/** A value with each of the others' values: the longest list is gone through once. */
function* withAll(
  part: readonly (readonly [Field, Value])[],
  constants: Constants,
  transports: readonly Layer4[],
): Generator<Draft, void, undefined> {
  const [sources = [], destinations = []] = PLACES.map((field) => constants.get(field));
  const rows = Math.max(sources.length, destinations.length, transports.length);
  for (let row = 0; row < rows; row += 1) {
    const transport = at(transports, row) ?? [];
    yield draft(
      [
        ['src', at(sources, row)],
        ['dst', at(destinations, row * 7 + 3)],
      ],
      transport,
      part,
    );
    yield draft([['dst', at(destinations, row)]], part);
  }
}

/** Packets in which pairs of values meet: sources with destinations, both with ports, then each sharp value with all. */
export function* covering(constants: Constants): Generator<Draft, void, undefined> {
  const transports = layer4(constants);
  const [sources = [], destinations = []] = PLACES.map((field) => constants.get(field));
  for (const field of SHARP)
    for (const value of constants.get(field) ?? [])
      yield* withAll(partOf(field, value), constants, transports);
  for (const device of constants.get('in') ?? []) yield* withAll([['in', device]], constants, transports);
  const rows = Math.max(destinations.length, sources.length);
  for (let shift = 0; shift < transports.length; shift += 1)
    for (let row = 0; row < rows; row += 1)
      yield draft(
        [
          ['src', at(sources, row + shift)],
          ['dst', at(destinations, row)],
        ],
        at(transports, row + shift) ?? [],
      );
  for (const [index, dst] of destinations.entries())
    for (const [row, src] of sources.entries())
      yield draft(
        [
          ['src', src],
          ['dst', dst],
        ],
        at(transports, index * 5 + row) ?? [],
      );
}
