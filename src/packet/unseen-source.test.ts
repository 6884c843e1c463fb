/** From which address a process of the node sends where no listing shows the way out, and with it what decides. */
import { describe, expect, it } from 'vitest';
import { loadNode } from '../snapshot/load.js';
import type { PacketInput } from './result.js';
import { trace } from './trace.js';

const LINKS = `1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default
    inet 127.0.0.1/8 scope host lo
    inet6 ::1/128 scope host
2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc mq state UP group default
    inet 10.0.0.1/24 scope global eth0
    inet6 2001:db8::1/64 scope global
    inet6 fe80::1/64 scope link
`;
const SECOND = `3: eth1: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc mq state UP group default
    inet 10.0.1.1/24 scope global eth1
`;
const SAVE = `*filter
:INPUT ACCEPT [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
-A OUTPUT -s 10.0.1.1/32 -j DROP
COMMIT
`;

const many = Array.from(
  { length: 9 },
  (_, at) => `    inet 10.0.2.${String(at)}/24 scope global secondary eth0\n`,
).join('');

/** Source and verdict of each outcome that has a way out, and what it says of the source. */
function sent(links: string | null, packet: PacketInput): readonly string[] {
  const files = { 'iptables-save.txt': SAVE, ...(links === null ? {} : { 'ip-addr.txt': links }) };
  const node = loadNode(
    'node',
    Object.entries(files).map(([name, text]) => ({ name, text })),
  );
  const lines = trace(node, packet)
    .outcomes.filter(({ verdict }) => verdict !== 'unroutable')
    .map(({ verdict, final, assumptions }) => {
      const said = assumptions.filter(({ code }) => code.endsWith('_SOURCE'));
      return [final.src ?? '', verdict, ...said.map(({ code }) => code)].join(' ');
    });
  return [...new Set(lines)];
}

const packet: PacketInput = { in: null, proto: 'tcp', dst: '8.8.8.8', dport: 80 };

describe('a local packet without a source, where no route is shown', () => {
  it.each([
    ['has the only address that there is', LINKS, packet, ['10.0.0.1 sent']],
    [
      'has one of the addresses, which rules go by',
      LINKS + SECOND,
      packet,
      ['10.0.0.1 sent UNK_SOURCE', '10.0.1.1 dropped UNK_SOURCE'],
    ],
    ['has what no list shows', null, packet, ['0.0.0.0 sent ASM_SOURCE']],
    ['has one of more than are asked about', LINKS + many, packet, ['0.0.0.0 sent ASM_SOURCE']],
    ['has the source that was given', LINKS + SECOND, { ...packet, src: '10.0.1.1' }, ['10.0.1.1 dropped']],
  ])('%s', (_, links, sentPacket, expected) => {
    expect(sent(links, sentPacket)).toEqual(expected);
  });
});
