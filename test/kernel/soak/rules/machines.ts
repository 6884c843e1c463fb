/** Conditions of u32 and bpf: expressions and programs over the bytes of a packet. */
import { parseAddress } from '../../../../src/address/address.js';
import type { Draw } from '../draw.js';
import {
  type Hint,
  type Part,
  type RuleContext,
  PORTS,
  anyHost,
  hex,
  markValue,
  not,
  only,
} from './context.js';

/** A place in the packet that some field of its description decides, and what to ask of it. */
interface Field {
  readonly offset: number;
  readonly size: 1 | 2 | 4;
  readonly mask: number;
  readonly value: number;
  readonly hint: Hint;
}

const NUMBERS: Readonly<Record<string, number>> = {
  ...{ tcp: 6, udp: 17, icmp: 1, 'ipv6-icmp': 58, sctp: 132, esp: 50, udplite: 136 },
};
const FULL = { 1: 0xff, 2: 0xffff, 4: 0xffffffff } as const;
const ALL = 0xffffffff;

/** A word of an address: the whole of an IPv4 address, one of four of an IPv6 one. */
function addressField(context: RuleContext, way: 'src' | 'dst'): Field {
  const { draw, family } = context;
  const host = anyHost(context);
  const address = parseAddress(host) ?? 0;
  const at = draw.integer(0, 3);
  const value =
    typeof address === 'number' ? address >>> 0 : Number((address >> BigInt(96 - 32 * at)) & 0xffffffffn);
  const start = family === 4 ? (way === 'src' ? 12 : 16) : (way === 'src' ? 8 : 24) + 4 * at;
  return {
    offset: start,
    size: 4,
    mask: draw.pick([ALL, ALL, 0xffffff00, 0xffff]),
    value,
    hint: { [way]: host },
  };
}

function field(context: RuleContext): Field {
  const { draw, family, proto } = context;
  const header = family === 4 ? 20 : 40;
  const plain = (offset: number, size: 1 | 2 | 4, value: number, hint: Hint = {}): Field => ({
    ...{ offset, size, value, hint },
    mask: draw.chance(80) ? FULL[size] : draw.integer(0, FULL[size]),
  });
  const ttl = draw.pick([1, 2, 63, 64, 255]);
  const tos = draw.pick([0, 0x10, 0xb8, 0x20]);
  const length = draw.pick([60, 84, 100, 500]);
  const port = draw.pick(PORTS);
  const number = proto === null ? draw.pick([6, 17]) : (NUMBERS[proto] ?? 6);
  const choices: (() => Field)[] = [
    () => addressField(context, 'src'),
    () => addressField(context, 'dst'),
    () => plain(family === 4 ? 8 : 7, 1, ttl, { ttl }),
    () => plain(family === 4 ? 9 : 6, 1, number),
    () =>
      family === 4
        ? plain(1, 1, tos, { tos })
        : { offset: 0, size: 2, mask: 0x0ff0, value: tos << 4, hint: { tos } },
    () => plain(family === 4 ? 2 : 4, 2, family === 4 ? length : length - 40, { length }),
    () => plain(header, 2, port, { sport: port }),
    () => plain(header + 2, 2, port, { dport: port }),
    () => ({ offset: header + 13, size: 1, mask: 0x3f, value: draw.pick([2, 16, 18, 4]), hint: {} }),
    () => plain(header + 4, 2, length - header),
    () => plain(header, 1, draw.pick([8, 0, 3, 128, 129, 135])),
    () => plain(header + 4, 2, draw.integer(1, 9)),
  ];
  if (family === 4)
    choices.push(
      () => plain(0, 1, 0x45),
      () => ({ offset: 6, size: 2, mask: draw.pick([0x3fff, 0x1fff]), value: 0, hint: {} }),
    );
  return draw.pick(choices)();
}

/** Four bytes that end with the field, so that a mask cuts it out; those at the front are shifted. */
function location({ offset, size, mask }: Field): { readonly text: string; readonly base: number } {
  const start = offset + size - 4;
  if (start >= 0) return { text: mask === ALL ? hex(start) : `${hex(start)}&${hex(mask)}`, base: start };
  return { text: `0x0>>${hex(8 * (4 - offset - size))}&${hex(mask)}`, base: 0 };
}

function ranges(draw: Draw, value: number): string {
  const one = (): string => {
    const near = draw.chance(60) ? value : Math.min(ALL, value + draw.pick([1, 2, 100]));
    return draw.chance(60) ? hex(near) : `${hex(Math.max(0, near - 3))}:${hex(Math.min(ALL, near + 9))}`;
  };
  return draw.list(1, 3, one).join(',');
}

function u32Test(context: RuleContext): Part {
  const { draw, family } = context;
  const header = family === 4 ? 20 : 40;
  const drawn = field(context);
  const masked = (drawn.value & drawn.mask) >>> 0;
  const wanted = ranges(draw, masked);
  const behind = drawn.offset - header;
  // Behind the header by its own length, as the manual page does it.
  if (family === 4 && behind >= 0 && drawn.size <= 2 && draw.chance(60)) {
    const shift = 8 * (4 - drawn.size);
    return {
      text: `0x0>>0x16&0x3c@${hex(behind)}>>${hex(shift)}&${hex(drawn.mask)}=${wanted}`,
      hint: drawn.hint,
    };
  }
  if (draw.chance(10)) {
    const start = draw.pick([0, 20, 56, 80, 96, 100, 497, 65535]);
    return {
      text: `${hex(start)}${draw.maybe(30, () => `@${hex(draw.integer(0, 40))}`, '')}=0x0:0xffffffff`,
      hint: {},
    };
  }
  if (draw.chance(10))
    return {
      text: `${location(drawn).text}<<0x4>>0x5=${ranges(draw, (masked << 4) >>> 5)}`,
      hint: drawn.hint,
    };
  return { text: `${location(drawn).text}=${wanted}`, hint: drawn.hint };
}

/** `-m u32`. */
export function u32Match(context: RuleContext): Part {
  const tests = context.draw.list(1, 3, () => u32Test(context));
  const hint = Object.assign({}, ...tests.map((test) => test.hint)) as Hint;
  return { text: `-m u32 ${not(context.draw)}--u32 "${tests.map(({ text }) => text).join('&&')}"`, hint };
}

type Line = readonly [code: number, jt: number, jf: number, k: number];

const LOAD = { 1: 48, 2: 40, 4: 32 } as const;
const LOAD_AT = { 1: 80, 2: 72, 4: 64 } as const;
const NETWORK = 0xfff00000;
const MARK = 0xfffff014;
const PROTOCOL = 0xfffff000;

/** Loads the field into A, in one of the ways that there are. */
function load(draw: Draw, family: 4 | 6, { offset, size }: Field): Line[] {
  const header = family === 4 ? 20 : 40;
  if (family === 4 && offset >= header && draw.chance(40))
    return [
      [177, 0, 0, 0],
      [LOAD_AT[size], 0, 0, offset - header],
    ];
  if (draw.chance(10)) return [[LOAD[size], 0, 0, NETWORK + offset]];
  if (draw.chance(10)) {
    const back = draw.integer(0, 300);
    return [
      [1, 0, 0, offset + back],
      [LOAD_AT[size], 0, 0, (ALL - back + 1) % (ALL + 1)],
    ];
  }
  return [[LOAD[size], 0, 0, offset]];
}

/** Arithmetic that leads from a number to another one: the lines, and the number at the end. */
function arithmetic(draw: Draw, value: number): { readonly lines: Line[]; readonly value: number } {
  const k = draw.pick([1, 2, 3, 7, 0xff, 0x10, 0x80000000, ALL]);
  const shift = draw.integer(0, 31);
  const ways: (() => { lines: Line[]; value: number })[] = [
    () => ({ lines: [[4, 0, 0, k]], value: value + k }),
    () => ({ lines: [[20, 0, 0, k]], value: value - k }),
    () => ({ lines: [[36, 0, 0, k]], value: Math.imul(value, k) }),
    () => ({ lines: [[52, 0, 0, k]], value: Math.floor(value / k) }),
    () => ({ lines: [[148, 0, 0, k]], value: value % k }),
    () => ({ lines: [[68, 0, 0, k]], value: value | k }),
    () => ({ lines: [[164, 0, 0, k]], value: value ^ k }),
    () => ({ lines: [[100, 0, 0, shift]], value: value << shift }),
    () => ({ lines: [[116, 0, 0, shift]], value: value >>> shift }),
    () => ({ lines: [[132, 0, 0, 0]], value: -value }),
    () => ({
      lines: [
        [7, 0, 0, 0],
        [12, 0, 0, 0],
      ],
      value: value * 2,
    }),
    () => ({
      lines: [
        [1, 0, 0, 36],
        [108, 0, 0, 0],
      ],
      value: value << 4,
    }),
    () => ({
      lines: [
        [2, 0, 0, 5],
        [97, 0, 0, 5],
        [28, 0, 0, 0],
      ],
      value: 0,
    }),
    () => ({
      lines: [
        [1, 0, 0, 0],
        [60, 0, 0, 0],
      ],
      value: 0,
    }),
    () => ({
      lines: [
        [1, 0, 0, 0xff],
        [32, 0, 0, 0xfffff028],
      ],
      value: value ^ 0xff,
    }),
  ];
  const { lines, value: result } = draw.pick(ways)();
  return { lines, value: result >>> 0 };
}

function bpfTest(context: RuleContext): {
  readonly lines: Line[];
  readonly value: number;
  readonly hint: Hint;
} {
  const { draw, family } = context;
  if (draw.chance(15)) {
    const mark = markValue(draw);
    return { lines: [[32, 0, 0, MARK]], value: mark, hint: { mark } };
  }
  if (draw.chance(5))
    return { lines: [[40, 0, 0, PROTOCOL]], value: family === 4 ? 0x800 : 0x86dd, hint: {} };
  // Without a device, as in OUTPUT, the program ends here with what A holds.
  if (draw.chance(6))
    return {
      lines: [
        [0, 0, 0, draw.pick([0, 1])],
        [32, 0, 0, draw.pick([0xfffff008, 0xfffff01c])],
        [84, 0, 0, 0],
      ],
      value: 0,
      hint: {},
    };
  if (draw.chance(5)) return { lines: [[128, 0, 0, 0]], value: 100, hint: { length: 100 } };
  if (draw.chance(5)) {
    const offset = draw.pick([59, 60, 79, 80, 99, 100, 499, 500, 0x7fffffff, 0x80000000]);
    // Read for whether it is there.
    return {
      lines: [
        [48, 0, 0, offset],
        [84, 0, 0, 0],
      ],
      value: 0,
      hint: {},
    };
  }
  const drawn = field(context);
  const lines = load(draw, family, drawn);
  if (drawn.mask !== FULL[drawn.size]) lines.push([84, 0, 0, drawn.mask]);
  return { lines, value: (drawn.value & drawn.mask) >>> 0, hint: drawn.hint };
}

/** `-m bpf`: tests of which the first that fails jumps to `ret 0`. */
export function bpfMatch(context: RuleContext): Part {
  const { draw } = context;
  const lines: Line[] = [];
  const fails: number[] = [];
  let hint: Hint = {};
  for (const test of draw.list(1, 3, () => bpfTest(context))) {
    lines.push(...test.lines);
    hint = { ...hint, ...test.hint };
    let { value } = test;
    if (draw.chance(25)) {
      const more = arithmetic(draw, value);
      lines.push(...more.lines);
      value = more.value;
    }
    const jump = draw.pick([21, 21, 21, 37, 53, 69]);
    const asked = draw.chance(70) ? value : draw.pick([0, value + 1, value - 1, ALL]) >>> 0;
    fails.push(lines.length);
    if (draw.chance(10)) lines.push([1, 0, 0, asked], [jump + 8, 0, 0, 0]);
    else lines.push([jump, 0, 0, asked]);
  }
  const end = lines.length + 1;
  const wayOut = lines.map(([code, jt, jf, k], at): Line => {
    const isJump = [21, 37, 53, 69, 29, 45, 61, 77].includes(code);
    return isJump && fails.some((one) => at === one || at === one + 1)
      ? [code, jt, end - at - 1, k]
      : [code, jt, jf, k];
  });
  const said = draw.chance(90) ? [1, 0] : [0, 262144];
  const program = [...wayOut, ...said.map((k): Line => [6, 0, 0, k])];
  const text = program.map((line) => line.join(' ')).join(',');
  return { text: `-m bpf --bytecode "${program.length},${text}"`, hint };
}

/** `-m cluster`, `-m connbytes`, `-m time` and `-m rt` as far as the first packet of a connection decides them. */
export function decidedMatch(context: RuleContext): Part {
  const { draw, family } = context;
  const nodes = draw.pick([1, 2, 3, 8, 32]);
  const seed = hex(draw.pick([0, 1, 0xdeadbeef, draw.integer(0, ALL)]));
  const low = draw.pick([0, 1, 1, 2, 60, 84, 100, 500]);
  const bounds = draw.chance(50) ? String(low) : `${low}:${low + draw.pick([0, 1, 40, 1000])}`;
  const mode = draw.pick(['packets', 'bytes', 'avgpkt']);
  const texts = [
    `-m cluster --cluster-total-nodes ${nodes} ${not(draw)}--cluster-local-node ${draw.integer(1, nodes)} --cluster-hash-seed ${seed}`,
    `-m cluster --cluster-total-nodes ${nodes} ${not(draw)}--cluster-local-node ${draw.integer(1, nodes)} --cluster-hash-seed ${seed}`,
    `-m connbytes ${not(draw)}--connbytes ${bounds} --connbytes-mode ${mode} --connbytes-dir ${draw.pick(['original', 'both', 'reply'])}`,
    `-m time ${draw.pick(['', '--timestart 10:00 --timestop 10:00', '! --weekdays 1,2,3,4,5,6,7', '--timestart 10:00:01 --timestop 10:00:00 --contiguous', '--monthdays 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31'])}`.trim(),
  ];
  if (family === 4 && only(context, ['INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING']))
    texts.push(`-m realm ${not(draw)}--realm ${draw.pick(['cosmos', '0x5', '0x0/0xff', '0x1/0xf'])}`);
  if (family === 6) texts.push('-m rt --rt-type 0', '-m rt ! --rt-type 2');
  return { text: draw.pick(texts), hint: low > 40 ? { length: low } : {} };
}
