/** Lines of other programs between listings: they are no damage of these. */
import { describe, expect, it } from 'vitest';
import { loadNode } from './load.js';

const SAVE =
  '*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n-A INPUT -j DROP\nCOMMIT\n';
const ROUTES = 'default via 10.0.0.1 dev eth0\n10.0.0.0/24 dev eth0 scope link\n';

/** `CODE LINE` of the findings about the lines. */
function findings(text: string): readonly string[] {
  return loadNode('n', [{ name: 'x.txt', text }]).diagnostics.flatMap(({ code, span }) =>
    code.startsWith('READ_') ? [`${code} ${String(span?.source.position(span.start).line ?? 0)}`] : [],
  );
}

describe('lines between listings', () => {
  it.each([
    [
      'what a command prints in a network namespace',
      `# sysctl net.ipv4.ip_forward\nnet.ipv4.ip_forward = 1\n# ip netns  exec red  ping -c1 10.0.0.1\nPING 10.0.0.1 (10.0.0.1) 56(84) bytes of data.\n[Mon Feb 10 21:03:24 2025] red[x] IN=lo OUT= MAC=00:00 SRC=10.0.0.1\n# ip route\n${ROUTES}`,
      [],
    ],
    [
      'lines of a script',
      `create s hash:net family inet\nadd s 10.0.0.0/8\n\n#!/bin/sh\n\t/sbin/ipset restore < /etc/s.conf\n/usr/sbin/iptables-restore < /etc/x.rules\n`,
      ['READ_REMARK_LINE 5'],
    ],
    ['a ruler of two dashes behind a save', `${SAVE}\n--\n\n${SAVE}`, []],
    ['the same behind its last line', `${SAVE}# Completed on Mon Jan  5 10:00:00 2026\n--\n${SAVE}`, []],
    ['the gap that grep leaves in a save', SAVE.replace('-A INPUT', '--\n-A INPUT'), ['READ_ELIDED 5']],
    ['the gap that grep leaves in routes', ROUTES.replace('\n10', '\n--\n10'), ['READ_ELIDED 2']],
    ['a line of a difference of two saves', SAVE.replace('-A INPUT', '+-A INPUT'), ['READ_LINE 5']],
  ])('%s', (_, text, found) => {
    expect(findings(text).filter((one) => !one.startsWith('READ_FILTERED'))).toEqual(found);
  });

  it('a gap leaves open what the table has', () => {
    const [whole, gap] = [SAVE, SAVE.replace('-A INPUT', '--\n-A INPUT')].map((text) =>
      loadNode('n', [{ name: 'x.txt', text }]).ruleSets[4].unknown.has('filter'),
    );
    expect([whole, gap]).toEqual([false, true]);
  });
});
