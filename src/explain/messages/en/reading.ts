/** Messages about reading a snapshot: what could not be read, and what it does not show. */
import type { Catalogue } from '../catalogue.js';

const FIX = 'Take the dump again and give natwalk the unchanged output.';

export const reading = {
  READ_NOTHING: {
    text: 'nothing in {name} could be read as a dump of a node',
    why: 'natwalk needs the output of tools like iptables-save, ip rule and ip route.',
    do: 'Gather them on the node: iptables-save, ip rule, ip route show table all, ip addr, sysctl -a, ipset save.',
  },
  READ_EMPTY: {
    text: '{file} is empty',
    why: 'An empty file does not tell whether the node has nothing of the kind or the command failed.',
    do: 'Take the dump again as root, and look at what the command writes to standard error.',
  },
  READ_UNRECOGNISED: {
    text: '{file} is no dump that natwalk knows',
    why: 'Neither its lines nor its name look like the output of a known command. It is left out.',
    do: 'If it should be a dump, check that the whole output is in it; otherwise ignore this.',
  },
  READ_NOT_USED: {
    text: 'output of {kind} is recognised but not used',
    why: 'natwalk reads other forms of the same facts; what only this text says is not known to it.',
    do: 'Add iptables-save, ip rule, ip route show table all, ip addr, ipset save and sysctl -a in plain text.',
  },
  READ_NUL: {
    text: '{file} has NUL bytes in it',
    why: 'A text dump has none: the file is damaged, or in another encoding such as UTF-16.',
    do: FIX,
  },
  READ_LINE: {
    text: 'this line could not be read: {line}',
    why: 'It does not have the form of the listing around it. It is left out.',
    do: FIX,
  },
  READ_CUT: {
    text: 'the text ends in the middle of a line: {line}',
    why: 'The dump was cut off; what came after is not known.',
    do: FIX,
  },
  READ_UNFINISHED: {
    text: 'the text stops without the end of this line: {line}',
    why: 'The line reads well, but it may have been longer, and more lines may have followed.',
    do: 'Add the rest of the text; if this is all, end it with a line break.',
  },
  READ_MORE: {
    text: 'more than {most} findings about this listing; the rest is not shown',
    why: 'A listing with that many findings is probably not what it looks like.',
    do: FIX,
  },
  READ_NFT_STATEMENT: {
    text: 'this part of an nftables rule is not known: {text}',
    why: 'It may come of a newer nft, or of damage. It is kept as it is; whatever hangs on it is not known.',
    do: 'Answers that meet this rule name it as an assumption; look at the rule itself there.',
  },
  READ_NFT_TABLE: {
    text: 'flags of nftables table {table} could not be read: {text}',
    why: 'It is not a flag that natwalk knows, or nft printed it wrong: whether the table is dormant is not known.',
    do: 'Add the text form of the listing, which tells it.',
  },
  READ_NFT_ASIDE: {
    text: 'nftables table {table} is read, but packets are not walked through it',
    why: 'Tables of this family see frames at a device or in a bridge, before or beside the hooks of routed packets.',
    do: 'Look at its rules yourself; answers for packets that pass a device or bridge of its chains name them.',
  },
  READ_NFT_FAMILY: {
    text: 'nftables table {table} is of a family that is not known',
    why: 'It may come of a newer nft. Which packets the table sees is not known, so that it is not read.',
    do: 'Look at its rules yourself; every answer names the table as an assumption.',
  },
  READ_NFT_INGRESS: {
    text: 'chain {chain} of nftables table {table} is read, but packets are not walked through it',
    why: 'It is at the {hook} hook of {devices}, which sees frames before or behind the hooks of routed packets.',
    do: 'Look at its rules yourself; answers for packets that pass the device name the chain as an assumption.',
  },
  READ_NFT_ELEMENT: {
    text: 'this element of nftables set {set} could not be read: {text}',
    why: 'It does not have the form of an element. It is left out, so that the set has more than natwalk knows.',
    do: FIX,
  },
  READ_NFT_CHAIN: {
    text: 'where nftables chain {chain} is hooked could not be read: {text}',
    why: 'Type, hook or priority is not one that natwalk knows: whether packets meet the chain is not known.',
    do: FIX,
  },
  READ_NFT_CUT: {
    text: 'the nftables listing ends before its last table does: {line}',
    why: 'The dump was cut off; rules and elements that came after are not known.',
    do: FIX,
  },
  READ_NFT_OPEN: {
    text: 'the block of nftables {kind} {name} does not end',
    why: 'Another block begins where its closing brace should be: lines between them are missing.',
    do: FIX,
  },
  READ_NFT_DISAGREES: {
    text: 'two listings of nftables table {table} differ',
    why: 'They were probably taken at different times. The one with more rules is used.',
    do: 'Keep one listing of the time that you ask about.',
  },
  READ_ELIDED: {
    text: 'lines were left out of this listing ("...")',
    why: 'What stands there is not known, so the listing does not count as whole.',
    do: FIX,
  },
  READ_TOOL_ERROR: {
    text: 'the tool reported an error: {text}',
    why: 'A command that fails prints no listing, or only a part of one.',
    do: 'Run the command again as root on the node.',
  },
  READ_FAILED: {
    text: 'this command printed no listing: {command}',
    why: 'What stands below it is an error or no output of its kind, so it tells nothing of the node.',
    do: 'Run it again as root on the node, and see that it ends without an error.',
  },
  READ_SILENCED: {
    text: 'nothing stands below {command}, whose errors are hidden',
    why: 'It may have failed: nothing below it does not tell that there is nothing.',
    do: 'Run it again without the redirection of its errors.',
  },
  READ_REDIRECTED: {
    text: 'the output of this command went elsewhere: {command}',
    why: 'Nothing stands below it because of that, not because there is nothing; it tells nothing of the node.',
    do: 'Add the file that the output went to, or run the command without the redirection or the pager.',
  },
  READ_SHOWS_NOTHING: {
    text: 'nothing stands below this command: {command}',
    why: 'Every network namespace has something of the kind, so the output was left out or lost.',
    do: FIX,
  },
  READ_SETTING_DISAGREES: {
    text: '{name} is {other} here and {value} in {used}, which is used',
    why: 'Nothing tells which of the files is later; the one that shows the most settings is used.',
    do: 'Leave out the file that is not of the time that you ask about.',
  },
  READ_VALUES_ALONE: {
    text: 'these values stand without names: {names}',
    why: 'The shell made several names of a pattern; which value is of which setting is not shown. They are left out.',
    do: 'Use sysctl -a, or grep . with the same pattern, which prints the names too.',
  },
  READ_SETTING_LATER: {
    text: '{name} is {other} here and {value} further on, which is used',
    why: 'What stands later in one text was so later.',
    do: 'Nothing, if you ask about the later state; else leave out what comes after this listing.',
  },
  READ_FILTERED: {
    text: 'this listing was filtered: {command}',
    why: 'Lines that the filter left out are not known, so the listing does not count as whole.',
    do: 'Run the command without grep, head, or a selection.',
  },
  READ_EMPTY_SAVE: {
    text: '{file} is empty',
    why: 'iptables-save prints nothing where there are no tables; a command that failed leaves an empty file too.',
    do: 'Run the command again as root, and see that it ends without an error.',
  },
  READ_CHANGED_AFTER: {
    text: 'this command changes the node after the listing was made ({listing}): {command}',
    why: 'No later listing shows what came of it, so the answers are those of before.',
    do: 'Run the command that printed the listing once more, and put its output behind the change.',
  },
  READ_OUTDATED: {
    text: 'the node was changed after this listing, and a later one is used ({listing})',
    why: 'A command that changes it stands between the two. Where it changes one table or set, the others still count.',
    do: 'Nothing, if you ask about the later state; else leave out what comes after this listing.',
  },
  READ_VALUE: {
    text: '{value} is not a value that {word} can have',
    why: 'The line cannot be read without it and is left out.',
    do: FIX,
  },
  READ_VALUE_MISSING: {
    text: '{word} has no value',
    why: 'The line ends too early and is left out.',
    do: FIX,
  },
  READ_WORD: {
    text: 'the word {word} is not known here',
    why: 'It may change what the line means, so the line is left out.',
    do: 'Check the line. If it is as the tool printed it, please report it.',
  },
  READ_RULE_WORD: {
    text: 'the word {word} of this policy rule is not known',
    why: 'It may be a selector of a newer tool: whether the rule holds is left open.',
    do: 'Check the line. If it is as the tool printed it, please report it.',
  },
  READ_PRIORITY: {
    text: 'priority {value} is out of range',
    why: 'Policy rules have priorities from 0 to 4294967295. The line is left out.',
    do: FIX,
  },
  READ_RULE_NO_ACTION: {
    text: 'the policy rule at {priority} has no action',
    why: 'Every rule names a table or another action. The line is probably cut off and is left out.',
    do: FIX,
  },
  READ_RULE_ORDER: {
    text: 'the policy rules are not in the order of their priorities (at {priority})',
    why: 'The kernel lists them in order, so these lines were sorted or put together. natwalk sorts them by priority.',
    do: 'Check that the list is of one node and complete.',
  },
  READ_RULES_DISAGREE: {
    text: 'this list of policy rules differs from the one in {used}, which is used',
    why: '{used} is used because {reason}. A node has one list per family: these are of two nodes or of two times.',
    do: 'Keep only the files of one node and one time together.',
  },
  READ_OTHER_FAMILY: {
    text: 'this line has an address that is not IPv{family}',
    why: 'A list of policy rules is of one family, and so are the addresses of a route. The line is left out.',
    do: 'Give natwalk the output of each family as a file of its own.',
  },
  READ_ROUTES_DISAGREE: {
    text: 'this listing of table {table} differs from the one in {used}, which is used',
    why: '{used} is used because {reason}. A node has one table of that name: these are of two nodes or of two times.',
    do: 'Keep only the files of one node and one time together.',
  },
  READ_LINKS_DISAGREE: {
    text: 'this listing of links does not fit {used}, and is left out (at {name})',
    why: 'It knows other links or addresses, so it is of another node, a pod, or another time.',
    do: 'Keep only the files of one node and one time together.',
  },
  READ_SECOND_NODE: {
    text: 'a second listing of links begins here (at {name}); it is left out',
    why: 'An index or a name came a second time, so this is another node or the same command again.',
    do: 'Put each node into a folder of its own.',
  },
  READ_OTHER_NODE: {
    text: 'this was printed in another place ({place}), and is left out',
    why: 'The snapshot holds several hosts, network namespaces or folders; natwalk reads the one that holds most.',
    do: 'Ask about this one with FILE#{place}; `natwalk nodes FILE` lists them all.',
  },
  READ_NO_NODE: {
    text: 'nothing tells of which node this is ({listing}), and it is left out',
    why: 'The snapshot holds several nodes ({names}), and each of them shows the same by itself.',
    do: 'Ask about this file alone, or put it into a folder with what else is of its node.',
  },
  READ_NO_LINK: {
    text: 'this address stands below no link',
    why: 'Without the line of its link natwalk does not know whose address it is. It is left out.',
    do: FIX,
  },
  READ_SET_TWICE: {
    text: 'set {name} is created a second time',
    why: 'A node has one set of a name. The first one is kept.',
    do: 'Keep only the files of one node together.',
  },
  READ_SET_MISSING: {
    text: 'this entry is of set {name}, which was not created above',
    why: 'The beginning of the dump is missing. The entry is left out.',
    do: FIX,
  },
  READ_SET_PARTIAL: {
    text: 'set {name} has {count} elements, and the listing shows {shown}',
    why: 'A listing of headers alone, or one that went through a filter, lacks elements. Whether the set holds a packet is then open.',
    do: 'Add `ipset save`.',
  },
  READ_SET_DISAGREES: {
    text: 'two dumps of set {name} differ; the one with more entries is used',
    why: 'They are of two nodes or of two times.',
    do: 'Keep only the files of one node and one time together.',
  },
  READ_BINARY: {
    text: '{file} is not a text file',
    why: 'It is what a program or an image looks like. It is left out.',
    do: 'Ignore this unless it should hold a dump.',
  },
  READ_TOO_LARGE: {
    text: '{file} is larger than {most} bytes',
    why: 'natwalk refuses files of that size. It is left out.',
    do: 'Give natwalk only the dumps.',
  },
  READ_TOO_MANY: {
    text: '{file} holds more than {most} files',
    why: 'Only the first ones are read.',
    do: 'Point natwalk at the folder with the dumps.',
  },
  READ_LINK_OUTSIDE: {
    text: '{file} is a link to a place outside the snapshot',
    why: 'A snapshot must not make natwalk read other files of this machine. It is left out.',
    do: 'Put the file itself in the place of the link.',
  },
  READ_NOT_A_FILE: {
    text: '{file} is not a regular file',
    why: 'Devices and pipes are not read.',
    do: 'Copy its content into a file.',
  },
  READ_UNREADABLE: {
    text: '{file} cannot be read ({reason})',
    why: 'The system refused to open it. It is left out.',
    do: 'Check the path and the permissions.',
  },
  NODE_MISSING_RULES: {
    text: 'no list of IPv{family} policy rules',
    why: 'Without it the rules of a new namespace are assumed, and every route rests on that.',
    do: 'Add the output of `{command}`.',
  },
  NODE_RULES_NO_MAIN: {
    text: 'no policy rule for IPv{family} looks up table main or default',
    why: 'The kernel makes such rules by itself; somebody has removed them, or the listing was cut off.',
    do: 'Compare with the whole output of: {command}',
  },
  NODE_PARTIAL_RULES: {
    text: 'the list of IPv{family} policy rules is not whole',
    why: 'What it shows is used; at other priorities the rules of a new namespace are assumed, and every route rests on that.',
    do: 'Add the whole output of `{command}`.',
  },
  NODE_MISSING_ROUTES: {
    text: 'no whole listing of the main IPv{family} routing table',
    why: 'Where a packet leaves cannot be told without it.',
    do: 'Add the output of `{command}`.',
  },
  NODE_MISSING_TABLE: {
    text: 'IPv{family} routing table {table} is looked up by a policy rule, but not shown',
    why: 'What it holds is an open question for every packet that gets there.',
    do: 'Add the output of `{command}`.',
  },
  NODE_MISSING_ADDRESSES: {
    text: 'no IPv{family} addresses',
    why: "Which addresses are the node's own decides what is delivered and what is forwarded.",
    do: 'Add the output of `{command}`.',
  },
  NODE_DERIVED_ADDRESSES: {
    text: 'no listing of IPv{family} addresses; they are taken from the routes',
    why: 'Table local has every address, but not its order, flags and labels.',
    do: 'Add the output of `{command}`.',
  },
  NODE_DERIVED_LOCAL: {
    text: 'IPv{family} table local is not shown; it is made from the addresses',
    why: 'The kernel makes it so, but rules and tools may have changed it.',
    do: 'Add the output of `{command}`.',
  },
  NODE_MISSING_SYSCTL: {
    text: 'no sysctl settings',
    why: 'Forwarding, reverse-path filtering and others hang on them; each one that matters becomes an assumption.',
    do: 'Add the output of `{command}`.',
  },
  NODE_MISSING_TABLES: {
    text: 'IPv{family} iptables tables are not shown: {tables}',
    why: 'Their rules are not known, so every outcome assumes that they let the packet pass unchanged.',
    do: 'Add the output of `{command}`.',
  },
  NODE_MISSING_NFT: {
    text: 'answers leave out tables of nftables itself: no dump shows them',
    why: 'iptables is the nftables kind here, and its save leaves out tables that other programs made (the AWS VPC CNI since 1.23, kube-proxy in nftables mode, firewalld). Every answer takes them not to exist; one that does may drop, mark or translate the packet.',
    do: 'Add the output of `{command}`.',
  },
  NODE_MISSING_SETS: {
    text: 'rules test IP sets, but no dump of the sets is there',
    why: 'Whether a packet is in a set becomes an open question.',
    do: 'Add the output of `{command}`.',
  },
} as const satisfies Catalogue;
