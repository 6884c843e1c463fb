/** Link headers (net/netfilter/nft_payload.c, NFT_PAYLOAD_LL_HEADER). */
import { metaValue } from './meta.js';
import type { Expression } from './model.js';
import { ABSENT, type Value, exact, open } from './value.js';
import type { NftContext } from './world.js';

const ETHER = 1n;

/**
 * `ether saddr`, `ether type`: nft asks for an input device of that kind before, and does not list it. Hardware
 * addresses are not described.
 */
export function etherValue({ field }: Extract<Expression, { kind: 'payload' }>, context: NftContext): Value {
  const what = `ether ${field}`;
  // What the node itself sends has no link header yet.
  if (context.packet.inInterface === '') return ABSENT;
  const kind = metaValue('iiftype', context);
  if (kind.kind === 'absent') return ABSENT;
  if (kind.kind !== 'exact') return open(what);
  if (kind.value !== ETHER) return ABSENT;
  return field === 'type' ? exact(context.packet.family === 4 ? 0x800 : 0x86dd) : open(what);
}
