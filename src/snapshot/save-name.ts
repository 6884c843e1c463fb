/** Names of files that hold a whole save of iptables. */

/** The variant of iptables stands before or behind `save`. */
const SAVE_NAME =
  /(?:^|[^a-z0-9])(ip6?tables)(?:[-_.](legacy|nft))?[-_.]save(?:[-_.](legacy|nft))?(?:\.\w{1,8})?$/;

/** The command that prints what a file of that name holds: `iptables-legacy-save`; null for another name. */
export function saveCommandOf(file: string): string | null {
  const [, tool, before, behind] = SAVE_NAME.exec(file.slice(file.lastIndexOf('/') + 1)) ?? [];
  const variant = before ?? behind;
  return tool === undefined ? null : [tool, variant ?? [], 'save'].flat().join('-');
}

/** The file of a save that a command prints: `cat n1/iptables-save.txt`; null for another command. */
export function catOfSave(words: readonly string[]): string | null {
  const [tool, file, ...rest] = words;
  if (tool !== 'cat' || file === undefined || rest.length > 0) return null;
  return saveCommandOf(file) === null ? null : file;
}
