/** What a native rule of nftables asks of the packet as it was sent. */
import type { Address } from '../address/address.js';
import type { DataType, Interval } from '../nft/datatype.js';
import type { Element, Expression, NftRule, NftTable, Statement } from '../nft/model.js';
import { isVerdict } from '../nft/print-expression.js';
import { type TypeScope, typesOf } from '../nft/type-of.js';
import type { Field } from './field.js';
import {
  type Need,
  type NumberRange,
  addressRangeNeed,
  hint,
  maskedNeed,
  negated,
  numbersNeed,
  oneOf,
} from './need.js';
import { type Alternatives, protocolNeed } from './rule-needs.js';
import type { Terrain } from './terrain.js';

export interface NativeLookup {
  readonly terrain: Terrain;
  readonly table: NftTable;
  /** Texts of elements that only one node has: they are tried first. */
  readonly differs: (element: Element) => boolean;
}

/** At most so many elements of a set are ways of their own. */
const WAYS = 8;

const STATE_BITS: readonly (readonly [bigint, string])[] = [
  [8n, 'new'],
  [2n, 'established'],
  [4n, 'related'],
  [64n, 'untracked'],
  [1n, 'invalid'],
];

/** The field that an expression reads, where it is one of the packet as it was sent. */
function fieldOf(expression: Expression, terrain: Terrain): Field | 'out' | 'local-dst' | null {
  switch (expression.kind) {
    case 'payload': {
      const { protocol, field } = expression;
      if (protocol === (terrain.family === 4 ? 'ip' : 'ip6')) {
        if (field === 'saddr') return 'src';
        if (field === 'daddr') return 'dst';
        return field === 'protocol' || field === 'nexthdr' ? 'proto' : field === 'length' ? 'length' : null;
      }
      if (field === 'sport' || field === 'dport') return field;
      return protocol === 'tcp' && field === 'flags' ? 'flags' : null;
    }
    case 'meta':
      return META.get(expression.key) ?? null;
    case 'ct':
      if (expression.key === 'state') return 'ct';
      if (expression.direction !== 'original') return null;
      return expression.key === 'saddr' ? 'src' : expression.key === 'daddr' ? 'dst' : null;
    case 'fib':
      return expression.result === 'type' && expression.flags.includes('daddr') ? 'local-dst' : null;
    default:
      return null;
  }
}

const META: ReadonlyMap<string, Field | 'out'> = new Map([
  ['l4proto', 'proto'],
  ['mark', 'mark'],
  ['iif', 'in'],
  ['iifname', 'in'],
  ['oif', 'out'],
  ['oifname', 'out'],
  ['skuid', 'uid'],
  ['skgid', 'gid'],
  ['length', 'length'],
]);

/** Values of a word, a prefix, a range, or of each element. */
function intervals(expression: Expression, type: DataType | undefined): readonly Interval[] {
  switch (expression.kind) {
    case 'word':
    case 'string':
      return [type?.parse(expression.text) ?? []].flat();
    case 'range': {
      const [from] = intervals(expression.from, type);
      const [to] = intervals(expression.to, type);
      return from === undefined || to === undefined ? [] : [{ from: from.from, to: to.to }];
    }
    case 'prefix': {
      const [base] = intervals(expression.address, type);
      if (base === undefined || type === undefined) return [];
      const host = (1n << BigInt(Math.max(0, type.bits - expression.length))) - 1n;
      return [{ from: base.from & ~host, to: base.from | host }];
    }
    case 'list':
      return expression.items.flatMap((item) => intervals(item, type));
    case 'set':
      return expression.elements.flatMap(({ key }) => intervals(key, type));
    default:
      return [];
  }
}

function addressOf(value: bigint, { family }: Terrain): Address {
  return family === 6 ? value : Number(value) | 0;
}

function devices(found: readonly Interval[], text: readonly string[], terrain: Terrain): Need {
  const fits = (name: string): boolean =>
    text.some((one) => (one.endsWith('*') ? name.startsWith(one.slice(0, -1)) : one === name));
  const inside = terrain.devices.filter(fits);
  const outside = terrain.devices.filter((name) => !fits(name)).slice(0, 3);
  return oneOf('in', inside.slice(0, 3), found.length === 0 ? [] : outside);
}

function textsOf(expression: Expression): readonly string[] {
  if (expression.kind === 'word' || expression.kind === 'string') return [expression.text];
  if (expression.kind === 'set') return expression.elements.flatMap(({ key }) => textsOf(key));
  return [];
}

const MAX: Readonly<Partial<Record<Field, number>>> = { sport: 65535, dport: 65535, length: 65535 };

function numbers(field: Field, found: readonly Interval[]): Need {
  const ranges = found.map(({ from, to }): NumberRange => ({ from: Number(from), to: Number(to) }));
  return numbersNeed(field, ranges, MAX[field] ?? 0xffffffff);
}

/** What it means that a field has the value. */
function valueNeed(
  left: Expression,
  right: Expression,
  type: DataType | undefined,
  terrain: Terrain,
): Need[] {
  const field = fieldOf(left, terrain);
  const found = intervals(right, type);
  switch (field) {
    case null:
      return [];
    case 'src':
    case 'dst':
      return found.slice(0, 1).map(({ from, to }) => {
        const range = { from: addressOf(from, terrain), to: addressOf(to, terrain) };
        return addressRangeNeed(field, range);
      });
    case 'in':
      return [devices(found, textsOf(right), terrain)];
    case 'out': {
      const names = textsOf(right);
      const behind = [...terrain.behind].filter(([name]) => names.includes(name));
      return [
        hint(
          'dst',
          behind.map(([, address]) => address),
        ),
      ];
    }
    case 'local-dst':
      return textsOf(right).includes('local') ? [oneOf('dst', terrain.own, terrain.far)] : [];
    case 'ct': {
      const bits = found.reduce((all, { from }) => all | from, 0n);
      const inside = STATE_BITS.filter(([bit]) => (bits & bit) !== 0n).map(([, name]) => name);
      const outside = STATE_BITS.map(([, name]) => name).filter((name) => !inside.includes(name));
      return inside.length === 0 ? [] : [oneOf('ct', inside, outside)];
    }
    case 'proto':
      return found.slice(0, 1).map(({ from }) => protocolNeed(Number(from), false));
    case 'uid':
    case 'gid':
      return [numbers(field, found), oneOf('in', [null], [])];
    default:
      return found.length === 0 ? [] : [numbers(field, found)];
  }
}

/** `tcp dport` is asked of tcp alone. */
function impliedProtocol(left: Expression): Need[] {
  const known = left.kind === 'payload' ? { tcp: 6, udp: 17, sctp: 132 }[left.protocol] : undefined;
  return known === undefined ? [] : [protocolNeed(known, false)];
}

function maskedMark(left: Expression, right: Expression, type: DataType | undefined): Need[] {
  if (left.kind !== 'binary' || left.op !== '&' || left.left.kind !== 'meta' || left.left.key !== 'mark')
    return [];
  const [mask] = intervals(left.right, type);
  const [value] = intervals(right, type);
  return mask === undefined || value === undefined
    ? []
    : [maskedNeed('mark', Number(value.from), Number(mask.from))];
}

/** A key, or each part of one, against an element. */
function keyNeeds(key: Expression, value: Expression, scope: TypeScope, terrain: Terrain): Need[] {
  const types = typesOf(key, scope);
  if (key.kind !== 'concat') return [...impliedProtocol(key), ...valueNeed(key, value, types[0], terrain)];
  if (value.kind !== 'concat') return [];
  return key.parts.flatMap((part, at) => {
    const against = value.parts[at];
    return against === undefined ? [] : keyNeeds(part, against, scope, terrain);
  });
}

/** The elements of a set or map, those that differ first. */
function elementsOf(set: Expression, { table, differs }: NativeLookup): readonly Element[] {
  const all =
    set.kind === 'set'
      ? set.elements
      : set.kind === 'set-name'
        ? (table.sets.get(set.name)?.elements ?? [])
        : [];
  return [...all.filter(differs), ...all.filter((one) => !differs(one))];
}

/** The ways of a map to lead to a chain, or anywhere. */
function mapWays(
  { key, map }: Extract<Statement, { kind: 'vmap' }>,
  to: string | null,
  scope: TypeScope,
  lookup: NativeLookup,
): Alternatives {
  const leads = ({ value }: Element): boolean =>
    to === null || (value !== null && isVerdict(value) && 'chain' in value && value.chain === to);
  return elementsOf(map, lookup)
    .filter(leads)
    .slice(0, WAYS)
    .map((element) => keyNeeds(key, element.key, scope, lookup.terrain));
}

function matchWays(
  { left, op, right }: Extract<Statement, { kind: 'match' }>,
  scope: TypeScope,
  lookup: NativeLookup,
): Alternatives {
  const isNegative = op === '!=';
  if (op === '<' || op === '>' || op === '<=' || op === '>=') return [];
  const plain = maskedMark(left, right, typesOf(left, scope)[0]);
  if (plain.length > 0) return [isNegative ? plain.map(negated) : plain];
  const isSet = right.kind === 'set' || right.kind === 'set-name';
  const values = isSet
    ? elementsOf(right, lookup)
        .slice(0, WAYS)
        .map(({ key }) => key)
    : [right];
  const ways = values.map((value) => keyNeeds(left, value, scope, lookup.terrain));
  if (!isNegative) return ways;
  const [only] = ways;
  return only === undefined || only.length === 0 ? [] : [only.map(negated)];
}

/**
 * What a native rule asks, in each way in which it can be had.
 * @param to the chain that it is to lead to, where a map decides; null for wherever it leads
 */
export function nativeNeeds(rule: NftRule, to: string | null, lookup: NativeLookup): Alternatives {
  const { terrain, table } = lookup;
  const scope: TypeScope = { family: table.family, table, version: terrain.family };
  let ways: Alternatives = [[]];
  for (const statement of rule.statements) {
    const own =
      statement.kind === 'match'
        ? matchWays(statement, scope, lookup)
        : statement.kind === 'vmap'
          ? mapWays(statement, to, scope, lookup)
          : [];
    if (own.length > 0) ways = ways.flatMap((way) => own.map((needs) => [...way, ...needs])).slice(0, WAYS);
  }
  return ways;
}
