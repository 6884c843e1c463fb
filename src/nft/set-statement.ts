/** Statements that write: `meta mark set …`, `ct mark set …`, `ip dscp set …` (net/netfilter/nft_meta.c, nft_ct.c, nft_payload.c). */
import type { DataType } from './datatype.js';
import { entryOf } from './ct.js';
import { describe } from './describe.js';
import { evaluate, isAbsent, scopeOf } from './evaluate.js';
import type { Expression, Statement } from './model.js';
import { payloadValue } from './payload.js';
import { typesOf } from './type-of.js';
import { type Value, bitsOfValue, exact, numberAddress } from './value.js';
import type { NftContext, NftEffects } from './world.js';
import { writtenValue } from './written.js';

type SetStatement = Extract<Statement, { kind: 'set' }>;

const ALL = 0xffffffff;
/** Draws from so few numbers are taken one by one. */
const FEW = 16;

/** A draw from few numbers becomes each of them; other values stay as they are. */
function chosen(value: Value, context: NftContext): Value {
  if (value.kind !== 'drawn' || value.modulus > FEW) return value;
  const choices = Array.from({ length: value.modulus }, (_, at) => ({
    probability: value.fair ? 1 / value.modulus : null,
    assumption: value.fair
      ? null
      : { code: 'UNK_NFT_DRAWN', params: { wanted: String(value.offset + at), answer: 'yes' } },
  }));
  return exact(value.offset + context.choose(value.key, choices));
}

/** Bits that a 32-bit number surely has, and those that may be anything. */
function markBits(value: Value): { readonly known: number; readonly open: number } {
  const bits = bitsOfValue(value);
  if (bits === null) {
    if (value.kind !== 'drawn' || value.offset !== 0) return { known: 0, open: ALL };
    return { known: 0, open: value.modulus <= 1 ? 0 : 2 ** (32 - Math.clz32(value.modulus - 1)) - 1 };
  }
  return { known: Number(bits.value & 0xffffffffn), open: Number(bits.unknown & 0xffffffffn) };
}

function setMark(value: Value, of: 'packet' | 'connection', effects: NftEffects): void {
  const { known, open } = markBits(value);
  if (of === 'packet') effects.setMark(known, ALL);
  else effects.setConnectionMark(known, ALL);
  if (open !== 0) effects.forgetMark(open, of);
}

function setMeta(key: string, value: Value, { node }: NftContext, effects: NftEffects): void {
  if (key === 'mark') setMark(value, 'packet', effects);
  else node.memory.setMeta(key, value.kind === 'exact' ? value.value : null);
}

/** Zones count before conntrack has seen the packet, everything else behind it. */
function setCt(
  { key, direction }: Extract<Expression, { kind: 'ct' }>,
  value: Value,
  statement: SetStatement,
  context: NftContext,
  effects: NftEffects,
): void {
  if (key === 'zone') {
    if (context.world.connection !== null) return;
    const zone = value.kind === 'exact' ? Number(value.value) : null;
    effects.setTracking({
      notrack: false,
      zone,
      helper: null,
      retracks: true,
      ...(direction === null ? {} : { direction }),
    });
    return;
  }
  if (entryOf(context) === null) return;
  if (key === 'mark') setMark(value, 'connection', effects);
  if (key === 'label') context.world.connectionLabel?.(describe(statement.value), true);
}

function setHeader(
  header: string,
  field: string,
  value: Value,
  context: NftContext,
  effects: NftEffects,
): void {
  const bits = bitsOfValue(value);
  if (bits === null) return;
  const number = Number(bits.value & 0xffffffffn);
  const to = bits.value | bits.unknown;
  const wide = context.packet.family === 4 ? 32 : 128;
  switch (`${header} ${field}`) {
    case 'ip dscp':
    case 'ip6 dscp':
      effects.setTos((number << 2) & 0xfc, 0xfc);
      break;
    case 'ip ecn':
    case 'ip6 ecn':
      effects.setTos(number & 3, 3);
      break;
    case 'ip ttl':
    case 'ip6 hoplimit':
      effects.setTtl(number & 255);
      break;
    case 'ip saddr':
    case 'ip6 saddr':
      effects.setAddress('source', numberAddress(bits.value, wide), numberAddress(to, wide));
      break;
    case 'ip daddr':
    case 'ip6 daddr':
      effects.setAddress('destination', numberAddress(bits.value, wide), numberAddress(to, wide));
      break;
    case 'tcp flags':
      effects.setTcpFlags(number & 255, 255);
      break;
    default:
      if (field === 'sport') effects.setPort?.('source', number, Number(to & 0xffffn));
      if (field === 'dport') effects.setPort?.('destination', number, Number(to & 0xffffn));
  }
}

function targetTypes(key: Expression, context: NftContext): readonly DataType[] {
  return typesOf(key, scopeOf(context));
}

/** A header value that is not known is written all the same; what is visible of it is then an assumption. */
function isWritable(value: Value): boolean {
  return value.kind === 'exact' || value.kind === 'masked' || value.kind === 'span';
}

/** What comes to the key: into a header field perhaps a part. */
function valueOf({ key, value }: SetStatement, types: readonly DataType[], context: NftContext): Value {
  const given = evaluate(value, context, types);
  const [field] = types;
  const choice = (one: Value): Value => chosen(one, context);
  return key.kind === 'payload' && field !== undefined
    ? writtenValue(value, given, typesOf(value, scopeOf(context)), field, choice)
    : choice(given);
}

/**
 * Writes the value.
 * @returns 'break' when the packet has not what is read or written; 'unknown' when a header field gets a value that no
 *   dump tells
 */
export function applySet(
  statement: SetStatement,
  context: NftContext,
  effects: NftEffects,
): 'next' | 'break' | 'unknown' {
  const { key } = statement;
  if (key.kind === 'payload' && payloadValue(key, context.packet).kind === 'absent') return 'break';
  if ((key.kind === 'tcp-option' || key.kind === 'exthdr') && context.packet.protocol !== 6) return 'break';
  const types = targetTypes(key, context);
  const value = valueOf(statement, types, context);
  if (isAbsent(value)) return 'break';
  if (key.kind === 'meta') setMeta(key.key, value, context, effects);
  if (key.kind === 'ct') setCt(key, value, statement, context, effects);
  // Which bits such a statement writes is not sure: nft lists the mask that keeps bits as the one that clears them.
  if (key.kind === 'raw-payload') return 'unknown';
  if (key.kind !== 'payload') return 'next';
  if (!isWritable(value)) return 'unknown';
  setHeader(key.protocol, key.field, value, context, effects);
  return 'next';
}
