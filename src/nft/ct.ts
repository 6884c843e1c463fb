/** `ct …` (net/netfilter/nft_ct.c nft_ct_get_eval). */
import type { ConnectionState, ConnectionView, Tuple } from '../iptables/view.js';
import type { Expression } from './model.js';
import { ABSENT, type Value, addressNumber, exact, masked, open, span } from './value.js';
import type { NftContext } from './world.js';
import { CT_STATE, CT_STATUS } from './words.js';

type CtExpression = Extract<Expression, { kind: 'ct' }>;

const STATE: Readonly<Record<ConnectionState, number>> = {
  INVALID: CT_STATE['invalid'] ?? 0,
  NEW: CT_STATE['new'] ?? 0,
  ESTABLISHED: CT_STATE['established'] ?? 0,
  RELATED: CT_STATE['related'] ?? 0,
  UNTRACKED: CT_STATE['untracked'] ?? 0,
};

/** What a zone statement or a CT rule left for conntrack: no entry (nf_ct_is_template). */
export function isTemplate({ original }: ConnectionView): boolean {
  return original.protocol === 0 && BigInt(original.source) === 0n && BigInt(original.destination) === 0n;
}

/** The packet's entry; null for none and for a template. */
export function entryOf({ world }: NftContext): ConnectionView | null {
  const { connection } = world;
  return connection === null || isTemplate(connection) ? null : connection;
}

/** Bits that no dump shows (enum ip_conntrack_status): sequence adjustment, NAT done, fixed timeout, helper, offload. */
const UNSEEN_STATUS = 0xfdc0n;

function status(connection: ConnectionView): Value {
  const bits: readonly (readonly [string, boolean])[] = [
    ['expected', connection.expected],
    ['seen-reply', connection.seenReply],
    ['assured', connection.assured],
    ['confirmed', connection.confirmed],
    ['snat', connection.sourceNat],
    ['dnat', connection.destinationNat],
  ];
  const value = bits.reduce((sum, [word, set]) => sum + (set ? (CT_STATUS[word] ?? 0) : 0), 0);
  return masked(BigInt(value), UNSEEN_STATUS, 'ct status');
}

function tupleValue({ key, direction, family }: CtExpression, { original, reply }: ConnectionView): Value {
  const tuple: Tuple = direction === 'reply' ? reply : original;
  const way = direction === 'reply' ? 'repl' : 'orig';
  const six = typeof tuple.source === 'bigint';
  if (family !== null && (family === 'ip6') !== six) return ABSENT;
  const bits = six ? 128 : 32;
  switch (key) {
    case 'saddr':
      return span(addressNumber(tuple.source), addressNumber(tuple.sourceTo), `ct${way}src`, bits);
    case 'daddr':
      return span(addressNumber(tuple.destination), addressNumber(tuple.destinationTo), `ct${way}dst`, bits);
    case 'proto-src':
      return span(BigInt(tuple.sourcePort), BigInt(tuple.sourcePortTo), `ct${way}srcport`, 16);
    default:
      return span(BigInt(tuple.destinationPort), BigInt(tuple.destinationPortTo), `ct${way}dstport`, 16);
  }
}

/** The helper of the connection that expected this one (ct->master). */
function helper(connection: ConnectionView): Value {
  return connection.expected ? open('helper of the expecting connection', 'UNK_NFT_HELPER', {}) : ABSENT;
}

/** The value of a key; without an entry only the state is there. */
export function ctValue(expression: CtExpression, context: NftContext): Value {
  const { world } = context;
  if (expression.key === 'state') {
    const state = world.connection === null && world.state !== 'UNTRACKED' ? 'INVALID' : world.state;
    return exact(STATE[state]);
  }
  const connection = entryOf(context);
  if (connection === null) return ABSENT;
  switch (expression.key) {
    case 'direction':
      return exact(connection.direction === 'ORIGINAL' ? 0 : 1);
    case 'status':
      return status(connection);
    case 'mark':
      return masked(BigInt(connection.mark >>> 0), BigInt(connection.markUnknown >>> 0), 'ct mark');
    case 'l3proto':
      return exact(typeof connection.original.source === 'bigint' ? 10 : 2);
    case 'protocol':
      return exact(connection.original.protocol);
    case 'zone':
      return exact(connection.zone);
    case 'helper':
      return helper(connection);
    case 'saddr':
    case 'daddr':
    case 'proto-src':
    case 'proto-dst':
      return tupleValue(expression, connection);
    default:
      return open(`ct ${expression.key}`);
  }
}
