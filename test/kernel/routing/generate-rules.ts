/** Random policy rules. */
import { type Family, formatAddress } from '../../../src/address/address.js';
import { prefixOf } from '../../../src/address/prefix.js';
import { type PolicyAction, type PolicyRule, TABLE_ID } from '../../../src/routing/model.js';
import { DEVICES, TOS, someAddress } from './generate.js';
import { type Command, address, prefix } from './lab.js';
import type { Random } from './random.js';

const ACTIONS: readonly PolicyAction['kind'][] = [
  'lookup',
  'lookup',
  'lookup',
  'lookup',
  'lookup',
  'lookup',
  'lookup',
  'goto',
  'nop',
  'blackhole',
  'unreachable',
  'prohibit',
];

function actionOf(random: Random): { readonly text: string; readonly action: PolicyAction } {
  const kind = random.pick(ACTIONS);
  if (kind === 'goto') {
    const priority = random.pick([60, 120, 200, 32766, 32767]);
    return { text: `goto ${String(priority)}`, action: { kind, priority, unresolved: false } };
  }
  if (kind !== 'lookup') return { text: kind, action: { kind } };
  const table = random.pick([10, 20, 30, 40, 40, 50, TABLE_ID.main, TABLE_ID.default]);
  return { text: `lookup ${String(table)}`, action: { kind, table, name: String(table) } };
}

function networkText(random: Random, family: Family): string {
  const length = random.pick(family === 4 ? [8, 15, 16, 24, 24, 30, 32] : [16, 31, 32, 48, 48, 64, 128]);
  return `${formatAddress(prefixOf(address(someAddress(random, family)), length).address)}/${String(length)}`;
}

/** The selectors of a rule, each with the words that say it. */
function selectorsOf(
  random: Random,
  family: Family,
): {
  readonly words: readonly string[];
  readonly fields: Partial<PolicyRule>;
} {
  const words: string[] = [];
  const add = (
    probability: number,
    make: () => readonly [string, Partial<PolicyRule>],
  ): Partial<PolicyRule> => {
    if (!random.chance(probability)) return {};
    const [text, fields] = make();
    words.push(text);
    return fields;
  };
  const range = (): { readonly from: number; readonly to: number } =>
    random.pick([
      { from: 80, to: 80 },
      { from: 1000, to: 2000 },
    ]);
  const span = ({ from, to }: { readonly from: number; readonly to: number }): string =>
    from === to ? String(from) : `${String(from)}-${String(to)}`;
  const fields: Partial<PolicyRule> = {
    ...add(0.35, () => {
      const text = networkText(random, family);
      return [`from ${text}`, { from: prefix(text) }];
    }),
    ...add(0.25, () => {
      const text = networkText(random, family);
      return [`to ${text}`, { to: prefix(text) }];
    }),
    ...add(0.3, () =>
      random.pick([
        [`fwmark 0x10/0x10`, { fwmark: { value: 0x10, mask: 0x10 } }],
        ['fwmark 5', { fwmark: { value: 5, mask: 0xffffffff } }],
        ['fwmark 0/0xf0', { fwmark: { value: 0, mask: 0xf0 } }],
      ] as const),
    ),
    ...add(0.2, () => {
      const iif = random.pick(['lo', ...DEVICES, 'none0']);
      return [`iif ${iif}`, { iif }];
    }),
    ...add(0.1, () => {
      const oif = random.pick(DEVICES);
      return [`oif ${oif}`, { oif }];
    }),
    ...add(0.1, () => {
      const tos = random.pick(TOS);
      return [`tos 0x${tos.toString(16)}`, { tos }];
    }),
    ...add(0.15, () => {
      const ipproto = random.pick([6, 17]);
      return [`ipproto ${String(ipproto)}`, { ipproto }];
    }),
    ...add(0.12, () => {
      const sport = range();
      return [`sport ${span(sport)}`, { sport }];
    }),
    ...add(0.12, () => {
      const dport = range();
      return [`dport ${span(dport)}`, { dport }];
    }),
    ...add(0.1, () => {
      const uidRange = random.pick([
        { from: 0, to: 0 },
        { from: 100, to: 200 },
      ]);
      return [`uidrange ${String(uidRange.from)}-${String(uidRange.to)}`, { uidRange }];
    }),
  };
  return { words, fields };
}

export function ruleCommand(random: Random, family: Family): Command {
  const priority = random.pick([10, 50, 60, 60, 100, 110, 120, 120, 150, 200, 32766, 33000]);
  const { text, action } = actionOf(random);
  const { words, fields } = selectorsOf(random, family);
  const not = random.chance(0.15);
  const suppress = action.kind === 'lookup' && random.chance(0.25);
  const suppressPrefixLength = suppress && random.chance(0.7) ? random.pick([0, 0, 16, 24]) : null;
  const suppressGroup = suppress && random.chance(0.5) ? random.below(4) : null;
  const tail = [
    ...(suppressPrefixLength === null ? [] : [`suppress_prefixlength ${String(suppressPrefixLength)}`]),
    ...(suppressGroup === null ? [] : [`suppress_ifgroup ${String(suppressGroup)}`]),
  ];
  const line = [
    'rule add',
    ...(not ? ['not'] : []),
    `pref ${String(priority)}`,
    ...words,
    text,
    ...tail,
  ].join(' ');
  const rule: PolicyRule = {
    family,
    priority,
    not,
    from: null,
    to: null,
    tos: null,
    fwmark: null,
    iif: null,
    oif: null,
    ipproto: null,
    sport: null,
    dport: null,
    uidRange: null,
    opaque: [],
    action,
    suppressPrefixLength,
    suppressGroup,
    words: [],
    span: null,
    ...fields,
  };
  return { text: line, apply: (draft) => draft.addRule(rule) };
}
