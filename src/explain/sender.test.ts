import { expect, it } from 'vitest';
import { aResult, aRule, anOutcome, matched } from '../../test/support/result.js';
import { renderSummary } from './summary.js';

const gone = {
  egress: null,
  final: {
    proto: 'tcp',
    src: '10.0.1.57',
    sport: 40000,
    dst: '203.0.113.9',
    dport: 443,
    mark: '0x0',
    ttl: 64,
    tos: 0,
  },
} as const;

it.each([
  ['OUTPUT', null, 'udp', 'Operation not permitted'],
  ['OUTPUT', null, 'icmp', 'Operation not permitted'],
  ['OUTPUT', null, 'tcp', 'Connection refused'],
  ['INPUT', null, 'udp', 'Connection refused'],
  ['FORWARD', 'eth1', 'udp', 'Connection refused'],
] as const)('tells what a REJECT in %s makes of what comes by %s of %s', (hook, device, proto, told) => {
  const rule = aRule('filter', hook, 1, { target: ['REJECT', '--reject-with icmp-port-unreachable'] });
  const outcome = anOutcome({
    ...gone,
    verdict: 'rejected',
    reject: { with: 'icmp-port-unreachable', to: '10.0.1.57' },
    steps: [matched(hook, rule, 'reject')],
  });
  expect(renderSummary(aResult([outcome], { in: device, proto }))).toContain(told);
});
