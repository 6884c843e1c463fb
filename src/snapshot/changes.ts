/** Commands that change what a node's listings show, as people type them between two listings. */
import type { Family } from '../address/address.js';
import { readLoop } from './loop.js';
import { enter } from './runner.js';

/** Listings of one part of the node, in whatever form. */
export type Group =
  'iptables' | 'rules' | 'routes' | 'links' | 'labels' | 'sets' | 'nft' | 'connections' | 'sysctl';

/** What a command changes. */
export interface Target {
  readonly group: Group;
  /** Null for both, or where families do not matter. */
  readonly family: Family | null;
  /** A table of iptables, routes or nftables (`ip nat`), a set, a setting; null for whatever there is. */
  readonly part: string | null;
  /** Only where no listing of iptables shows it: nft lists the tables of iptables-nft too. */
  readonly ofIptables?: boolean;
}

const TOOL =
  /^(?:\S{0,60}\/)?(systemctl|service|ip|ip6?tables(?:-legacy|-nft)?(?:-restore)?|xtables-(?:legacy|nft)-multi|ipset|sysctl|conntrack|nft|ifconfig|route|echo)$/;

const isTool = (word: string): boolean => TOOL.test(word);

const ROUTE_TABLES: ReadonlyMap<string, string> = new Map([
  ['255', 'local'],
  ['254', 'main'],
  ['253', 'default'],
]);

/** One name for a table of routes that has two. */
export function routeTable(name: string): string {
  return ROUTE_TABLES.get(name) ?? name;
}

/** One name for a setting: sysctl takes slashes for dots. */
function settingName(name: string): string {
  return name.includes('/') && !name.includes('.') ? name.replaceAll('/', '.') : name;
}

/** The word behind an option; null without it. */
function valueOf(words: readonly string[], pattern: RegExp): string | null {
  const at = words.findIndex((word) => pattern.test(word));
  if (at < 0) return null;
  return pattern.exec(words[at] ?? '')?.[1] ?? words[at + 1] ?? null;
}

function ofIptables(tool: string, words: readonly string[]): readonly Target[] {
  const family = tool.startsWith('ip6') ? 6 : 4;
  const both = (part: string | null): readonly Target[] => [
    { group: 'iptables', family, part },
    {
      group: 'nft',
      family: null,
      part: part === null ? null : `${family === 4 ? 'ip' : 'ip6'} ${part}`,
      ofIptables: true,
    },
  ];
  if (tool.endsWith('-restore'))
    return words.includes('--test') ? [] : both(valueOf(words, /^(?:-T|--table)(?:=(\S+))?$/));
  // New chains are empty, and only those that nothing refers to can be deleted.
  const acts = words.some((word) =>
    /^(?:-[AIDRFP]|--(?:append|insert|delete|replace|flush|policy))$/.test(word),
  );
  return acts ? both(valueOf(words, /^(?:--table=|-t(?=.)|-t$|--table$)(.+)?$/) ?? 'filter') : [];
}

/** `ip` accepts any beginning of a keyword. */
function short(word: string | undefined, full: string, least = 1): boolean {
  return word !== undefined && word.length >= least && full.startsWith(word);
}

const VERBS = ['add', 'append', 'change', 'delete', 'del', 'flush', 'prepend', 'replace', 'restore', 'set'];

function ofIp(words: readonly string[]): readonly Target[] {
  const at = words.findIndex((word, place) => place > 0 && !word.startsWith('-') && !/^inet6?$/.test(word));
  const [object, verb, ...rest] = at < 0 ? [] : words.slice(at);
  if (!VERBS.some((one) => short(verb, one))) return [];
  const six = words.some((word) => word === '-6' || word === 'inet6' || /^[0-9a-f]*:[0-9a-f:]*:/.test(word));
  const family = six ? 6 : 4;
  if (short(object, 'rule', 2)) return [{ group: 'rules', family, part: null }];
  if (short(object, 'route')) {
    if (rest[0] === 'cache') return [];
    const table = valueOf(rest, /^t(?:a|ab|abl|able)?$/) ?? 'main';
    return [{ group: 'routes', family, part: table === 'all' ? null : routeTable(table) }];
  }
  if (short(object, 'addrlabel', 5)) return [{ group: 'labels', family: null, part: null }];
  if (short(object, 'address') || short(object, 'link'))
    // Routes come and go with addresses, and go with a link that is set down.
    return (['links', 'routes'] as const).map((group) => ({ group, family: null, part: null }));
  return [];
}

const NFT_FAMILIES: ReadonlySet<string | undefined> = new Set([
  'ip',
  'ip6',
  'inet',
  'arp',
  'bridge',
  'netdev',
]);

function ofNft(words: readonly string[]): readonly Target[] {
  const everything: readonly Target[] = [{ group: 'nft', family: null, part: null }];
  if (words.includes('-f') || words.includes('--file')) return everything;
  const [verb = '', object, ...rest] = words.slice(1).filter((word) => !word.startsWith('-'));
  if (!/^(?:add|create|insert|replace|delete|destroy|flush|rename)$/.test(verb)) return [];
  if (object === 'ruleset')
    return [
      ...everything,
      ...([4, 6] as const).map((family) => ({ group: 'iptables' as const, family, part: null })),
    ];
  const [first, second] = rest;
  const part = NFT_FAMILIES.has(first) ? `${first ?? ''} ${second ?? ''}` : `ip ${first ?? ''}`;
  return [{ group: 'nft', family: null, part }];
}

function ofSet(words: readonly string[]): readonly Target[] {
  const [verb = '', name = null, other] = words
    .slice(1)
    .filter((word) => !word.startsWith('-') || /^-[ADFNXWER]$/.test(word));
  if (verb === 'restore' || verb === '-R') return [{ group: 'sets', family: null, part: null }];
  if (!/^(?:add|del|flush|create|destroy|swap|rename|-[ADFNXWE])$/.test(verb)) return [];
  const names = /^(?:swap|rename|-[WE])$/.test(verb) ? [name, other ?? null] : [name];
  return names.map((part) => ({ group: 'sets', family: null, part }));
}

function ofSettings(tool: string, words: readonly string[], text: string): readonly Target[] {
  const copied = /\/proc\/sys\/(\S+)/.exec(text)?.[1];
  const names =
    tool === 'echo'
      ? copied === undefined
        ? []
        : [copied]
      : words.slice(1).flatMap((word) => /^([\w./-]+)=/.exec(word)?.[1] ?? []);
  return names.map((name) => ({ group: 'sysctl', family: null, part: settingName(name) }));
}

/** Services that write rules of iptables as they start or stop. */
const RULE_WRITERS = /^(?:docker|kubelet|kube-proxy|k3s|k3s-agent|rke2-server|rke2-agent)$/;
/** Services that replace the rules of the node. */
const FIREWALLS = /^(?:firewalld|iptables|ip6tables|nftables|ufw|netfilter-persistent)$/;
/** Services that set up links, addresses and routes. */
const NETWORKS = /^(?:NetworkManager|systemd-networkd|networking|network)$/;

/** `systemctl restart NAME…`, `service NAME restart`. */
function ofService(tool: string, words: readonly string[]): readonly Target[] {
  const [first = '', ...rest] = words.slice(1).filter((word) => !word.startsWith('-'));
  const [verb, names] = tool === 'service' ? [rest[0] ?? '', [first]] : [first, rest];
  if (!/^(?:(?:try-|force-)?re(?:start|load)|reload-or-restart|start|stop)$/.test(verb)) return [];
  const all = { family: null, part: null } as const;
  return names
    .map((name) => name.replace(/\.service$/, ''))
    .flatMap((name): readonly Target[] => {
      if (NETWORKS.test(name))
        return (['links', 'routes', 'rules'] as const).map((group) => ({ group, ...all }));
      const isFirewall = FIREWALLS.test(name);
      if (!isFirewall && !RULE_WRITERS.test(name)) return [];
      return [
        { group: 'iptables', family: 4, part: null },
        { group: 'iptables', family: 6, part: null },
        { group: 'nft', ...all, ofIptables: !isFirewall },
      ];
    });
}

function ofStatement(text: string): readonly Target[] {
  const { words } = enter(text.trim().split(/\s+/), isTool);
  const tool = TOOL.exec(words[0] ?? '')?.[1] ?? '';
  switch (tool) {
    case '':
      return [];
    case 'systemctl':
    case 'service':
      return ofService(tool, words);
    case 'ip':
      return ofIp(words);
    case 'ipset':
      return ofSet(words);
    case 'nft':
      return ofNft(words);
    case 'sysctl':
    case 'echo':
      return ofSettings(tool, words, text);
    case 'conntrack':
      return words.some((word) => /^(?:-[DFIU]|--(?:delete|flush|create|update))$/.test(word))
        ? [{ group: 'connections', family: null, part: null }]
        : [];
    case 'route':
      return /^(?:add|del)$/.test(words[1] ?? '') ? [{ group: 'routes', family: 4, part: 'main' }] : [];
    case 'ifconfig':
      return words.length > 2
        ? (['links', 'routes'] as const).map((group) => ({ group, family: null, part: null }))
        : [];
    default:
      return ofIptables(tool, words);
  }
}

/** What a command line (one line, prompt removed) changes on the node that it runs on; empty for one that only shows. */
export function changesOf(line: string): readonly Target[] {
  const text = line.trim().slice(0, 1000);
  const statements = readLoop(text)?.body ?? [text];
  // A setting that is written with echo keeps what stands behind its `>` or `| tee`.
  return statements
    .map((statement) => statement.replace(/["'`]/g, ' '))
    .flatMap((statement) => statement.split(/;|&&|\|\|/))
    .flatMap((statement) => (/^\s*(?:sudo )?echo\s/.test(statement) ? [statement] : statement.split('|')))
    .flatMap(ofStatement);
}
