/** A node with the user's changes in it. */
import type { Rule } from '../../src/iptables/model.js';
import type { Node } from '../../src/packet/node.js';
import { isNative } from '../../src/packet/any-rule.js';
import type { NftRule } from '../../src/nft/model.js';
import type { Span } from '../../src/source/source.js';
import type { Diagnostic } from '../../src/source/diagnostic.js';
import { withPolicy, withSysctls, withoutTarget } from '../../src/why/change.js';
import { withPolicyRules, withRoutes, withRules } from '../../src/why/replace.js';
import type { Edit, EditTarget } from '../shared/walk.js';
import { withAdded } from './added-rule.js';
import { type Read, readPolicyRule, readRoute, readRule } from './edit-text.js';

/** A change that cannot be made: its number among the edits, and why. */
export class BadEdit {
  readonly edit: number;
  readonly faults: readonly Diagnostic[];

  constructor(edit: number, faults: readonly Diagnostic[]) {
    this.edit = edit;
    this.faults = faults;
  }
}

interface Placed {
  readonly span: Span | null;
}

/** What stands at a line of a dump. */
function at<T extends Placed>(
  list: readonly T[],
  { file, line }: { file: string; line: number },
): T | undefined {
  return list.find(
    ({ span }) => span?.source.name === file && span.source.position(span.start).line === line,
  );
}

type RuleTarget = Extract<EditTarget, { kind: 'rule' }>;

function ruleAt(node: Node, target: RuleTarget): Rule | NftRule | undefined {
  const { family, place } = target;
  const native = node.nativeTables[family].find((one) => `${one.family} ${one.name}` === place.table);
  if (native !== undefined) return at(native.chains.get(place.chain)?.rules ?? [], target);
  const set = node.ruleSets[family];
  for (const one of [set, set.other]) {
    const table = [...(one?.tables.values() ?? [])].find(({ name }) => name === place.table);
    const rule = at(table?.chains.get(place.chain)?.rules ?? [], target);
    if (rule !== undefined) return rule;
  }
  return undefined;
}

type Applied = Node | readonly Diagnostic[];

function editRule(node: Node, target: RuleTarget, text: string | null, index: number): Applied {
  const rule = ruleAt(node, target);
  if (rule === undefined) return node;
  if (isNative(rule) || text === null)
    return withoutTarget(node, { kind: 'rule', family: target.family, rule });
  return used(readRule(text, node, target, index), text, (read) => withRules(node, rule, read));
}

/** Uses what was read, unless there is something wrong with it, or it is no line of that kind at all. */
function used<T>({ read, faults }: Read<T>, text: string, use: (read: readonly T[]) => Node): Applied {
  const isNone = read.length === 0 && text.trim() !== '';
  return faults.length > 0 || isNone ? faults : use(read);
}

function apply(node: Node, { target, text }: Edit, index: number): Applied {
  switch (target.kind) {
    case 'rule':
      return editRule(node, target, text, index);
    case 'added':
      return withAdded(node, text ?? '', index);
    case 'policy':
      return withPolicy(node, target.place, text === 'DROP' ? 'DROP' : 'ACCEPT');
    case 'sysctl':
      return withSysctls(node, new Map([[target.name, text ?? '0']]));
    case 'policy-rule': {
      const { family } = target;
      const rule = at(node.networks[family].rules, target);
      if (rule === undefined) return node;
      if (text === null) return withPolicyRules(node, family, rule, []);
      return used(readPolicyRule(text, family, index), text, (read) =>
        withPolicyRules(node, family, rule, read),
      );
    }
    case 'route': {
      const { family, table } = target;
      const route = at(node.networks[family].tables.get(table) ?? [], target);
      if (route === undefined) return node;
      if (text === null) return withRoutes(node, family, route, []);
      return used(readRoute(text, family, table, index), text, (read) =>
        withRoutes(node, family, route, read),
      );
    }
  }
}

/** The node with all changes, or the first that cannot be made. */
export function withEdits(node: Node, edits: readonly Edit[]): Node | BadEdit {
  let changed = node;
  for (const [index, edit] of edits.entries()) {
    const next = apply(changed, edit, index);
    if ('ruleSets' in next) changed = next;
    else return new BadEdit(index, next);
  }
  return changed;
}
