/** Words of `--assume`, `--pick`, `--seed`, `--without`, `--with` and `--set`, of counterfactuals, and of `--flow`. */
import type { Catalogue } from '../catalogue.js';

export const changes = {
  // What the user has settled
  SETTLED_BY: '{text}, by {by}',
  SETTLED_SEED: 'which way chance takes is drawn with seed {seed}; a range that NAT draws from stays one',
  SETTLED_PICK: 'the endpoint is {endpoint}',
  SETTLE_NOT_OPEN: {
    text: '--assume {rule}={answer} settles nothing: {rule} was not open in this walk',
    why: 'Whether that rule matches follows from the packet and the snapshot, or the packet does not come to it.',
    do: 'natwalk why NODE ... {rule} says what became of the rule',
  },
  SETTLE_CONTRADICTION: {
    text: 'what --assume says contradicts itself',
    why: 'Two rules ask for the same fact, and it cannot both hold and not hold. The walk is told as if nothing were assumed.',
    do: 'Leave one of the assumptions out.',
  },
  SETTLE_NO_ENDPOINT: {
    text: '--pick {endpoint}: the packet is not sent to that endpoint in any outcome',
    why: 'The endpoints on its way are: {endpoints}.',
    do: 'Pick one of those.',
  },
  SETTLE_NO_ENDPOINTS: {
    text: '--pick {endpoint}: there is no endpoint to pick, as no outcome has its destination translated',
    why: 'No rule that this packet matches sends it on to an endpoint.',
    do: 'Ask about an address of which rules draw an endpoint, such as that of a service.',
  },
  USAGE_ASSUME: {
    text: '{option}: "{text}" is not RULE=yes or RULE=no',
    why: 'a rule of netfilter whose match is open is said to match or not; one with an unknown target is said to accept, drop or continue',
    do: 'write {option} nat/CUSTOM:3=no',
  },
  USAGE_ASSUME_NODE: {
    text: '{option}: "{text}" does not begin with a node of the cluster',
    why: 'its nodes are: {nodes}',
    do: 'write {option} {node}:nat/CUSTOM:3=no',
  },
  USAGE_SET: {
    text: '{option}: "{text}" is not sysctl.NAME=VALUE',
    why: 'sysctls are what can be set',
    do: 'write {option} sysctl.net.ipv4.conf.ens5.rp_filter=1',
  },
  USAGE_SYSCTL: {
    text: '{option}: no walk depends on the sysctl "{name}"',
    why: 'it is not among those that natwalk reads, or the node has no such device',
    do: 'did you mean one of these: {near}',
  },
  USAGE_WITH: {
    text: '{option}: "{text}" is not NODE:RULE',
    why: 'the rule of another node is named by that node (a folder, archive or file), a colon, and the rule',
    do: 'write {option} ../good:nat/PREROUTING:2, and behind an @ where it is to go if not in the same place: @4, @PREROUTING:4',
  },
  USAGE_WITH_PLACE: {
    text: '"{text}" is no place for a rule',
    why: 'behind the @ stands the number that the rule is to have, with or without its chain',
    do: 'write @2, @PREROUTING:2 or @nat/PREROUTING:2',
  },
  USAGE_WITH_PRIORITY: {
    text: '"{text}" is no priority for a policy rule',
    why: 'behind the @ stands the priority that the policy rule is to have',
    do: 'write a number from 0 to 4294967295: @1024',
  },
  USAGE_WITH_NUMBER: {
    text: '"{text}": a rule put into {table} {chain} can have the numbers 1 to {count}',
    why: 'a rule goes before one of the rules of its chain, or behind the last',
    do: 'leave the place out, and it goes where it is in the other node',
  },
  USAGE_WITH_TABLE: {
    text: 'a rule of table {table} cannot go to table {text}',
    why: 'what a rule may ask and do depends on its table',
    do: 'name a chain of table {table}',
  },
  USAGE_WITH_NO_TABLE: {
    text: 'the node that is walked has no table {table}',
    why: 'a native rule of nftables goes into the table of its own name; there are: {tables}',
    do: 'take a rule of one of those tables',
  },
  USAGE_WITH_CHAIN: {
    text: 'the node that is walked has no chain {chain} in table {table}',
    why: 'the rule stands in chain {from} of the other node, and no rule of this node leads to such a chain',
    do: 'take the rule that jumps to {from}, and the chain comes with it; or name the place: @PREROUTING:1. Close: {near}',
  },
  WITH_TWICE: {
    text: '--with: {rule} is the same rule there already',
    why: 'The node that is walked has that rule in that place. It stands there twice now.',
    do: 'natwalk diff A B names the rules that differ.',
  },
  USAGE_TOGETHER: {
    text: '{option} does not go together with {other}',
    why: 'they ask for different things',
    do: 'leave one of them out',
  },

  // A changed node beside the unchanged one
  CHANGED_HEAD: '{change}: {differences}',
  CHANGED_NOTHING: '{change}: nothing changes',
  CHANGED_WITHOUT: 'WITHOUT {what}',
  CHANGED_WITH: 'WITH {what}',
  CHANGED_WITH_RULE: 'WITH {what}',
  CHANGED_INSERTED: '{rule} of {of} ({place})',
  CHANGED_INSERTED_WAS: '{rule}, which is rule {was} of {of} ({place})',
  CHANGED_INSERTED_CHAINS: '{inserted} with its chain {chains}',
  CHANGED_INSERTED_POLICY: '{rule} of {of} ({selector} -> {action})',
  CHANGED_INSERTED_POLICY_WAS: '{rule}, which is {was} of {of} ({selector} -> {action})',
  CHANGED_POLICY_RULES: '{rule} ({count} of them)',
  CHANGED_FIELD: '{field} {to} instead of {from}',
  CHANGED_ANSWER: 'of the answer, {differences}',
  CHANGED_NONE: 'none',
  CHANGED_verdict: 'verdict',
  CHANGED_egress: 'egress',
  CHANGED_via: 'via',
  CHANGED_source: 'source',
  CHANGED_destination: 'destination',
  CHANGED_mark: 'mark',
  CHANGED_reason: 'because of',
  CHANGED_ways: 'the combinations of them, or how likely each is',

  // Told with an answer
  WITHOUT_THE_MARK: 'without mark {mark}: {way}',
  WITHOUT_THE_RULE: 'without it: {way}',
  WAY_RULE: 'rule {priority} -> {device}',
  WAY_END: '{word} {rest}',
  WOULD_PASS: 'would pass',
  PASSES_WITHOUT: 'without {rules}',
  PASSES_SELECTING: 'if {rule} selected the packet',
  PASSES_POLICY: 'with policy ACCEPT of {table} {chain}',
  PASSES_SYSCTL: 'with {settings}',
  PASSES_TTL: 'with a TTL of {ttl} or more',
  PASSES_ALL: '{first} and {second}',
  PASSES_THEN: '{remedy}: {end}',
  PASSES_NOT_THEN: '{remedy}: {end}',
  SETTING: 'setting',
  SETTING_UNSEEN: '{name}, which the snapshot does not show',
  OTHERWISE: 'otherwise',
  MISSING: 'missing',
  MISSING_ROUTE: 'a route to {to}: the tables that were asked have none ({tables})',
  AND: '{first} and {second}',

  // A connection, packet by packet
  FLOW_HEAD: 'A CONNECTION, PACKET BY PACKET',
  FLOW_OF_OUTCOME: 'Outcome {number} of {count} is followed; --pick or --seed chooses another.',
  FLOW_STOPS: 'No packet follows: this one does not get through.',
  FLOW_DRAWN: 'From packet 2 on the port that the kernel draws is taken to be {port}, the lowest it may be.',
  FLOW_NO_NAT:
    'Packets {packets} never saw the nat table: what the first one had decided, conntrack remembers.',
  FLOW_NO_NAT_ONE:
    'Packet {packets} never saw the nat table: what the first one had decided, conntrack remembers.',
  FLOW_ALL_NAT: 'Every packet saw the nat table: conntrack tracks none of them.',
  FLOW_NAT_NONE: 'No packet saw the nat table.',
  FLOW_NAT_SAW: 'nat table: {chains}',
  FLOW_NAT_UNSEEN: 'nat table: not consulted',
  FLOW_STATE: 'ct {state}',
  FLOW_REQUEST: 'request',
  FLOW_ANSWER: 'answer',
  FLOW_SECOND: 'second request',
  FLOW_DATA: 'data',
} as const satisfies Catalogue;
