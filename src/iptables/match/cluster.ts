import { type Address, formatAddress } from '../../address/address.js';
import { jhash2, scale } from '../../address/jhash.js';
import { invertIf, unsure } from '../../chooser/question.js';
import { BadValue, type MatchExtension, type Values, defineMatch } from '../extension.js';
import { integer } from '../values/number.js';

const print = (value: number): string => `0x${value.toString(16).padStart(8, '0')}`;
const word = integer(0, 0xffffffff, print);
const MAX_NODES = 32;

const options = {
  mask: { flag: '--cluster-local-nodemask', value: word, invert: true, excludes: ['node'] },
  node: { flag: '--cluster-local-node', value: integer(1, MAX_NODES), invert: true },
  total: { flag: '--cluster-total-nodes', value: integer(1, MAX_NODES), required: true },
  seed: { flag: '--cluster-hash-seed', value: word, required: true },
} as const;

type Options = Values<typeof options>;

function nodes({ mask, node }: Options): { readonly mask: number; readonly inverted: boolean } {
  if (mask !== undefined) return { mask: mask.value, inverted: mask.inverted };
  return { mask: node === undefined ? 0 : (1 << (node.value - 1)) >>> 0, inverted: node?.inverted === true };
}

/**
 * What is hashed of an address, as a little-endian processor sees it: of an IPv6 address its first 32 bits alone. The
 * kernel divides a size that counts words already (NF_CT_TUPLE_L3SIZE) by the bytes of a word.
 */
function hashedWord(address: Address): number {
  const word = typeof address === 'number' ? address : Number(address >> 96n);
  return (word >>> 24) | ((word >>> 8) & 0xff00) | ((word << 8) & 0xff0000) | (word << 24);
}

/** The node, from 0, that takes connections of the address: the hash scaled to the number of nodes. */
function nodeOf(address: Address, { total, seed }: Options): number {
  return scale(jhash2([hashedWord(address)], seed.value), total.value);
}

/** A hash of the connection's first source address chooses a node. */
const match: MatchExtension = defineMatch({
  name: 'cluster',
  kernel: 'net/netfilter/xt_cluster.c xt_cluster_mt',
  needsConntrack: true,
  missing:
    'the node is taken for a little-endian machine; which connection expected another is an open question',
  options,
  check({ mask, node, total }) {
    if ((mask ?? node) === undefined)
      return new BadValue('VAL_ONE_REQUIRED', { flags: '--cluster-local-node, --cluster-local-nodemask' });
    const max = total.value;
    if (mask !== undefined && mask.value >= 2 ** max)
      return new BadValue('VAL_BOUNDS', { text: String(mask.value), min: 0, max: 2 ** max - 1 });
    return node !== undefined && node.value > max
      ? new BadValue('VAL_BOUNDS', { text: String(node.value), min: 1, max })
      : null;
  },
  evaluate(values, _packet, { connection }) {
    // Behind a CT rule in raw the entry is a template.
    if (connection === null || connection.original.protocol === 0) return false;
    const { mask, inverted } = nodes(values);
    const { source, sourceTo } = connection.original;
    if (!connection.expected && source === sourceTo)
      return (((mask >>> nodeOf(source, values)) & 1) !== 0) !== inverted;
    const address = formatAddress(source);
    const share = `${String(mask)} of ${String(values.total.value)} by ${String(values.seed.value)}`;
    return invertIf(inverted, unsure(`cluster nodes ${share} for ${address}`, 'UNK_CLUSTER', { address }));
  },
  explain(values, _packet, { connection }) {
    if (connection === null || connection.original.protocol === 0)
      return { code: 'NO_CLUSTER', option: null, params: {} };
    const { source } = connection.original;
    const params = { address: formatAddress(source), node: nodeOf(source, values) + 1 };
    return { code: 'NO_CLUSTER_NODE', option: values.mask === undefined ? 'node' : 'mask', params };
  },
  print(values) {
    const { mask, inverted } = nodes(values);
    const total = `--cluster-total-nodes ${String(values.total.value)}`;
    const seed = `--cluster-hash-seed ${print(values.seed.value)}`;
    return `${inverted ? '! ' : ''}--cluster-local-nodemask ${print(mask)} ${total} ${seed}`;
  },
});
export default match;
