/** Statements of `nft -j` (libnftables-json(5)) -> the model. */
import type { Comparison, Expression, NatStatement, Statement } from '../model.js';
import { type Style, duration, expressionOf, mapping, styleOf, verdictOf } from './json-expression.js';
import { type Json, isObject, list, number, prop, tagged, text, texts } from './json-value.js';
import { dynamic, limit, log, match, natFlags, queueFlags, quota } from './make.js';

type Reader = (body: Json) => Statement | null;

const OPS: readonly Comparison[] = ['==', '!=', '<', '>', '<=', '>=', '!'];

function matchOf(body: Json): Statement | null {
  const left = expressionOf(prop(body, 'left'), 'plain');
  const right = left === null ? null : expressionOf(prop(body, 'right'), styleOf(left));
  const op = text(body, 'op');
  const comparison = op === 'in' || op === null ? 'implicit' : OPS.find((one) => one === op);
  if (left === null || right === null || comparison === undefined) return null;
  return match(left, comparison, right);
}

function mangle(body: Json): Statement | null {
  const key = expressionOf(prop(body, 'key'), 'plain');
  const value = key === null ? null : expressionOf(prop(body, 'value'), styleOf(key));
  return key === null || value === null ? null : { kind: 'set', key, value };
}

function familyOf(body: Json): 'ip' | 'ip6' | null {
  const family = text(body, 'family');
  return family === 'ip' || family === 'ip6' ? family : null;
}

/** An optional part: null when it is not there, undefined when it is there and not known. */
function optional(body: Json, key: string, style: Style = 'plain'): Expression | null | undefined {
  const value = prop(body, key);
  return value === undefined || value === null ? null : (expressionOf(value, style) ?? undefined);
}

function nat(kind: NatStatement['kind']): Reader {
  return (body) => {
    const [address, port] = [optional(body, 'addr'), optional(body, 'port')];
    if (address === undefined || port === undefined) return null;
    const prefix = texts(prop(body, 'type_flags')).includes('prefix');
    return {
      kind,
      family: familyOf(body),
      prefix,
      address,
      port,
      flags: natFlags(texts(prop(body, 'flags'))),
    };
  };
}

const REJECTS = ['tcp reset', 'icmp', 'icmpv6', 'icmpx'] as const;

function reject(body: Json): Statement {
  const type = REJECTS.find((one) => one === text(body, 'type')) ?? null;
  return { kind: 'reject', type, code: type === null ? null : text(body, 'expr') };
}

function counter(body: Json): Statement | null {
  if (typeof body === 'string' || prop(body, 'map') !== undefined) return named('counter', body);
  return { kind: 'counter', packets: number(body, 'packets') ?? 0, bytes: number(body, 'bytes') ?? 0 };
}

/** `{"limit": "name"}` uses an object; a map may choose its name. */
function named(type: string, body: Json): Statement | null {
  const name = expressionOf(body, 'quoted');
  return name === null ? null : { kind: 'object', type, name };
}

function limitOf(body: Json): Statement | null {
  const [rate, per] = [number(body, 'rate'), text(body, 'per')];
  if (rate === null || per === null) return named('limit', body);
  const unit = text(body, 'rate_unit');
  const amount = number(body, 'burst');
  const burst = amount === null ? null : { amount, unit: text(body, 'burst_unit') ?? 'packets' };
  return limit({ over: prop(body, 'inv') === true, rate, unit, per, burst });
}

function quotaOf(body: Json): Statement | null {
  const value = number(body, 'val');
  if (value === null) return named('quota', body);
  const count = number(body, 'used');
  const used = count === null ? null : { value: count, unit: text(body, 'used_unit') ?? 'bytes' };
  return quota({ over: prop(body, 'inv') === true, value, unit: text(body, 'val_unit') ?? 'bytes', used });
}

function logOf(body: Json): Statement {
  const options = isObject(body) ? Object.keys(body) : [];
  return log(
    options.map((key) => [key, key === 'flags' ? texts(prop(body, key)) : (text(body, key) ?? '')] as const),
  );
}

function queue(body: Json): Statement | null {
  const to = optional(body, 'num');
  return to === undefined ? null : { kind: 'queue', flags: queueFlags(texts(prop(body, 'flags'))), to };
}

function tproxy(body: Json): Statement | null {
  const [address, port] = [optional(body, 'addr'), optional(body, 'port')];
  return address === undefined || port === undefined
    ? null
    : { kind: 'tproxy', family: familyOf(body), address, port };
}

function toDevice(kind: 'dup' | 'fwd'): Reader {
  return (body) => {
    const device = optional(body, 'dev', 'quoted');
    // What `dup` goes to in a netdev table is a device, whatever the key says.
    const address = optional(body, 'addr', kind === 'dup' && device === null ? 'device' : 'plain');
    return address === undefined || device === undefined
      ? null
      : { kind, family: familyOf(body), address, device };
  };
}

function synproxy(body: Json): Statement | null {
  if (typeof body === 'string') return named('synproxy', body);
  const [mss, scale] = [number(body, 'mss'), number(body, 'wscale')];
  const flags = texts(prop(body, 'flags'));
  const words = [
    ...(mss === null ? [] : [`mss ${String(mss)}`]),
    ...(scale === null ? [] : [`wscale ${String(scale)}`]),
    ...['timestamp', 'sack-perm'].filter((flag) => flags.includes(flag)),
  ];
  return { kind: 'synproxy', text: words.join(' ') };
}

function vmap(body: Json): Statement | null {
  const key = expressionOf(prop(body, 'key'), 'plain');
  const map = key === null ? null : mapping(prop(body, 'data'), key);
  return key === null || map === null ? null : { kind: 'vmap', key, map };
}

function elementParts(elem: Json): { readonly key: Expression | null; readonly parts: readonly string[] } {
  const inner = prop(elem, 'elem');
  if (inner === undefined) return { key: expressionOf(elem, 'plain'), parts: [] };
  const seconds = (key: string): readonly string[] => {
    const found = number(inner, key);
    return found === null ? [] : [`${key} ${duration(found)}`];
  };
  const comment = text(inner, 'comment');
  return {
    key: expressionOf(prop(inner, 'val'), 'plain'),
    parts: [
      ...seconds('timeout'),
      ...seconds('expires'),
      ...(comment === null ? [] : [`comment "${comment}"`]),
    ],
  };
}

function statementsOf(values: readonly Json[]): readonly Statement[] | null {
  const read = values.map(statementOf);
  return read.every((one) => one !== null) ? read : null;
}

const ACTIONS = ['add', 'update', 'delete'] as const;

function dynamicSet(body: Json): Statement | null {
  const { key, parts } = elementParts(prop(body, 'elem'));
  const data = prop(body, 'data');
  const value = data === undefined ? null : (verdictOf(data) ?? expressionOf(data, 'plain') ?? undefined);
  const inner = statementsOf(list(prop(body, 'stmt')));
  const action = ACTIONS.find((one) => one === text(body, 'op'));
  const set = (text(body, 'set') ?? text(body, 'map'))?.replace(/^@/u, '');
  if (key === null || value === undefined || inner === null) return null;
  if (action === undefined || set === undefined) return null;
  return dynamic(action, set, key, [...parts, ...inner], value);
}

function meter(body: Json): Statement | null {
  const { key, parts } = elementParts(prop(body, 'key'));
  const inner = statementsOf(list(prop(body, 'stmt')));
  const [name, size] = [text(body, 'name'), number(body, 'size')];
  if (key === null || inner === null || name === null) return null;
  return dynamic(
    'meter',
    name,
    key,
    [...(size === null ? [] : [`size ${String(size)}`]), ...parts, ...inner],
    null,
  );
}

function xt(body: Json): Statement | null {
  const type = (['match', 'target', 'watcher'] as const).find((one) => one === text(body, 'type'));
  return type === undefined ? null : { kind: 'xt', type, name: text(body, 'name') ?? '' };
}

const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['match', matchOf],
  ['mangle', mangle],
  ['vmap', vmap],
  ['counter', counter],
  ['reject', reject],
  ['limit', limitOf],
  ['quota', quotaOf],
  ['log', logOf],
  ['queue', queue],
  ['tproxy', tproxy],
  ['synproxy', synproxy],
  ['set', dynamicSet],
  ['map', dynamicSet],
  ['meter', meter],
  ['xt', xt],
  ['notrack', () => ({ kind: 'notrack' })],
  ['last', () => ({ kind: 'last', text: '' })],
  ['snat', nat('snat')],
  ['dnat', nat('dnat')],
  ['masquerade', nat('masquerade')],
  ['redirect', nat('redirect')],
  ['dup', toDevice('dup')],
  ['fwd', toDevice('fwd')],
  ['flow', (body) => ({ kind: 'flow', table: (text(body, 'flowtable') ?? '').replace(/^@/u, '') })],
  ['ct helper', (body) => named('ct helper', body)],
  ['ct timeout', (body) => named('ct timeout', body)],
  ['ct expectation', (body) => named('ct expectation', body)],
  [
    'ct count',
    (body) => ({ kind: 'ct-count', over: prop(body, 'inv') === true, count: number(body, 'val') ?? 0 }),
  ],
  [
    'reset',
    (body) => {
      const option = text(prop(body, 'tcp option'), 'name');
      return option === null ? null : { kind: 'strip-option', option };
    },
  ],
]);

/** A statement; null for one that is not known. */
export function statementOf(value: Json): Statement | null {
  const verdict = verdictOf(value);
  if (verdict !== null) return { kind: 'verdict', verdict };
  const [name, body] = tagged(value) ?? ['', null];
  return READERS.get(name)?.(body) ?? null;
}
