/** What listings differ in, and the steps that decide, as lines of a diff name them. */
import { formatAddress } from '../address/address.js';
import type { Deciding } from '../diff/cause.js';
import type { Difference, Thing } from '../diff/difference.js';
import { printElement } from '../nft/print-expression.js';
import { printEntry } from '../packet/conntrack-entry.js';
import type { Step } from '../packet/steps.js';
import { printPolicyRule } from '../routing/print.js';
import type { Span } from '../source/source.js';
import { conntrackRow, natRow } from './conntrack-row.js';
import { forwardRow, reversePathRow, routeRow, sourceRow } from './route-row.js';
import { ruleWithPlace } from './reason.js';
import type { Row } from './row.js';
import { placeOf, ruleRef, tableLabel } from './rule-ref.js';
import type { View } from './view.js';

/** Something of a listing: its line as the tools print it, and where it stands. */
export interface Named {
  readonly text: string;
  readonly span: Span | null;
}

/** Names what one side has. */
export function namedThing(thing: Thing): Named {
  switch (thing.kind) {
    case 'rule':
      return { text: `${ruleRef(thing.rule).table}: ${ruleRef(thing.rule).text}`, span: thing.rule.span };
    case 'chain':
      return { text: `${thing.table.key}: ${thing.chain} policy ${thing.policy}`, span: null };
    case 'policy-rule':
      return { text: printPolicyRule(thing.rule).replace('\t', ' '), span: thing.rule.span };
    case 'route':
      return { text: thing.route.text, span: thing.route.span };
    case 'address': {
      const { address, length } = thing.address;
      return { text: `${thing.device} ${formatAddress(address)}/${String(length)}`, span: null };
    }
    case 'link': {
      const { name, up, mtu, master, span } = thing.link;
      const of = master === null ? '' : ` master ${master}`;
      return { text: `${name} ${up ? 'UP' : 'DOWN'} mtu ${String(mtu ?? '?')}${of}`, span };
    }
    case 'setting':
      return { text: `${thing.name} = ${thing.value}`, span: null };
    case 'element': {
      const { set, entry } = thing;
      return { text: `add ${set.name} ${entry.text}${entry.nomatch ? ' nomatch' : ''}`, span: entry.span };
    }
    case 'native-element': {
      const { table, set, element } = thing;
      const text = `${table.family} ${table.name} ${set.name} { ${printElement(element)} }`;
      return { text, span: set.span };
    }
    case 'set':
      return { text: `set ${thing.name} ${thing.text}`, span: null };
    case 'connection':
      return { text: printEntry(thing.entry), span: thing.entry.span };
    case 'ground':
      return { text: thing.text, span: null };
  }
}

/** Differences that stand in a listing: what a snapshot does not show, warnings tell. */
export function listed(differences: readonly Difference[]): readonly Difference[] {
  return differences.filter(({ thing }) => thing.kind !== 'ground');
}

function rowText(row: Row | null): string {
  if (row === null) return '';
  const { group, place, result, changes, detail } = row;
  return [group, place, result, ...changes, detail].filter((part) => part !== '').join('  ');
}

function stepText(step: Step, view: View): string {
  switch (step.kind) {
    case 'rule':
    case 'maybe':
      return `${ruleWithPlace(step.rule, view)}  ${ruleRef(step.rule).text}`;
    case 'policy':
      return `${tableLabel(step)} ${step.chain} policy ${step.policy}`;
    case 'route':
      return `${rowText(routeRow(step, 0, view))}${policyPlace(step)}`;
    case 'rp-filter':
      return rowText(reversePathRow(step, 0, view));
    case 'forward':
      return rowText(forwardRow(step, 0, view));
    case 'source':
      return rowText(sourceRow(step, 0, view));
    case 'conntrack':
      return rowText(conntrackRow(step, 0, view));
    case 'nat': {
      const by = step.by === null ? '' : `  ${ruleWithPlace(step.by, view)}`;
      return `${rowText(natRow(step, 0, view))}${by}`.trim();
    }
    case 'drop':
      return step.rule === null ? view.tell(`DROP_${step.reason}`) : ruleWithPlace(step.rule, view);
    case 'reject':
      return ruleWithPlace(step.rule, view);
    case 'deliver':
      return `${view.say('DELIVERED')} ${step.device}`;
    case 'send':
      return `${view.say('LEAVES')} ${view.say('BY', { device: step.device })}`;
    case 'unroutable':
      return step.errno;
    case 'enter':
    case 'table':
    case 'nat-skipped':
    case 'chain-end':
    case 'loopback':
      return step.kind;
  }
}

function policyPlace({ rule }: Extract<Step, { kind: 'route' }>): string {
  return rule?.span === null || rule === null ? '' : `  (${placeOf(rule.span)})`;
}

/** A step that decides, in one line. */
export function decidingText(deciding: Deciding | null, view: View): string {
  if (deciding === null) return view.say('DIFF_NOTHING');
  const text = stepText(deciding.step, view);
  return deciding.way === 'reply' ? `${text} ${view.say('DIFF_IN_ANSWER')}` : text;
}
