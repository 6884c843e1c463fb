/** Rule sets as `nft list ruleset` prints them (src/rule.c of nftables). Reading the print gives an equal rule set. */
import type {
  BaseChain,
  NftChain,
  NftFamily,
  NftObject,
  NftRule,
  NftRuleset,
  NftSet,
  NftTable,
  NftUnknownTable,
} from './model.js';
import { elementsPerLine } from './per-line.js';
import { printElement, printExpression } from './print-expression.js';
import { printRule } from './print-statement.js';
import { looksManaged } from './read/drafts.js';
import { priorityText } from './priority.js';

/** What stands for rules and elements that the listing does not show, as people write it. */
const HIDDEN = '...';

export { printRule };

function baseLine(
  { type, hook, priority, devices }: BaseChain,
  policy: string | null,
  family: NftFamily,
): string {
  const [device] = devices;
  const on =
    device === undefined
      ? ''
      : devices.length === 1
        ? ` device "${device}"`
        : ` devices = { ${devices.join(', ')} }`;
  return `type ${type} hook ${hook}${on} priority ${priorityText(priority, family, hook)};${policyText(policy)}`;
}

function policyText(policy: string | null): string {
  return policy === null ? '' : ` policy ${policy};`;
}

function commentLines(comment: string | null): readonly string[] {
  return comment === null ? [] : [`comment "${comment}"`];
}

/** ` # handle 7`, where it is known and wanted. */
function handleText(handle: number | null, wanted: boolean): string {
  return handle === null || !wanted ? '' : ` # handle ${String(handle)}`;
}

/** A rule's lines: one, but for a chain that stands within it. */
function ruleLines(rule: NftRule, handles: boolean): readonly string[] {
  const handle = handleText(rule.handle, handles);
  const last = rule.statements.at(-1);
  const verdict = last?.kind === 'verdict' && 'chain' in last.verdict ? last.verdict : null;
  const inner = verdict?.inline;
  if (verdict === null || inner === undefined) return [`${printRule(rule)}${handle}`];
  const before = printRule({ statements: rule.statements.slice(0, -1), comment: null });
  const comment = rule.comment === null ? '' : ` comment "${rule.comment}"`;
  return [
    `${before === '' ? '' : `${before} `}${verdict.kind} {`,
    ...inner.rules.map((one) => `\t${printRule(one)}`),
    ...(inner.cut ? [`\t${HIDDEN}`] : []),
    `}${comment}${handle}`,
  ];
}

function chainLines(chain: NftChain, family: NftFamily, handles: boolean): readonly string[] {
  const { name, base, baseText, policy, comment, rules, cut } = chain;
  const body = [
    ...commentLines(comment),
    ...(base === null ? [] : [baseLine(base, policy, family)]),
    ...(baseText === null ? [] : [`${baseText.replace(/;$/u, '')};${policyText(policy)}`]),
    ...rules.flatMap((rule) => ruleLines(rule, handles)),
    ...(cut ? [HIDDEN] : []),
  ];
  return [`chain ${name} {${handleText(chain.handle, handles)}`, ...body.map((line) => `\t${line}`), '}'];
}

function elementLines(set: NftSet, table: NftTable): readonly string[] {
  const elements = [...set.elements.map(printElement), ...(set.partial ? [HIDDEN] : [])];
  const width = elementsPerLine(set, table);
  const lines: string[] = [];
  for (let at = 0; at < elements.length; at += width) lines.push(elements.slice(at, at + width).join(', '));
  if (lines.length === 0) return [];
  return `elements = { ${lines.join(',\n\t     ')} }`.split('\n');
}

function typeLine({ type, typeOf, gives, givesTypeOf }: NftSet): readonly string[] {
  const data = givesTypeOf === null ? gives?.join(' . ') : printExpression(givesTypeOf);
  const keys = typeOf === null ? `type ${type.join(' . ')}` : `typeof ${printExpression(typeOf)}`;
  if (type.length === 0 && typeOf === null) return [];
  return [data === undefined ? keys : `${keys} : ${data}`];
}

/** Properties that nft prints before the flags. */
const BEFORE_FLAGS = /^(?:policy|size)\b/u;

function setLines(set: NftSet, table: NftTable, handles: boolean): readonly string[] {
  const body = [
    ...typeLine(set),
    ...set.properties.filter((line) => BEFORE_FLAGS.test(line)),
    ...(set.flags.length === 0 ? [] : [`flags ${set.flags.join(',')}`]),
    ...set.properties.filter((line) => !BEFORE_FLAGS.test(line)),
    ...elementLines(set, table),
  ];
  const isMap = set.gives !== null || set.givesTypeOf !== null;
  const head = `${isMap ? 'map' : 'set'} ${set.name} {${handleText(set.handle, handles)}`;
  return [head, ...body.map((line) => `\t${line}`), '}'];
}

function objectLines({ type, name, text, handle }: NftObject, handles: boolean): readonly string[] {
  const body = text === '' ? [] : text.split('\n').map((line) => `\t${line}`);
  return [`${name === '' ? type : `${type} ${name}`} {${handleText(handle, handles)}`, ...body, '}'];
}

/** Blocks with an empty line between them, below what the table says of itself. */
function tableText(table: NftTable, handles: boolean): string {
  const blocks = [
    ...table.objects.map((object) => objectLines(object, handles)),
    ...[...table.sets.values()].map((set) => setLines(set, table, handles)),
    ...[...table.chains.values()]
      .filter(({ inline }) => inline !== true)
      .map((chain) => chainLines(chain, table.family, handles)),
  ];
  const head = [
    ...commentLines(table.comment),
    ...(table.flags.length === 0 ? [] : [`flags ${table.flags.join(',')}`]),
  ];
  const between = head.length > 0 && blocks.length > 0 && table.flags.length > 0 ? [''] : [];
  const body = [...head, ...between, ...blocks.flatMap((block, at) => (at === 0 ? block : ['', ...block]))];
  const lines = body.map((line) => (line === '' ? '' : `\t${line}`));
  // The line is told apart from the listing by who reads it; where the table tells as much itself, it is not needed.
  const warning =
    table.managed && !looksManaged(table)
      ? `# Warning: table ${table.family} ${table.name} is managed by iptables-nft, do not touch!\n`
      : '';
  const opening = `table ${table.family} ${table.name} {${handleText(table.handle, handles)}`;
  return `${warning}${[opening, ...lines, '}'].join('\n')}\n`;
}

function unknownText({ name, text }: NftUnknownTable): string {
  return `${text ?? `table ${name} {\n\t${HIDDEN}\n}`}\n`;
}

/**
 * All tables, in their order, those of families that are not known last and as they were listed; '' for none.
 * @param handles print those that are known, as `nft -a` does
 */
export function printRuleset({ tables, unknownTables = [] }: NftRuleset, handles = false): string {
  return [...tables.map((table) => tableText(table, handles)), ...unknownTables.map(unknownText)].join('');
}
