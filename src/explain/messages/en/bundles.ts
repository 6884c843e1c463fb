/** Messages about archives, encodings, texts without listings, and snapshots of several nodes. */
import type { Catalogue } from '../catalogue.js';

export const bundles = {
  READ_SEVERAL_NODES: {
    text: 'these are several nodes, and none is clearly the one that is meant: {names}',
    why: 'The text, folder or archive holds the output of several hosts, namespaces or folders, and more than one is whole.',
    do: 'Name one of them, as in FILE#name; `natwalk nodes FILE` says what each holds.',
  },
  READ_NO_SUCH_NODE: {
    text: 'there is no node {node} in it, only: {names}',
    why: 'The name after # is that of a host, a namespace or a folder that the snapshot holds.',
    do: 'Take one of the names that `natwalk nodes FILE` prints.',
  },
  READ_PROSE: {
    text: '{file} is a text for people, without a listing',
    why: 'Its lines are sentences, not the output of a command. It is left out.',
    do: 'Nothing, unless it should hold a dump.',
  },
  READ_ASIDE: {
    text: '{file} is the output of {kind}, which natwalk does not read',
    why: 'It does not say how the node is set up. It is left out.',
    do: 'Nothing, unless it should hold a dump.',
  },
  READ_SHORT_LIST: {
    text: '{file} is a short list, not the output of a command that natwalk knows',
    why: 'Each of its lines is a few words, as other programs print them. It is left out.',
    do: 'Nothing, unless it should hold a dump.',
  },
  READ_UNNAMED: {
    text: '{count} more files hold no listing',
    why: 'Bundles hold logs and other things; only the first such files are named.',
    do: 'Nothing.',
  },
  READ_MORE_FILES: {
    text: '{count} more files are left out in the same way ({code})',
    why: 'Only the first ones are named.',
    do: 'See `natwalk explain {code}`.',
  },
  READ_REMARK_LINE: {
    text: 'there is something else in this listing: {line}',
    why: 'A sentence or a piece of another output between the lines takes nothing away from them. It is left out.',
    do: 'Nothing.',
  },
  READ_UTF16_GUESSED: {
    text: '{file} has no byte order mark and is read as UTF-16',
    why: 'Every second byte is NUL, as in UTF-16; natwalk takes it for that.',
    do: 'Save it as UTF-8 if anything in it looks wrong.',
  },
  READ_UTF16_CUT: {
    text: '{file} is UTF-16 and ends in the middle of a character',
    why: 'Its number of bytes is odd: the end was cut off.',
    do: 'Take the dump again and give natwalk the unchanged output.',
  },
  READ_PACKING: {
    text: '{file} is packed with {packing}, which natwalk does not open',
    why: 'It opens tar, gzip and zip. The file is left out.',
    do: 'Make of it something that natwalk opens: {command}',
  },
  READ_ENCRYPTED: {
    text: '{file} is encrypted within its archive',
    why: 'It cannot be read without a password. It is left out.',
    do: 'Unpack the archive and give natwalk the folder.',
  },
  READ_NAME_OUTSIDE: {
    text: '{file} is a name that leads out of its archive',
    why: 'No collector makes such names: the archive is damaged or means harm. The member is left out.',
    do: 'Look at where the archive comes from.',
  },
  READ_ARCHIVE_INSIDE: {
    text: '{file} is an archive within an archive, and is not opened',
    why: 'Archives are opened one deep; only collectors that pack one archive for each node are read deeper.',
    do: 'Unpack it and give natwalk the file or the folder.',
  },
  READ_ARCHIVE_DAMAGED: {
    text: '{file} is a damaged archive: {reason}',
    why: 'What comes before the damage is read; what comes after is not known.',
    do: 'Copy the archive again, and compare its size.',
  },
  READ_SPARSE: {
    text: '{file} is a file with holes, stored by `tar -S`',
    why: 'Dumps have no holes; such files are databases and images. It is left out.',
    do: 'Nothing, unless it should hold a dump: then pack it without -S.',
  },
  READ_ARCHIVE_MANY: {
    text: '{file} holds more than {most} members; {count} of them are not looked into',
    why: 'Behind so many, only the members are read whose names say that they hold a dump (iptables-save.txt, ip-rule.txt).',
    do: 'Unpack the parts with the network dumps and give natwalk the folder.',
  },
  READ_ARCHIVE_FULL: {
    text: '{file} is left out: the texts before it in the archive have {most} bytes already',
    why: 'Texts are held in memory, and an archive cannot fill it.',
    do: 'Unpack the parts with the network dumps and give natwalk the folder.',
  },
  READ_ARCHIVE_MEMBERS: {
    text: '{file} holds more than {most} members',
    why: 'Reading ends there, so that an archive cannot fill the memory.',
    do: 'Unpack the parts with the network dumps and give natwalk the folder.',
  },
  READ_ARCHIVE_TOTAL: {
    text: '{file} unpacks to more than {most} bytes',
    why: 'Reading ends there, so that an archive cannot keep natwalk busy for ever. What came before is read.',
    do: 'Unpack the parts with the network dumps and give natwalk the folder.',
  },
  READ_ARCHIVE_RATIO: {
    text: '{file} unpacks to more than {most} times its size',
    why: 'Dumps do not shrink that far: this is made to fill a memory. It is left out.',
    do: 'Look at where the archive comes from; unpack it yourself if you trust it.',
  },
  NODES_NONE: {
    text: 'there is no node in "{path}"',
    why: 'None of its texts was recognised as a dump.',
    do: 'check that the files hold the output of iptables-save, ip rule, ip route and the like',
  },
  NODE_TRACES: {
    text: '"{path}" holds logs of traced packets, and no dump of a node',
    why: 'TRACE lines say which rules one packet met, not which rules there are: no other packet can be walked by them.',
    do: 'natwalk collect | ssh root@NODE sh > node.txt, or add iptables-save, ip rule, ip route show table all, ip addr',
  },
  NODE_SEVERAL: {
    text: '"{path}" holds several nodes: {names}',
    why: 'more than one of them is whole, and natwalk does not guess which one you mean',
    do: 'natwalk trace {path}#{first} …',
  },
  NODE_NOT_THERE: {
    text: 'there is no node {node} in "{path}": {names}',
    why: 'the name after # is one of those that natwalk nodes prints',
    do: 'natwalk nodes {path}',
  },
  NODES_HELD: '{kind} ({lines} lines)',
  NODES_HELD_MORE: '{kind} ({listings} listings, {lines} lines)',
  NODES_MAIN: 'main',
  NODES_LINES: '{lines} lines',
} as const satisfies Catalogue;
