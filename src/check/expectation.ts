/** `expect:` of a flow, read: what every outcome must be, and what none may be. */
import { isMessageId } from '../explain/messages/index.js';
import type { Span } from '../source/source.js';
import { type Field, FIELDS, GROUPS, type Group, type Wish } from './fields.js';
import { readEndpoint } from './packet.js';
import { type Share, readShare } from './share.js';
import type { Faults } from './reading.js';
import { type RuleName, readRuleName } from './rule-name.js';
import { type Mapping, type Tree, itemsOf } from './tree.js';

/** A field with the values it may have. */
export interface Wanted {
  /** As the spec names it: `egress`, `drop.reason`. */
  readonly key: string;
  readonly span: Span;
  readonly got: Field['got'];
  readonly wishes: readonly Wish[];
}

/** A rule that has to be on the way, or may not be. */
export interface Passing {
  readonly name: RuleName;
  readonly text: string;
  readonly span: Span;
}

/** How often an endpoint is to be reached. */
export interface EndpointShare extends Share {
  /** `ADDRESS:PORT`, or an address alone. */
  readonly endpoint: string;
  readonly span: Span;
}

export interface Expectation {
  readonly span: Span;
  readonly wanted: readonly Wanted[];
  readonly contains: readonly Passing[];
  readonly excludes: readonly Passing[];
  /** An outcome that has all of these is a failure; null when nothing is forbidden. */
  readonly never: { readonly wanted: readonly Wanted[]; readonly span: Span } | null;
  readonly endpoints: { readonly shares: readonly EndpointShare[]; readonly span: Span } | null;
  /** Of the answer; `none`: there is to be none. Null when nothing is said of it. */
  readonly reply: Expectation | { readonly none: Span } | null;
  /** Codes of what an outcome may rest on. */
  readonly assumptions: ReadonlySet<string>;
}

/** Words of `expect:` beside the fields. */
const OWN_KEYS = ['path', 'never', 'endpoints', 'reply', 'assumptions'] as const;

const FIELD_KEYS: readonly string[] = [...new Set([...Object.keys(FIELDS), ...Object.keys(GROUPS)])];

/** Every word of `expect:`. */
export const EXPECT_KEYS: readonly string[] = [...FIELD_KEYS, ...OWN_KEYS];

const NONE: Wish = { text: 'none', fits: (got) => got === null };

function readWishes(tree: Tree, field: Field, key: string, faults: Faults): readonly Wish[] {
  const items = itemsOf(tree);
  if (items.length === 0) faults.tell('CHECK_NOT_TEXT', tree.span, { key });
  return items.flatMap((item) => {
    if (item.kind === 'scalar' && item.value === null) return [NONE];
    const scalar = faults.scalar(item, key);
    return scalar === null ? [] : (field.wish(scalar, key, faults) ?? []);
  });
}

/** What a walk has of a group: null where it has nothing of it. */
function gotOf({ of }: Group): Field['got'] {
  const [first] = Object.values(of);
  if (first === undefined) return () => null;
  return 'of' in first ? gotOf(first) : first.got;
}

function readGroup(group: Group, key: string, value: Tree, faults: Faults): readonly Wanted[] {
  const { short, of } = group;
  if (value.kind !== 'map') {
    const isNone = value.kind === 'scalar' && value.value === null;
    if (short !== null) return readField(short, key, value, faults);
    if (isNone) return [{ key, span: value.span, got: gotOf(group), wishes: [NONE] }];
    faults.map(value, key);
    return [];
  }
  if (value.entries.length === 0) faults.tell('CHECK_NOTHING', value.span, { key });
  faults.keys(value, Object.keys(of));
  return value.entries.flatMap((inner) => {
    const part = Object.hasOwn(of, inner.key) ? of[inner.key] : undefined;
    return part === undefined ? [] : readPart(part, `${key}.${inner.key}`, inner.value, faults);
  });
}

function readField(field: Field, key: string, value: Tree, faults: Faults): readonly Wanted[] {
  const wishes = readWishes(value, field, key, faults);
  return wishes.length === 0 ? [] : [{ key, span: value.span, got: field.got, wishes }];
}

function readPart(part: Field | Group, key: string, value: Tree, faults: Faults): readonly Wanted[] {
  return 'of' in part ? readGroup(part, key, value, faults) : readField(part, key, value, faults);
}

function readFields({ entries }: Mapping, faults: Faults): readonly Wanted[] {
  return entries.flatMap(({ key, value }) => {
    const group = Object.hasOwn(GROUPS, key) ? GROUPS[key] : undefined;
    const part = group ?? (Object.hasOwn(FIELDS, key) ? FIELDS[key] : undefined);
    return part === undefined ? [] : readPart(part, key, value, faults);
  });
}

function readPassing(tree: Tree, key: string, faults: Faults): readonly Passing[] {
  return itemsOf(tree).flatMap((item) => {
    const text = faults.text(item, key);
    if (text === null) return [];
    const name = readRuleName(text);
    if (name !== null) return [{ name, text, span: item.span }];
    faults.tell('CHECK_RULE_NAME', item.span, { text });
    return [];
  });
}

function readPath(
  tree: Tree,
  faults: Faults,
): { readonly contains: readonly Passing[]; readonly excludes: readonly Passing[] } {
  const map = faults.map(tree, 'path');
  if (map === null) return { contains: [], excludes: [] };
  faults.keys(map, ['contains', 'excludes']);
  if (map.entries.length === 0) faults.tell('CHECK_NOTHING', map.span, { key: 'path' });
  const read = (key: string): readonly Passing[] =>
    map.entries.flatMap((entry) => (entry.key === key ? readPassing(entry.value, key, faults) : []));
  return { contains: read('contains'), excludes: read('excludes') };
}

function readNever(tree: Tree, faults: Faults): Expectation['never'] {
  const map = faults.map(tree, 'never');
  if (map === null) return null;
  faults.keys(map, FIELD_KEYS);
  if (map.entries.length === 0) faults.tell('CHECK_NOTHING', map.span, { key: 'never' });
  const wanted = readFields(map, faults);
  return wanted.length === 0 ? null : { wanted, span: map.span };
}

function readEndpoints(tree: Tree, faults: Faults): Expectation['endpoints'] {
  const map = faults.map(tree, 'endpoints');
  if (map === null) return null;
  if (map.entries.length === 0) faults.tell('CHECK_NOTHING', map.span, { key: 'endpoints' });
  const shares = map.entries.flatMap(({ key, keySpan, value }) => {
    const end = readEndpoint(key);
    if (end === null) faults.tell('CHECK_ADDRESS', keySpan, { key: 'endpoints', text: key });
    const share = readShare(value, key, faults);
    return end === null || share === null ? [] : [{ ...share, endpoint: key, span: keySpan }];
  });
  return { shares, span: map.span };
}

function readReply(tree: Tree, faults: Faults): Expectation['reply'] {
  if (tree.kind === 'scalar' && tree.value === null) return { none: tree.span };
  const map = faults.map(tree, 'reply');
  if (map === null) return null;
  const known = EXPECT_KEYS.filter((key) => key !== 'reply' && key !== 'endpoints');
  faults.keys(map, known);
  if (map.entries.length === 0) faults.tell('CHECK_NOTHING', map.span, { key: 'reply' });
  return readMap({ ...map, entries: map.entries.filter(({ key }) => known.includes(key)) }, faults);
}

/** Codes of assumptions, one or a list. */
export function readCodes(tree: Tree, key: string, faults: Faults): ReadonlySet<string> {
  const codes = new Set<string>();
  for (const item of itemsOf(tree)) {
    const code = faults.text(item, key);
    if (code === null) continue;
    if (isMessageId(code) && /^(?:UNK|ASM)_/.test(code)) codes.add(code);
    else faults.tell('CHECK_CODE', item.span, { code });
  }
  return codes;
}

function readMap(map: Mapping, faults: Faults): Expectation {
  const given = (name: string): Tree | null => map.entries.find((entry) => entry.key === name)?.value ?? null;
  const [path, never, endpoints, reply, codes] = [
    given('path'),
    given('never'),
    given('endpoints'),
    given('reply'),
    given('assumptions'),
  ];
  return {
    span: map.span,
    wanted: readFields(map, faults),
    ...(path === null ? { contains: [], excludes: [] } : readPath(path, faults)),
    never: never === null ? null : readNever(never, faults),
    endpoints: endpoints === null ? null : readEndpoints(endpoints, faults),
    reply: reply === null ? null : readReply(reply, faults),
    assumptions: codes === null ? new Set() : readCodes(codes, 'assumptions', faults),
  };
}

/** Reads an expectation. @returns null after telling that it is none */
export function readExpectation(tree: Tree, faults: Faults): Expectation | null {
  const map = faults.map(tree, 'expect');
  if (map === null) return null;
  faults.keys(map, EXPECT_KEYS);
  if (map.entries.length === 0) faults.tell('CHECK_NOTHING', map.span, { key: 'expect' });
  return readMap(map, faults);
}
