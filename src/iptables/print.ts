/** The canonical text of rules, as `iptables -S` and iptables-save print it (iptables/xshared.c, iptables/iptables.c print_rule4). */
import { type Prefix, formatPrefix } from '../address/prefix.js';
import {
  BUILTIN_CHAINS,
  type Chain,
  type Counters,
  type Header,
  type HostName,
  type Invertible,
  type Rule,
  type RuleAction,
  type RuleMatch,
  type RuleSet,
  TABLES,
  type Table,
} from './model.js';
import { protocolName } from '../address/protocols.js';
import { plainWord } from './quoting.js';

/** The parts of a rule that its text shows beside the chain's name. */
export type RuleBody = Pick<Rule, 'header' | 'matches' | 'action'>;

function part<T>(flag: string, given: Invertible<T> | null, print: (value: T) => string): string {
  return given === null ? '' : `${given.inverted ? ' !' : ''} ${flag}${print(given.value)}`;
}

const address = (value: Prefix | HostName): string =>
  ` ${'hostName' in value ? value.hostName : formatPrefix(value)}`;

const device = (name: string): string => ` ${plainWord(name)}`;

function printHeader(header: Header): string {
  return (
    part('-s', header.source, address) +
    part('-d', header.destination, address) +
    part('-i', header.inInterface, device) +
    part('-o', header.outInterface, device) +
    part('-p', header.protocol, (number) => ` ${protocolName(number)}`) +
    part('-f', header.fragment, () => '')
  );
}

const after = (text: string): string => (text === '' ? '' : ` ${text}`);

function printMatch(match: RuleMatch): string {
  if (!('opaque' in match)) return ` -m ${match.extension.name}${after(match.text)}`;
  // A condition that belongs to no match stands as it stood.
  return match.name === '' ? after(match.text) : ` -m ${plainWord(match.name)}${after(match.text)}`;
}

function printAction(action: RuleAction): string {
  switch (action.kind) {
    case 'none':
      return '';
    case 'target':
      return ` -j ${action.target.extension.name}${after(action.target.text)}`;
    case 'chain':
      return ` ${action.goto ? '-g' : '-j'} ${plainWord(action.chain)}`;
    case 'opaque':
      return action.name === '' ? after(action.text) : ` -j ${plainWord(action.name)}${after(action.text)}`;
  }
}

/** Header, matches and target in canonical form, without `-A CHAIN`; '' for a rule that has none of them. */
export function printRuleBody(rule: RuleBody): string {
  return (
    printHeader(rule.header) +
    rule.matches.map(printMatch).join('') +
    printAction(rule.action)
  ).trimStart();
}

/** The line that `iptables -S` prints for a rule: `-A CHAIN …`. */
export function printRule(rule: Pick<Rule, 'chain'> & RuleBody): string {
  return `-A ${plainWord(rule.chain)}${after(printRuleBody(rule))}`;
}

const printCounters = (counters: Counters | null): string =>
  counters === null ? '[0:0]' : `[${String(counters.packets)}:${String(counters.bytes)}]`;

function ordered(table: Table): readonly Chain[] {
  const builtin = BUILTIN_CHAINS[table.name].flatMap((hook) => table.chains.get(hook) ?? []);
  return [...builtin, ...[...table.chains.values()].filter((chain) => !builtin.includes(chain))];
}

/** One table's block of iptables-save: built-in chains, user chains in the dump's order, their rules, COMMIT. */
export function printTable(table: Table): string {
  const chains = ordered(table);
  const lines = [`*${table.name}`];
  for (const chain of chains)
    lines.push(`:${plainWord(chain.name)} ${chain.policy ?? '-'} ${printCounters(chain.counters)}`);
  for (const chain of chains) for (const rule of chain.rules) lines.push(printRule(rule));
  lines.push('COMMIT', '');
  return lines.join('\n');
}

/** A rule set in the form of iptables-save, without its comments and without the rules' counters. */
export function printRuleSet(ruleSet: RuleSet): string {
  return TABLES.flatMap((name) => ruleSet.tables.get(name) ?? [])
    .map(printTable)
    .join('');
}
