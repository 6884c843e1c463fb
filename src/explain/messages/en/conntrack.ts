/** Words about the entries of a conntrack dump. */
import type { Catalogue } from '../catalogue.js';

export const conntrack = {
  READ_ENTRY_WORD: {
    text: 'the word {word} of this conntrack entry is not known',
    why: 'A newer tool may print it. The entry is used without it, and the word is kept.',
    do: 'Check the line. If it is as the tool printed it, please report it.',
  },
  READ_ENTRIES_MISSING: {
    text: 'the tool showed {count} more conntrack entries than are here',
    why: 'A filter, a page or a cut left them out: packets of these connections look as if they were new ones.',
    do: 'Add the whole output of `conntrack -L`.',
  },
  READ_ENTRIES_DELETED: {
    text: 'these conntrack entries were deleted by the command that printed them',
    why: 'They are no longer in the table, so that no packet belongs to them. They are left out.',
    do: 'Add the output of `conntrack -L`, taken afterwards.',
  },
  READ_ENTRY_DISAGREES: {
    text: 'two listings differ about this conntrack entry ({entry}); that of {used} is used',
    why: 'They were taken at different times, or on two nodes.',
    do: 'Keep one listing of the time that you ask about.',
  },

  SHOW_SUMMARY_CONNECTIONS: 'conntrack entries: {entries}',
  ROW_CT_DUMP: 'known ({place})',
  ROW_CT_ABOUT_DUMP: 'about {place}',
  CONNTRACK: 'conntrack',
  OF_DUMP: 'belongs to an entry of the dump ({place})',
  ABOUT_DUMP: 'is about an entry of the dump ({place})',
  BY_DUMP: 'an entry of the dump says so ({place})',

  ASM_OFFLOAD:
    'the connection is offloaded to a flowtable, which takes its packets past the rules; this is the way without it',
  UNK_MAPPING_ORDER:
    'entries of the dump map {source} differently, and the kernel takes the mapping of the latest again: taken as {mapped}',
  UNK_CT_CLOSED:
    'the connection was ended by the side that now begins again, or in good order (so a SYN opens a new one): {answer}',
  UNK_MASQUERADED:
    'the connection was masqueraded (so it may not leave by another device than then): {answer}',
} as const satisfies Catalogue;
