import { type Ternary, invertIf, unsure } from '../../chooser/question.js';
import { type MatchExtension, defineMatch } from '../extension.js';
import { type Masked, markMatch } from '../values/mark.js';
import { hex } from '../values/number.js';
import type { ConnectionView } from '../view.js';

/** `(ctmark & mask) === value`; a question of its own, apart from the packet's mark. */
function connectionMarkIs(connection: ConnectionView, { value, mask }: Masked): Ternary {
  const unknown = (mask & connection.markUnknown) >>> 0;
  if (((connection.mark ^ value) & mask & ~unknown) !== 0 || (value & ~mask) !== 0) return false;
  if (unknown === 0) return true;
  const wanted = (value & unknown) >>> 0;
  return unsure(`connmark bits ${hex(unknown)} are ${hex(wanted)}`, 'UNK_CONNMARK', {
    bits: hex(unknown),
    value: hex(wanted),
  });
}

const match: MatchExtension = defineMatch({
  name: 'connmark',
  kernel: 'net/netfilter/xt_connmark.c connmark_mt',
  needsConntrack: true,
  options: {
    mark: { flag: '--mark', value: markMatch, invert: true, required: true },
  },
  // Without a connection it says no, inverted or not.
  evaluate: ({ mark: { value, inverted } }, _packet, { connection }) =>
    connection !== null && invertIf(inverted, connectionMarkIs(connection, value)),
  explain({ mark: { value, inverted } }, _packet, { connection }) {
    if (connection === null) return { code: 'NO_CONNECTION', option: 'mark', params: {} };
    const wanted = `${inverted ? 'not ' : ''}${markMatch.print(value, 4)}`;
    return { code: 'NO_CONNMARK', option: 'mark', params: { wanted, has: hex(connection.mark) } };
  },
});
export default match;
