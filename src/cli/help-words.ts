/** Help in the reader's language: the command tree says it in English, a table has the same in another one. */
/** English words, with one blank between them, and what stands for them. */
export type HelpTable = Readonly<Record<string, string>>;

/** The key of a text in a table. */
export const helpKey = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** Words that are not in the table stay English. */
export function helpWord(table: HelpTable, text: string): string {
  const key = helpKey(text);
  return Object.hasOwn(table, key) ? (table[key] ?? text) : text;
}
