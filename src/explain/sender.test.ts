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

const rejectedWith = (error: string): ReturnType<typeof anOutcome> =>
  anOutcome({
    ...GONE,
    verdict: 'rejected',
    reject: { with: error, to: '10.0.1.57' },
    steps: [matched('FORWARD', aRule('filter', 'FORWARD', 1), 'reject')],
  });

// Heard at sockets of Linux 6.18: IPv4 at a connecting TCP, at a connected UDP without IP_RECVERR, and at an established TCP.
// SYN,ACK, ICMP and the names of IPv6 are as the kernel's source has them.
it.each([
  ['udp', 'icmp-net-unreachable', [], 'nothing: it waits until its timeout, unless its socket asks'],
  ['udp', 'icmp-host-unreachable', [], 'nothing: it waits until its timeout, unless its socket asks'],
  ['udp', 'icmp6-no-route', [], 'nothing: it waits until its timeout, unless its socket asks'],
  ['udp', 'icmp-net-prohibited', [], '"Network is unreachable"'],
  ['udp', 'icmp-admin-prohibited', [], '"No route to host"'],
  ['udp', 'icmp-proto-unreachable', [], '"Protocol not available"'],
  ['tcp', 'icmp-net-unreachable', ['SYN'], '"Network is unreachable"'],
  ['tcp', 'icmp-host-unreachable', ['SYN'], '"No route to host"'],
  ['tcp', 'tcp-reset', ['SYN'], '"Connection refused"'],
  ['tcp', 'tcp-reset', ['ACK', 'PSH'], '"Connection reset by peer"'],
  ['tcp', 'icmp-port-unreachable', ['ACK'], 'nothing: it waits until its timeout, unless its socket asks'],
  ['tcp', 'tcp-reset', ['SYN', 'ACK'], 'nothing of it'],
  ['icmp', 'icmp-port-unreachable', [], 'the ICMP error icmp-port-unreachable'],
] as const)('tells what a sender of %s hears of %s (%s)', (proto, error, tcpFlags, told) => {
  const flags = proto === 'tcp' ? { tcpFlags } : {};
  const text = renderSummary(aResult([rejectedWith(error)], { in: 'eth1', proto, ...flags }));
  expect(text.replaceAll(/\s+/gu, ' ')).toContain(
    `sender sees ${told.startsWith('"') ? `the error ${told}` : told}`,
  );
});

it.each([
  ['8.8.8.8', 'tcp', 'EACCES', 'No route to host'],
  ['2001:db8::1', 'tcp', 'EACCES', 'Permission denied'],
  ['2001:db8::1', 'tcp', 'EHOSTUNREACH', 'Network is unreachable'],
  ['8.8.8.8', 'udp', 'ENETUNREACH', 'nothing: it waits until its timeout'],
  ['8.8.8.8', 'icmp', 'ENETUNREACH', 'the ICMP error icmp-net-unreachable'],
] as const)(
  'tells what a router without a way to %s answers to %s of another node: %s',
  (dst, proto, errno, told) => {
    const outcome = anOutcome({
      ...GONE,
      verdict: 'unroutable',
      unroutable: { errno },
      steps: [],
    });
    expect(renderSummary(aResult([outcome], { in: 'eth1', proto, dst }))).toContain(told);
  },
);
