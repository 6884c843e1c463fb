import { describe, expect, it } from 'vitest';
import { aResult, aRule, anOutcome } from '../../test/support/result.js';
import { renderMinimal } from './minimal.js';

const line = (...args: Parameters<typeof anOutcome>): string => renderMinimal(aResult([anOutcome(...args)]));

describe('the minimal view', () => {
  it('gives one line per outcome', () => {
    expect(
      renderMinimal(aResult([anOutcome({ probability: 1 / 3 }), anOutcome({ probability: null })])),
    ).toBe(
      'forwarded eth0 via 10.0.1.1 src 10.0.1.57:40000 dst 203.0.113.9:443 p=0.333333\n' +
        'forwarded eth0 via 10.0.1.1 src 10.0.1.57:40000 dst 203.0.113.9:443 p=?\n',
    );
  });

  it('shows what is drawn as a range', () => {
    const final = {
      proto: 'tcp',
      src: '192.168.45.10',
      sportRange: [1024, 65535],
      dst: '203.0.113.9',
      dport: 443,
      mark: '0x80',
      ttl: 63,
      tos: 0,
    } as const;
    expect(line({ final })).toBe(
      'forwarded eth0 via 10.0.1.1 src 192.168.45.10:1024-65535 dst 203.0.113.9:443 p=1\n',
    );
  });

  it('puts IPv6 addresses in brackets before a port', () => {
    const final = {
      proto: 'tcp',
      src: '2001:db8::1',
      sport: 1,
      dst: '2001:db8::2',
      dport: 2,
      mark: '0x0',
      ttl: 64,
      tos: 0,
    };
    expect(line({ final })).toContain('src [2001:db8::1]:1 dst [2001:db8::2]:2');
    const bare = { proto: 'icmpv6', src: '2001:db8::1', dst: '2001:db8::2', mark: '0x0', ttl: 64, tos: 0 };
    expect(line({ final: bare })).toContain('src 2001:db8::1 dst 2001:db8::2 ');
  });

  it('names what decided about the other ends', () => {
    const rule = aRule('filter', 'X', 2);
    expect(line({ verdict: 'dropped', drop: { rule, reason: 'rule' } })).toMatch(
      /^dropped in filter:X:2 src /,
    );
    const policy = { rule: null, reason: 'policy', table: 'filter', chain: 'FORWARD' };
    expect(line({ verdict: 'dropped', drop: policy })).toMatch(/^dropped by policy:filter:FORWARD src /);
    expect(line({ verdict: 'dropped', drop: { rule: null, reason: 'ttl' } })).toMatch(/^dropped by ttl src /);
    expect(line({ verdict: 'rejected', reject: { with: 'tcp-reset', to: 'x' } })).toMatch(
      /^rejected with tcp-reset src /,
    );
    expect(line({ verdict: 'unroutable', unroutable: { errno: 'ENETUNREACH' } })).toMatch(
      /^unroutable ENETUNREACH src /,
    );
    expect(line({ verdict: 'delivered' })).toMatch(/^delivered src /);
  });

  it('keeps control characters of device names out', () => {
    const egress = { iface: 'e\u001b[2J', via: null, table: 'main', policyRule: 1, route: null };
    expect(line({ egress })).not.toContain('\u001b');
  });
});
