import { unsure } from '../../chooser/question.js';
import { BadValue, type MatchExtension, type ValueType, defineMatch } from '../extension.js';
import { text } from '../values/text.js';
import { quote } from '../quoting.js';
import { assumedNo, ownState } from '../values/unseen.js';

/** XT_BPF_MAX_NUM_INSTR. */
const MAX_INSTRUCTIONS = 64;
const BOUNDS = [0xffff, 0xff, 0xff, 0xffffffff] as const;

function isInstruction(part: string): boolean {
  const numbers = part.trim().split(/ +/);
  return (
    numbers.length === BOUNDS.length &&
    numbers.every((number, at) => /^\d{1,10}$/.test(number) && Number(number) <= (BOUNDS[at] ?? 0))
  );
}

/** `LENGTH,CODE JT JF K,…`; what the program does is not looked at. */
const bytecode: ValueType<string> = {
  words: 1,
  parse([word = '']) {
    const [length = '', ...instructions] = word.split(',');
    const count = /^\d{1,5}$/.test(length) ? Number(length) : 0;
    const valid = count > 0 && count <= MAX_INSTRUCTIONS && count === instructions.length;
    if (!valid || !instructions.every(isInstruction)) return new BadValue('VAL_BYTECODE', { text: word });
    return [String(count), ...instructions.map((part) => part.trim().split(/ +/).map(Number).join(' '))].join(
      ',',
    );
  },
  print: (value) => `"${value}"`,
};

const match: MatchExtension = defineMatch({
  name: 'bpf',
  kernel: 'net/netfilter/xt_bpf.c bpf_mt_v1',
  missing: 'a packet is described without its bytes: an open question',
  options: {
    bytecode: { flag: '--bytecode', value: bytecode, excludes: ['pinned'] },
    pinned: { flag: '--object-pinned', value: { ...text(511), print: quote } },
  },
  check: ({ bytecode: code, pinned }) =>
    (code ?? pinned) === undefined
      ? new BadValue('VAL_ONE_REQUIRED', { flags: '--bytecode, --object-pinned' })
      : null,
  evaluate: (_values, _packet, world) => unsure(`BPF of ${ownState(world)}`, 'UNK_BPF'),
  explain: () => assumedNo,
});
export default match;
