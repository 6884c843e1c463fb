/**
 * What nft lists of a rule of iptables-nft and the rule's own text lacks. A rule that another program put into such a
 * chain has what iptables knows no match for: its save leaves that out, without a word (iptables/nft-shared.c).
 */
import { printRuleBody } from '../iptables/print.js';
import type { Rule } from '../iptables/model.js';
import type { Expression, Statement } from '../nft/model.js';
import { printStateless } from '../nft/print-statement.js';
import { isCondition, isInert } from '../nft/statement.js';

/** Any match, where nothing better is known. */
const ANY = / -m /u;

const ADDRESSES: Readonly<Record<string, RegExp>> = {
  saddr: / -s | --src-range | --match-set /u,
  daddr: / -d | --dst-range | --match-set /u,
  protocol: / -p /u,
  nexthdr: / -p /u,
  dscp: / -m (?:dscp|tos|ecn) /u,
  ttl: / -m ttl /u,
  hoplimit: / -m hl /u,
  'frag-off': / -f /u,
};

const PORTS: Readonly<Record<string, RegExp>> = {
  sport: / --(?:sports?|source-ports?|ports?) /u,
  dport: / --(?:dports?|destination-ports?|ports?) /u,
  flags: / --(?:tcp-flags|syn) /u,
};

const META: Readonly<Record<string, RegExp>> = {
  iif: / -i /u,
  iifname: / -i /u,
  oif: / -o /u,
  oifname: / -o /u,
  l4proto: / -p /u,
  protocol: / /u,
  nfproto: / /u,
  mark: / -m (?:mark|socket) /u,
  length: / -m length /u,
  random: / -m statistic /u,
  skuid: / -m owner /u,
  skgid: / -m owner /u,
};

const CT: Readonly<Record<string, RegExp>> = {
  mark: / -m connmark /u,
  bytes: / -m connbytes /u,
  packets: / -m connbytes /u,
  avgpkt: / -m connbytes /u,
  helper: / -m helper /u,
  label: / -m connlabel /u,
  state: / -m (?:conntrack|state) /u,
};

/** What the text of a rule has where it asks for the same; several for what is joined. */
function tracesOf(asked: Expression): readonly RegExp[] {
  switch (asked.kind) {
    case 'concat':
      return asked.parts.flatMap(tracesOf);
    case 'binary':
      return tracesOf(asked.left);
    case 'map':
      return tracesOf(asked.key);
    case 'payload': {
      const fields = ['ip', 'ip6'].includes(asked.protocol) ? ADDRESSES : PORTS;
      return [fields[asked.field] ?? ANY];
    }
    case 'meta':
      return [META[asked.key] ?? ANY];
    case 'ct':
      return [CT[asked.key] ?? ANY];
    case 'fib':
      return [/ -m (?:addrtype|rpfilter) /u];
    default:
      return [ANY];
  }
}

function tracesOfCondition(statement: Statement): readonly RegExp[] {
  switch (statement.kind) {
    case 'match':
      return tracesOf(statement.left);
    case 'limit':
      return [/ -m (?:limit|hashlimit) /u];
    case 'quota':
      return [/ -m quota /u];
    case 'ct-count':
      return [/ -m connlimit /u];
    case 'object':
      return [/ -m nfacct /u];
    default:
      return [ANY];
  }
}

/** Is the condition one that the text of the rule lacks? What an extension hides in the listing is the rule's own. */
function isHidden(statement: Statement, text: string): boolean {
  if (!isCondition(statement) || statement.kind === 'xt') return false;
  return tracesOfCondition(statement).some((trace) => !trace.test(text));
}

/** Does the statement do something? What this reader does not know is no ground to doubt the save. */
function acts(statement: Statement): boolean {
  const { kind } = statement;
  if (kind === 'verdict') return statement.verdict.kind !== 'continue';
  return kind !== 'opaque' && !isCondition(statement) && !isInert(statement);
}

/**
 * Matches that nft lists with a statement, and what that sets: the label that connlabel sets before it looks, and the
 * packet type of what cluster takes for this node (extensions/libxt_connlabel.c, libxt_cluster.c, their xlate functions).
 */
const SETTING: readonly (readonly [string, RegExp])[] = [
  ['ct label', / -m connlabel (?:! )?--label \S+ --set /u],
  ['meta pkttype', / -m cluster /u],
];

/** Is the statement part of a match that the rule's own text has? */
function isOfMatch(statement: Statement, text: string): boolean {
  // hashlimit is listed as a meter of its name (extensions/libxt_hashlimit.c, hashlimit_mt_xlate).
  if (statement.kind === 'dynamic-set' && statement.action === 'meter')
    return text.includes(' -m hashlimit ');
  if (statement.kind !== 'set' || (statement.key.kind !== 'ct' && statement.key.kind !== 'meta'))
    return false;
  const key = `${statement.key.kind} ${statement.key.key}`;
  return SETTING.some(([set, match]) => set === key && match.test(text));
}

const ENDS: ReadonlySet<string> = new Set(['ACCEPT', 'DROP', 'RETURN']);

/** Does the rule do no more, by its own text, than let its packets go one way? */
function onlyLeads({ action }: Rule): boolean {
  return action.kind === 'chain' || (action.kind === 'target' && ENDS.has(action.target.extension.name));
}

/** What a listing tells of a rule beyond its own text, as nft prints it; '' for nothing. */
export interface Hidden {
  readonly conditions: string;
  /** What it does, where its own text lacks some of it. */
  readonly action: string;
}

const print = (statements: readonly Statement[]): string => statements.map(printStateless).join(' ');

/** Compares a rule of a save with the same rule of a listing. */
export function hiddenIn(rule: Rule, listed: readonly Statement[]): Hidden {
  const text = ` ${printRuleBody(rule).replace(/-m comment --comment (?:"(?:[^"\\]|\\.)*"|\S+)/gu, '')} `;
  const acting = listed.filter((statement) => acts(statement) && !isOfMatch(statement, text));
  const other = onlyLeads(rule)
    ? acting.some(({ kind }) => kind !== 'verdict')
    : acting.length > 0 && rule.action.kind === 'none';
  return {
    conditions: print(listed.filter((statement) => isHidden(statement, text))),
    action: other ? print(acting) : '',
  };
}
