import { expect, it } from 'vitest';
import { GONE, aResult, aRule, anOutcome, matched } from '../../test/support/result.js';
import { renderSummary } from './summary.js';

it.each([
  ['OUTPUT', null, 'udp', 'Operation not permitted'],
  ['OUTPUT', null, 'icmp', 'Operation not permitted'],
  ['OUTPUT', null, 'tcp', 'Connection refused'],
  ['INPUT', null, 'udp', 'Connection refused'],
  ['FORWARD', 'eth1', 'udp', 'Connection refused'],
] as const)('tells what a REJECT in %s makes of what comes by %s of %s', (hook, device, proto, told) => {
  const rule = aRule('filter', hook, 1, { target: ['REJECT', '--reject-with icmp-port-unreachable'] });
  const outcome = anOutcome({
    ...GONE,
    verdict: 'rejected',
    reject: { with: 'icmp-port-unreachable', to: '10.0.1.57' },
    steps: [matched(hook, rule, 'reject')],
  });
  expect(renderSummary(aResult([outcome], { in: device, proto }))).toContain(told);
});
