/** What views say about a rule of a native nftables table, in nft's own words. */
import type { NftRule, Statement } from '../nft/model.js';
import { printStatement } from '../nft/print-statement.js';
import { isCondition, isInert } from '../nft/statement.js';

/** Counters say nothing about the packet: `nft -s` leaves their numbers out too. */
function words(statement: Statement): string {
  return statement.kind === 'counter' ? 'counter' : printStatement(statement);
}

/** The whole rule, without the numbers of its counters. */
export function nativeText({ statements, comment }: NftRule): string {
  const text = statements.map(words).join(' ');
  return comment === null ? text : `${text} comment "${comment}"`;
}

/** Conditions of a rule: `iifname "eni*" ip daddr 10.0.0.0/8`. */
export function nativeCondition({ statements }: NftRule): string {
  return statements.filter(isCondition).map(printStatement).join(' ');
}

/** What it does: `jump snat-mark`, `meta mark set ct mark & 0x80`, `masquerade fully-random`; '' when it only counts. */
export function nativeAction({ statements }: NftRule): string {
  return statements
    .filter((statement) => !isCondition(statement) && !isInert(statement))
    .map(printStatement)
    .join(' ');
}

/** The comment in quotes, or '' when it has none. */
export function nativeComment({ comment }: NftRule): string {
  return comment === null ? '' : `"${comment}"`;
}

/** Does it give the packet's mark what the connection's is? */
export function restoresMark({ statements }: NftRule): boolean {
  return statements.some(
    (statement) =>
      statement.kind === 'set' &&
      statement.key.kind === 'meta' &&
      statement.key.key === 'mark' &&
      printStatement(statement).includes('ct mark'),
  );
}
