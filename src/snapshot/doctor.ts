/** What a snapshot is good for: which questions it answers, what is missing for the others, and what in it is doubtful. */
import type { Family } from '../address/address.js';
import { TABLES } from '../iptables/model.js';
import type { Listing, Node } from '../packet/node.js';
import type { Network } from '../routing/model.js';
import type { Span } from '../source/source.js';
import { usesSets } from './missing.js';

/** Something that a walk asks of a node. */
export type Question = 'egress' | 'source' | 'passes' | 'sets' | 'established';

/** A part that the snapshot lacks. */
export interface Lack {
  /** What is missing, as an id of messages (DOCTOR_…). */
  readonly code: string;
  readonly params: Readonly<Record<string, string | number>>;
  /** The command that prints it. */
  readonly command: string;
}

export interface Answerable {
  readonly question: Question;
  readonly lacks: readonly Lack[];
}

/** A device that something names and `ip addr` does not show: it is gone, or the dumps are of different times. */
export interface Stale {
  readonly device: string;
  readonly span: Span | null;
}

export interface Checkup {
  readonly listings: readonly Listing[];
  readonly questions: readonly Answerable[];
  readonly stale: readonly Stale[];
}

const SAVE: Readonly<Record<Family, string>> = { 4: 'iptables-save', 6: 'ip6tables-save' };
const OPTION: Readonly<Record<Family, string>> = { 4: '', 6: '-6 ' };

/** IPv6 counts once anything of it is shown. */
function familiesOf(node: Node): readonly Family[] {
  const six = node.networks[6];
  const shown =
    six.known.rules || six.tables.size > (six.known.localDerived ? 1 : 0) || node.ruleSets[6].tables.size > 0;
  return shown ? [4, 6] : [4];
}

/** Tables that policy rules look up, and no dump shows. */
function unseenTables({ rules, known }: Network): readonly string[] {
  const { tables } = known;
  if (tables === 'all') return [];
  const names = rules.flatMap(({ action }) =>
    action.kind === 'lookup' && !tables.has(action.table) && action.name !== 'default' ? [action.name] : [],
  );
  return [...new Set(tables.has(254) ? names : ['main', ...names])];
}

function egress(node: Node): Lack[] {
  return familiesOf(node).flatMap((family) => {
    const network = node.networks[family];
    const lacks: Lack[] = [];
    if (!network.known.rules)
      lacks.push({ code: 'DOCTOR_RULES', params: { family }, command: `ip ${OPTION[family]}rule` });
    const tables = unseenTables(network);
    const command = `ip ${OPTION[family]}route show table all`;
    if (tables.length > 0)
      lacks.push({ code: 'DOCTOR_ROUTES', params: { family, tables: tables.join(', ') }, command });
    if (!network.known.links) lacks.push({ code: 'DOCTOR_LINKS', params: { family }, command: 'ip addr' });
    return lacks;
  });
}

function unseenRules(node: Node, wanted: readonly string[]): Lack[] {
  return familiesOf(node).flatMap((family) => {
    const { unknown, other } = node.ruleSets[family];
    const tables = TABLES.filter(
      (table) => wanted.includes(table) && (unknown.has(table) || other?.unknown.has(table) === true),
    );
    if (tables.length === 0) return [];
    return [{ code: 'DOCTOR_TABLES', params: { family, tables: tables.join(', ') }, command: SAVE[family] }];
  });
}

/** The variant that a dump says is there, and that no dump shows. */
function unseenVariants(node: Node): Lack[] {
  const { beside, legacyUnseen } = node.ruleSets[4];
  const lacks: Lack[] = [];
  if (beside !== undefined || legacyUnseen === true)
    lacks.push({ code: 'DOCTOR_LEGACY', params: {}, command: `iptables-${beside ?? 'legacy'}-save` });
  if (node.nft === null) lacks.push({ code: 'DOCTOR_NFT', params: {}, command: 'nft -a list ruleset' });
  return lacks;
}

function settings(node: Node): Lack[] {
  const command = 'sysctl -a';
  return node.sysctls.size === 0 ? [{ code: 'DOCTOR_SYSCTL', params: {}, command }] : [];
}

function sets(node: Node): Lack[] {
  const used = usesSets(node.ruleSets[4]) || usesSets(node.ruleSets[6]);
  return used && node.sets === null ? [{ code: 'DOCTOR_SETS', params: {}, command: 'ipset save' }] : [];
}

function entries(node: Node): Lack[] {
  return node.connections === null
    ? [{ code: 'DOCTOR_CONNTRACK', params: {}, command: 'conntrack -L -o extended' }]
    : [];
}

/** Routes by devices that the links do not show. */
function staleRoutes({ links, known, tables }: Network): Stale[] {
  if (!known.links) return [];
  const found = new Map<string, Stale>();
  for (const routes of tables.values())
    for (const { nexthops, span } of routes)
      for (const { device } of nexthops)
        if (device !== null && !links.has(device) && !found.has(device)) found.set(device, { device, span });
  return [...found.values()];
}

/** Looks a node over. Questions come in a fixed order; one without lacks is answered. */
export function checkUp(node: Node): Checkup {
  const questions: readonly Answerable[] = [
    { question: 'egress', lacks: [...egress(node), ...unseenRules(node, ['mangle'])] },
    { question: 'source', lacks: [...unseenRules(node, ['nat']), ...unseenVariants(node)] },
    {
      question: 'passes',
      lacks: [
        ...unseenRules(node, ['raw', 'mangle', 'filter', 'security']),
        ...unseenVariants(node),
        ...settings(node),
      ],
    },
    { question: 'sets', lacks: sets(node) },
    { question: 'established', lacks: entries(node) },
  ];
  const stale = new Map(
    [...staleRoutes(node.networks[4]), ...staleRoutes(node.networks[6])].map((one) => [one.device, one]),
  );
  return { listings: node.listings, questions, stale: [...stale.values()] };
}
