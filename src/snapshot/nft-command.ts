/** What an `nft … list …` command shows, and what it leaves out (nft(8)). */

/**
 * What a listing does not show of its tables: nothing; the rules of its chains; the elements of its sets; whatever a
 * filter took away. `unsaid`: nobody says by which command it was made.
 */
export type NftHides = 'nothing' | 'rules' | 'elements' | 'lines' | 'unsaid';

export interface NftListCommand {
  readonly json: boolean;
  /** There may be tables, chains and sets that it does not list. */
  readonly partial: boolean;
  readonly hides: NftHides;
}

/** An option by its letter, alone or among others, or by its name. */
function has(words: readonly string[], letter: string, name: string): boolean {
  return words.some((word) => word === `--${name}` || (/^-[a-zA-Z]+$/u.test(word) && word.includes(letter)));
}

/** Reads the words of an nft command; null for one that lists nothing. */
export function nftListCommand(words: readonly string[]): NftListCommand | null {
  const [verb, object, ...rest] = words.slice(1).filter((word) => !word.startsWith('-'));
  if (verb !== 'list' || object === undefined) return null;
  const terse = has(words, 't', 'terse');
  return {
    json: has(words, 'j', 'json'),
    partial: terse || object !== 'ruleset' || rest.length > 0,
    hides: object === 'chains' || object === 'tables' ? 'rules' : terse ? 'elements' : 'nothing',
  };
}

/** What a listing leaves out, by the command line that printed it; '' when that is not known. */
export function hiddenBy(line: string, filtered: boolean): NftHides {
  if (line === '' && !filtered) return 'unsaid';
  const words = line.split('|')[0]?.trim().split(/\s+/u) ?? [];
  const at = words.findIndex((word) => /(?:^|\/)nft$/u.test(word));
  const command = at < 0 ? null : nftListCommand(words.slice(at));
  if (!command?.partial) return filtered ? 'lines' : 'nothing';
  return line.includes('|') ? 'lines' : command.hides;
}
