/** Tables with their sets, chains and rules. */
import type { Draw } from '../draw.js';
import type { Setting } from '../profile.js';
import type { Hint, Part } from '../rules/context.js';
import {
  type ChainType,
  type Make,
  type NftHook,
  type RuleContext,
  type TableContext,
  joined,
  ofOneProtocol,
  only,
  part,
  setOf,
} from './context.js';
import { headerCondition, openHeader } from './headers.js';
import { COMMON, drawSets, plainVerdict } from './sets.js';
import { openState, stateCondition } from './state.js';
import { isFinal, openStatement, statement } from './statements.js';

interface BaseChain {
  readonly type: ChainType;
  readonly hook: NftHook;
  readonly priority: string;
  /** Before conntrack. */
  readonly early: boolean;
}

interface UserChain {
  readonly name: string;
  readonly type: ChainType | null;
  readonly hooks: readonly NftHook[];
  readonly early: boolean;
}

export interface DrawnTable {
  readonly text: string;
  readonly hints: readonly Hint[];
}

const HOOKS: readonly NftHook[] = ['prerouting', 'input', 'forward', 'output', 'postrouting'];
/** Names of priorities by the hooks where nft takes them, and whether conntrack comes later. */
const PRIORITIES = ['raw', 'mangle', 'filter', 'filter', 'security'] as const;

/** Two chains of one hook and priority run in an order that no dump tells: most have a priority of their own. */
function offset(draw: Draw, at: number): string {
  if (draw.chance(3)) return '';
  return ` ${draw.pick(['+', '-'])} ${1 + (at % 3) + 3 * draw.integer(0, 2)}`;
}

function priority(
  draw: Draw,
  at: number,
  type: ChainType,
  hook: NftHook,
): { priority: string; early: boolean } {
  if (type === 'nat') {
    const name = hook === 'prerouting' ? 'dstnat' : hook === 'postrouting' ? 'srcnat' : '';
    if (name === '')
      return { priority: String(draw.pick([-100, 100, 0]) + draw.integer(-20, 20)), early: false };
    return { priority: `${name}${offset(draw, at)}`, early: false };
  }
  if (draw.chance(25)) {
    const number =
      draw.pick([-400, -350, -250, -199, -120, -50, 20, 70, 150, 250, 400]) + draw.integer(-4, 4);
    return { priority: String(number), early: number < -200 };
  }
  const name = draw.pick(type === 'route' ? (['mangle', 'raw', 'filter'] as const) : PRIORITIES);
  return { priority: `${name}${offset(draw, at)}`, early: name === 'raw' };
}

function base(draw: Draw, at: number): BaseChain {
  const type = draw.pick(['filter', 'filter', 'filter', 'nat', 'nat', 'route'] as const);
  const hook =
    type === 'route'
      ? 'output'
      : draw.pick(type === 'nat' ? HOOKS.filter((one) => one !== 'forward') : HOOKS);
  const { early, ...rest } = priority(draw, at, type, hook);
  return { type, hook, ...rest, early: early && (hook === 'prerouting' || hook === 'output') };
}

function condition(context: RuleContext): Part | null {
  const { draw, open } = context;
  const make: Make = draw.chance(open ? 8 : 0)
    ? draw.pick([openHeader, openState])
    : draw.pick([headerCondition, headerCondition, stateCondition]);
  return make(context);
}

/** What a rule ends with: a verdict, a jump, or nothing. */
function ending(context: RuleContext, later: readonly UserChain[]): Part {
  const { draw } = context;
  const jumps = later.filter(
    ({ type, hooks, early }) =>
      (type === null || type === context.type) && only(context, hooks) && (!early || context.early),
  );
  const drawn = draw.integer(0, 99);
  if (drawn < 25 && jumps.length > 0)
    return part(`${draw.pick(['jump', 'jump', 'goto'])} ${draw.pick(jumps).name}`);
  if (drawn < 37 && context.type !== null) return vmap(context, jumps);
  return part(draw.pick(['accept', 'accept', 'return', 'drop', '', '', 'continue']));
}

function vmap(context: RuleContext, jumps: readonly UserChain[]): Part {
  const { draw } = context;
  const verdict = (): string =>
    jumps.length > 0 && draw.chance(40)
      ? `${draw.pick(['jump', 'goto'])} ${draw.pick(jumps).name}`
      : plainVerdict(draw);
  const [byPort, byDevice] = [setOf(context, 'port:verdict'), setOf(context, 'device:verdict')];
  return part(
    draw.pick([
      `tcp dport vmap { 80 : ${verdict()}, 1000-2000 : ${verdict()}, 443 : ${verdict()} }`,
      `ct state vmap { new : ${verdict()}, established : ${verdict()}, invalid : ${verdict()} }`,
      `meta l4proto vmap { tcp : ${verdict()}, udp : ${verdict()} }`,
      `meta mark vmap { 0x0 : ${verdict()}, 0x7 : ${verdict()} }`,
      `meta l4proto . th dport vmap { tcp . 80 : ${verdict()}, udp . 53 : ${verdict()}, tcp . 443 : ${verdict()} }`,
      byPort === null
        ? `udp dport vmap { 53 : ${verdict()} }`
        : `${draw.pick(['tcp', 'udp'])} dport vmap @${byPort}`,
      byDevice === null ? `iifname vmap { "eth0" : ${verdict()} }` : `iifname vmap @${byDevice}`,
    ]),
  );
}

function rule(context: RuleContext, later: readonly UserChain[]): Part | null {
  const { draw, open } = context;
  const conditions = draw.list(0, 3, () => condition(context)).flatMap((one) => one ?? []);
  const statements = draw.list(0, 2, () => statement(context)).flatMap((one) => one ?? []);
  if (open && draw.chance(3)) statements.push(...[openStatement(context)].flatMap((one) => one ?? []));
  const last = statements.findIndex(({ text }) => isFinal(text));
  const done = last === -1 ? statements : statements.slice(0, last + 1);
  const end = last === -1 ? [ending(context, later)] : [];
  // Many rules that ask for nothing would end every walk at once.
  if (conditions.length === 0 && draw.chance(80)) return null;
  const late = conditions.length > 1 && draw.chance(20) && last === -1 ? conditions.splice(1) : [];
  const all = joined(
    ofOneProtocol([...conditions, ...done, ...late, ...end].filter(({ text }) => text !== '')),
  );
  if (all.text === '') return null;
  // nft 1.0.6 lists a lower bound and the upper bound of another field as one range of the latter.
  if (/>=? /.test(all.text) && /<=? /.test(all.text)) return null;
  return part(`${all.text}${draw.maybe(4, () => ' comment "drop, then accept"', '')}`, all.hint);
}

const DISCOVERY = '\t\ticmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept\n';

const NAMES = ['aws-cni', 'firewalld', 'my_filter', 'kube-proxy', 'x'] as const;

/** One table with all that is in it. @param at its place among the tables */
export function drawTable(
  draw: Draw,
  { family }: Setting,
  at: number,
  { open }: Pick<TableContext, 'open'>,
): DrawnTable {
  const name = `${draw.pick(NAMES)}${String(at)}`;
  const kind = draw.chance(40)
    ? 'inet'
    : draw.chance(97)
      ? family === 4
        ? 'ip'
        : 'ip6'
      : family === 4
        ? 'ip6'
        : 'ip';
  const own = kind === 'inet' ? family : kind === 'ip' ? 4 : 6;
  const sets = drawSets({ draw, family: own, table: kind, open });
  const context: TableContext = { draw, family: own, table: kind, sets, open };
  const bases = draw.list(1, 5, () => base(draw, at));
  const users: UserChain[] = draw.list(0, 4, (at) => {
    const { type, hook, early } = draw.pick(bases);
    const more = type === 'filter' ? HOOKS.filter((one) => one === hook || draw.chance(30)) : [hook];
    return { name: draw.pick(['c', 'chain-', 'x_']) + String(at), type, hooks: more, early };
  });
  const common: UserChain = { name: COMMON, type: null, hooks: HOOKS, early: false };
  const hints: Hint[] = [];
  const rules = (
    chain: Omit<RuleContext, keyof TableContext>,
    later: readonly UserChain[],
    most: number,
  ): string =>
    draw
      .list(0, most, () => rule({ ...context, ...chain }, later))
      .flatMap((made) => {
        if (made === null) return [];
        hints.push(made.hint);
        return [`\t\t${made.text}\n`];
      })
      .join('');
  const seen = setOf(context, 'seen');
  const forget =
    seen === null
      ? []
      : (['prerouting', 'output'] as const).map(
          (hook) =>
            `\tchain forget-${hook} {\n\t\ttype filter hook ${hook} priority ${String(-450 - at)}; policy accept;\n\t\tdelete @${seen} { ${own === 4 ? 'ip' : 'ip6'} saddr }\n\t}\n`,
        );
  const regular = [...users, common].map(({ name: called, type, hooks, early }, at) => {
    const later = [...users, common].slice(at + 1);
    return `\tchain ${called} {\n${rules({ type, hooks, early }, later, 4)}\t}\n`;
  });
  const start = bases.map(({ type, hook, priority: when, early }, at) => {
    const policy = draw.chance(6) ? 'drop' : 'accept';
    const head = `\t\ttype ${type} hook ${hook} priority ${when}; policy ${policy};\n`;
    const discovery = own === 6 && type !== 'nat' ? DISCOVERY : '';
    return `\tchain b${String(at)}-${hook} {\n${head}${discovery}${rules({ type, hooks: [hook], early }, [...users, common], 6)}\t}\n`;
  });
  const text = `table ${kind} ${name} {\n${sets.map((set) => set.text).join('')}${forget.join('')}${regular.join('')}${start.join('')}}\n`;
  return { text, hints: own === family ? hints : [] };
}
