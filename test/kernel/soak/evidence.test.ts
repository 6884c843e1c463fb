/** What a run counts of native rules: what decided for certain, and no more. */
import { expect, it } from 'vitest';
import { trace } from '../../../src/packet/trace.js';
import { FORWARD, nodeOf } from '../../support/router.js';
import { add, noEvidence } from './evidence.js';

const LISTING = `table ip t {
	set s {
		type ipv4_addr
		elements = { 8.8.8.8 }
	}
	chain c {
		type filter hook forward priority filter; policy accept;
		tcp dport 1 meta mark set 0x00000007
		limit rate 1/second counter
		ip daddr @s meta mark set 0x00000001 accept
		drop
	}
}
`;

function evidence(listing: string): ReturnType<typeof noEvidence> {
  const found = noEvidence();
  for (const outcome of trace(nodeOf({ nft: listing }), FORWARD, { allRules: true }).outcomes)
    add(found, { outcome, traced: true });
  return found;
}

it('counts the expressions that held and the one that failed, and the statements of rules that matched', () => {
  const { expressions, statements, matches } = evidence(LISTING);
  expect(Object.fromEntries(expressions)).toEqual({
    'tcp dport': { yes: 0, no: 1 },
    'ip daddr': { yes: 1, no: 0 },
    'named set': { yes: 1, no: 0 },
  });
  expect(Object.fromEntries(statements)).toEqual({ 'meta mark set': 1, accept: 1 });
  expect(matches.size).toBe(0);
});

it('counts nothing of a rule that rests on an open question, or that broke off', () => {
  const open = LISTING.replace('limit rate 1/second counter', 'limit rate 1/second meta mark set 0x00000002');
  expect(evidence(open).statements.get('meta mark set')).toBe(2);
  const broken = LISTING.replace('limit rate 1/second counter', 'ct mark set 0x00000001 tcp dport 1 accept');
  expect(evidence(broken).statements.has('ct mark set')).toBe(false);
});
