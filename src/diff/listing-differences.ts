/** In which policy rules, routes, addresses, settings, sets and known connections two nodes differ. */
import { type Family, formatAddress } from '../address/address.js';
import type { NftSet, NftTable } from '../nft/model.js';
import { printElement } from '../nft/print-expression.js';
import { printEntry } from '../packet/conntrack-entry.js';
import type { Node } from '../packet/node.js';
import type { Network, Route } from '../routing/model.js';
import { printPolicyRule } from '../routing/print.js';
import type { Difference, Side, Thing } from './difference.js';

/** A thing and what makes it the same as another. */
type Keyed = readonly [key: string, thing: Thing];

/** What each side has that the other has not; a key that comes twice counts twice. */
function unlike(family: Family | null, a: readonly Keyed[], b: readonly Keyed[]): readonly Difference[] {
  const one = (side: Side, own: readonly Keyed[], others: readonly Keyed[]): readonly Difference[] => {
    const count = new Map<string, number>();
    for (const [key] of others) count.set(key, (count.get(key) ?? 0) + 1);
    return own.flatMap(([key, thing]) => {
      const rest = count.get(key) ?? 0;
      count.set(key, rest - 1);
      return rest > 0 ? [] : [{ side, family, thing }];
    });
  };
  return [...one('a', a, b), ...one('b', b, a)];
}

function policyRules({ rules }: Network): readonly Keyed[] {
  return rules.map((rule): Keyed => [printPolicyRule(rule), { kind: 'policy-rule', rule }]);
}

/** Policy rules of one priority are tried in the order of the listing: those that have another place there. */
function reordered(family: Family, a: readonly Keyed[], b: readonly Keyed[]): readonly Difference[] {
  const sorted = (all: readonly Keyed[]): string => JSON.stringify(all.map(([key]) => key).sort());
  if (a.length !== b.length || sorted(a) !== sorted(b)) return [];
  return a.flatMap(([key, thing], at): readonly Difference[] => {
    const other = b[at];
    if (other === undefined || other[0] === key) return [];
    return [
      { side: 'a', family, thing },
      { side: 'b', family, thing: other[1] },
    ];
  });
}

/** Names of tables are but names; words such as `proto` select nothing. */
function routeKey(route: Route): string {
  const { type, destination, tos, metric, table, scope, source, nexthops, words } = route;
  const hops = nexthops.map(({ via, device, weight, onlink, dead, linkdown }) =>
    [via === null ? '' : formatAddress(via), device, weight, onlink, dead, linkdown].join(' '),
  );
  const told = words.filter((_word, at) => words[at] !== 'proto' && words[at - 1] !== 'proto');
  const to = [formatAddress(destination.address), destination.length];
  const from = source === null ? '' : formatAddress(source);
  return [type, ...to, tos, metric, table, scope, from, ...hops, ...told].join('|');
}

function routes({ tables }: Network): readonly Keyed[] {
  return [...tables.values()].flat().map((route): Keyed => [routeKey(route), { kind: 'route', route }]);
}

function addresses({ links, family }: Network): readonly Keyed[] {
  const type = family === 6 ? 'bigint' : 'number';
  return [...links.values()].flatMap(({ name, addresses: all }) =>
    all
      .filter(({ address }) => typeof address === type)
      .map((address): Keyed => {
        const { length, peer, broadcast, scope, secondary } = address;
        const text = [address.address, length, peer, broadcast, scope, secondary].map(String).join(' ');
        return [`${name} ${text}`, { kind: 'address', device: name, address }];
      }),
  );
}

/** What a walk reads of a device. */
function links({ links: all }: Network): readonly Keyed[] {
  return [...all.values()].map((link): Keyed => {
    const { name, up, mtu, master, group, kind, slave } = link;
    const flags = link.flags.filter(
      (flag) => flag === 'LOOPBACK' || flag === 'POINTOPOINT' || flag === 'NOARP',
    );
    const read = [name, up, mtu, master, group, kind ?? '', slave ?? '', ...flags];
    return [read.join(' '), { kind: 'link', link }];
  });
}

function settings(node: Node): readonly Keyed[] {
  return [...node.sysctls].map(([name, value]): Keyed => {
    const text = value.trim();
    return [`${name} ${text}`, { kind: 'setting', name, value: text }];
  });
}

/** Times run on; whatever else stands behind an element counts. */
function elements({ sets }: Node): readonly Keyed[] {
  return [...(sets ?? new Map<string, never>()).values()].flatMap((set) => [
    [
      `set ${set.name} ${set.type} ${set.words.join(' ')}`,
      { kind: 'set', name: set.name, text: set.type },
    ] as Keyed,
    ...set.entries.map((entry): Keyed => {
      const words = entry.words.filter(
        (_word, at) =>
          !['timeout', 'packets', 'bytes', 'comment'].some(
            (name) => entry.words[at] === name || entry.words[at - 1] === name,
          ),
      );
      const key = `${set.name} ${entry.text} ${String(entry.nomatch)} ${words.join(' ')}`;
      return [key, { kind: 'element', set, entry }];
    }),
  ]);
}

function nativeSet(table: NftTable, set: NftSet): readonly Keyed[] {
  const name = `${table.family} ${table.name} ${set.name}`;
  const text = [set.type.join(' . '), set.flags.join(',')].join(' ');
  return [
    [`set ${name} ${text}`, { kind: 'set', name: set.name, text }],
    ...set.elements.map((element): Keyed => [
      `${name} ${printElement({ ...element, rest: '' })}`,
      { kind: 'native-element', table, set, element },
    ]),
  ];
}

function nativeElements(node: Node, family: Family): readonly Keyed[] {
  return node.nativeTables[family].flatMap((table) =>
    [...table.sets.values()].flatMap((set) => nativeSet(table, set)),
  );
}

function connections(node: Node): readonly Keyed[] {
  return (node.connections ?? []).map((entry): Keyed => {
    const bare = { ...entry, timeout: null, use: null, id: null };
    const tuple = (one: typeof entry.original): typeof entry.original => ({ ...one, counters: null });
    const key = printEntry({ ...bare, original: tuple(entry.original), reply: tuple(entry.reply) });
    return [key, { kind: 'connection', entry }];
  });
}

/** What the nodes do not show, or show of what cannot be walked. */
function grounds(node: Node, family: Family): readonly Keyed[] {
  const { unknown, backend, beside, legacyUnseen, nativeUnseen } = node.ruleSets[family];
  const { known } = node.networks[family];
  const texts = [
    ...node.grounds.filter((one) => one.family === null || one.family === family).map(({ code }) => code),
    ...[...unknown].map((name) => `table ${name} is not shown`),
    `backend ${backend ?? 'unknown'}`,
    ...[beside, nativeUnseen].flatMap((one) => (one === undefined ? [] : [`beside ${one}`])),
    ...(legacyUnseen === true ? ['iptables-legacy is not shown'] : []),
    ...(known.rules ? [] : ['policy rules are not shown']),
    ...(known.links ? [] : ['devices are not shown']),
    ...(node.sets === null ? ['IP sets are not shown'] : []),
  ];
  return texts.map((text): Keyed => [text, { kind: 'ground', text }]);
}

/** All differences but those of rules. */
export function listingDifferences(a: Node, b: Node): readonly Difference[] {
  const found: Difference[] = [];
  for (const family of [4, 6] as const) {
    const [one, other] = [a.networks[family], b.networks[family]];
    for (const of of [policyRules, routes, addresses]) found.push(...unlike(family, of(one), of(other)));
    found.push(...reordered(family, policyRules(one), policyRules(other)));
    found.push(...unlike(family, nativeElements(a, family), nativeElements(b, family)));
    found.push(...unlike(family, grounds(a, family), grounds(b, family)));
    if (family === 4) found.push(...unlike(null, links(one), links(other)));
  }
  found.push(...unlike(null, elements(a), elements(b)), ...unlike(null, connections(a), connections(b)));
  found.push(...unlike(null, settings(a), settings(b)));
  return found;
}
