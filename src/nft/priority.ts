/** Priorities of base chains: the numbers that the kernel sorts by, and nft's names for them (src/rule.c std_prio of nftables). */
import type { NftFamily, NftHook } from './model.js';

type Names = Readonly<Record<string, number>>;

const NAMES: Names = { raw: -300, mangle: -150, dstnat: -100, filter: 0, security: 50, srcnat: 100 };
const BRIDGE: Names = { dstnat: -300, filter: -200, out: 100, srcnat: 300 };

/** Farther from a name than this, nft prints the number. */
const NEAR = 10;

function namesOf(family: NftFamily): Names {
  return family === 'bridge' ? BRIDGE : NAMES;
}

/** `filter`, `dstnat - 10`, `-150` as a number; null for what is none. */
export function priorityNumber(text: string, family: NftFamily): number | null {
  const [, number, name = '', sign, offset = '0'] =
    /^(?:([+-]?\d{1,10})|([a-z]{1,20})(?:\s{0,9}([+-])\s{0,9}(\d{1,10}))?)$/u.exec(text.trim()) ?? [];
  if (number !== undefined) return Number(number);
  const names = namesOf(family);
  if (!Object.hasOwn(names, name)) return null;
  return (names[name] ?? 0) + (sign === '-' ? -Number(offset) : Number(offset));
}

/** Does nft use the name for chains of this kind? */
function fits(name: string, family: NftFamily, hook: NftHook): boolean {
  if (family === 'arp' || family === 'netdev') return name === 'filter';
  if (name === 'dstnat') return hook === 'prerouting';
  if (name === 'srcnat') return hook === 'postrouting';
  return name !== 'out' || hook === 'output';
}

/** The number as `nft list ruleset` prints it. */
export function priorityText(priority: number, family: NftFamily, hook: NftHook): string {
  const [nearest] = Object.entries(namesOf(family))
    .filter(([name]) => fits(name, family, hook))
    .map(([name, number]) => ({ name, offset: priority - number }))
    .sort((a, b) => Math.abs(a.offset) - Math.abs(b.offset));
  if (nearest === undefined || Math.abs(nearest.offset) > NEAR) return String(priority);
  const { name, offset } = nearest;
  if (offset === 0) return name;
  return `${name} ${offset < 0 ? '-' : '+'} ${String(Math.abs(offset))}`;
}
