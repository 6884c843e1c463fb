import { formatAddress } from '../../address/address.js';
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

/** A hash of the connection's first source address chooses a node. */
const match: MatchExtension = defineMatch({
  name: 'cluster',
  kernel: 'net/netfilter/xt_cluster.c xt_cluster_mt',
  needsConntrack: true,
  missing: 'the hash is not computed: an open question',
  options,
  check({ mask, node, total }) {
    if ((mask ?? node) === undefined)
      return new BadValue('VAL_ONE_REQUIRED', { flags: '--cluster-local-node, --cluster-local-nodemask' });
    const max = total.value;
    return node !== undefined && node.value > max
      ? new BadValue('VAL_BOUNDS', { text: String(node.value), min: 1, max })
      : null;
  },
  evaluate(values, _packet, { connection }) {
    if (connection === null) return false;
    const { mask, inverted } = nodes(values);
    const address = formatAddress(connection.original.source);
    const share = `${String(mask)} of ${String(values.total.value)} by ${String(values.seed.value)}`;
    return invertIf(inverted, unsure(`cluster nodes ${share} for ${address}`, 'UNK_CLUSTER', { address }));
  },
  explain: () => ({ code: 'NO_CLUSTER', option: null, params: {} }),
  print(values) {
    const { mask, inverted } = nodes(values);
    const total = `--cluster-total-nodes ${String(values.total.value)}`;
    const seed = `--cluster-hash-seed ${print(values.seed.value)}`;
    return `${inverted ? '! ' : ''}--cluster-local-nodemask ${print(mask)} ${total} ${seed}`;
  },
});
export default match;
