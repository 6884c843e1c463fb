import { describe, expect, it } from 'vitest';
import { parsePrefix } from '../address/prefix.js';
import { flow, ip, link, network, rule } from '../../test/support/network.js';
import type { Flow } from './lookup.js';
import type { PolicyRule } from './model.js';
import { matchPolicyRule } from './policy-rule.js';

const net = network({ links: [link('e0', ['10.0.0.1/24'])] });
const from = parsePrefix('10.0.0.0/24');
const mark = { value: 0x10, mask: 0xf0 };

function match(selectors: Partial<PolicyRule>, packet: Partial<Flow> = {}, to = '203.0.113.5'): string {
  const { result, code } = matchPolicyRule(rule(100, 10, selectors), flow(to, packet), net);
  return typeof result === 'boolean' ? `${String(result)} ${code}` : `open ${result.code}`;
}

describe('a policy rule', () => {
  it.each<[string, Partial<PolicyRule>, Partial<Flow>, string]>([
    ['without selectors takes everything', {}, {}, 'true PR_MATCH'],
    ['from: inside', { from }, { source: ip('10.0.0.9') }, 'true PR_MATCH'],
    ['from: outside', { from }, { source: ip('10.0.1.9') }, 'false PR_FROM'],
    ['from: no source yet', { from }, {}, 'false PR_FROM_UNSET'],
    ['from all: no source yet', { from: parsePrefix('0.0.0.0/0') }, {}, 'true PR_MATCH'],
    ['to: outside', { to: from }, {}, 'false PR_TO'],
    ['iif lo is what the node sends', { iif: 'lo' }, {}, 'true PR_MATCH'],
    ['iif of a packet that came in', { iif: 'lo' }, { inInterface: 'e0' }, 'false PR_IIF'],
    ['iif of a device that nobody can name', { iif: 'e0' }, { inInterface: '?/' }, 'open UNK_IIF'],
    ['oif is never the result of routing', { oif: 'e0' }, {}, 'false PR_OIF_UNBOUND'],
    ['oif of a bound socket', { oif: 'e0' }, { outInterface: 'e0' }, 'true PR_MATCH'],
    ['fwmark under its mask', { fwmark: mark }, { mark: 0x1f }, 'true PR_MATCH'],
    ['fwmark: another', { fwmark: mark }, { mark: 0x2f }, 'false PR_FWMARK'],
    [
      'fwmark: unknown bits that matter',
      { fwmark: mark },
      { mark: 0x10, markUnknown: 0x80 },
      'open UNK_MARK',
    ],
    [
      'fwmark: unknown bits outside the mask',
      { fwmark: mark },
      { mark: 0x10, markUnknown: 0xf },
      'true PR_MATCH',
    ],
    [
      'fwmark: a known bit already differs',
      { fwmark: mark },
      { mark: 0x40, markUnknown: 0x10 },
      'false PR_FWMARK',
    ],
    [
      'fwmark with the sign bit',
      { fwmark: { value: 0x80000000, mask: 0x80000000 } },
      { mark: 0x80000000 },
      'true PR_MATCH',
    ],
    ['tos compares three bits', { tos: 0x10 }, { tos: 0xf3 }, 'true PR_MATCH'],
    ['tos: another', { tos: 0x10 }, { tos: 8 }, 'false PR_TOS'],
    ['ipproto', { ipproto: 6 }, {}, 'false PR_IPPROTO'],
    ['sport range, its end', { sport: { from: 10, to: 20 } }, { sourcePort: 20 }, 'true PR_MATCH'],
    ['sport range, above', { sport: { from: 10, to: 20 } }, { sourcePort: 21 }, 'false PR_SPORT'],
    ['dport', { dport: { from: 53, to: 53 } }, { destinationPort: 54 }, 'false PR_DPORT'],
    ['uidrange', { uidRange: { from: 1, to: 9 } }, {}, 'false PR_UID'],
    ['uidrange, uid not given', { uidRange: { from: 1, to: 9 } }, { uid: null }, 'open UNK_UID'],
    ['every uid, uid not given', { uidRange: { from: 0, to: 0xffffffff } }, { uid: null }, 'true PR_MATCH'],
    ['a selector that is not evaluated', { opaque: ['tun_id 5'] }, {}, 'open UNK_SELECTOR'],
    ['a failed selector beside an open one', { opaque: ['tun_id 5'], ipproto: 6 }, {}, 'false PR_IPPROTO'],
    ['not of a failed selector', { not: true, ipproto: 6 }, {}, 'true PR_MATCH'],
    ['not of selectors that hold', { not: true, ipproto: 17 }, {}, 'false PR_NOT'],
    ['not of nothing', { not: true }, {}, 'false PR_NOT'],
    [
      'a rule for VRFs, where there are none',
      { action: { kind: 'l3mdev' } },
      { inInterface: 'e0' },
      'false PR_L3MDEV',
    ],
    [
      'a rule for VRFs, of a device not shown',
      { action: { kind: 'l3mdev' } },
      { inInterface: 'x' },
      'open UNK_L3MDEV',
    ],
  ])('%s', (_, selectors, packet, expected) => {
    expect(match(selectors, packet)).toBe(expected);
  });

  it('inverts an open question by its answer', () => {
    const { result } = matchPolicyRule(rule(1, 10, { not: true, opaque: ['x'] }), flow('1.1.1.1'), net);
    expect(result).toMatchObject({ unsure: true, negated: true });
  });

  it('compares the whole DSCP for IPv6', () => {
    const tos = (value: number): boolean =>
      matchPolicyRule(rule(1, 10, { tos: 0x20 }), flow('fd00::1', { tos: value }), net).result === true;
    expect([tos(0x23), tos(0x30)]).toEqual([true, false]);
  });
});
