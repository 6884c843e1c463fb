/**
 * What a rule of kube-proxy says of services and endpoints: read from the rule, or from its text where the rule itself has not
 * been made. A node has more than a hundred thousand such rules, and to make them all takes seconds.
 */
import { type Address, bitsOf, familyOf, parseAddress } from '../address/address.js';
import { protocolNumber } from '../address/protocols.js';
import type { Chain, Rule } from '../iptables/model.js';
import { ruleOf, sizeOf } from '../iptables/digest.js';

/** Where a rule translates to. */
export interface TranslatedTo {
  readonly address: Address;
  readonly port: number | null;
}

/** What matters about a rule. */
export interface RuleNames {
  readonly table: string;
  readonly chain: string;
  /** Text of its comment. */
  readonly comment: string | null;
  /** The one protocol that it asks for. */
  readonly protocol: number | null;
  /** The one port that it asks for. */
  readonly port: number | null;
  /** The one address that it asks for. */
  readonly destination: Address | null;
  /** The chain that it leads to. */
  readonly leadsTo: string | null;
  readonly to: TranslatedTo | null;
}

const PORTED = new Set(['tcp', 'udp', 'sctp']);

/** Text of a rule's match, or null. */
function matchText(rule: Rule, extension: (name: string) => boolean): string | null {
  for (const match of rule.matches)
    if (!('opaque' in match) && extension(match.extension.name)) return match.text;
  return null;
}

function destinationOf({ header: { destination } }: Rule): Address | null {
  if (destination === null || destination.inverted || 'hostName' in destination.value) return null;
  const { address, length } = destination.value;
  return length === bitsOf(familyOf(address)) ? address : null;
}

function portIn(text: string): number | null {
  const port = /^--dport (\d{1,5})$/.exec(text)?.[1];
  return port === undefined ? null : Number(port);
}

/** `192.168.61.33:8080` of `--to-destination`. */
function translationIn(text: string): TranslatedTo | null {
  const [, word = '', port] =
    /^--to-destination \[?([\d.]{7,15}|[0-9a-f:.]{2,45})\]?(?::(\d{1,5}))?(?: |$)/.exec(text) ?? [];
  const address = parseAddress(word.replace(/\]$/, ''));
  return address === null ? null : { address, port: port === undefined ? null : Number(port) };
}

/** Of a rule that was made. */
export function namesOfRule(rule: Rule): RuleNames {
  const { table, chain, action, header } = rule;
  const comment = matchText(rule, (name) => name === 'comment')?.replace(/^--comment /, '') ?? null;
  const isDnat = action.kind === 'target' && action.target.extension.name === 'DNAT';
  return {
    ...{ table, chain },
    comment: comment === null ? null : comment.replace(/^"|"$/g, ''),
    protocol: header.protocol === null || header.protocol.inverted ? null : header.protocol.value,
    port: portIn(matchText(rule, (name) => PORTED.has(name)) ?? ''),
    destination: destinationOf(rule),
    leadsTo: action.kind === 'chain' ? action.chain : null,
    to: isDnat ? translationIn(action.target.text) : null,
  };
}

/** The address of `10.0.0.1/32`; null for a prefix. Undefined for what is neither. */
function hostIn(word: string): Address | null | undefined {
  const slash = word.indexOf('/');
  const address = parseAddress(slash < 0 ? word : word.slice(0, slash));
  if (address === null) return undefined;
  return slash < 0 || Number(word.slice(slash + 1)) === bitsOf(familyOf(address)) ? address : null;
}

/** The words of a line that iptables-save printed, one after the other. */
class Line {
  readonly #text: string;
  #at: number;

  constructor(text: string, at: number) {
    this.#text = text;
    this.#at = at;
  }

  /** The next word, without the quotation marks around it; '' at the end. */
  next(): string {
    const text = this.#text;
    const from = this.#at;
    if (text[from] === '"') {
      const end = text.indexOf('"', from + 1);
      this.#at = end + 2;
      return text.slice(from + 1, end);
    }
    const blank = text.indexOf(' ', from);
    const end = blank < 0 ? text.length : blank;
    this.#at = end + 1;
    return text.slice(from, end);
  }

  /** What has not been taken yet. */
  get rest(): string {
    return this.#text.slice(this.#at);
  }
}

/** Quotation marks around whole words, and nothing that stands for something else. */
const PLAIN = /^(?:\[\d+:\d+\] )?-A (?:[^\s"'\\!]+|"[^"\\]+")(?: (?:[^\s"'\\!]+|"[^"\\]+"))*$/;

/** Fields of a rule as its words come. */
interface Draft {
  comment: string | null;
  protocol: number | null;
  port: number | null;
  destination: Address | null;
  /** Whether a match of each kind came before: the first one counts. */
  hasComment: boolean;
  hasPorts: boolean;
}

/** Reads one match. @returns the word behind it */
function readMatch(line: Line, draft: Draft): string {
  const name = line.next();
  const words: string[] = [];
  let word = line.next();
  for (; word !== '' && word !== '-m' && word !== '-j' && word !== '-g'; word = line.next()) words.push(word);
  if (name === 'comment' && !draft.hasComment) {
    draft.hasComment = true;
    draft.comment = words[1] ?? null;
  } else if (PORTED.has(name) && !draft.hasPorts) {
    draft.hasPorts = true;
    draft.port = words.length === 2 ? portIn(`${words[0] ?? ''} ${words[1] ?? ''}`) : null;
  }
  return word;
}

/**
 * Of a rule's line, as iptables-save prints it.
 * @param leadsTo the chain that it jumps or goes to
 * @returns null for a line that is written in any other way
 */
export function namesInText(text: string, table: string, leadsTo: string | null): RuleNames | null {
  if (!PLAIN.test(text)) return null;
  const line = new Line(text, text.startsWith('[') ? text.indexOf('] ') + 5 : 3);
  const chain = line.next();
  const draft: Draft = {
    ...{ comment: null, protocol: null, port: null, destination: null },
    ...{ hasComment: false, hasPorts: false },
  };
  let word = line.next();
  while (word !== '' && word !== '-j' && word !== '-g') {
    if (word === '-m') word = readMatch(line, draft);
    else {
      const value = line.next();
      if (word === '-d') {
        const host = hostIn(value);
        if (host === undefined) return null;
        draft.destination = host;
      } else if (word === '-p') {
        draft.protocol = protocolNumber(value);
        if (draft.protocol === null) return null;
      } else if (word !== '-s' && word !== '-i' && word !== '-o') return null;
      word = line.next();
    }
  }
  const target = word === '' ? '' : line.next();
  const { rest } = line;
  if (/(?:^| )-[mjg] /.test(rest)) return null;
  const { comment, protocol, port, destination } = draft;
  const to = target === 'DNAT' && leadsTo === null ? translationIn(rest) : null;
  return { table, chain, comment, protocol, port, destination, leadsTo, to };
}

/**
 * What the rules of a chain say, in their order.
 * @param isEnd only those are asked for that lead to no other chain
 */
export function* namesOfChain(chain: Chain, isEnd = false): Generator<RuleNames, void, undefined> {
  const { digest, table } = chain;
  const size = sizeOf(chain);
  for (let index = 0; index < size; index += 1) {
    const written = digest?.textOf(index) ?? null;
    if (isEnd && written !== null && written.leadsTo !== null) continue;
    const named = written === null ? null : namesInText(written.text, table, written.leadsTo);
    if (named !== null) {
      yield named;
      continue;
    }
    const rule = ruleOf(chain, index);
    if (rule !== undefined) yield namesOfRule(rule);
  }
}
