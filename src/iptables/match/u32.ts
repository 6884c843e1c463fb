import { invertIf, unsure } from '../../chooser/question.js';
import { type MatchExtension, defineMatch } from '../extension.js';
import { PacketBytes } from '../packet-bytes.js';
import { failing, fits, printExpression, u32Expression } from '../values/u32.js';

const match: MatchExtension = defineMatch({
  name: 'u32',
  kernel: 'net/netfilter/xt_u32.c u32_match_it',
  missing:
    'bytes that no field of a packet describes (payload, checksums, sequence numbers) are open questions',
  options: { u32: { flag: '--u32', value: u32Expression, invert: true, required: true } },
  evaluate({ u32: { value, inverted } }, packet) {
    const bytes = new PacketBytes(packet);
    const wanted = printExpression(value);
    return invertIf(
      inverted,
      fits(value, bytes) ?? unsure(`u32 ${wanted} in ${bytes.toString()}`, 'UNK_U32', { wanted }),
    );
  },
  explain({ u32: { value, inverted } }, packet) {
    const bad = inverted ? null : failing(value, new PacketBytes(packet));
    if (bad === null) return { code: 'NO_U32_NOT', option: 'u32', params: {} };
    const { test, has } = bad;
    return has === null
      ? { code: 'NO_U32_SHORT', option: 'u32', params: { test } }
      : { code: 'NO_U32', option: 'u32', params: { test, has } };
  },
});
export default match;
