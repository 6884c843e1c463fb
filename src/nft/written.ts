/**
 * What of a number comes into a header field. nft turns numbers of the host's byte order round in their own width
 * (src/evaluate.c of nftables), and the kernel writes as many bytes as the field has from where the register begins
 * (net/netfilter/nft_payload.c nft_payload_set_eval): of a longer number these are the upper ones.
 */
import { isConstant } from './constant.js';
import type { DataType } from './datatype.js';
import type { Expression } from './model.js';
import { type Value, binary, exact, open, within } from './value.js';

const REGISTER = 32;

/** Does it come as the host has it? Constants and data of maps are of the field's own type. */
function isHostOrder(expression: Expression, [type, ...others]: readonly DataType[]): boolean {
  return (
    type?.order === 'host' && others.length === 0 && expression.kind !== 'map' && !isConstant(expression)
  );
}

function shifted(value: Value, from: DataType, { bits }: DataType): Value {
  const excess = from.bits - bits;
  // A register is zero behind a shorter number; registers behind it hold what was there.
  if (excess < 0)
    return bits > REGISTER ? open('the rest of a register') : binary('<<', value, exact(-excess), bits);
  const rest = { from: 0n, to: (1n << BigInt(excess)) - 1n };
  return within(value, rest, from) === true ? exact(0) : binary('>>', value, exact(excess), from.bits);
}

/**
 * The value as it stands in the field.
 * @param types those of the expression
 * @param chosen takes a draw from few numbers for one of them
 */
export function writtenValue(
  expression: Expression,
  value: Value,
  types: readonly DataType[],
  field: DataType,
  chosen: (value: Value) => Value,
): Value {
  const [from] = types;
  if (from === undefined || value.kind === 'absent' || !isHostOrder(expression, types)) return chosen(value);
  if (from.bits === field.bits) return chosen(value);
  const known = shifted(value, from, field);
  return known.kind === 'open' ? shifted(chosen(value), from, field) : known;
}
