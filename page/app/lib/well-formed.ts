/** Is what a link holds what it should be? Links are made by anybody, and every part of the page relies on their form. */
import type { Ask } from '../../shared/protocol.js';
import { SLICE_VERSION, type Slice } from '../../shared/slice.js';

type Fields = Readonly<Record<string, unknown>>;
type Test = (value: unknown) => boolean;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText: Test = (value) => typeof value === 'string';
const isNumber: Test = (value) => typeof value === 'number' && Number.isSafeInteger(value);
const orNull =
  (test: Test): Test =>
  (value) =>
    value === null || test(value);
/** More of anything is no walk. */
const MOST = 2000;
const listOf =
  (test: Test): Test =>
  (value) =>
    Array.isArray(value) && value.length <= MOST && value.every((one) => test(one));
const oneOf =
  (...words: readonly string[]): Test =>
  (value) =>
    typeof value === 'string' && words.includes(value);
const shape =
  (fields: Readonly<Record<string, Test>>): Test =>
  (value) =>
    isFields(value) &&
    Object.entries(fields).every(([name, test]) =>
      test(Object.hasOwn(value, name) ? value[name] : undefined),
    );

const FORM_FIELDS = ['from', 'to', 'proto', 'in', 'mark', 'tcpFlags', 'icmp', 'ttl', 'uid', 'ct'] as const;
const form = shape(Object.fromEntries(FORM_FIELDS.map((name) => [name, isText])));
const STATE_FIELDS = ['src', 'dst', 'ttl', 'tos', 'mark', 'ct', 'ctmark', 'in', 'out', 'via'] as const;
const state = shape(Object.fromEntries(STATE_FIELDS.map((name) => [name, isText])));
const meaning = oneOf('good', 'bad', 'change', 'unknown', 'name', 'dim', 'strong');
const station = oneOf(
  ...['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING', 'in', 'out', 'local'],
  ...['route-input', 'route-output', 'reroute', 'forward'],
);
const told = shape({ label: isText, text: isText, meaning: orNull(meaning) });
const routeLine = shape({
  text: isText,
  line: isText,
  state: oneOf('decided', 'passed', 'missed', 'unreached'),
  reason: isText,
  place: orNull(isText),
});
const route = shape({
  title: isText,
  rules: listOf(routeLine),
  table: orNull(isText),
  routes: listOf(routeLine),
  more: isNumber,
  result: isText,
  otherwise: orNull(isText),
});
const step = shape({
  at: isNumber,
  group: isText,
  place: isText,
  depth: isNumber,
  rule: isText,
  result: isText,
  meaning: orNull(meaning),
  changes: listOf(isText),
  station,
  slot: isNumber,
  state,
  changed: listOf(oneOf(...STATE_FIELDS)),
  chain: orNull(shape({ table: isText, chain: isText })),
  route: orNull(route),
  settings: listOf(() => false),
  open: (value) => value === null,
});
const slot = shape({
  label: isText,
  native: (value) => typeof value === 'boolean',
  step: isNumber,
  met: oneOf('walked', 'empty', 'skipped', 'not-met'),
});
const leg = shape({
  name: isText,
  title: isText,
  from: isText,
  word: isText,
  meaning,
  rest: isText,
  reasons: listOf(told),
  certainty: listOf(told),
  stations: listOf(shape({ id: station, slots: listOf(slot), step: isNumber })),
  way: listOf(station),
  end: oneOf('out', 'local', 'lost'),
  start: state,
  steps: listOf(step),
  counts: isText,
});
const path = shape({
  title: isText,
  places: listOf(shape({ kind: isText, name: isText, word: isText, label: isText })),
  hops: listOf(
    shape({
      ...{ place: isNumber, layer: isNumber, leg: isNumber },
      ...{ through: isText, before: isText, after: isText, why: isText },
      changes: listOf(isText),
      back: (value) => typeof value === 'boolean',
      lost: (value) => typeof value === 'boolean',
    }),
  ),
  end: isText,
  reasons: listOf(isText),
});
const headlineFields = { chance: orNull(isText), word: isText, meaning, rest: isText } as const;
const headline = shape(headlineFields);
const outcome = shape({
  ...headlineFields,
  parts: orNull(isText),
  pick: orNull(isText),
  open: listOf(() => false),
  legs: listOf(leg),
  path: (value) => value === undefined || path(value),
});
const walk = shape({
  language: oneOf('en', 'ko'),
  outcomes: listOf(outcome),
  truncated: orNull(isText),
  changed: orNull(
    shape({
      texts: listOf(isText),
      edits: (value) => value === undefined || listOf(isText)(value),
      before: (value) => value === undefined || listOf(headline)(value),
    }),
  ),
  notes: listOf(isText),
});
const ruleLine = shape({
  number: isNumber,
  text: isText,
  place: isText,
  state: oneOf('matched', 'missed', 'maybe', 'unreached'),
  reason: isText,
  step: isNumber,
  owner: isText,
  reference: isText,
});
const chain = shape({
  title: isText,
  policy: orNull(isText),
  counts: shape({ matched: isNumber, missed: isNumber, maybe: isNumber, unreached: isNumber }),
  total: isNumber,
  shown: isNumber,
  from: isNumber,
  focus: isNumber,
  rows: listOf(ruleLine),
});
const sliced = shape({
  walk,
  chains: listOf(chain),
  at: (value) => isFields(value) && Object.values(value).every(isNumber),
});
const slice = shape({
  v: (value) => value === SLICE_VERSION,
  packet: form,
  digest: isText,
  walks: (value) => isFields(value) && Object.values(value).length > 0 && Object.values(value).every(sliced),
});

export function isSlice(value: unknown): value is Slice {
  return slice(value);
}

const family: Test = (value) => value === 4 || value === 6;
const place = shape({
  table: isText,
  chain: isText,
  backend: (value) => value === undefined || value === 'legacy' || value === 'nft',
});
const line = { family, file: isText, line: isNumber } as const;
const kind = (name: string): Test => oneOf(name);
const TARGETS: readonly Test[] = [
  shape({ kind: kind('rule'), place, ...line }),
  shape({ kind: kind('policy-rule'), ...line }),
  shape({ kind: kind('route'), table: isNumber, ...line }),
  shape({ kind: kind('policy'), family, place }),
  shape({ kind: kind('sysctl'), name: isText }),
  shape({ kind: kind('added'), number: isNumber }),
];
const ofNode = shape({ node: (value) => value === undefined || isText(value) });
const target: Test = (value) => ofNode(value) && TARGETS.some((test) => test(value));
const ask = shape({
  packet: form,
  settled: listOf(isText),
  pick: orNull(isText),
  edits: listOf(shape({ target, text: orNull(isText), was: isText })),
  flow: (value) => typeof value === 'boolean',
});

export function isAsk(value: unknown): value is Ask {
  return ask(value);
}
