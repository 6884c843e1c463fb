/** Reads the rule of a table's row with the rule reader: nothing may be wrong with it, and nothing opaque. */
import type { Family } from '../../src/address/address.js';
import type { BoundMatch } from '../../src/iptables/extension.js';
import { printRuleBody } from '../../src/iptables/print.js';
import { readRule } from '../../src/iptables/read/rule.js';
import type { ReadRule } from './rule.js';

/** Reads what follows `-A CHAIN`. @throws Error that says why it is refused */
export function plainRead(rule: string, family: Family): ReadRule {
  const read = readRule(rule, family);
  if (!('header' in read))
    throw new Error(read.map(({ code, params }) => `${code} ${JSON.stringify(params)}`).join(', '));
  const { protocol } = read.header;
  const matches: BoundMatch[] = [];
  for (const match of read.matches) {
    if ('opaque' in match) throw new Error(`-m ${match.name} is opaque`);
    matches.push(match);
  }
  if (read.action.kind === 'opaque') throw new Error(`-j ${read.action.name} is opaque`);
  return {
    text: printRuleBody(read),
    matches,
    target: read.action.kind === 'target' ? read.action.target : null,
    protocol: protocol === null || protocol.inverted ? null : protocol.value,
  };
}
