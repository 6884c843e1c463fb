/** Programs of the classic BPF machine: read, and checked as the kernel does before it takes one (net/core/filter.c). */
import { BadValue, type ValueType } from '../extension.js';

/** XT_BPF_MAX_NUM_INSTR. */
export const MAX_INSTRUCTIONS = 64;
/** BPF_MEMWORDS. */
export const MEMORY_WORDS = 16;
const BOUNDS = [0xffff, 0xff, 0xff, 0xffffffff] as const;

/** One instruction (struct sock_filter); `k` is unsigned. */
export interface Instruction {
  readonly code: number;
  readonly jt: number;
  readonly jf: number;
  readonly k: number;
}

export type Program = readonly Instruction[];

/** Instruction codes by class, mode and size (include/uapi/linux/bpf_common.h, filter.h). */
export const CODE = {
  loadWord: 0x20,
  loadHalf: 0x28,
  loadByte: 0x30,
  loadLength: 0x80,
  loadWordAt: 0x40,
  loadHalfAt: 0x48,
  loadByteAt: 0x50,
  loadConstant: 0x00,
  loadMemory: 0x60,
  loadXLength: 0x81,
  loadXHeader: 0xb1,
  loadXConstant: 0x01,
  loadXMemory: 0x61,
  store: 0x02,
  storeX: 0x03,
  jump: 0x05,
  returnConstant: 0x06,
  returnA: 0x16,
  toX: 0x07,
  toA: 0x87,
  negate: 0x84,
} as const;

/** Arithmetic on A (class ALU without its operand bit). */
export const ALU = {
  add: 0x04,
  subtract: 0x14,
  multiply: 0x24,
  divide: 0x34,
  or: 0x44,
  and: 0x54,
  left: 0x64,
  right: 0x74,
  modulo: 0x94,
  xor: 0xa4,
} as const;

/** Conditional jumps (class JMP without its operand bit). */
export const JUMP = { equal: 0x15, above: 0x25, atLeast: 0x35, bits: 0x45 } as const;

/** Set when the operand is X, else it is K. */
export const OPERAND_X = 0x08;

/** SKF_AD_OFF: from here on a load asks for something beside the packet's bytes. */
export const ANCILLARY = 0xfffff000;
/** SKF_AD_…, by offset from ANCILLARY. */
export const BESIDE = {
  protocol: 0,
  packetType: 4,
  interfaceIndex: 8,
  netlinkAttribute: 12,
  nestedAttribute: 16,
  mark: 20,
  queue: 24,
  hardwareType: 28,
  hash: 32,
  cpu: 36,
  xorX: 40,
  vlanTag: 44,
  vlanPresent: 48,
  payloadOffset: 52,
  random: 56,
  vlanProtocol: 60,
} as const;

const BESIDE_ALL: ReadonlySet<number> = new Set(Object.values(BESIDE));
const CODES: ReadonlySet<number> = new Set(Object.values(CODE));
const ALU_ALL: ReadonlySet<number> = new Set(Object.values(ALU));
const JUMP_ALL: ReadonlySet<number> = new Set(Object.values(JUMP));

export const isArithmetic = (code: number): boolean => ALU_ALL.has(code & ~OPERAND_X);
export const isConditional = (code: number): boolean => JUMP_ALL.has(code & ~OPERAND_X);

const MEMORY: ReadonlySet<number> = new Set([CODE.loadMemory, CODE.loadXMemory, CODE.store, CODE.storeX]);
const AT_OFFSET: ReadonlySet<number> = new Set([CODE.loadWord, CODE.loadHalf, CODE.loadByte]);
const DIVISION: ReadonlySet<number> = new Set([ALU.divide, ALU.modulo]);
const SHIFT: ReadonlySet<number> = new Set([ALU.left, ALU.right]);

/** What the kernel asks of an instruction at a place (bpf_check_classic). */
function isValid({ code, jt, jf, k }: Instruction, at: number, count: number): boolean {
  if (isConditional(code)) return at + 1 + Math.max(jt, jf) < count;
  if (code === CODE.jump) return at + 1 + k < count;
  if (isArithmetic(code)) {
    if (DIVISION.has(code)) return k !== 0;
    return !SHIFT.has(code) || k < 32;
  }
  if (!CODES.has(code)) return false;
  if (MEMORY.has(code)) return k < MEMORY_WORDS;
  return !AT_OFFSET.has(code) || k < ANCILLARY || BESIDE_ALL.has(k - ANCILLARY);
}

/** Does every way to a load of memory store there first (check_load_and_stores)? */
function storesFirst(program: Program): boolean {
  const ALL = 0xffff;
  const written = program.map(() => ALL);
  const meet = (at: number, now: number): void => {
    written[at] = (written[at] ?? ALL) & now;
  };
  let now = 0;
  for (const [at, { code, jt, jf, k }] of program.entries()) {
    now &= written[at] ?? ALL;
    if (code === CODE.store || code === CODE.storeX) now |= 1 << k;
    else if (code === CODE.loadMemory || code === CODE.loadXMemory) {
      if ((now & (1 << k)) === 0) return false;
    } else if (code === CODE.jump || isConditional(code)) {
      const targets = code === CODE.jump ? [k] : [jt, jf];
      for (const by of targets) meet(at + 1 + by, now);
      now = ALL;
    }
  }
  return true;
}

/** Would the kernel take the program? */
export function isProgram(program: Program): boolean {
  const end = program.at(-1)?.code;
  const returns = end === CODE.returnConstant || end === CODE.returnA;
  return returns && program.every((one, at) => isValid(one, at, program.length)) && storesFirst(program);
}

function instruction(part: string): Instruction | null {
  const words = part.trim().split(/ +/);
  const numbers = words.map(Number);
  const fits =
    words.length === BOUNDS.length &&
    words.every((word) => /^\d{1,10}$/.test(word)) &&
    numbers.every((number, at) => number <= (BOUNDS[at] ?? 0));
  const [code = 0, jt = 0, jf = 0, k = 0] = numbers;
  return fits ? { code, jt, jf, k } : null;
}

/** `LENGTH,CODE JT JF K,…`. @returns null when it is not written so */
export function readProgram(text: string): Program | null {
  const [length = '', ...parts] = text.split(',');
  const count = /^\d{1,5}$/.test(length) ? Number(length) : 0;
  if (count === 0 || count > MAX_INSTRUCTIONS || count !== parts.length) return null;
  const program = parts.flatMap((part) => instruction(part) ?? []);
  return program.length === count ? program : null;
}

export function printProgram(program: Program): string {
  const parts = program.map(
    ({ code, jt, jf, k }) => `${String(code)} ${String(jt)} ${String(jf)} ${String(k)}`,
  );
  return [String(program.length), ...parts].join(',');
}

export const bytecode: ValueType<Program> = {
  words: 1,
  parse([word = '']) {
    const program = readProgram(word);
    if (program === null) return new BadValue('VAL_BYTECODE', { text: word });
    return isProgram(program) ? program : new BadValue('VAL_BPF_PROGRAM', { text: printProgram(program) });
  },
  print: (program) => `"${printProgram(program)}"`,
};
