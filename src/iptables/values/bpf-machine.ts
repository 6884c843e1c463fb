/**
 * Runs a classic BPF program over a packet of which some bytes are not known (net/core/filter.c, bpf_convert_filter and
 * the helpers it calls). Where a jump depends on what is not known, both ways are run: what all ways end with is known.
 */
import type { PacketBytes } from '../packet-bytes.js';
import {
  type Bits,
  type Maybe,
  above,
  add,
  and,
  anyBits,
  equal,
  exact,
  hasBit,
  known,
  or,
  shiftLeft,
  shiftRight,
  subtract,
  whole,
  xor,
} from './bits.js';
import {
  ALU,
  ANCILLARY,
  BESIDE,
  CODE,
  JUMP,
  MEMORY_WORDS,
  type Instruction,
  OPERAND_X,
  type Program,
  isArithmetic,
  isConditional,
} from './bpf-program.js';

/** What a program may ask for beside the packet's bytes. */
export interface Beside {
  readonly family: 4 | 6;
  readonly mark: Bits;
  /** It has a device, and with it a frame: in OUTPUT no packet has. */
  readonly hasDevice: boolean;
}

/** The registers on one way through the program. */
interface State {
  at: number;
  a: Bits;
  x: Bits;
  memory: readonly Bits[];
}

/** What an instruction leads to: ends (the value returned), and states that go on. */
interface Next {
  readonly ends: readonly Bits[];
  readonly states: readonly State[];
}

/** No program runs longer than this; what it says after that is open. */
const STEP_BUDGET = 20_000;
const ZERO = known(0);
/** SKF_NET_OFF and SKF_LL_OFF: negative offsets that count from the IP header and from the frame's. */
const NETWORK = 0x100000;
const FRAME = 0x200000;
const ETHERTYPE = { 4: 0x0800, 6: 0x86dd } as const;
const ALL_SIZES: ReadonlyMap<number, 1 | 2 | 4> = new Map<number, 1 | 2 | 4>([
  [CODE.loadWord, 4],
  [CODE.loadHalf, 2],
  [CODE.loadByte, 1],
  [CODE.loadWordAt, 4],
  [CODE.loadHalfAt, 2],
  [CODE.loadByteAt, 1],
]);

const goOn = (state: State): Next => ({ ends: [], states: [state] });

class Machine {
  readonly #bytes: PacketBytes;
  readonly #beside: Beside;

  constructor(bytes: PacketBytes, beside: Beside) {
    this.#bytes = bytes;
    this.#beside = beside;
  }

  step(one: Instruction, state: State): Next {
    const { code, k } = one;
    const { a, x, memory } = state;
    const next = { ...state, at: state.at + 1 };
    if (isConditional(code)) return this.#branch(one, state);
    if (isArithmetic(code)) return arithmetic(one, state);
    const size = ALL_SIZES.get(code);
    if (size !== undefined) return this.#load(one, size, state);
    switch (code) {
      case CODE.loadLength:
        return goOn({ ...next, a: this.#bytes.length });
      case CODE.loadXLength:
        return goOn({ ...next, x: this.#bytes.length });
      case CODE.loadConstant:
        return goOn({ ...next, a: known(k) });
      case CODE.loadXConstant:
        return goOn({ ...next, x: known(k) });
      case CODE.loadMemory:
        return goOn({ ...next, a: memory[k] ?? ZERO });
      case CODE.loadXMemory:
        return goOn({ ...next, x: memory[k] ?? ZERO });
      case CODE.loadXHeader:
        return this.#read(known(k), 1, (bits) => ({ ...next, x: shiftLeft(and(bits, known(0xf)), 2) }));
      case CODE.store:
        return goOn({ ...next, memory: memory.with(k, a) });
      case CODE.storeX:
        return goOn({ ...next, memory: memory.with(k, x) });
      case CODE.jump:
        return goOn({ ...next, at: next.at + k });
      case CODE.toX:
        return goOn({ ...next, x: a });
      case CODE.toA:
        return goOn({ ...next, a: x });
      case CODE.negate:
        return goOn({ ...next, a: subtract(ZERO, a) });
      case CODE.returnA:
        return { ends: [a], states: [] };
      default:
        return { ends: [known(k)], states: [] };
    }
  }

  #branch({ code, jt, jf, k }: Instruction, state: State): Next {
    const operand = (code & OPERAND_X) === 0 ? known(k) : state.x;
    const holds = compare(code & ~OPERAND_X, state.a, operand);
    const to = (by: number): State => ({ ...state, at: state.at + 1 + by });
    if (holds === null) return { ends: [], states: jt === jf ? [to(jt)] : [to(jt), to(jf)] };
    return goOn(to(holds ? jt : jf));
  }

  #load({ code, k }: Instruction, size: 1 | 2 | 4, state: State): Next {
    const next = { ...state, at: state.at + 1 };
    const direct = code === CODE.loadWord || code === CODE.loadHalf || code === CODE.loadByte;
    if (direct && k >= ANCILLARY) return this.#ancillary(k - ANCILLARY, state);
    const offset = direct ? known(k) : add(state.x, known(k));
    return this.#read(offset, size, (bits) => ({ ...next, a: bits }));
  }

  /** Reads at an offset; a read that does not lie within the packet ends the program with 0. */
  #read(offset: Bits, size: 1 | 2 | 4, then: (bits: Bits) => State): Next {
    const at = exact(offset);
    const somewhere = { ends: [ZERO], states: [then(anyBits(8 * size))] };
    if (at === null) return somewhere;
    const signed = at | 0;
    const nowhere = signed < -FRAME || (signed < -NETWORK && !this.#beside.hasDevice);
    if (nowhere) return { ends: [ZERO], states: [] };
    // The frame's header is not described, and some packets have none.
    if (signed < -NETWORK) return somewhere;
    const { within, bits } = this.#bytes.read(signed < 0 ? signed + NETWORK : signed, size);
    return { ends: within === true ? [] : [ZERO], states: within === false ? [] : [then(bits)] };
  }

  #ancillary(what: number, state: State): Next {
    const next = { ...state, at: state.at + 1 };
    switch (what) {
      case BESIDE.protocol:
        return goOn({ ...next, a: known(ETHERTYPE[this.#beside.family]) });
      case BESIDE.mark:
        return goOn({ ...next, a: this.#beside.mark });
      case BESIDE.xorX:
        return goOn({ ...next, a: xor(state.a, state.x) });
      case BESIDE.packetType:
        return goOn({ ...next, a: anyBits(3) });
      case BESIDE.vlanPresent:
        return goOn({ ...next, a: anyBits(1) });
      case BESIDE.queue:
      case BESIDE.vlanTag:
      case BESIDE.vlanProtocol:
        return goOn({ ...next, a: anyBits(16) });
      // Without a device the program ends, and with what A holds.
      case BESIDE.interfaceIndex:
      case BESIDE.hardwareType:
        return this.#beside.hasDevice ? goOn({ ...next, a: anyBits(31) }) : { ends: [state.a], states: [] };
      default:
        return goOn({ ...next, a: anyBits() });
    }
  }
}

function compare(code: number, a: Bits, b: Bits): Maybe {
  if (code === JUMP.equal) return equal(a, b);
  if (code === JUMP.bits) return hasBit(a, b);
  if (code === JUMP.above) return above(a, b);
  const below = above(b, a);
  return below === null ? null : !below;
}

/** Shifts take the lowest five bits of X, as 32-bit processors do. */
function shifted(a: Bits, b: Bits, shift: (a: Bits, by: number) => Bits): Bits {
  const by = exact(and(b, known(31)));
  return by === null ? (exact(a) === 0 ? ZERO : anyBits()) : shift(a, by);
}

function calculate(code: number, a: Bits, b: Bits): Bits {
  switch (code) {
    case ALU.add:
      return add(a, b);
    case ALU.subtract:
      return subtract(a, b);
    case ALU.and:
      return and(a, b);
    case ALU.or:
      return or(a, b);
    case ALU.xor:
      return xor(a, b);
    case ALU.left:
      return shifted(a, b, shiftLeft);
    case ALU.right:
      return shifted(a, b, shiftRight);
    case ALU.multiply:
      return whole(a, b, Math.imul);
    case ALU.divide:
      return whole(a, b, (left, right) => Math.floor(left / right));
    default:
      return whole(a, b, (left, right) => left % right);
  }
}

/** Dividing by an X of 0 ends the program with 0. */
function arithmetic({ code, k }: Instruction, state: State): Next {
  const operand = (code & OPERAND_X) === 0 ? known(k) : state.x;
  const operation = code & ~OPERAND_X;
  const divides = operation === ALU.divide || operation === ALU.modulo;
  const byZero = divides ? equal(operand, ZERO) : false;
  const result = byZero === true ? ZERO : calculate(operation, state.a, operand);
  return {
    ends: byZero === false ? [] : [ZERO],
    states: byZero === true ? [] : [{ ...state, at: state.at + 1, a: result }],
  };
}

/** Does the program return anything but 0? A match says yes then. */
export function returnsTrue(program: Program, bytes: PacketBytes, beside: Beside): Maybe {
  const machine = new Machine(bytes, beside);
  const states: State[] = [
    { at: 0, a: ZERO, x: ZERO, memory: Array.from({ length: MEMORY_WORDS }, () => ZERO) },
  ];
  let found: boolean | null = null;
  for (let budget = STEP_BUDGET; budget > 0; budget -= 1) {
    const state = states.pop();
    if (state === undefined) return found;
    const one = program[state.at];
    const next = one === undefined ? { ends: [ZERO], states: [] } : machine.step(one, state);
    for (const end of next.ends) {
      const isZero = equal(end, ZERO);
      if (isZero === null || (found !== null && found === isZero)) return null;
      found = !isZero;
    }
    states.push(...next.states);
  }
  return null;
}
