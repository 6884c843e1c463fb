/** `nft add rule` and `nft insert rule` of a what-if: read within the node's own table, so that its sets and chains are known. */
import type { NftChain, NftFamily, NftRule, NftTable } from '../../src/nft/model.js';
import { printRuleset } from '../../src/nft/print.js';
import { nearest } from '../../src/names/nearest.js';
import { loadNode } from '../../src/snapshot/load-any.js';
import type { Diagnostic } from '../../src/source/diagnostic.js';
import { type Added, type Adding, LAST } from './adding.js';
import type { Word } from './command-words.js';

const FAMILIES: ReadonlySet<string> = new Set(['ip', 'ip6', 'inet', 'arp', 'bridge', 'netdev']);
const MOST_NEAR = 3;
const PLACES: ReadonlySet<string> = new Set(['handle', 'position', 'index']);

/** The table with no rule in it: what a rule may lead to and ask is there, and nothing has to be read that was read already. */
function bare(table: NftTable): NftTable {
  const chains = [...table.chains].map(([name, chain]): [string, NftChain] => [
    name,
    { ...chain, rules: [], cut: false },
  ]);
  const sets = [...table.sets].map(
    ([name, set]) => [name, { ...set, elements: [], partial: false }] as const,
  );
  return { ...table, chains: new Map(chains), sets: new Map(sets) };
}

/** Where a rule goes: its new number; null for the end, nothing for a place that is not there. */
function numberOf(
  verb: string,
  at: readonly [string, string] | null,
  { rules }: NftChain,
): number | null | undefined {
  if (at === null) return verb === 'add' ? null : 1;
  const [kind, text] = at;
  if (!/^\d{1,9}$/.test(text)) return undefined;
  const found =
    kind === 'index'
      ? Number(text)
      : rules.findIndex(({ handle }) => handle !== null && handle === Number(text));
  if (found < 0 || found >= rules.length) return undefined;
  return found + (verb === 'add' ? 2 : 1);
}

/** Chains that do not stand within rules: a text that closes its chain and opens another is no rule. */
const standing = ({ chains }: NftTable): number =>
  [...chains.values()].filter(({ inline }) => inline !== true).length;

interface Read {
  readonly rule: NftRule | null;
  readonly faults: readonly Diagnostic[];
}

/** The rule as it stands in the listing of its table. What a shell would take away is blank: places stay the same. */
function readIn(table: NftTable, chain: string, words: readonly Word[], adding: Adding): Read {
  const from = words[0]?.start ?? adding.whole.end;
  const body = adding.text
    .slice(from, adding.whole.end)
    .replace(/\\(?=[{}();"!&|<>*])/g, ' ')
    .replace(/'/g, ' ');
  const listing = printRuleset({ tables: [bare(table)] });
  const head = `\n\tchain ${chain} {\n`;
  const opening = listing.indexOf(head) + head.length;
  const isBase = table.chains.get(chain)?.base !== null;
  const at = isBase ? listing.indexOf('\n', opening) + 1 : opening;
  const text = `${listing.slice(0, at)}\t\t${body}\n${listing.slice(at)}`;
  const base = at + 2;
  const node = loadNode('what-if', [{ name: adding.name, text }]);
  const read = [...node.nativeTables[4], ...node.nativeTables[6]].find(
    ({ family, name }) => family === table.family && name === table.name,
  );
  const faults = node.diagnostics.flatMap((fault): Diagnostic[] => {
    const { span } = fault;
    if (span === null || span.end < base || span.start > base + body.length) return [];
    const [start, end] = [Math.max(0, span.start - base), Math.min(body.length, span.end - base)];
    return [{ ...fault, span: adding.span(from + start, from + Math.max(start, end)) }];
  });
  const rules = read?.chains.get(chain)?.rules ?? [];
  const isWhole = rules.length === 1 && read !== undefined && standing(read) === standing(table);
  return { rule: isWhole ? (rules[0] ?? null) : null, faults };
}

/** What a rule names that its table does not have: nft refuses it. */
function lacking(table: NftTable, words: readonly Word[], adding: Adding): readonly Diagnostic[] {
  const own = `${table.family} ${table.name}`;
  for (const [index, word] of words.entries()) {
    const [, set] = /^@([^\s,;{}]+)$/.exec(word.text) ?? [];
    if (set !== undefined && !table.sets.has(set)) {
      const near = nearest(set, [...table.sets.keys()], MOST_NEAR).join(', ') || '-';
      return adding.fault('PAGE_ADD_SET', { set, table: own, near }, word);
    }
    const [, chain] =
      /^(?:jump|goto) ([^\s,;{}]+)/.exec(`${words[index - 1]?.text ?? ''} ${word.text}`) ?? [];
    if (chain !== undefined && !table.chains.has(chain))
      return adding.noChain(chain, own, table.chains, word);
  }
  return [];
}

/** Adds a rule to one of the native tables. */
export function addedNative(adding: Adding): Added {
  const { node } = adding;
  const [verb, what, ...rest] = adding.command.words;
  if ((verb?.text !== 'add' && verb?.text !== 'insert') || what?.text !== 'rule')
    return adding.fault('PAGE_ADD_FORM', {});
  const isFamily = FAMILIES.has(rest[0]?.text ?? '');
  const family = (isFamily ? rest[0]?.text : 'ip') as NftFamily;
  const [named, where, ...words] = isFamily ? rest.slice(1) : rest;
  if (named === undefined || where === undefined) return adding.fault('PAGE_ADD_FORM', {});
  const isTable = (one: NftTable): boolean => one.family === family && one.name === named.text;
  const owner = node.nativeTables[4].some(isTable) ? 4 : 6;
  const table = node.nativeTables[owner].find(isTable);
  if (table === undefined) {
    const all = [...new Set([...node.nativeTables[4], ...node.nativeTables[6]])];
    const tables = all.map((one) => `${one.family} ${one.name}`).join(', ') || '-';
    return adding.fault('PAGE_ADD_TABLE', { table: `${family} ${named.text}`, tables }, named);
  }
  const chain = table.chains.get(where.text);
  if (chain === undefined) return adding.noChain(where.text, `${family} ${table.name}`, table.chains, where);
  const [kind, value] = words;
  const isPlaced = PLACES.has(kind?.text ?? '');
  const at = kind !== undefined && isPlaced ? ([kind.text, value?.text ?? ''] as const) : null;
  const number = numberOf(verb.text, at, chain);
  if (number === undefined)
    return adding.fault(
      'PAGE_ADD_PLACE',
      { text: `${kind?.text ?? ''} ${value?.text ?? ''}`, chain: chain.name, count: chain.rules.length },
      value ?? kind,
    );
  const body = isPlaced ? words.slice(2) : words;
  if (body.length === 0) return adding.fault('PAGE_ADD_FORM', {});
  const lacks = lacking(table, body, adding);
  if (lacks.length > 0) return lacks;
  const { rule, faults } = readIn(table, chain.name, body, adding);
  if (faults.length > 0) return faults;
  if (rule === null) return adding.fault('PAGE_ADD_FORM', {});
  const target = {
    kind: 'rule',
    family: owner,
    rule: { ...rule, number: LAST, span: adding.whole },
  } as const;
  const made = adding.insert([target], number === null ? null : String(number));
  return 'node' in made ? made.node : made;
}
