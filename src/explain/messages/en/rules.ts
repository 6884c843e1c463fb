/** Messages about iptables rules: what could not be read, and what the kernel would not have taken. */
import type { Catalogue } from '../catalogue.js';

const AS_UNKNOWN =
  'The rule keeps its place; whether it matches is an open question in every outcome that meets it.';
const FRESH = 'Take the dump again with iptables-save, as root, and give natwalk the unchanged output.';
const CHECK = 'Compare the rule with what `iptables -S` prints on the node.';

export const rules = {
  RULE_UNKNOWN_TABLE: {
    text: 'iptables has no table named {name}',
    why: 'The tables are raw, mangle, nat, filter and security. What this block holds is left out.',
    do: FRESH,
  },
  RULE_NO_COMMIT: {
    text: 'the {table} table does not end with COMMIT',
    why: 'The dump was cut off: rules at its end may be missing, and so may whole tables after it.',
    do: FRESH,
  },
  RULE_LEGACY_TABLES: {
    text: 'the node also has legacy tables',
    why: 'iptables-nft saw tables of iptables-legacy beside its own. The kernel runs both; this dump shows one.',
    do: 'Add the output of iptables-legacy-save and ip6tables-legacy-save, or empty those tables on the node.',
  },
  RULE_TWO_BACKENDS: {
    text: 'rules of iptables-legacy and of iptables-nft',
    why: 'The kernel runs both rule sets, one after the other, and so does natwalk.',
    do: 'Find out which program still uses the other variant, and empty its tables.',
  },
  RULE_HIDES: {
    text: 'nft lists more of rule {number} of {table} {chain} than its save shows: {text}',
    why: 'Another program than iptables changed the chain, or the two dumps are of different times. iptables-save leaves out what it has no match for.',
    do: 'Answers that meet this rule leave open what the save lacks; trust the listing.',
  },
  RULE_LISTING_DISAGREES: {
    text: 'chain {chain} of table {table} has {saved} rules here, and nft lists {listed}; chains that differ so: {chains}',
    why: 'The save and the listing are of one table, so they were taken at different times or on different nodes. The save is used.',
    do: 'Take both again, one right after the other; or leave out the one that is not of the time that you ask about.',
  },
  RULE_LINE: {
    text: 'this line could not be read',
    why: 'It begins like a line of iptables-save, but does not go on like one. It is left out.',
    do: FRESH,
  },
  RULE_PROSE: {
    text: 'a line that iptables does not print',
    why: 'A prompt, a sentence or another command stands between the rules. It is left out; the rules around it are read.',
    do: 'Nothing, unless the line belongs to a rule that was broken in two.',
  },
  RULE_TORN: {
    text: 'this rule could not be taken apart',
    why: `A quotation mark is missing, or there is a NUL byte in it. ${AS_UNKNOWN}`,
    do: FRESH,
  },
  RULE_MORE: {
    text: 'more than {most} different findings about this dump; the rest is not shown',
    why: 'A dump with that many findings is probably not what it looks like.',
    do: FRESH,
  },
  RULE_TABLE_GUESSED: {
    text: 'these rules are taken for the {table} table',
    why: '`iptables -S` does not say which table it lists, and other tables are possible for these rules.',
    do: 'Give iptables-save output, keep the command line above the list, or put the table in the name of the file.',
  },
  RULE_POLICY: {
    text: 'chain {chain}: {policy} is not a policy',
    why: 'A built-in chain has the policy ACCEPT or DROP, a chain of your own has none (-). Its policy is not known now.',
    do: CHECK,
  },
  RULE_NO_POLICY: {
    text: 'the {table} table is shown without the policy of {chains}',
    why: 'What happens to a packet that no rule decides is not known there.',
    do: 'Give the whole output of iptables-save.',
  },
  RULE_CHAIN_TWICE: {
    text: 'chain {chain} of the {table} table is declared twice',
    why: 'The dump may be put together from two. The rules of both are read into one chain.',
    do: FRESH,
  },
  RULE_UNDECLARED: {
    text: 'a rule for chain {chain}, which the {table} table does not declare',
    why: 'iptables-restore would refuse it. The chain is made as if it had been declared.',
    do: FRESH,
  },
  RULE_NO_CHAIN: {
    text: 'jump to {chain}, which is neither a chain of the {table} table nor a target that natwalk knows',
    why: 'The chain is missing in the dump, or it is a target extension. What happens to a packet there is not known.',
    do: 'If the dump was filtered, give the whole of it.',
  },
  RULE_NO_CHAINS: {
    text: 'jumps to {rest} more missing chains in the {table} table',
    why: 'The dump is far from whole. What happens to a packet in those chains is not known.',
    do: 'Give the whole output of iptables-save.',
  },
  RULE_LOOP: {
    text: 'the jump to {chain} makes a loop in the {table} table',
    why: 'The kernel refuses such a table with "Too many levels of symbolic links" (ELOOP), so it cannot have been running.',
    do: 'Break the loop: take out one of the jumps.',
  },
  RULE_JUMP_BUILTIN: {
    text: 'jump to the built-in chain {chain} of the {table} table',
    why: 'Only the kernel enters a built-in chain; iptables refuses such a jump.',
    do: 'Put the rules into a chain of your own and jump there from both places.',
  },
  RULE_WRONG_TABLE: {
    text: '{name} in the {table} table',
    why: 'The kernel takes it only in: {tables}. It cannot have been running like this.',
    do: 'Move the rule to one of those tables.',
  },
  RULE_WRONG_HOOK: {
    text: '{name} in a chain of the {table} table that {hook} reaches',
    why: 'The kernel takes it only below: {hooks}. It cannot have been running like this.',
    do: 'Move the rule, or the jump that leads to it.',
  },
  RULE_DUMPS_DISAGREE: {
    text: 'two dumps of the {table} table disagree about chain {chain}',
    why: '{used} is used because {reason}; {other} says something else. They may be of different times or nodes.',
    do: 'Keep the dump that is right, and take the other away.',
  },
  RULE_UNKNOWN_MATCH: {
    text: 'no match named {name} is known here',
    why: AS_UNKNOWN,
    do: 'Check the name; if it is a match of iptables, natwalk does not model it.',
  },
  RULE_UNKNOWN_TARGET: {
    text: 'no target named {name} is known here',
    why: 'It may let the packet go on, accept it or drop it: an open question in every outcome that meets it.',
    do: 'Check the name; if it is a target of iptables, natwalk does not model it.',
  },
  RULE_OPTION: {
    text: '{extension} has no option {option}',
    why: AS_UNKNOWN,
    do: CHECK,
  },
  RULE_OPTION_MEANT: {
    text: '{extension} has no option {option}; did you mean {guess}?',
    why: AS_UNKNOWN,
    do: CHECK,
  },
  RULE_UNKNOWN_OPTION: {
    text: 'no part of this rule has an option {option}',
    why: `An option belongs to a match (-m) or target (-j) before it. ${AS_UNKNOWN}`,
    do: CHECK,
  },
  RULE_REMARK: {
    text: 'words after the target that are no option',
    why: 'They look like a remark that somebody wrote beside the rule. They are left out, and the rule is read.',
    do: 'Nothing, unless they belong to the rule: then give natwalk the unchanged output.',
  },
  RULE_STRAY: {
    text: '"{word}" does not belong to any option',
    why: AS_UNKNOWN,
    do: CHECK,
  },
  RULE_VALUE_MISSING: {
    text: '{flag} lacks its value',
    why: AS_UNKNOWN,
    do: CHECK,
  },
  RULE_VALUE_UNWANTED: {
    text: '{flag} takes no value',
    why: AS_UNKNOWN,
    do: CHECK,
  },
  RULE_NOT_INVERTIBLE: {
    text: '{flag} cannot be inverted with !',
    why: AS_UNKNOWN,
    do: CHECK,
  },
  RULE_DANGLING_NOT: {
    text: 'a ! that inverts nothing',
    why: AS_UNKNOWN,
    do: CHECK,
  },
  RULE_REPEATED: {
    text: '{flag} is given twice',
    why: `iptables takes it only once. ${AS_UNKNOWN}`,
    do: CHECK,
  },
  RULE_COUNTERS: {
    text: '"{text}" are not counters',
    why: `-c takes a number of packets and a number of bytes. ${AS_UNKNOWN}`,
    do: CHECK,
  },
  RULE_NEEDS_PROTOCOL: {
    text: '{name} stands in a rule without the -p that it needs',
    why: `The kernel takes it only with one of these protocols: {protocols}. ${AS_UNKNOWN}`,
    do: 'Add -p before it.',
  },
  RULE_ADDRESS: {
    text: '"{text}" is neither an address nor a network',
    why: `Octets of IPv4 addresses are 0 to 255. ${AS_UNKNOWN}`,
    do: CHECK,
  },
  RULE_MASK: {
    text: '"{text}" is not a prefix length or a mask',
    why: AS_UNKNOWN,
    do: CHECK,
  },
  RULE_OTHER_FAMILY: {
    text: '"{text}" does not go with IPv{family}',
    why: AS_UNKNOWN,
    do: 'Check that the dump is of iptables or ip6tables, as its name or command says.',
  },
  RULE_ADDRESS_LIST: {
    text: 'a list of more than {most} addresses, or of that many pairs',
    why: `Each pair of a source and a destination is a rule of its own. ${AS_UNKNOWN}`,
    do: 'Use an ipset.',
  },
  RULE_INVERTED_LIST: {
    text: '! before a list of addresses: {text}',
    why: `iptables refuses it, because a list becomes several rules. ${AS_UNKNOWN}`,
    do: 'Use an ipset, or chains of your own.',
  },
  RULE_DEVICE: {
    text: '"{text}" cannot be the name of a device',
    why: `A name has 1 to {most} bytes. ${AS_UNKNOWN}`,
    do: CHECK,
  },
  RULE_PROTOCOL: {
    text: '"{text}" is not a protocol',
    why: `A protocol is a name such as tcp, or a number from 0 to 255. ${AS_UNKNOWN}`,
    do: CHECK,
  },
  RULE_NEVER: {
    text: '! -p {text} would never match',
    why: `Every packet has a protocol. ${AS_UNKNOWN}`,
    do: CHECK,
  },
} as const satisfies Catalogue;
