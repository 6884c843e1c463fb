/** Chains that see frames at a device or in a bridge: no walk goes through them, and its outcome says so. */
import { describe, expect, it } from 'vitest';
import { FORWARD, LOCAL_IN, nodeOf, only } from '../../test/support/router.js';
import type { Node } from './node.js';
import type { PacketInput } from './result.js';
import { trace } from './trace.js';

/** A table of one base chain that drops what no rule accepts. */
function nft(table: string, hook: string, rules: readonly string[] = [], policy = 'drop'): string {
  const lines = [`type filter hook ${hook} priority filter; policy ${policy};`, ...rules];
  return `table ${table} {\n\tchain c {\n${lines.map((one) => `\t\t${one}\n`).join('')}\t}\n}\n`;
}

/** What the outcomes rest on. */
function restsOn(node: Node, packet: PacketInput): readonly string[] {
  return trace(node, packet).outcomes.flatMap(({ probability, assumptions }) =>
    assumptions.flatMap(({ code, params }) => {
      if (!code.startsWith('ASM_NFT_')) return [];
      expect(probability).toBeNull();
      return `${code} ${String(params['table'])} ${String(params['chain'])} ${String(params['hook'])} ${String(params['device'])}`;
    }),
  );
}

const OUT: PacketInput = { in: null, proto: 'udp', src: '10.0.0.1', dst: '8.8.8.8', dport: 53 };
const TO_ITSELF: PacketInput = { in: null, proto: 'udp', src: '10.0.0.1', dst: '10.0.0.1', dport: 53 };

describe('a chain at a device', () => {
  it.each([
    ['inet t', 'ingress device "eth1"', FORWARD, 'ingress eth1'],
    ['netdev t', 'ingress device "eth1"', FORWARD, 'ingress eth1'],
    ['netdev t', 'ingress devices = { eth0, eth1 }', FORWARD, 'ingress eth1'],
    ['netdev t', 'ingress devices = { "eth*" }', FORWARD, 'ingress eth1'],
    ['netdev t', 'ingress device "eth0"', LOCAL_IN, 'ingress eth0'],
    ['netdev t', 'egress device "eth0"', FORWARD, 'egress eth0'],
    ['netdev t', 'egress device "eth0"', OUT, 'egress eth0'],
    ['netdev t', 'egress device "lo"', TO_ITSELF, 'egress lo'],
    ['netdev t', 'ingress device "lo"', TO_ITSELF, 'ingress lo'],
  ])('of table %s at %s may drop a packet that passes it', (table, hook, packet, where) => {
    expect(restsOn(nodeOf({ nft: nft(table, hook) }), packet)).toEqual([`ASM_NFT_ASIDE ${table} c ${where}`]);
  });

  it.each([
    ['another device', nft('netdev t', 'ingress device "eth0"'), FORWARD],
    ['the other side', nft('netdev t', 'egress device "eth1"'), FORWARD],
    ['where a packet is delivered', nft('netdev t', 'egress device "eth0"'), LOCAL_IN],
    ['where a packet is sent', nft('netdev t', 'ingress device "eth0"'), OUT],
    [
      'a dormant table',
      nft('inet t', 'ingress device "eth1"').replace('{\n', '{\n\tflags dormant\n'),
      FORWARD,
    ],
    [
      'the device, where it only counts',
      nft('netdev t', 'ingress device "eth1"', ['ip saddr 10.0.0.1 counter packets 1 bytes 2'], 'accept'),
      FORWARD,
    ],
    ['the device, without rules', nft('netdev t', 'ingress device "eth1"', [], 'accept'), FORWARD],
  ])('of %s changes nothing', (_, text, packet) => {
    expect(only(nodeOf({ nft: text }), packet).assumptions).toEqual([]);
  });

  it('may drop by a rule too', () => {
    const text = nft('netdev t', 'ingress device "eth1"', ['tcp dport 443 drop'], 'accept');
    expect(restsOn(nodeOf({ nft: text }), FORWARD)).toHaveLength(1);
  });

  it('that could not be read may be at any', () => {
    const text = nft('netdev t', 'sideways device "eth1"');
    expect(restsOn(nodeOf({ nft: text }), FORWARD)[0]).toMatch(/^ASM_NFT_BASE netdev t c /u);
  });
});

describe('devices that are made of others', () => {
  const addresses = (...lines: readonly string[]): string =>
    lines.map((line, at) => `${String(at + 1)}: ${line} state UP group default qlen 1000\n`).join('') +
    '    inet 10.1.0.1/24 brd 10.1.0.255 scope global eth1\n';
  const LO = 'lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue';
  const up = (name: string, rest = ''): string =>
    `${name}: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue${rest}`;
  const PORT = addresses(LO, up('eth0'), up('eth2', ' master eth1'), up('eth1'));
  const VLAN = addresses(LO, up('eth0'), up('eth2'), up('eth1.5@eth2'), up('eth1'));

  it('are met by what their members are', () => {
    const text = nft('netdev t', 'ingress device "eth2"');
    expect(restsOn(nodeOf({ nft: text, addresses: PORT }), FORWARD)).toHaveLength(1);
    expect(
      restsOn(nodeOf({ nft: text, addresses: addresses(LO, up('eth0'), up('eth2'), up('eth1')) }), FORWARD),
    ).toEqual([]);
  });

  it('are met by what the device below a VLAN is', () => {
    const text = nft('netdev t', 'ingress device "eth2"');
    const vlan = VLAN.replace('eth1.5@eth2', 'eth2.5@eth2');
    const found = restsOn(nodeOf({ nft: text, addresses: vlan }), { ...FORWARD, in: 'eth2.5' });
    expect([...new Set(found)]).toEqual(['ASM_NFT_ASIDE netdev t c ingress eth2.5']);
  });

  it.each([
    ['prerouting', 1],
    ['input', 1],
    ['forward', 0],
    ['output', 0],
  ])('as a bridge are met by its chains at %s where a packet comes in by it', (hook, count) => {
    const text = nft('bridge t', hook);
    expect(restsOn(nodeOf({ nft: text, addresses: PORT }), FORWARD)).toHaveLength(count);
    expect(restsOn(nodeOf({ nft: text }), FORWARD)).toEqual([]);
  });
});
