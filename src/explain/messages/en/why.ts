/** Words of `natwalk why`: what became of one rule, and references that name nothing. */
import type { Catalogue } from '../catalogue.js';

const FORMS =
  'write TABLE/CHAIN:N (nat/POSTROUTING:1), CHAIN:N, FAMILY TABLE CHAIN:N (ip aws-cni snat-mark:1), or rule/PRIORITY (rule/1024)';

export const why = {
  // Heads
  WHY_MATCHED: 'MATCHED',
  WHY_MISSED: 'DID NOT MATCH',
  WHY_UNREACHED: 'NOT REACHED',
  WHY_DECIDED: 'DECIDED',
  WHY_PASSED: 'MATCHED, AND THE LOOKUP WENT ON',
  WHY_AT: '{rule}, in {hook}',
  WHY_LOOKUP_INPUT: '{rule}, when the packet came in',
  WHY_LOOKUP_OUTPUT: '{rule}, when the packet was sent',
  WHY_LOOKUP_REROUTE: '{rule}, when OUTPUT had changed the packet',
  WHY_OUTCOMES: 'IN OUTCOMES {outcomes}',
  WHY_OUTCOME: 'IN OUTCOME {outcomes}',
  WHY_IN_REPLY: 'THE ANSWER, IN OUTCOMES {outcomes}',
  WHY_REPLY: 'THE ANSWER',

  // Conditions
  WHY_WANTED: 'wanted {field} {wanted}, packet has {has}',
  WHY_WANTED_NOT: 'wanted {field} other than {wanted}, packet has {has}',
  WHY_WANTED_WITHIN: 'wanted {field} in {wanted}, packet has {has}',
  WHY_WANTED_OUTSIDE: 'wanted {field} not in {wanted}, packet has {has}',
  WHY_PACKET: 'the packet there',
  WHY_CT_OFF: 'off, as no rule of this node needs it: a test of the ct state would see INVALID',
  WHY_CT_BEFORE: 'looks at the packet only later: here its ct state is INVALID',
  WHY_CONDITION: 'condition {number}',
  WHY_YES: 'holds',
  WHY_NO: 'does not hold',
  WHY_NOT_TESTED: 'not tested',
  WHY_OPEN: 'open: {question}',
  WHY_TAKEN_YES: 'taken as holding: {question}',
  WHY_TAKEN_NO: 'taken as not holding: {question}',
  WHY_NO_CONDITIONS: 'it has no conditions: every packet matches',
  WHY_DID: 'what it did',
  WHY_OWNER: 'whose rule',

  // Why the walk did not come to it
  WHY_ENDED: 'the chain ended before it',
  WHY_ENDED_BY: '{rule} ended the walk of the chain: {did}',
  WHY_ENDED_BELOW: '{rule} led to {chain}, and there {decided} ended it: {did}',
  WHY_GONE: '{rule} sent the packet to {chain}, and it did not come back',
  WHY_BY: 'because of',
  WHY_LEAD: 'its way there',
  WHY_LEAD_DIRECT: '{rule} leads to the chain',
  WHY_LEAD_THROUGH: '{rule} leads to the chain, through {chains}',
  WHY_LEAD_MISSED: '{lead}, and did not match',
  WHY_LEAD_CUT: '{lead}, and was not reached: {cut}',
  WHY_LEAD_ELSEWHERE: '{lead} for other packets; this one was sent to {chain}',
  WHY_LEAD_ON: '{rule} matched, and the packet went on',
  WHY_HOOK: 'the packet does not come to {table} {chain}: {end}',
  WHY_HOOK_SKIPPED: 'the nat table was not consulted in {chain}: {reason}',
  WHY_NO_JUMP: 'no rule leads to {table} {chain}',
  WHY_MORE_LEADS: 'and {count} more jumps lead there, none of which was taken',
  WHY_NO_LOOKUP: 'no routing decision was made in this walk',
  WHY_POLICY_EARLIER: '{rule} had decided',
  WHY_POLICY_MERGED: 'tables local and main were looked up as one: no policy rule was ever added',

  // Who keeps a rule
  OWNER: 'owner',
  OWNER_NONE: 'unowned, look here',

  // References that name nothing
  USAGE_RULE_FORM: {
    text: '"{text}" names no rule',
    why: 'a rule is named by its table, its chain and its number in the chain, counted from 1',
    do: FORMS,
  },
  USAGE_RULE_TABLE: {
    text: '"{text}": there is no table {table}',
    why: 'packets of this address family meet no such table on this node',
    do: 'the tables are: {near}',
  },
  USAGE_RULE_CHAIN: {
    text: '"{text}": there is no chain {chain}',
    why: 'packets of this address family meet no such chain; looked for in: {table}',
    do: 'did you mean one of these: {near}',
  },
  USAGE_RULE_NUMBER: {
    text: '"{text}": {table} {chain} has {count} rules',
    why: 'rules are counted from 1 within their chain',
    do: 'natwalk show NODE prints the rules of every chain in their order',
  },
  USAGE_RULE_AMBIGUOUS: {
    text: '"{text}" may be any of several rules',
    why: 'more than one table has a chain of that name',
    do: 'name the table too: {tables}',
  },
  USAGE_RULE_PRIORITY: {
    text: '"{text}" names no policy rule',
    why: 'a policy rule is named by its priority: rule/1024, or rule/512:2 for the second of several',
    do: 'the priorities are: {priorities}',
  },
  USAGE_RULE_NO_POLICY: {
    text: '"{text}": there is no such policy rule of IPv{family}',
    why: 'policy rules are the lines of ip rule, each with its priority first',
    do: 'there are: {priorities}',
  },
} as const satisfies Catalogue;
