import { describe, expect, it } from 'vitest';
import { chainOf, walkListing } from '../../test/support/nft.js';

const OBJECTS = `	counter c {
		packets 0 bytes 0
	}
	limit l {
		rate 1/hour burst 1 packets
	}
	synproxy s {
		mss 1460
		wscale 7
	}
	map m {
		type inet_service : counter
		elements = { 99 : "c" }
	}`;

const walk = (rule: string, words = ''): ReturnType<typeof walkListing> =>
  walkListing(chainOf('ip', rule, OBJECTS), words);
const ends = (rule: string, words = ''): readonly string[] => walk(rule, words).map(({ end }) => end);

describe('a rule ends where a map has nothing for the packet', () => {
  it.each([
    'counter name ip saddr map { 10.9.9.9 : "c" } accept',
    'counter name tcp dport map @m accept',
    'limit name ip saddr map { 10.9.9.9 : "l" } accept',
    'quota name ip saddr map { 10.9.9.9 : "q" } accept',
    'ct helper set tcp dport map { 99 : "h" } accept',
    'synproxy name ip saddr map { 10.9.9.9 : "s" } accept',
    'queue to tcp dport map { 99 : 5 }',
    'dup to tcp dport map { 99 : 10.9.9.9 } device "eth0" accept',
    'tproxy to :tcp dport map { 99 : 50080 } accept',
  ])('%s', (rule) => {
    const [only, ...others] = walk(rule);
    expect(others).toEqual([]);
    expect(only).toMatchObject({ end: 'drop', done: [], reasons: ['NO_NFT_BREAK'] });
  });

  it('and goes on where it has', () => {
    expect(ends('counter name tcp dport map @m accept', 'dport=99')).toEqual(['accept']);
    expect(ends('counter name tcp dport map @m accept', 'proto=udp dport=99')).toEqual(['drop']);
    expect(ends('ct helper set tcp dport map { 80 : "h" } accept')).toEqual(['accept']);
    expect(ends('limit name tcp dport map { 80 : "l" } accept')).toEqual(['accept', 'drop']);
    expect(ends('counter name tcp dport map @m accept', 'dport=90-99')).toEqual(['accept', 'drop']);
    expect(ends('counter name tcp dport map @gone accept')).toEqual(['accept', 'drop']);
    expect(ends('queue to tcp dport map { 80 : 5 }')).toEqual(['accept', 'drop']);
  });
});

describe('synproxy takes a SYN and the ACK behind it', () => {
  it.each([
    'synproxy mss 1460 accept',
    'synproxy name "s" accept',
    'synproxy name tcp dport map { 80 : "s" } accept',
  ])('%s', (rule) => {
    const taken = { end: 'drop synproxy', path: ['c 1 drop'] };
    expect(walk(rule, 'flags=SYN')).toMatchObject([taken]);
    expect(walk(rule, 'flags=ACK')).toMatchObject([taken]);
    expect(ends(rule, 'flags=RST')).toEqual(['accept']);
    expect(walk(rule, 'proto=udp')).toMatchObject([{ end: 'drop', path: ['policy'] }]);
  });
});
