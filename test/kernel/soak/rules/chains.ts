/** Tables, chains and rules. */
import type { Hook, TableName } from '../../../../src/iptables/view.js';
import type { Draw } from '../draw.js';
import type { Setting } from '../profile.js';
import { type ChainContext, type Hint, type RuleContext, anyHost, around, not, only } from './context.js';
import { drawMatch } from './matches.js';
import { DEVICES } from './network.js';
import { drawTarget } from './targets.js';

const HOOKS: Readonly<Record<TableName, readonly Hook[]>> = {
  raw: ['PREROUTING', 'OUTPUT'],
  mangle: ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'],
  nat: ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'],
  filter: ['INPUT', 'FORWARD', 'OUTPUT'],
  security: ['INPUT', 'FORWARD', 'OUTPUT'],
};

const NAMES = ['KUBE-SVC-ABC', 'a', 'chain.with:signs', 'f2b+x', 'cali-tw-1', 'Z_9'] as const;

interface UserChain {
  readonly name: string;
  readonly hooks: readonly Hook[];
}

export interface DrawnTable {
  readonly text: string;
  /** Of every rule: what a packet must be to meet it. */
  readonly hints: readonly Hint[];
}

function header(context: ChainContext, proto: string | null): { words: string[]; hint: Hint } {
  const { draw } = context;
  const words: string[] = [];
  const hint: Hint = {};
  const address = (flag: '-s' | '-d', field: 'src' | 'dst'): void => {
    const host = anyHost(context);
    const net = around(context, host);
    // iptables-nft cannot load the rule that excludes every address.
    const negated = context.backend === 'nft' && net.endsWith('/0') ? '' : not(draw);
    words.push(`${negated}${flag} ${net}`);
    hint[field] = host;
  };
  if (draw.chance(25)) address('-s', 'src');
  if (draw.chance(30)) address('-d', 'dst');
  const device = (): string => draw.pick([...DEVICES, 'lo', 'eth+', 'none0']);
  if (draw.chance(15) && !context.hooks.some((hook) => hook === 'OUTPUT' || hook === 'POSTROUTING')) {
    const name = device();
    words.push(`${not(draw)}-i ${name}`);
    if (DEVICES.some((one) => one === name)) hint.in = name;
  }
  if (draw.chance(15) && !context.hooks.some((hook) => hook === 'PREROUTING' || hook === 'INPUT'))
    words.push(`${not(draw)}-o ${device()}`);
  if (proto !== null) {
    words.push(`-p ${proto}`);
    hint.proto = proto === 'ipv6-icmp' ? 'icmpv6' : proto;
  } else if (draw.chance(5)) words.push(`! -p ${draw.pick(['tcp', 'udp', '47'])}`);
  return { words, hint };
}

function rule(context: ChainContext, later: readonly UserChain[]): { text: string; hint: Hint } | null {
  const { draw, family } = context;
  const icmp = family === 4 ? 'icmp' : 'ipv6-icmp';
  const proto = draw.chance(70)
    ? draw.pick([
        'tcp',
        'tcp',
        'tcp',
        'udp',
        'udp',
        icmp,
        'sctp',
        'esp',
        'udplite',
        family === 4 ? 'ah' : 'esp',
      ])
    : null;
  const own: RuleContext = { ...context, proto };
  const { words, hint } = header(context, proto);
  const matches = draw.list(0, 3, () => drawMatch(own)).flatMap((match) => match ?? []);
  const jumps = later.filter(({ hooks }) => only(context, hooks));
  const target =
    jumps.length > 0 && draw.chance(25)
      ? `-${draw.pick(['j', 'j', 'g'])} ${draw.pick(jumps).name}`
      : drawTarget(own);
  if (target === null) return null;
  // Many rules that ask for nothing would end every walk at once.
  if (words.length + matches.length === 0 && draw.chance(80)) return null;
  const text = [...words, ...matches.map((match) => match.text), target]
    .filter((word) => word !== '')
    .join(' ');
  return { text, hint: Object.assign({}, ...matches.map((match) => match.hint), hint) as Hint };
}

/** iptables-restore takes quotes around any word. */
function quoted(draw: Draw, text: string): string {
  if (!draw.chance(3) || text.includes('"')) return text;
  return text.replace(/(--(?:dport|sport|src-type|mark|to-source|ctstate)) (\S+)/, '$1 "$2"');
}

/** One table with all its chains and rules. */
export function drawTable(draw: Draw, setting: Setting, table: TableName, open: boolean): DrawnTable {
  const builtin = HOOKS[table];
  const users: UserChain[] = draw.list(0, 4, (at) => {
    const hooks = builtin.filter(() => draw.chance(50));
    const nat = table === 'nat' && hooks.length > 0 ? [draw.pick(hooks)] : hooks;
    return { name: NAMES[at] ?? `c${at}`, hooks: nat.length > 0 ? nat : builtin.slice(0, 1) };
  });
  const policy = (): string => (table !== 'nat' && draw.chance(6) ? 'DROP' : 'ACCEPT');
  const lines = [
    `*${table}`,
    ...builtin.map((hook) => `:${hook} ${policy()} [0:0]`),
    ...users.map(({ name }) => `:${name} - [0:0]`),
  ];
  // Neighbours are found by packets that the rules see: nobody could be reached without this.
  if (setting.family === 6 && table !== 'nat')
    for (const hook of builtin)
      for (const type of [135, 136])
        lines.push(`-A ${hook} -p ipv6-icmp -m icmp6 --icmpv6-type ${type} -j ACCEPT`);
  const hints: Hint[] = [];
  const fill = (name: string, hooks: readonly Hook[], later: readonly UserChain[], most: number): void => {
    const context: ChainContext = { draw, ...setting, table, hooks, open };
    for (const made of draw.list(0, most, () => rule(context, later))) {
      if (made === null) continue;
      lines.push(`${draw.maybe(5, () => '[3:180] ', '')}-A ${name} ${quoted(draw, made.text)}`);
      hints.push(made.hint);
    }
  };
  for (const hook of builtin) fill(hook, [hook], users, 6);
  for (const [at, { name, hooks }] of users.entries()) fill(name, hooks, users.slice(at + 1), 4);
  return { text: `${lines.join('\n')}\nCOMMIT\n`, hints };
}
