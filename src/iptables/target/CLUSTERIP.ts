import { type TargetExtension, type ValueType, type Values, BadValue, defineTarget } from '../extension.js';
import { integer } from '../values/number.js';
import { flag, oneOf } from '../values/text.js';

const NODES = 16;

/** A multicast MAC address, in capitals. */
const clusterMac: ValueType<string> = {
  words: 1,
  parse([word = '']) {
    const bytes = word.split(':');
    const valid = bytes.length === 6 && bytes.every((byte) => /^[0-9a-f]{1,2}$/i.test(byte));
    return valid && (Number.parseInt(bytes[0] ?? '', 16) & 1) === 1
      ? bytes.map((byte) => byte.toUpperCase().padStart(2, '0')).join(':')
      : new BadValue('VAL_CLUSTER_MAC', { text: word });
  },
  print: (value) => value,
};

const options = {
  new: { flag: '--new', value: flag },
  mode: {
    flag: '--hashmode',
    value: oneOf(['sourceip', 'sourceip-sourceport', 'sourceip-sourceport-destport']),
    needs: ['new'],
  },
  mac: { flag: '--clustermac', value: clusterMac, needs: ['new'] },
  total: { flag: '--total-nodes', value: integer(0, NODES), needs: ['new'] },
  local: { flag: '--local-node', value: integer(0, NODES), needs: ['new'] },
  seed: { flag: '--hash-init', value: integer(0, 0xffffffff), needs: ['new'] },
} as const;

/** Without --new it joins the cluster of an earlier rule, and has no options. */
function print({ new: fresh, mode, mac, total, local, seed }: Values<typeof options>): string {
  if (fresh === undefined) return '';
  return [
    '--new --hashmode',
    mode?.value ?? '',
    '--clustermac',
    mac?.value ?? '',
    `--total-nodes ${String(total?.value ?? 0)} --local-node ${String(local?.value ?? 0)}`,
    `--hash-init ${String(seed?.value ?? 0)}`,
  ].join(' ');
}

/** Taken out of the kernel with Linux 6.3. */
const target: TargetExtension = defineTarget({
  name: 'CLUSTERIP',
  families: [4],
  kernel: 'net/ipv4/netfilter/ipt_CLUSTERIP.c clusterip_tg',
  needsConntrack: true,
  missing: 'which nodes of the cluster this one stands for changes in /proc: it may continue or drop',
  options,
  check: ({ new: fresh, mode, mac, total, local }) =>
    fresh !== undefined &&
    (mode === undefined || mac === undefined || total === undefined || local === undefined)
      ? new BadValue('VAL_REQUIRED', {
          flag:
            ['--hashmode', '--clustermac', '--total-nodes', '--local-node'].find(
              (_, at) => [mode, mac, total, local][at] === undefined,
            ) ?? '',
        })
      : null,
  print,
  apply: () => ({ kind: 'opaque', name: 'CLUSTERIP' }),
});
export default target;
