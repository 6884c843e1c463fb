/** Messages about listings (`iptables -L`): what they do not show. */
import type { Catalogue } from '../catalogue.js';

const SAVE = 'Add the output of iptables-save, which shows everything.';

export const listing = {
  RULE_LISTING_INTERFACES: {
    text: 'this listing does not show the interfaces of its rules',
    why: 'iptables -L without -v leaves -i and -o out, so a rule that seems to be for every packet may be for lo alone.',
    do: 'Add iptables-save, or list with -v.',
  },
  RULE_LISTING_HIDES: {
    text: 'a listing does not tell what this stands for: {text}',
    why: 'iptables -L leaves something out here, or prints a name for a number. Whether it matches is an open question.',
    do: SAVE,
  },
  RULE_LISTING_TEXT: {
    text: 'this part of a rule is not known: {text}',
    why: 'It is no form in which a match or target of iptables is listed. The rule keeps it as a condition that nobody can evaluate.',
    do: SAVE,
  },
  RULE_LISTING_LINE: {
    text: 'this line of a listing could not be read',
    why: 'It seems to be a rule, but its columns cannot be told apart. The rule is kept as one that may match and do anything.',
    do: SAVE,
  },
  RULE_LISTING_NO_CHAIN: {
    text: 'this rule of a listing stands below no chain',
    why: 'The line `Chain NAME (…)` above it is missing, probably cut out with grep. The rule is left out.',
    do: SAVE,
  },
  RULE_LISTING_BROKEN: {
    text: 'a line of a listing was broken in two and is put together again',
    why: 'Only together do the two lines make a rule.',
    do: 'Compare the rule with the node if it matters.',
  },
  ASM_LISTED_INTERFACES: 'a listing shows no interfaces; this rule is taken to have none',
  ASM_LISTED_JUMPS:
    'the listing of table {table} shows no interfaces; its rules that jump are taken to have none',
  UNK_LISTED_INTERFACES: 'a listing shows no interfaces; this rule holds for those of the packet: {answer}',
  UNK_LISTED: 'what a listing shows as {text} matches: {answer}',
} as const satisfies Catalogue;
