/** Words of rules that a reader of the page adds. */
import type { Catalogue } from '../catalogue.js';

export const pageAdd = {
  PAGE_ADD_FORM: {
    text: 'this is no command that adds, replaces or deletes a rule',
    why: 'a rule is added by iptables -A or -I, ip rule add, nft add rule or nft insert rule; iptables -R replaces one, and -D deletes it.',
    do: 'Write one command a line: iptables -t nat -I PREROUTING 1 -p tcp --dport 80 -j DNAT --to-destination 10.0.0.2',
  },
  PAGE_ADD_REFUSED: {
    text: '{tool} refuses it: {said}',
    why: 'these are the words of the tool itself.',
    do: 'Mend the marked word.',
  },
  PAGE_ADD_CHAIN: {
    text: 'no chain {chain} in table {table}',
    why: 'a rule is added to a chain that is there.',
    do: 'Close: {near}',
  },
  PAGE_ADD_NUMBER: {
    text: '{table} {chain} has no place {text}',
    why: 'a new rule goes before one of the rules, or behind the last.',
    do: 'Write a number from 1 to {count}.',
  },
  PAGE_ADD_PLACE: {
    text: 'no rule of chain {chain} stands at {text}',
    why: 'the chain has {count} rules; an index counts from 0, and a handle is known where nft -a listed it.',
    do: 'Leave the place out, or write another.',
  },
  PAGE_ADD_SET: {
    text: 'no set {set} in table {table}',
    why: 'a rule asks sets of its own table.',
    do: 'Close: {near}',
  },
  PAGE_ADD_TABLE: {
    text: 'no native table {table}',
    why: 'nft adds a rule to a table that is there; these are: {tables}',
    do: 'Take one of them, or iptables for the tables of iptables.',
  },
  PAGE_ADD_WHICH: {
    text: 'iptables-legacy and iptables-nft both have chain {text}',
    why: 'the node has tables of both, and the command does not say which are meant.',
    do: 'Write iptables-legacy or iptables-nft.',
  },
} as const satisfies Catalogue;
