/** How the kernel's TRACE log names rules, chain ends and policies. */
import { BUILTIN_CHAINS, type Header, type Rule } from './model.js';

/** Targets that are a plain verdict of the kernel. */
const VERDICTS: ReadonlySet<string> = new Set(['ACCEPT', 'DROP', 'RETURN', 'QUEUE']);

/**
 * A rule as TRACE names it. A rule without conditions whose target is a plain verdict looks like the end of its chain to
 * trace_packet (net/ipv4/netfilter/ip_tables.c get_chainname_rulenum), and is named so.
 */
export function traceName(rule: Rule): string {
  const { header, matches, action } = rule;
  const bare = matches.length === 0 && isForAll(header);
  const verdict = action.kind === 'target' && VERDICTS.has(action.target.extension.name);
  const word = bare && verdict ? (isBuiltin(rule) ? 'policy' : 'return') : 'rule';
  // Kept for every rule that is met, and put into every path: what `join` makes is one piece, a template is a tree of pieces.
  return [`${tagOf(rule)}${rule.table}`, rule.chain, word, rule.number].join(':');
}

/** Where both variants of iptables have tables, whose it is stands before the name. */
export function tagOf({ backend }: { readonly backend?: 'legacy' | 'nft' | null | undefined }): string {
  return backend === undefined || backend === null ? '' : `${backend}:`;
}

function isBuiltin({ table, chain }: Rule): boolean {
  return BUILTIN_CHAINS[table].some((hook) => hook === chain);
}

/** Does the header ask for nothing? */
function isForAll({ source, destination, inInterface, outInterface, protocol, fragment }: Header): boolean {
  const addresses = source === null && destination === null;
  return addresses && inInterface === null && outInterface === null && protocol === null && fragment === null;
}
