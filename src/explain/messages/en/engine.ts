/** What the walk itself takes for granted (ASM_…), leaves open (UNK_…), and refuses (PKT_…). */
import type { Catalogue } from '../catalogue.js';

export const engine = {
  ASM_NO_TABLE: 'table {table} is not in the snapshot; taken as empty',
  ASM_TABLE_PART: 'table {table} is not whole in the snapshot; what is shown of it is taken for all of it',
  ASM_CHANGED_AFTER:
    'the transcript goes on with "{command}", which may change what the listing before it shows ({listing}); the answer is that of before',
  ASM_UNFINISHED:
    'the text ends within this line, or right behind it: {line}; it is taken to be whole and the last of its listing',
  ASM_EMPTY_SAVE: '{file} is empty; taken to say that there are no tables, not that the command failed',
  ASM_LISTINGS_DIFFER: '{part} is not the same in {used} and in {file}; taken as {used} has it',
  ASM_SETTING: '{name} is {value} in {used} and {other} in {file}; taken as {value}',
  ASM_NFT_UNSEEN:
    'what "{command}" printed is not in the snapshot; nftables tables of their own are taken not to exist',
  ASM_NFT_MANAGED:
    'the rules of table {table} come from the listing of nft, which hides parts of what iptables-nft wrote',
  ASM_NFT_PART: 'the listing of nftables shows a part; tables and chains beyond it are taken not to exist',
  ASM_NFT_CUT: 'the listing ends within chain {chain} of table {table}; it is taken to end there',
  ASM_NFT_BASE:
    'whether chain {chain} of table {table} is at a hook could not be read; it is taken to be at none',
  ASM_NFT_ASIDE:
    'chain {chain} of nftables table {table} sees what passes {hook} of {device}; it is taken to let it pass unchanged',
  ASM_ROUTED_IN_BRIDGE:
    '{name} is not shown; taken as 0: the packet that goes back into {device} is forwarded, and its TTL runs down',
  ASM_OTHER_PORT:
    'the next hop is taken to be behind another port of {device} than the one that the packet came in by',
  UNK_HAIRPIN: 'the port of {device} that the packet came in by sends it back (hairpin mode): {answer}',
  ASM_MEMBER:
    'what {member} receives is received by {device}, whose member it is; the frame is taken as one for the MAC address of this node',
  ASM_NFT_FAMILY:
    'table {table} of nftables is of a family that natwalk does not know; it is taken to see no packet',
  ASM_NO_NATIVE:
    'the rules look as if there were an nftables table {table} beside them; no listing of nft shows it, and it is taken not to exist',
  ASM_NO_LEGACY: 'whether iptables-legacy has tables too is not in the snapshot; they are taken as empty',
  ASM_OTHER_BACKEND:
    'the kernel runs rules of {variant} too; they are not in the snapshot and taken to change nothing',
  ASM_BUDGET:
    'the chains of table {table} take more steps than are walked; the packet is taken to be dropped there',
  ASM_NO_CHAIN: 'chain {chain} of table {table} is not in the snapshot; taken as empty, with policy ACCEPT',
  ASM_NO_POLICY: 'the policy of {table} {chain} is not in the snapshot; taken as ACCEPT',
  ASM_FORWARDING: 'whether forwarding is on for {device} is not in the snapshot; taken as on (ip_forward=1)',
  ASM_GROUP_SOURCES: 'the sockets that joined {group} are taken to listen to every source',
  ASM_ENTRY: 'the packet is said to be of an established connection; its entry is taken to translate nothing',
  ASM_ICMP_ERROR:
    'the packet that this ICMP error is about was not given; taken as unknown to conntrack (INVALID)',
  ASM_EXTENSION_HEADER:
    'protocol {protocol} is a header of IPv6 before the one that rules ask for; walked as if nothing stood behind it',
  ASM_NAT_ADDRESS: 'the address that {target} takes is not in the snapshot; shown untranslated',
  ASM_SOURCE: 'from which of its addresses the node sends is not in the snapshot',
  UNK_SOURCE: 'the node sends from {address}, one of its addresses',
  UNK_MATCH: '"-m {name}{text}" matches: {answer}',
  UNK_CONDITION: '"{text}" holds: {answer}',
  UNK_TRACKING:
    'a rule that no dump shows, or that could not be read, makes the kernel track connections: {answer}',
  UNK_TARGET: 'what {name} does with the packet is not known; taken as {answer}',
  UNK_ACTION:
    'what the rule does with the packet is not known, for its line could not be read; taken as {answer}',
  UNK_ZONE:
    'mark bits that are not known put the packet into the zone of a connection that is there: {answer}',
  UNK_TPROXY_SOCKET: 'a transparent socket listens for TPROXY (port {port}): {answer}',
  UNK_CONNECTED: 'the sending socket is connected (it routes again with its source): {answer}',
  UNK_MULTICAST: 'this node has joined {group}: {answer}',
  UNK_HOST_NAME: 'the address is that of {name}: {answer}',
  UNK_NO_SETS: 'no ipset dump is in the snapshot; set {set} holds the packet: {answer}',
  UNK_NFT_PORTS:
    'the iptables-nft that loaded the rule compares both inverted ports at once (as 1.8.9 does, so that it holds unless both are equal): {answer}',
  UNK_NO_SET: 'set {set} is not in the snapshot; it holds the packet: {answer}',

  NO_SOURCE: 'source is {has}, wanted {wanted}',
  NO_DESTINATION: 'destination is {has}, wanted {wanted}',
  NO_IN_DEVICE: 'input device is {has}, wanted {wanted}',
  NO_OUT_DEVICE: 'output device is {has}, wanted {wanted}',
  NO_PROTOCOL: 'protocol is {has}, wanted {wanted}',
  NO_FRAGMENT: 'the packet is not a second or further fragment',
  NO_BY_ASSUMPTION: 'assumed not to match',

  'DROP_jump-loop': 'chains that take more steps than are walked',
  DROP_martian_source: 'a source that may not be on the wire (martian)',
  DROP_martian_destination: 'a destination that may not be on the wire (martian)',
  DROP_link_local: 'a link-local source, which is not forwarded to another link',
  'DROP_device-down': 'the output device is down',
  'DROP_no-carrier': 'the output device has no carrier',
  DROP_synproxy: 'SYNPROXY, which answers in place of the server',
  DROP_mtu: 'a packet longer than the MTU of its way',
  'DROP_no-neighbour': 'no neighbour can answer for the loopback address',
  DROP_blackhole: 'a blackhole in the routing',
  DROP_multicast: 'a multicast group that this node has not joined',
  DROP_clash: 'a connection whose answers would belong to another one: no port was free',
  DROP_redirect: 'an ICMP redirect about a translated connection',
  'DROP_not-to-host': 'a frame to all, whose packet is not forwarded wherever it is translated to',
  DROP_hairpin: 'a packet that would go out of the port of a bridge that it came in by',
  DROP_unanswered: 'REJECT, without the answer: nobody is told about errors, resets and packets to all',
  'DROP_no-address': 'no address to translate to on that device',
  'DROP_masquerade-device': 'a masqueraded connection that now leaves by another device',
  'DROP_BY_jump-loop': 'by chains that take more steps than are walked',
  DROP_BY_martian_source: 'as a martian (its source)',
  DROP_BY_martian_destination: 'as a martian (its destination)',
  DROP_BY_link_local: 'because its source is link-local',
  'DROP_BY_device-down': 'because the output device is down',
  'DROP_BY_no-carrier': 'because the output device has no carrier',
  DROP_BY_synproxy: 'by SYNPROXY, which answers in place of the server',
  DROP_BY_mtu: 'because it is longer than the MTU of its way',
  'DROP_BY_no-neighbour': 'because no neighbour can answer for the loopback address',
  DROP_BY_blackhole: 'by a blackhole in the routing',
  DROP_BY_multicast: 'because this node has not joined the group',
  DROP_BY_clash: 'because its answers would belong to another connection: no port was free',
  DROP_BY_redirect: 'because it is an ICMP redirect about a translated connection',
  'DROP_BY_not-to-host': 'because its frame went to all: it is not forwarded wherever it is translated to',
  DROP_BY_hairpin: 'by the bridge: the port does not send back what it received (hairpin mode is off)',
  DROP_BY_unanswered: 'by REJECT, without the answer: nobody is told about errors, resets and packets to all',
  'DROP_BY_no-address': 'because there is no address to translate to',
  'DROP_BY_masquerade-device': 'because its masqueraded connection now leaves by another device',

  PKT_NUMBER: '"{text}" is not a number from 0 to {max}',
  PKT_ADDRESS: '"{text}" is not an IP address',
  PKT_PROTOCOL: '"{text}" is not an IP protocol',
  PKT_TCP_FLAG: '"{text}" is no TCP flag ({names})',
  PKT_FAMILIES: '{src} and {dst} are not of one address family',
  PKT_DEVICE: 'the node has no device {device}; it has {devices}',
  PKT_SOURCE: 'a packet that comes in by a device needs a source address',
  PKT_WAY_IN: 'the node has no route to {src}, so that the way in cannot be told: name the device',
  PKT_CT: '"{text}" is none of {names}',
} as const satisfies Catalogue;
