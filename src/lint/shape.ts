/** What a rule asks of a packet, in a form in which two rules can be compared. */
import type { RuleKind } from '../iptables/digest.js';
import type { BoundMatch } from '../iptables/extension.js';
import type { Header, Rule } from '../iptables/model.js';
import type { Span } from '../source/source.js';

/** Inclusive spans of port numbers. */
export type Spans = readonly (readonly [number, number])[];

export interface Shape {
  readonly header: Header;
  readonly sport: Spans | null;
  readonly dport: Spans | null;
  /** Connection states of which the packet must have one. */
  readonly states: ReadonlySet<string> | null;
  /** Every other condition, word by word. */
  readonly others: ReadonlySet<string>;
  /** It always gives the same answer about the same packet: no chance, no clock, no count, nothing unread. */
  readonly isFirm: boolean;
  /** It asks for something that rules may change on the way: a mark, the TOS byte, the TTL, an IP set. */
  readonly isChangeable: boolean;
}

/** Matches whose answer rests on the packet, the node and the connection alone. */
const FIRM: ReadonlySet<string> = new Set([
  ...['addrtype', 'ah', 'comment', 'connmark', 'conntrack', 'dccp', 'devgroup', 'dscp', 'dst', 'ecn', 'esp'],
  ...['eui64', 'frag', 'hbh', 'hl', 'icmp', 'icmp6', 'iprange', 'ipv6header', 'length', 'mac', 'mark', 'mh'],
  ...[
    'multiport',
    'owner',
    'physdev',
    'pkttype',
    'policy',
    'realm',
    'rpfilter',
    'rt',
    'sctp',
    'set',
    'state',
  ],
  ...['tcp', 'tcpmss', 'tos', 'ttl', 'u32', 'udp', 'udplite'],
]);

/** Those among them that read what a rule may have changed since. */
const CHANGEABLE: ReadonlySet<string> = new Set([
  ...['connmark', 'dscp', 'ecn', 'hl', 'mark', 'rpfilter', 'set', 'tos', 'ttl', 'u32'],
]);

const PORTED: ReadonlySet<string> = new Set(['tcp', 'udp', 'udplite', 'sctp', 'dccp']);

function spansOf(text: string): Spans {
  return text.split(',').map((part) => {
    const [from = '', to = from] = part.split(':');
    return [Number(from), Number(to)] as const;
  });
}

interface Draft {
  sport: Spans | null;
  dport: Spans | null;
  states: ReadonlySet<string> | null;
  others: Set<string>;
}

/** Takes the options of a match apart: `--dport 80 ! --sport 5`. The first of a kind is understood, all others kept as words. */
function takeApart({ extension, text }: BoundMatch, draft: Draft): void {
  const { name } = extension;
  for (const option of text.split(/(?<!!) (?=(?:! )?--)/)) {
    if (option === '') continue;
    const [flag = '', ...values] = option.split(' ');
    const value = values.join(' ');
    const isMulti = name === 'multiport';
    if ((PORTED.has(name) && flag === '--sport') || (isMulti && flag === '--sports')) {
      if (draft.sport === null) {
        draft.sport = spansOf(value);
        continue;
      }
    } else if ((PORTED.has(name) && flag === '--dport') || (isMulti && flag === '--dports')) {
      if (draft.dport === null) {
        draft.dport = spansOf(value);
        continue;
      }
    } else if ((name === 'conntrack' && flag === '--ctstate') || (name === 'state' && flag === '--state')) {
      if (draft.states === null) {
        draft.states = new Set(value.split(','));
        continue;
      }
    }
    // `state` and `conntrack` ask the same in other words; most matches say no more than their options.
    const kind = isMulti || PORTED.has(name) ? 'port' : name === 'state' ? 'conntrack' : name;
    draft.others.add(`${kind} ${option.replace('--state ', '--ctstate ')}`);
  }
}

/** Options of these say one thing together: they are kept as one. */
const WHOLE: ReadonlySet<string> = new Set(['addrtype', 'policy', 'rpfilter', 'set', 'u32', 'physdev', 'rt']);

/** May a rule of the kind always give the same answer about the same packet? */
export function isFirmKind({ matches }: RuleKind): boolean {
  return matches.every((match) => !('opaque' in match) && FIRM.has(match.extension.name));
}

/** `iptables -L` prints fewer conditions than there are: some versions print nothing for a mark. */
export function isListed({ source, start, end }: Span): boolean {
  return !/(?:^|\s)-[AI]\s/.test(source.text.slice(start, Math.min(end, start + 80)));
}

function shapeOfRule({ header, matches, span }: Rule): Shape {
  const draft: Draft = { sport: null, dport: null, states: null, others: new Set() };
  let isFirm = !isNamed(header.source) && !isNamed(header.destination) && !isListed(span);
  let isChangeable = false;
  for (const match of matches) {
    if ('opaque' in match) {
      isFirm = false;
      continue;
    }
    const { name } = match.extension;
    if (name === 'comment') continue;
    if (!FIRM.has(name)) isFirm = false;
    if (CHANGEABLE.has(name)) isChangeable = true;
    if (WHOLE.has(name)) draft.others.add(`${name} ${match.text}`);
    else takeApart(match, draft);
  }
  return { header, ...draft, isFirm, isChangeable };
}

const isNamed = (selector: Header['source']): boolean => selector !== null && 'hostName' in selector.value;

const SHAPES = new WeakMap<Rule, Shape>();

/** The shape of a rule, made once. */
export function shapeOf(rule: Rule): Shape {
  const known = SHAPES.get(rule);
  if (known !== undefined) return known;
  const made = shapeOfRule(rule);
  SHAPES.set(rule, made);
  return made;
}

/** Does it take every packet? */
export function takesAll({ header, sport, dport, states, others, isFirm }: Shape): boolean {
  return isFirm && sport === null && dport === null && states === null && others.size === 0 && isBare(header);
}

function isBare({ source, destination, inInterface, outInterface, protocol, fragment }: Header): boolean {
  return [source, destination, inInterface, outInterface, protocol, fragment].every((part) => part === null);
}
