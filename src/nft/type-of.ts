/** Data types of expressions: one for a value, several for a concatenation. */
import { type DataType, dataType, integerType } from './datatype.js';
import type { Expression, NftFamily, NftSet, NftTable } from './model.js';
import { payloadField } from './payload-fields.js';

/** What a type depends on. */
export interface TypeScope {
  readonly family: NftFamily;
  readonly table: NftTable;
  /** Family of the packet, where the table is of both. */
  readonly version: 4 | 6;
}

const named = (name: string): readonly DataType[] => {
  const type = dataType(name);
  return type === null ? [] : [type];
};

const HOST32 = integerType(32, 'host');

const META: ReadonlyMap<string, DataType> = new Map(
  (
    [
      ['protocol', 'ether_type'], ['nfproto', 'nf_proto'], ['l4proto', 'inet_proto'], ['priority', 'classid'],
      ['mark', 'mark'], ['iif', 'iface_index'], ['oif', 'iface_index'], ['iifname', 'ifname'], ['oifname', 'ifname'],
      ['iiftype', 'iface_type'], ['oiftype', 'iface_type'], ['iifkind', 'ifname'], ['oifkind', 'ifname'],
      ['iifgroup', 'devgroup'], ['oifgroup', 'devgroup'], ['skuid', 'uid'], ['skgid', 'gid'], ['rtclassid', 'realm'],
      ['pkttype', 'pkt_type'], ['ipsec', 'boolean'], ['secpath', 'boolean'], ['time', 'time'], ['day', 'day'],
      ['hour', 'hour'], ['sdif', 'iface_index'], ['sdifname', 'ifname'], ['ibrname', 'ifname'], ['obrname', 'ifname'],
    ] as const
  ).flatMap(([key, name]) => named(name).map((type) => [key, type] as const)),
); // prettier-ignore

const CT: ReadonlyMap<string, DataType> = new Map(
  (
    [
      ['state', 'ct_state'], ['direction', 'ct_dir'], ['status', 'ct_status'], ['mark', 'mark'], ['label', 'ct_label'],
      ['event', 'ct_event'], ['helper', 'string'], ['l3proto', 'nf_proto'], ['protocol', 'inet_proto'], ['proto-src', 'inet_service'],
      ['proto-dst', 'inet_service'], ['id', 'ct_id'], ['expiration', 'time'],
    ] as const
  ).flatMap(([key, name]) => named(name).map((type) => [key, type] as const)),
); // prettier-ignore

function addressType(
  family: 'ip' | 'ip6' | null,
  { family: table, version }: TypeScope,
): readonly DataType[] {
  const six = family === null ? (table === 'inet' ? version === 6 : table === 'ip6') : family === 'ip6';
  return named(six ? 'ipv6_addr' : 'ipv4_addr');
}

function ctType(expression: Extract<Expression, { kind: 'ct' }>, scope: TypeScope): readonly DataType[] {
  const { key, family } = expression;
  if (key === 'saddr' || key === 'daddr') return addressType(family, scope);
  if (key === 'zone') return [integerType(16, 'host')];
  if (['bytes', 'packets', 'avgpkt'].includes(key)) return [integerType(64, 'host')];
  const type = CT.get(key);
  return type === undefined ? [HOST32] : [type];
}

function rtType({ key, family }: Extract<Expression, { kind: 'rt' }>, scope: TypeScope): readonly DataType[] {
  if (key === 'nexthop') return addressType(family, scope);
  if (key === 'classid') return named('realm');
  return key === 'ipsec' ? named('boolean') : [integerType(16, 'host')];
}

/** What a set is keyed by. */
export function keyTypes(set: NftSet, scope: TypeScope): readonly DataType[] {
  if (set.typeOf !== null) return typesOf(set.typeOf, scope);
  const types = set.type.map(dataType);
  return types.every((type): type is DataType => type !== null) ? types : [];
}

/** What a map gives; empty for verdicts and for types that are not known here. */
export function dataTypes(set: NftSet): readonly DataType[] {
  const types = (set.gives ?? []).map((name) => dataType(name.replace(/^interval /u, '')));
  return types.every((type): type is DataType => type !== null) ? types : [];
}

/** The types of an expression's parts; empty when they are not known, as for a word that stands alone. */
export function typesOf(expression: Expression, scope: TypeScope): readonly DataType[] {
  switch (expression.kind) {
    case 'payload':
    case 'exthdr': {
      const header = expression.kind === 'payload' ? expression.protocol : expression.header;
      if (expression.field === null) return named('boolean');
      const field = payloadField(header, expression.field);
      return field === null ? [] : [field.type];
    }
    case 'raw-payload':
      return [integerType(expression.length)];
    case 'tcp-option':
    case 'ip-option':
    case 'sctp-chunk':
      return expression.field === null ? named('boolean') : [integerType(32)];
    case 'meta':
      return [META.get(expression.key) ?? HOST32];
    case 'ct':
      return ctType(expression, scope);
    case 'rt':
      return rtType(expression, scope);
    case 'socket':
      if (expression.key === 'mark') return named('mark');
      return [
        integerType(expression.key === 'transparent' || expression.key === 'wildcard' ? 8 : 64, 'host'),
      ];
    case 'fib':
      if (expression.result === 'type') return named('fib_addrtype');
      return named(expression.result === 'oifname' ? 'ifname' : 'iface_index');
    case 'numgen':
    case 'jhash':
    case 'symhash':
      return [HOST32];
    case 'concat': {
      const parts = expression.parts.map((part) => typesOf(part, scope));
      return parts.every((part) => part.length === 1) ? parts.flat() : [];
    }
    case 'binary': {
      const left = typesOf(expression.left, scope);
      return left.length > 0 ? left : typesOf(expression.right, scope);
    }
    case 'map': {
      const { map } = expression;
      const set = map.kind === 'set-name' ? scope.table.sets.get(map.name) : undefined;
      return set === undefined ? [] : dataTypes(set);
    }
    case 'prefix':
      return typesOf(expression.address, scope);
    default:
      return [];
  }
}
