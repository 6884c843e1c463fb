/** Tables, chains and sets while their listing is read. */
import { priorityNumber } from '../priority.js';
import type { BaseChain, NftChain, NftFamily, NftHook, NftSet, NftTable } from '../model.js';

export type Draft<T> = { -readonly [K in keyof T]: T[K] };
export type ChainDraft = Draft<Omit<NftChain, 'rules'>> & { rules: NftChain['rules'][number][] };
export type SetDraft = Draft<Omit<NftSet, 'elements' | 'properties'>> & {
  elements: NftSet['elements'][number][];
  properties: string[];
};
export type TableDraft = Draft<Omit<NftTable, 'chains' | 'sets' | 'objects'>> & {
  chains: Map<string, ChainDraft>;
  sets: Map<string, SetDraft>;
  objects: NftTable['objects'][number][];
};

const HOOKS: readonly NftHook[] = [
  'ingress',
  'prerouting',
  'input',
  'forward',
  'output',
  'postrouting',
  'egress',
];
const TYPES = ['filter', 'nat', 'route'] as const;

/** What makes a base chain, from its words; null when one of them is not known. */
export function baseChain(
  family: NftFamily,
  {
    type,
    hook,
    priority,
    devices,
  }: { type: string; hook: string; priority: string; devices: readonly string[] },
): BaseChain | null {
  const ofType = TYPES.find((one) => one === type);
  const atHook = HOOKS.find((one) => one === hook);
  const number = priorityNumber(priority, family);
  if (ofType === undefined || atHook === undefined || number === null) return null;
  return { type: ofType, hook: atHook, priority: number, devices };
}

/** The base chains that iptables-nft makes: type and priority of each of its tables. */
const OWN: ReadonlyMap<string, { readonly priority: number; readonly type: 'filter' | 'nat' }> = new Map([
  ['raw', { priority: -300, type: 'filter' }],
  ['mangle', { priority: -150, type: 'filter' }],
  ['nat', { priority: -100, type: 'nat' }],
  ['filter', { priority: 0, type: 'filter' }],
  ['security', { priority: 150, type: 'filter' }],
]);

/**
 * Does the table look as iptables-nft makes it? Listings without the warning (older nft, JSON) tell in no other way
 * (iptables/nft.c xtables_ipv4 of iptables).
 */
export function looksManaged({ family, name, chains }: NftTable | TableDraft): boolean {
  const own = OWN.get(name);
  if (own === undefined || (family !== 'ip' && family !== 'ip6')) return false;
  const bases = [...chains.values()].filter(({ base, baseUnknown }) => base !== null || baseUnknown);
  return bases.every(({ name: chain, base }) => {
    if (base === null) return false;
    if (chain !== base.hook.toUpperCase()) return false;
    const source = name === 'nat' && (base.hook === 'input' || base.hook === 'postrouting');
    const type = name === 'mangle' && base.hook === 'output' ? 'route' : own.type;
    return base.type === type && base.priority === (source ? 100 : own.priority);
  });
}

/** What nft prints of a set, in its order (src/rule.c set_print_declaration); what is not named here comes last. */
const PROPERTIES = ['policy', 'size', 'auto-merge', 'timeout', 'gc-interval', 'comment'];

/** Properties of a set in nft's order. */
export function inOrder(properties: readonly string[]): string[] {
  const place = (text: string): number => {
    const at = PROPERTIES.findIndex((word) => text === word || text.startsWith(`${word} `));
    return at < 0 ? PROPERTIES.length : at;
  };
  return properties.toSorted((a, b) => place(a) - place(b));
}
