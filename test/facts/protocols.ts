/** Protocols with ports that are neither TCP nor UDP: how they are tracked and translated. */
import { table } from '../support/save.js';
import { type Section, delivered, fact, forwarded, fromLan, fromNode, sent } from './fact.js';

const bit = (state: string, value: string): string =>
  `-m conntrack --ctstate ${state} -j MARK --set-xmark ${value}/${value}`;
const seen = (chain: string): string =>
  table(
    'mangle',
    [
      `-A ${chain} ${bit('NEW', '0x1')}`,
      `-A ${chain} ${bit('ESTABLISHED', '0x2')}`,
      `-A ${chain} ${bit('INVALID', '0x8')}`,
    ].join('\n'),
  ) + table('filter', '');
const snat = table('nat', '-A POSTROUTING -o eth0 -j SNAT --to-source 10.0.0.2');

export const protocols: Section = {
  title: '5. protocols beside TCP and UDP',
  facts: [
    fact('DCCP that leaves the node is tracked', { save: seen('OUTPUT') }, [
      fromNode({ proto: 'dccp', src: '10.0.0.1' }),
      sent('eth0', { mark: 1 }),
    ]),
    fact(
      'DCCP that leaves the node is translated, and keeps its port',
      { save: snat + table('filter', '') },
      [fromNode({ proto: 'dccp', src: '10.0.0.1' }), sent('eth0', { src: '10.0.0.2', sport: 40000 })],
    ),
    fact('DCCP that is forwarded is tracked and translated', { save: snat + seen('FORWARD') }, [
      fromLan({ proto: 'dccp' }),
      forwarded('eth0', { src: '10.0.0.2', sport: 40000, mark: 1 }),
    ]),
    fact('UDP-Lite that leaves the node is NEW', { save: seen('OUTPUT') }, [
      fromNode({ proto: 'udplite', src: '10.0.0.1' }),
      sent('eth0', { mark: 1 }),
    ]),
    fact(
      'UDP-Lite that leaves the node is translated, and keeps its port',
      { save: snat + table('filter', '') },
      [fromNode({ proto: 'udplite', src: '10.0.0.1' }), sent('eth0', { src: '10.0.0.2', sport: 40000 })],
    ),
    fact(
      'the answer to UDP-Lite is INVALID, and is not turned back',
      { save: snat + seen('INPUT') },
      [fromNode({ proto: 'udplite', src: '10.0.0.1' }), sent('eth0', { src: '10.0.0.2' })],
      [
        { in: 'eth0', proto: 'udplite', src: '203.0.113.9', sport: 53, dst: '10.0.0.2', dport: 40000 },
        delivered({ dst: '10.0.0.2', mark: 8 }),
      ],
    ),
    fact(
      'nf_conntrack_checksum = 0 makes UDP-Lite that comes in NEW',
      { save: seen('FORWARD'), sysctls: { 'net.netfilter.nf_conntrack_checksum': 0 } },
      [fromLan({ proto: 'udplite' }), forwarded('eth0', { mark: 1 })],
    ),
    fact('SCTP that begins a connection is NEW', { save: seen('FORWARD') }, [
      fromLan({ proto: 'sctp' }),
      forwarded('eth0', { mark: 1 }),
    ]),
    ...(['gre', 'esp', 'ah', '99'] as const).map((proto) =>
      fact(
        `of ${proto} the answer is ESTABLISHED, by its addresses`,
        { save: seen('FORWARD') },
        [{ in: 'eth1', proto, src: '10.1.0.7', dst: '203.0.113.9' }, forwarded('eth0', { mark: 1 })],
        [{ in: 'eth0', proto, src: '203.0.113.9', dst: '10.1.0.7' }, forwarded('eth1', { mark: 2 })],
      ),
    ),
  ],
};
