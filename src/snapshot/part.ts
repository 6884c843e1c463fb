/** Which part of a node's state a listing shows: whose rules, which tables, which sets. */
import type { Family } from '../address/address.js';
import { type Group, routeTable } from './changes.js';
import type { Kind } from './command.js';
import { type Placed, familyTold } from './places.js';
import { iptablesFamily } from './recognise.js';
import { canonicalKey } from './sysctl.js';

const GROUPS = new Map<Kind, Group>([
  ['iptables', 'iptables'],
  ['iptables -L', 'iptables'],
  ['ip rule', 'rules'],
  ['ip route', 'routes'],
  ['route -n', 'routes'],
  ['ip addr', 'links'],
  ['ifconfig', 'links'],
  ['ip addrlabel', 'labels'],
  ['ipset save', 'sets'],
  ['ipset list', 'sets'],
  ['nft list ruleset', 'nft'],
  ['nft -j list ruleset', 'nft'],
  ['conntrack -L', 'connections'],
  ['sysctl', 'sysctl'],
]);

/** What a listing is of. */
export interface Part {
  readonly group: Group;
  /** Null where it is of both, or nothing tells. */
  readonly family: Family | null;
  /** Names of the tables, sets or settings; null for every one. */
  readonly parts: ReadonlySet<string> | null;
}

function iptablesParts({ section, hint }: Placed): ReadonlySet<string> | null {
  const { command, source } = section;
  // The warning of iptables-nft alone shows no table.
  if ((command?.kind ?? null) === null && /^(?:\s*# Warning: .*)+\s*$/.test(source.text)) return new Set();
  const named = [...source.text.matchAll(/^\*(\w{1,20})\s*$/gm)].map(([, name = '']) => name);
  if (command !== null && command.table === null && /-save\b/.test(command.text)) return null;
  if (named.length > 0) return new Set(named);
  const table = command?.table ?? hint.table;
  return table === null ? null : new Set([table]);
}

function matches(text: string, pattern: RegExp): ReadonlySet<string> {
  return new Set([...text.matchAll(pattern)].map(([, name = '']) => name));
}

/** The names of what a listing shows; null for all that there is. */
function partsOf(placed: Placed, group: Group): ReadonlySet<string> | null {
  const { command, source } = placed.section;
  const isPart = command?.partial === true;
  switch (group) {
    case 'iptables':
      return iptablesParts(placed);
    case 'routes': {
      const table = command?.kind === 'ip route' ? (command.table ?? 'main') : (placed.hint.table ?? 'main');
      return table === 'all' || /^.{1,300} table \w/m.test(source.text) ? null : new Set([routeTable(table)]);
    }
    case 'sets':
      return isPart ? matches(source.text, /^(?:create|Name:) (\S+)/gm) : null;
    case 'nft':
      return isPart ? matches(source.text, /^table (\S+ \S+) \{/gm) : null;
    case 'sysctl':
      return new Set([
        ...matches(source.text, /^([\w./@-]{1,200}) ?=/gm),
        ...[...matches(source.text, /^(?:==> )?(\/proc\/sys\/[^\s:]{1,200})/gm)].map(canonicalKey),
        ...(command?.settings ?? []).map(canonicalKey),
      ]);
    default:
      return null;
  }
}

function familyOf(placed: Placed, group: Group): Family | null {
  const { source } = placed.section;
  const told = familyTold(placed);
  if (group === 'iptables') return iptablesFamily(source.text) ?? told ?? 4;
  return group === 'rules' || group === 'routes' ? (told ?? 4) : null;
}

/** What the listing shows; null for one that no command changes. */
export function partOf(placed: Placed): Part | null {
  const group = placed.kind === null ? undefined : GROUPS.get(placed.kind);
  if (group === undefined) return null;
  return { group, family: familyOf(placed, group), parts: partsOf(placed, group) };
}

/** Do the listings show all that the one shows? */
export function isCovered(placed: Placed, by: readonly Placed[]): boolean {
  const part = partOf(placed);
  if (part === null) return false;
  const same = by.flatMap((one) => {
    const other = partOf(one);
    const isSame =
      other?.group === part.group && (other.family ?? part.family) === (part.family ?? other.family);
    return isSame ? [other] : [];
  });
  if (same.some(({ parts }) => parts === null)) return true;
  const known = new Set(same.flatMap(({ parts }) => [...(parts ?? [])]));
  return part.parts !== null && known.size > 0 && [...part.parts].every((name) => known.has(name));
}
