/** What the printers of listings share. */

/** What one command prints. */
export interface Listing {
  /** The command that prints it on a node. */
  readonly command: string;
  /** Lines with their line ends; '' for nothing. */
  readonly text: string;
}

/** Marks a listing that has holes: whoever reads it back has to know. */
export const PARTIAL = ' | grep .';

/** Lines with their line ends. */
export function linesOf(lines: readonly string[]): string {
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}
