import { type Ternary, unsure } from '../../chooser/question.js';
import { BadValue, type MatchExtension, defineMatch } from '../extension.js';
import { PacketBytes } from '../packet-bytes.js';
import { quote } from '../quoting.js';
import { returnsTrue } from '../values/bpf-machine.js';
import { type Program, bytecode, printProgram } from '../values/bpf-program.js';
import { text } from '../values/text.js';
import { ownState } from '../values/unseen.js';
import type { PacketView, World } from '../view.js';

/** What the program says. Chance and devices may answer differently each time: each rule and hook asks for itself. */
function run(program: Program, packet: PacketView, world: World): Ternary {
  const mark = { value: packet.mark, unknown: packet.markUnknown };
  const bytes = new PacketBytes(packet);
  const beside = { family: packet.family, mark, hasDevice: world.hook !== 'OUTPUT' };
  const said = returnsTrue(program, bytes, beside);
  return said ?? unsure(`BPF ${printProgram(program)} of ${ownState(world)}`, 'UNK_BPF');
}

const match: MatchExtension = defineMatch({
  name: 'bpf',
  kernel: 'net/netfilter/xt_bpf.c bpf_mt_v1, net/core/filter.c',
  missing:
    'bytes that no field of a packet describes, frames, devices and programs pinned in a BPF file system are open questions',
  options: {
    bytecode: { flag: '--bytecode', value: bytecode, excludes: ['pinned'] },
    pinned: { flag: '--object-pinned', value: { ...text(511), print: quote } },
  },
  check: ({ bytecode: program, pinned }) =>
    (program ?? pinned) === undefined
      ? new BadValue('VAL_ONE_REQUIRED', { flags: '--bytecode, --object-pinned' })
      : null,
  evaluate: ({ bytecode: program, pinned }, packet, world) =>
    program === undefined
      ? unsure(`BPF object ${pinned?.value ?? ''} of ${ownState(world)}`, 'UNK_BPF_OBJECT', {
          path: pinned?.value ?? '',
        })
      : run(program.value, packet, world),
  explain: () => ({ code: 'NO_BPF', option: 'bytecode', params: {} }),
});
export default match;
