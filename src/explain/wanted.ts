/** Why a condition does not hold, as "wanted …, packet has …". */
import type { Params } from '../source/diagnostic.js';
import type { View } from './view.js';

/** The field that a reason is about, and whether it is asked to lie in something. */
type Field = readonly [name: string, within?: true];

/** By the code of the reason. Kernel words, in every language. */
const FIELDS: ReadonlyMap<string, Field> = new Map<string, Field>([
  ['NO_SOURCE', ['src', true]],
  ['NO_DESTINATION', ['dst', true]],
  ['NO_IN_DEVICE', ['in']],
  ['NO_OUT_DEVICE', ['out']],
  ['NO_PROTOCOL', ['proto']],
  ['NO_SPORT', ['sport']],
  ['NO_DPORT', ['dport']],
  ['NO_TCP_FLAGS', ['tcp flags']],
  ['NO_ICMP_TYPE', ['icmp type']],
  ['NO_MARK', ['mark']],
  ['NO_CONNMARK', ['ct mark']],
  ['NO_STATE', ['ct state']],
  ['NO_SRC_RANGE', ['src', true]],
  ['NO_DST_RANGE', ['dst', true]],
  ['NO_LENGTH', ['length']],
  ['NO_TTL', ['ttl']],
  ['NO_DSCP', ['dscp']],
  ['NO_TOS', ['tos']],
  ['NO_ECN', ['ecn']],
  ['PR_IIF', ['iif']],
  ['PR_OIF', ['oif']],
  ['PR_FWMARK', ['fwmark']],
  ['PR_UID', ['uid']],
  ['PR_FROM', ['from']],
  ['PR_TO', ['to']],
  ['PR_TOS', ['tos']],
  ['PR_IPPROTO', ['ipproto']],
  ['PR_SPORT', ['sport']],
  ['PR_DPORT', ['dport']],
]);

/** The sentence of a reason: a message id of the engine with its parameters. */
export function wantedText(
  { code, params }: { readonly code: string; readonly params: Params },
  view: View,
): string {
  const field = code === 'NO_NFT' ? ([String(params['what'])] as const) : FIELDS.get(code);
  const has = params['has'] ?? params['got'];
  const given = params['wanted'];
  if (field === undefined || has === undefined || given === undefined) return view.tell(code, params);
  const [name, within] = field;
  const text = String(given);
  const inverted = text.startsWith('not ');
  const wanted = inverted ? text.slice(4) : text;
  const id =
    within === true
      ? inverted
        ? 'WHY_WANTED_OUTSIDE'
        : 'WHY_WANTED_WITHIN'
      : inverted
        ? 'WHY_WANTED_NOT'
        : 'WHY_WANTED';
  return view.say(id, { field: name, wanted, has: String(has) });
}
