/** The fields of an outcome that `expect:` may name: what each is in a walk, and how a wanted value is read. */
import { formatAddress, parseAddress } from '../address/address.js';
import type { FinalPacket, Outcome, Translation, TupleText, VerdictName } from '../packet/result.js';
import type { Faults } from './reading.js';
import { readShare } from './share.js';
import { SEES, type Subject, seesOf } from './subject.js';
import type { Scalar } from './tree.js';

/** A wanted value, read: its canonical text, and whether what a walk has is it. */
export interface Wish {
  readonly text: string;
  readonly fits: (got: string | null) => boolean;
}

export interface Field {
  /** What a walk has; null where it has none. */
  readonly got: (subject: Subject) => string | null;
  /** Reads a wanted value; null after telling what is wrong. */
  readonly wish: (scalar: Scalar, key: string, faults: Faults) => Wish | null;
}

const exactly = (text: string): Wish => ({ text, fits: (got) => got === text });

const readText: Field['wish'] = (scalar, key, faults) => {
  const text = faults.text(scalar, key);
  return text === null ? null : exactly(text);
};

const readChoice =
  (choices: readonly string[]): Field['wish'] =>
  (scalar, key, faults) => {
    const found = faults.choice(scalar, key, choices);
    return found === null ? null : exactly(found);
  };

const readNumber =
  (most: number): Field['wish'] =>
  (scalar, key, faults) => {
    const value = faults.number(scalar, key, 0, most);
    return value === null ? null : exactly(String(value));
  };

/** A number, or the range `LOW-HIGH` that the kernel draws it from. */
const readPort: Field['wish'] = (scalar, key, faults) =>
  /^\d{1,5}-\d{1,5}$/.test(scalar.text) ? exactly(scalar.text) : readNumber(65535)(scalar, key, faults);

const canonical = (text: string): string | null => {
  const address = parseAddress(text);
  return address === null ? null : formatAddress(address);
};

const readAddress: Field['wish'] = (scalar, key, faults) => {
  const text = faults.text(scalar, key);
  if (text === null) return null;
  const address = canonical(text);
  if (address === null) faults.tell('CHECK_ADDRESS', scalar.span, { key, text });
  return address === null ? null : exactly(address);
};

/** `ADDRESS`, `ADDRESS:PORT` or `ADDRESS:LOW-HIGH`; without a port any port will do. */
const readTranslated: Field['wish'] = (scalar, key, faults) => {
  const text = faults.text(scalar, key);
  if (text === null) return null;
  const plain = canonical(text);
  if (plain !== null) return { text: plain, fits: (got) => got !== null && addressIn(got) === plain };
  const [, six, four, port = ''] = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5}(?:-\d{1,5})?)$/.exec(text) ?? [];
  const address = canonical(six ?? four ?? '');
  if (address === null) {
    faults.tell('CHECK_ADDRESS', scalar.span, { key, text });
    return null;
  }
  return exactly(address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`);
};

/** The address of `ADDRESS[:PORT]`. */
export function addressIn(end: string): string {
  if (canonical(end) !== null) return end;
  return /^\[([^\]]+)\]/.exec(end)?.[1] ?? end.slice(0, end.lastIndexOf(':'));
}

const MARK = /^(0x[0-9a-f]{1,8}|\d{1,10})(?:\/(0x[0-9a-f]{1,8}|\d{1,10}))?$/i;

/** `VALUE` or `VALUE/MASK`. What is not known of a mark, `0x0?0x80`, is no match where it is looked at. */
const readMark: Field['wish'] = (scalar, key, faults) => {
  const text = faults.text(scalar, key);
  if (text === null) return null;
  const [, value, mask = '0xffffffff'] = MARK.exec(text) ?? [];
  const [wanted, looked] = [Number(value), Number(mask)];
  if (!(wanted <= 0xffffffff && looked <= 0xffffffff)) {
    faults.tell('CHECK_MARK', scalar.span, { key, text });
    return null;
  }
  const fits = (got: string | null): boolean => {
    if (got === null) return false;
    const [known = '', unknown = '0'] = got.split('?');
    const open = (Number(unknown) & looked) !== 0;
    return !open && ((Number(known) ^ wanted) & looked) === 0;
  };
  const hex = (number: number): string => `0x${number.toString(16)}`;
  return { text: looked === 0xffffffff ? hex(wanted) : `${hex(wanted)}/${hex(looked)}`, fits };
};

const markText = (mark: string, unknown: string | undefined): string =>
  unknown === undefined ? mark : `${mark}?${unknown}`;

const rangeText = (range: readonly [number | string, number | string]): string => range.join('-');

const number = (value: number | undefined, range: readonly [number, number] | undefined): string | null =>
  range === undefined ? (value === undefined ? null : String(value)) : rangeText(range);

const final = (read: (final: FinalPacket) => string | null): Field['got'] => {
  return ({ outcome }) => read(outcome.final);
};

const of =
  (read: (outcome: Outcome) => string | number | null | undefined): Field['got'] =>
  ({ outcome }) => {
    const value = read(outcome);
    return value === null || value === undefined ? null : String(value);
  };

const VERDICTS: readonly VerdictName[] = [
  'forwarded',
  'sent',
  'delivered',
  'dropped',
  'rejected',
  'unroutable',
];

const ruleOf = (
  rule: {
    readonly table: string;
    readonly chain: string;
    readonly number: number;
    readonly family?: string;
  } | null,
): string | null =>
  rule === null
    ? null
    : `${rule.family === undefined ? '' : `${rule.family} `}${rule.table}/${rule.chain}:${String(rule.number)}`;

const translation = (
  read: (outcome: Outcome) => Translation | null,
): Readonly<Record<'from' | 'to' | 'rule', Field>> => ({
  from: { got: of((outcome) => read(outcome)?.from), wish: readTranslated },
  to: { got: of((outcome) => read(outcome)?.to), wish: readTranslated },
  rule: { got: of((outcome) => ruleOf(read(outcome)?.rule ?? null)), wish: readText },
});

const snat = translation(({ snat: one }) => one);
const dnat = translation(({ dnat: one }) => one);

const policyRule: Field = { got: of(({ egress }) => egress?.policyRule), wish: readNumber(0xffffffff) };
const ERRNOS = ['ENETUNREACH', 'EHOSTUNREACH', 'EACCES', 'EINVAL', 'EADDRNOTAVAIL'] as const;

const EGRESS: Readonly<Record<string, Field>> = {
  iface: { got: of(({ egress }) => (egress === null ? null : (egress.iface ?? '?'))), wish: readText },
  via: { got: of(({ egress }) => egress?.via), wish: readAddress },
  table: { got: of(({ egress }) => egress?.table), wish: readText },
  'policy-rule': policyRule,
  policyRule,
  route: { got: of(({ egress }) => egress?.route), wish: readText },
};

const FINAL: Readonly<Record<string, Field>> = {
  proto: { got: final(({ proto }) => proto), wish: readText },
  src: {
    got: final(({ src, srcRange }) => (srcRange === undefined ? (src ?? null) : rangeText(srcRange))),
    wish: readAddress,
  },
  dst: {
    got: final(({ dst, dstRange }) => (dstRange === undefined ? (dst ?? null) : rangeText(dstRange))),
    wish: readAddress,
  },
  sport: { got: final(({ sport, sportRange }) => number(sport, sportRange)), wish: readPort },
  dport: { got: final(({ dport, dportRange }) => number(dport, dportRange)), wish: readPort },
  'icmp-id': { got: final(({ icmpId, icmpIdRange }) => number(icmpId, icmpIdRange)), wish: readPort },
  mark: { got: final(({ mark, markUnknown }) => markText(mark, markUnknown)), wish: readMark },
  ttl: { got: final(({ ttl }) => String(ttl)), wish: readNumber(255) },
  tos: { got: final(({ tos }) => String(tos)), wish: readNumber(255) },
};

const ctMark: Field = {
  got: of(({ conntrack }) => (conntrack === null ? null : markText(conntrack.mark, conntrack.markUnknown))),
  wish: readMark,
};

type Direction = 'original' | 'reply';

/** One direction of the connection's entry. */
const tuple = (direction: Direction): Readonly<Record<string, Field>> => {
  const read =
    (value: (one: TupleText) => string | null): Field['got'] =>
    ({ outcome: { conntrack } }) =>
      conntrack === null ? null : value(conntrack[direction]);
  return {
    proto: { got: read(({ proto }) => proto), wish: readText },
    src: {
      got: read(({ src, srcRange }) => (srcRange === undefined ? (src ?? null) : rangeText(srcRange))),
      wish: readAddress,
    },
    dst: {
      got: read(({ dst, dstRange }) => (dstRange === undefined ? (dst ?? null) : rangeText(dstRange))),
      wish: readAddress,
    },
    sport: { got: read(({ sport, sportRange }) => number(sport, sportRange)), wish: readPort },
    dport: { got: read(({ dport, dportRange }) => number(dport, dportRange)), wish: readPort },
    'icmp-id': { got: read(({ icmpId, icmpIdRange }) => number(icmpId, icmpIdRange)), wish: readPort },
  };
};

/** Words of an entry's status (enum ip_conntrack_status), all of which it must have. */
const STATUS = ['CONFIRMED', 'SEEN_REPLY', 'ASSURED', 'SRC_NAT', 'DST_NAT'] as const;

const readStatus: Field['wish'] = (scalar, key, faults) => {
  const text = faults.text(scalar, key);
  if (text === null) return null;
  const words = text.split(' ').filter((word) => word !== '');
  const wrong = words.find((word) => !STATUS.some((known) => known === word));
  if (words.length === 0 || wrong !== undefined) {
    faults.choice({ ...scalar, text: wrong ?? '' }, key, STATUS);
    return null;
  }
  return {
    text: words.join(' '),
    fits: (got) => got !== null && words.every((word) => got.split(' ').includes(word)),
  };
};

const statusField: Field = {
  got: of(({ conntrack }) => conntrack?.status.join(' ')),
  wish: readStatus,
};

/** How likely the outcome is: 1 says that nothing is left to chance. */
const probabilityField: Field = {
  got: of(({ probability }) => probability),
  wish: (scalar, key, faults) => {
    const share = readShare(scalar, key, faults);
    if (share === null) return null;
    const { probability, tolerance } = share;
    return {
      text: String(probability),
      fits: (got) => got !== null && Math.abs(Number(got) - probability) <= tolerance + 1e-9,
    };
  },
};

/** Why packets are dropped: the ids of the catalogue without DROP_. */
export const DROP_REASONS = [
  'rule',
  'policy',
  'rp_filter',
  'martian',
  'martian_source',
  'martian_destination',
  'link_local',
  'ttl',
  'ip_forward',
  'jump-loop',
  'device-down',
  'no-carrier',
  'synproxy',
  'mtu',
  'no-neighbour',
  'blackhole',
  'multicast',
  'clash',
  'redirect',
  'not-to-host',
  'hairpin',
  'unanswered',
  'no-address',
  'masquerade-device',
] as const;

const reasonField: Field = { got: of(({ drop }) => drop?.reason), wish: readChoice(DROP_REASONS) };

/** Fields that are values. */
export const FIELDS: Readonly<Record<string, Field>> = {
  verdict: { got: of(({ verdict }) => verdict), wish: readChoice(VERDICTS) },
  via: { got: of(({ egress }) => egress?.via), wish: readAddress },
  table: { got: of(({ egress }) => egress?.table), wish: readText },
  'policy-rule': policyRule,
  route: { got: of(({ egress }) => egress?.route), wish: readText },
  'ct-mark': ctMark,
  probability: probabilityField,
  'sender-sees': { got: (subject) => seesOf(subject), wish: readChoice(SEES) },
  ...FINAL,
};

/** A field that is a value or a mapping: its short form, and what the mapping may hold. */
export interface Group {
  readonly short: Field | null;
  readonly of: Readonly<Record<string, Field | Group>>;
}

/** Fields that are a value or a mapping. */
export const GROUPS: Readonly<Record<string, Group>> = {
  egress: { short: EGRESS['iface'] ?? null, of: EGRESS },
  snat: { short: snat.to, of: snat },
  dnat: { short: dnat.to, of: dnat },
  final: { short: null, of: FINAL },
  reject: {
    short: { got: of(({ reject }) => reject?.with), wish: readText },
    of: {
      with: { got: of(({ reject }) => reject?.with), wish: readText },
      to: { got: of(({ reject }) => reject?.to), wish: readAddress },
    },
  },
  drop: {
    short: reasonField,
    of: {
      reason: reasonField,
      table: { got: of(({ drop }) => drop?.table ?? drop?.rule?.table), wish: readText },
      chain: { got: of(({ drop }) => drop?.chain ?? drop?.rule?.chain), wish: readText },
      rule: { got: of(({ drop }) => ruleOf(drop?.rule ?? null)), wish: readText },
    },
  },
  unroutable: {
    short: { got: of(({ unroutable }) => unroutable?.errno), wish: readChoice(ERRNOS) },
    of: { errno: { got: of(({ unroutable }) => unroutable?.errno), wish: readChoice(ERRNOS) } },
  },
  conntrack: {
    short: null,
    of: {
      mark: ctMark,
      status: statusField,
      original: { short: null, of: tuple('original') },
      reply: { short: null, of: tuple('reply') },
    },
  },
};
