/** Reads one rule straight through the option tables: enough for the tables of extensions. */
import type { Family } from '../../src/address/address.js';
import {
  type OptionTable,
  BadValue,
  type BoundMatch,
  type BoundTarget,
  type Given,
} from '../../src/iptables/extension.js';
import { findMatch, findTarget } from '../../src/iptables/registry.js';
import type { ReadRule } from './rule.js';

const PROTOCOLS = new Map(
  Object.entries({
    icmp: 1,
    tcp: 6,
    udp: 17,
    dccp: 33,
    gre: 47,
    esp: 50,
    ah: 51,
    icmpv6: 58,
    'ipv6-icmp': 58,
    sctp: 132,
    udplite: 136,
  }),
);
const HEADER = new Set(['-s', '-d', '-i', '-o', '-p', '-f']);

function words(rule: string): string[] {
  return [...rule.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g)].map(([, quoted, plain = '']) =>
    quoted === undefined ? plain : quoted.replace(/\\(.)/g, '$1'),
  );
}

interface Section {
  readonly kind: 'match' | 'target';
  readonly name: string;
  readonly options: OptionTable;
  readonly values: Map<string, Given<unknown>>;
}

interface Draft {
  readonly header: string[];
  readonly sections: Section[];
  protocol: number | null;
  protocolName: string;
}

function open(kind: 'match' | 'target', name: string, family: Family, draft: Draft): void {
  const real = kind === 'match' && name === 'icmpv6' ? 'icmp6' : name;
  const found = kind === 'match' ? findMatch(real, family) : findTarget(real, family);
  if (found === null) throw new Error(`no ${kind} ${name} in family ${String(family)}`);
  if (found.protocols.length > 0 && !found.protocols.includes(draft.protocol ?? -1))
    throw new Error(`${name} needs -p`);
  draft.sections.push({ kind, name: real, options: found.options, values: new Map() });
}

function option(flag: string, inverted: boolean, rest: string[], family: Family, draft: Draft): void {
  for (const section of draft.sections.toReversed()) {
    for (const [key, spec] of Object.entries(section.options)) {
      if (spec.flag !== flag && !(spec.aliases ?? []).includes(flag)) continue;
      const sibling = Object.values(section.options).find((other) => other !== spec && other.flag === flag);
      if (sibling !== undefined && sibling.value.words > 0 && spec.value.words === 0) continue;
      if (inverted && spec.invert !== true) throw new Error(`! before ${flag}`);
      if (section.values.has(key) && spec.repeatable !== true) throw new Error(`${flag} twice`);
      const taken = rest.splice(0, spec.value.words);
      if (taken.length < spec.value.words) throw new Error(`${flag} lacks a value`);
      const value = spec.value.parse(taken, family);
      if (value instanceof BadValue) throw new Error(`${value.code} ${JSON.stringify(value.params)}`);
      section.values.set(key, { value, inverted });
      return;
    }
  }
  const implied = draft.sections.some((section) => section.name === draft.protocolName);
  if (implied || findMatch(draft.protocolName, family) === null) throw new Error(`unknown option ${flag}`);
  open('match', draft.protocolName, family, draft);
  option(flag, inverted, rest, family, draft);
}

function read(rest: string[], family: Family, draft: Draft): void {
  while (rest.length > 0) {
    let word = rest.shift() ?? '';
    const inverted = word === '!';
    if (inverted) word = rest.shift() ?? '';
    if (word === '-m') open('match', rest.shift() ?? '', family, draft);
    else if (word === '-j') open('target', rest.shift() ?? '', family, draft);
    else if (HEADER.has(word)) {
      const value = word === '-f' ? '' : (rest.shift() ?? '');
      if (word === '-p') {
        draft.protocolName = value === 'icmpv6' || value === 'ipv6-icmp' ? 'icmp6' : value;
        if (!inverted) draft.protocol = PROTOCOLS.get(value) ?? Number(value);
      }
      const shown = value === 'icmpv6' ? 'ipv6-icmp' : value;
      draft.header.push(`${inverted ? '! ' : ''}${word}${shown === '' ? '' : ` ${shown}`}`);
    } else option(word, inverted, rest, family, draft);
  }
}

/** Reads a rule. @throws Error that says why it is refused */
export function plainRead(rule: string, family: Family): ReadRule {
  const draft: Draft = { header: [], sections: [], protocol: null, protocolName: '' };
  read(words(rule), family, draft);
  const parts = [...draft.header];
  const matches: BoundMatch[] = [];
  let target: BoundTarget | null = null;
  for (const { kind, name, values } of draft.sections) {
    const raw = Object.fromEntries(values);
    const bound = (kind === 'match' ? findMatch(name, family) : findTarget(name, family))?.bind(raw, family);
    if (bound === undefined) throw new Error(`no ${name}`);
    if (bound instanceof BadValue) throw new Error(`${bound.code} ${JSON.stringify(bound.params)}`);
    parts.push(`${kind === 'match' ? '-m' : '-j'} ${name}${bound.text === '' ? '' : ` ${bound.text}`}`);
    if ('evaluate' in bound) matches.push(bound);
    else target = bound;
  }
  return { text: parts.join(' '), matches, target, protocol: draft.protocol };
}
