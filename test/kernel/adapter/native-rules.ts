/** nftables rule sets of their own: how they are loaded and emptied, and what the kernel prints of them. */

/** A rule set that says so in its first line is loaded before those of iptables. */
export const LOADED_FIRST = '# loaded first';

/** The judge's own table. */
export const WATCH_TABLE = 'natwalk-judge';

/**
 * Loads a file by nft, again and again without the lines that nft or the kernel refuse: what remains is complained about
 * only when no single line is to blame. Every rule stands on a line of its own. Uses the functions of `TOOL`.
 */
export function loadScript(path: string, inside: string): string {
  return `work=$(mktemp); cp '${path}' "$work"; count=0
while ! said=$(${inside}nft -f "$work" 2>&1); do
  count=$((count + 1))
  bad=$(printf '%s\\n' "$said" | sed -n 's/^[^ ]*:\\([0-9]*\\):[0-9-]*: Error.*/\\1d/p')
  { [ -n "$bad" ] && [ $count -lt 40 ]; } || { refusal nft "$work" "$said"; said=; break; }
  sed -i "$bad" "$work"
done
[ -z "$said" ] || warning nft "$said"
`;
}

/** Takes out every table but the judge's, those of iptables-nft too. */
export const EMPTY_NFT = `nft list tables | grep -v ' ${WATCH_TABLE}$' | sed 's/^/delete /' | nft -f -\n`;

/** A listing without the judge's own table. */
export function withoutWatch(listing: string): string {
  return listing.replace(new RegExp(`^table inet ${WATCH_TABLE} \\{.*?^\\}\\n`, 'ms'), '');
}
