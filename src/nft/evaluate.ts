/** What an expression of a rule is for a packet. */
import { ctValue } from './ct.js';
import { intervalsOf, isConstant } from './constant.js';
import type { DataType } from './datatype.js';
import { describe } from './describe.js';
import { etherValue } from './ether.js';
import { fibValue } from './fib.js';
import { jhashValue, numgenValue, symhashValue } from './hash.js';
import { lookupOf, mapped } from './lookup.js';
import { metaValue, realm } from './meta.js';
import type { Expression } from './model.js';
import { extensionValue, optionValue, payloadValue, rawValue } from './payload.js';
import { isVerdict } from './print-expression.js';
import { type TypeScope, typesOf } from './type-of.js';
import { ABSENT, type Value, addressNumber, binary, exact, open } from './value.js';
import type { NftContext } from './world.js';

/** What types depend on, for a packet. */
export function scopeOf({ family, table, packet }: NftContext): TypeScope {
  return { family, table, version: packet.family };
}

function constantValue(expression: Expression, types: readonly DataType[]): Value {
  const intervals = intervalsOf(expression, types);
  if (intervals === null) return open(describe(expression));
  const parts = intervals.map(({ from, to }, at): Value => {
    if (from === to) return exact(from);
    return { kind: 'span', from, to, what: 'a range', bits: types[at]?.bits ?? 32 };
  });
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only : { kind: 'tuple', parts };
}

/**
 * The expression that a map gives: itself for what is no map. Undefined when nothing is found (NFT_BREAK); null when it
 * cannot be told.
 */
export function resolveMap(
  expression: Expression,
  types: readonly DataType[],
  context: NftContext,
): { readonly expression: Expression; readonly types: readonly DataType[] } | undefined | null {
  if (expression.kind !== 'map') return { expression, types };
  const scope = scopeOf(context);
  const keyTypes = typesOf(expression.key, scope);
  const key = evaluate(expression.key, context, keyTypes);
  if (isAbsent(key)) return undefined;
  const lookup = lookupOf(expression.map, keyTypes, context, scope);
  if (lookup === null) return null;
  const data = mapped(lookup, key, context);
  if (data === undefined) return undefined;
  if (data === null || isVerdict(data)) return null;
  const own = typesOf(expression, scope);
  return { expression: data, types: own.length > 0 ? own : types };
}

/** Is the value, or a part of it, not there? */
export function isAbsent(value: Value): boolean {
  return value.kind === 'absent' || (value.kind === 'tuple' && value.parts.some(isAbsent));
}

function nexthop({ packet, world, node }: NftContext, family: 'ip' | 'ip6' | null): Value {
  if (world.hook === 'PREROUTING' && packet.inInterface !== 'lo') return ABSENT;
  if (family !== null && (family === 'ip6') !== (packet.family === 6)) return ABSENT;
  const address = node.nexthop?.() ?? null;
  return address === null ? open('next hop of the route') : exact(addressNumber(address));
}

function evaluateRt({ key, family }: Extract<Expression, { kind: 'rt' }>, context: NftContext): Value {
  if (key === 'classid') return realm(context);
  if (key === 'nexthop') return nexthop(context, family);
  if (context.world.hook === 'PREROUTING' && context.packet.inInterface !== 'lo') return ABSENT;
  return open(`rt ${key}`);
}

/** A packet without an input device looks up no socket but its own. */
function evaluateSocket(key: string, { packet }: NftContext): Value {
  if (!packet.isLocal && packet.protocol !== 6 && packet.protocol !== 17) return ABSENT;
  return open(`socket ${key}`);
}

const SCTP = 132;

/** What the packet's headers say; null for an expression that asks for something else. */
function headerValue(expression: Expression, context: NftContext): Value | null {
  const { packet } = context;
  switch (expression.kind) {
    case 'payload':
      return expression.protocol === 'ether'
        ? etherValue(expression, context)
        : payloadValue(expression, packet);
    case 'raw-payload':
      return rawValue(expression, packet);
    case 'exthdr':
      return extensionValue(expression, context);
    case 'tcp-option':
    case 'ip-option':
      return optionValue(expression, packet);
    case 'sctp-chunk':
      return packet.protocol === SCTP ? open(`sctp chunk ${expression.chunk}`) : ABSENT;
    default:
      return null;
  }
}

function binaryValue(
  expression: Extract<Expression, { kind: 'binary' }>,
  context: NftContext,
  types: readonly DataType[],
): Value {
  const own = typesOf(expression, scopeOf(context));
  const inner = own.length > 0 ? own : types;
  const left = evaluate(expression.left, context, inner);
  const right = evaluate(expression.right, context, inner);
  const bits = inner[0]?.bits ?? REGISTER;
  return binary(expression.op, left, right, expression.op === '<<' ? Math.max(bits, REGISTER) : bits);
}

const REGISTER = 32;

/**
 * The value of an expression. Words take `types`: those of what they are compared with or set to. Maps whose key is not
 * settled ask the context's chooser.
 */
export function evaluate(
  expression: Expression,
  context: NftContext,
  types: readonly DataType[] = [],
): Value {
  if (isConstant(expression)) return constantValue(expression, types);
  const header = headerValue(expression, context);
  if (header !== null) return header;
  switch (expression.kind) {
    case 'meta':
      return metaValue(expression.key, context);
    case 'ct':
      return ctValue(expression, context);
    case 'rt':
      return evaluateRt(expression, context);
    case 'socket':
      return evaluateSocket(expression.key, context);
    case 'fib':
      return fibValue(expression, context);
    case 'numgen':
      return numgenValue(expression, context);
    case 'symhash':
      return symhashValue(expression, context);
    case 'jhash': {
      if (expression.of === null) return open('jhash');
      const own = typesOf(expression.of, scopeOf(context));
      return jhashValue(expression, evaluate(expression.of, context, own), own, context);
    }
    case 'concat':
      return {
        kind: 'tuple',
        parts: expression.parts.map((part, at) => evaluate(part, context, types.slice(at, at + 1))),
      };
    case 'binary':
      return binaryValue(expression, context, types);
    case 'map': {
      const found = resolveMap(expression, types, context);
      if (found === undefined) return ABSENT;
      return found === null ? open('data of a map') : evaluate(found.expression, context, found.types);
    }
    default:
      return open(expression.kind === 'other' ? expression.text : expression.kind);
  }
}
