/** Right sides of comparisons. */
import type { Draw } from '../draw.js';
import { type Hint, type Part, anyHost } from '../rules/context.js';
import { type RuleContext, type TableContext, part, setOf } from './context.js';

/** Ports, and spans of ports, that do not touch each other. */
const PORTS = ['22', '53', '80', '443', '1000-1100', '8080-8090', '30000-40000'] as const;

/** Networks that do not overlap. */
const NETS: Readonly<Record<4 | 6, readonly string[]>> = {
  4: [
    '10.0.0.0/30',
    '10.0.0.64-10.0.0.80',
    '10.0.0.128/25',
    '10.0.1.0/24',
    '203.0.113.5-203.0.113.6',
    '192.0.2.0/24',
    '8.0.0.0/8',
    '198.51.100.4',
  ],
  6: [
    'fd00:a::/126',
    'fd00:a::70-fd00:a::80',
    'fd00:a::200',
    'fd00:b::/64',
    '2001:db8:1::5-2001:db8:1::6',
    '2001:db8::/64',
    '2001:4860::/32',
    '2001:db8:dead::/48',
  ],
};

/** Different ones of a list, at least one. */
export function several<T>(draw: Draw, from: readonly T[], percent = 30): T[] {
  const chosen = from.filter(() => draw.chance(percent));
  return chosen.length > 0 ? chosen : [draw.pick(from)];
}

const first = (text: string): string => text.replace(/[-/].*$/, '');

export const braces = (items: readonly string[]): string => `{ ${items.join(', ')} }`;

/** Elements of a set of networks, and a host in one of them. */
export function nets({ draw, family }: TableContext): {
  readonly items: readonly string[];
  readonly inside: string;
} {
  const items = several(draw, NETS[family]);
  return { items, inside: first(draw.pick(items)) };
}

/** Elements of a set of ports, and a port in one of them. */
export function ports(draw: Draw): { readonly items: readonly string[]; readonly inside: number } {
  const items = several(draw, PORTS);
  return { items, inside: Number(first(draw.pick(items))) };
}

/** Elements that are hosts, of which the first is meant to be met. */
export function hosts(context: TableContext): string[] {
  return [...new Set(context.draw.list(1, 4, () => anyHost(context)))];
}

export const not = (draw: Draw, percent = 15): string => (draw.chance(percent) ? '!= ' : '');

const MASKS: Readonly<Record<4 | 6, readonly (readonly [mask: string, value: string])[]>> = {
  4: [
    ['255.255.255.0', '10.0.0.0'],
    ['255.0.0.0', '10.0.0.0'],
    ['0.0.0.3', '0.0.0.2'],
    ['255.255.255.255', '203.0.113.5'],
  ],
  6: [
    ['ffff:ffff::', 'fd00:b::'],
    ['::3', '::2'],
    ['ffff::', '2001::'],
    ['ffff:ffff:ffff:ffff::', 'fd00:a::'],
  ],
};

/** A comparison of `left`, which is an address. @param hintOf what a packet must be to have the address there */
export function addressIs(context: RuleContext, left: string, hintOf: (host: string) => Hint): Part {
  const { draw, family } = context;
  const host = anyHost(context);
  const high = family === 4 ? host.replace(/\d+$/, '255') : host.replace(/[0-9a-f]*$/, 'fff0');
  const [mask, value] = draw.pick(MASKS[family]);
  const named = setOf(context, draw.pick(['addr', 'net']));
  const group = nets(context);
  return draw.pick<() => Part>([
    () => part(`${left} ${not(draw)}${host}`, hintOf(host)),
    () =>
      part(
        `${left} ${not(draw)}${host}/${String(family === 4 ? draw.pick([8, 24, 30, 31]) : draw.pick([16, 64, 112, 126]))}`,
        hintOf(host),
      ),
    () => part(`${left} ${not(draw)}${host}-${high}`, hintOf(host)),
    () => part(`${left} ${not(draw)}${braces(hosts(context))}`, hintOf(host)),
    () => part(`${left} ${not(draw)}${braces(group.items)}`, hintOf(group.inside)),
    () => part(named === null ? `${left} ${host}` : `${left} ${not(draw)}@${named}`, hintOf(host)),
    () => part(`${left} & ${mask} ${draw.pick(['==', '!='])} ${value}`),
    () => part(`${left} ${draw.pick(['<', '>', '<=', '>='])} ${host}`),
  ])();
}

/** A comparison of `left`, which is a number near `value`. */
export function numberIs(draw: Draw, left: string, value: number, most: number): string {
  const low = Math.max(0, value - draw.pick([0, 1, 3]));
  const high = Math.min(most, value + draw.pick([1, 2, 40]));
  const other = high + 2 > most ? Math.max(0, low - 2) : high + 2;
  return draw.pick([
    `${left} ${not(draw)}${value}`,
    `${left} ${not(draw)}${value}`,
    `${left} ${draw.pick(['<', '>', '<=', '>='])} ${value}`,
    `${left} ${not(draw)}${low}-${high}`,
    `${left} ${not(draw)}${braces([String(value), String(other)])}`,
    ...(other < low || other > high
      ? [`${left} ${not(draw)}${braces([`${low}-${high}`, String(other)])}`]
      : []),
  ]);
}

/** A comparison of `left`, which is a word of a list. */
export function wordIs(draw: Draw, left: string, words: readonly string[]): Part & { readonly word: string } {
  const list = several(draw, words);
  const word = draw.pick(list);
  const text = draw.chance(50) ? `${not(draw)}${word}` : `${not(draw)}${braces(list)}`;
  return { ...part(`${left} ${text}`), word };
}

/** A comparison of `left`, which is a port. */
export function portIs(context: RuleContext, left: string, hintOf: (port: number) => Hint): Part {
  const { draw } = context;
  const group = ports(draw);
  const named = setOf(context, 'port');
  if (named !== null && draw.chance(20)) return part(`${left} ${not(draw)}@${named}`, hintOf(group.inside));
  if (draw.chance(30)) return part(`${left} ${not(draw)}${braces(group.items)}`, hintOf(group.inside));
  if (draw.chance(10))
    return part(`${left} & 0x${draw.pick(['ff00', 'f', '50'])} ${draw.pick(['==', '!='])} 0`, {});
  return part(numberIs(draw, left, group.inside, 65535), hintOf(group.inside));
}
