/** Quoting of words, as iptables prints it (libxtables/xtables.c `xtables_save_string`). */

/** A word that iptables prints bare: letters, digits, underscore and dash; anything else is put in double quotes. */
export function quote(text: string): string {
  if (/^[A-Za-z0-9_-]+$/.test(text)) return text;
  return `"${text.replace(/["'\\]/g, (character) => `\\${character}`)}"`;
}
