/** What the tools said against a snapshot while it was loaded, by the part of it that they were given. */

/**
 * Links, addresses, routes and policy rules; sysctl; iptables, ipset and nft; the judge's own work; and what tools warned
 * of that did load what they were given.
 */
export const PARTS = ['network', 'settings', 'rules', 'watch', 'warnings'] as const;

export type Part = (typeof PARTS)[number];

export type Complaints = Readonly<Record<Part, string>>;

/** A line of script behind which complaints are about this part. */
export function about(part: Part): string {
  return `printf '\\f%s\\n' ${part} >&2\n`;
}

/** Takes standard error apart; what came before the first part is about the network. */
export function byPart(said: string): Complaints {
  const found: Record<Part, string> = { network: '', settings: '', rules: '', watch: '', warnings: '' };
  for (const [at, block] of said.split('\f').entries()) {
    const end = block.indexOf('\n');
    const part = PARTS.find((name) => at > 0 && name === block.slice(0, end));
    found[part ?? 'network'] += part === undefined ? block : block.slice(end + 1);
  }
  return found;
}

/** All that was not taken, as one text; empty when a snapshot was loaded as a whole, with warnings or without. */
export function allOf(complaints: Complaints): string {
  return PARTS.map((part) => (part === 'warnings' ? '' : complaints[part])).join('');
}

/** What tools warned of, each warning once. */
export function warningsOf({ warnings }: Complaints): readonly string[] {
  return [...new Set(warnings.split('\n').filter((line) => line.trim() !== ''))];
}
