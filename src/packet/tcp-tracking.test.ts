import { describe, expect, it } from 'vitest';
import type { Direction } from './connection.js';
import { TCP } from './packet.js';
import { type TcpVerdict, followTcp, openTcp } from './tcp-tracking.js';

const BITS: Readonly<Record<string, number>> = {
  S: TCP.SYN,
  A: TCP.ACK,
  F: TCP.FIN,
  R: TCP.RST,
};

/** `>S` is a SYN of the original direction, `<SA` a SYN/ACK of the answer; a trailing `+` carries data. */
function segmentOf(word: string): { direction: Direction; flags: number; data: boolean } {
  const flags = [...word.slice(1)].reduce((bits, letter) => bits | (BITS[letter] ?? 0), 0);
  return { direction: word.startsWith('>') ? 'ORIGINAL' : 'REPLY', flags, data: word.endsWith('+') };
}

/** What becomes of each further segment, and the state after the last. */
function follow(words: string): string {
  const [first = '', ...rest] = words.split(' ');
  let tracking = openTcp(segmentOf(first));
  const status = { seenReply: false, assured: false };
  const said = rest.map((word) => {
    const segment = segmentOf(word);
    const verdict: TcpVerdict = followTcp(tracking, segment.direction, segment, status);
    if (verdict.kind === 'invalid' || verdict.kind === 'reopen') return verdict.kind;
    tracking = verdict.tracking;
    if (segment.direction === 'REPLY') status.seenReply = true;
    if (verdict.kind === 'taken' && verdict.establishes) status.assured = true;
    return verdict.kind;
  });
  return [...said.filter((kind) => kind !== 'taken'), tracking.state, status.assured ? 'assured' : '']
    .join(' ')
    .trim();
}

describe('a TCP connection, as conntrack follows it', () => {
  it.each([
    ['>S', 'SYN_SENT'],
    ['>A', 'ESTABLISHED'],
    ['>S >S', 'SYN_SENT'],
    ['>S <SA', 'SYN_RECV'],
    ['>S <SA >A', 'ESTABLISHED assured'],
    ['>A <A', 'ESTABLISHED'],
    ['>A <A >A', 'ESTABLISHED assured'],
    ['>S <S', 'SYN_SENT2'],
    ['>S <S >SA', 'SYN_RECV'],
    ['>S <S <SA <A', 'ESTABLISHED assured'],
    ['>S <S >SA <A', 'ESTABLISHED assured'],
    ['>S <S >SA <SA <A', 'passed ESTABLISHED assured'],
    ['>S <S <SA <SA <A', 'passed ESTABLISHED assured'],
    ['>S <S <SA >S <A', 'passed SYN_RECV'],
    ['>S >A', 'invalid SYN_SENT'],
    ['>S >SA', 'invalid SYN_SENT'],
    ['>S >FA', 'invalid SYN_SENT'],
    ['>S <FA', 'invalid SYN_SENT'],
    ['>S <A', 'passed SYN_SENT'],
    ['>S <SA <S', 'invalid SYN_RECV'],
    ['>S <SA <SA', 'passed SYN_RECV'],
    ['>S <SA >A >S', 'passed ESTABLISHED assured'],
    ['>S <SA >A >SA', 'invalid ESTABLISHED assured'],
    ['>S <SA >A >FA', 'FIN_WAIT assured'],
    ['>S <SA >FA >FA >S <A+ >RA', 'passed passed CLOSE'],
    ['>S <SA >A >FA <A', 'CLOSE_WAIT assured'],
    ['>S <SA >A >FA <A <FA', 'LAST_ACK assured'],
    ['>S <SA >A >FA <FA >A', 'TIME_WAIT assured'],
  ])('%s: %s', (words, result) => {
    expect(follow(words)).toBe(result);
  });

  it('is closed by a reset', () => {
    expect(follow('>S <RA')).toBe('CLOSE');
    expect(follow('>S <SA >A >R')).toBe('CLOSE assured');
    expect(follow('>S <SA >A >A+ >R')).toBe('CLOSE assured');
  });

  it('is ended by what follows one challenge to a late SYN', () => {
    expect(follow('>S <SA >FA <FA >S <A')).toBe('passed passed LAST_ACK');
    expect(follow('>S <SA >FA <FA >S <A <A')).toBe('passed passed TIME_WAIT');
    expect(follow('>S <SA >FA <FA >S <A <A >S')).toBe('passed passed reopen TIME_WAIT');
  });

  it('is not ended by the challenge to a late SYN', () => {
    expect(follow('>S <SA >A >FA <FA >S <A')).toBe('passed passed LAST_ACK assured');
    expect(follow('>S <SA >A >FA <FA <A')).toBe('TIME_WAIT assured');
  });

  it('does not believe acknowledgements of what it let pass unjudged', () => {
    expect(follow('>S <A >R >A')).toBe('passed invalid CLOSE');
    expect(follow('>S <A >R >R')).toBe('passed CLOSE');
    expect(follow('>S <A <RA <SA >FA')).toBe('passed passed invalid CLOSE');
    expect(follow('>S <SA >A <R <SA >FA')).toBe('passed CLOSE assured');
    expect(follow('>S <A >RA')).toBe('passed CLOSE');
    expect(follow('>S <A >RA >RA')).toBe('passed CLOSE');
  });

  it('is opened anew by a SYN after an orderly close, or after a reset by the same side', () => {
    expect(follow('>S <SA >A >FA <FA >A >S')).toBe('reopen TIME_WAIT assured');
    expect(follow('>S <SA >A >R >S')).toBe('reopen CLOSE assured');
    expect(follow('>S <SA >A <R >S')).toBe('passed CLOSE assured');
  });

  it('is taken up again by the answer to a SYN that was let pass', () => {
    expect(follow('>S <SA >A >S <SA')).toBe('passed SYN_RECV assured');
    // Taken up again, it has not begun to close.
    expect(follow('>S <SA >FA >S <SA >R <SA >S')).toBe('passed passed passed CLOSE');
  });
});
