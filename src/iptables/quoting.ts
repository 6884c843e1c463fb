/** Quoting of words, as iptables prints it (libxtables/xtables.c `xtables_save_string`). */

/** A word that iptables prints bare: letters, digits, underscore and dash; anything else is put in double quotes. */
export function quote(text: string): string {
  if (/^[A-Za-z0-9_-]+$/.test(text)) return text;
  return inQuotes(text);
}

/** A word in double quotes, whatever it holds. */
export function inQuotes(text: string): string {
  return `"${text.replace(/["'\\]/g, (character) => `\\${character}`)}"`;
}

/** A name that iptables never quotes (chains, devices); quoted only where it could not be read back otherwise. */
export function plainWord(text: string): string {
  return /^[^ \t\r\n"'\\#!][^ \t\r\n"'\\]*$/.test(text) ? text : inQuotes(text);
}
