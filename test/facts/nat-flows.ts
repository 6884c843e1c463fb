/** NAT where another flow, or a chain that is not of iptables, has a say. */
import { table } from '../support/save.js';
import { POD, type Section, fact, factOf, forwarded, fromLan, fromNode, sent } from './fact.js';

const nat = (...lines: readonly string[]): string => table('nat', lines.join('\n')) + table('filter', '');
const OTHER = '203.0.113.10';
const bare = (name: string): { readonly name: string; readonly addresses: readonly string[] } => ({
  name,
  addresses: [],
});
/** To one server by a fixed port, to all others by any. */
const FIXED = (options = ''): string =>
  nat(
    '-A POSTROUTING -d 203.0.113.9/32 -o eth0 -p tcp -j SNAT --to-source 10.0.0.2:5000',
    `-A POSTROUTING -o eth0 -p tcp -j SNAT --to-source 10.0.0.2${options}`,
  );
const first = [fromLan(), forwarded('eth0', { src: '10.0.0.2', sport: 5000 })] as const;

/** A native nat chain as the VPC CNI makes it, behind the nat table of iptables, with the handles that nft -a lists. */
const BEHIND = (...rules: readonly string[]): string =>
  `table ip aws-cni {\n\tchain nat-prerouting { # handle 1\n\t\ttype nat hook prerouting priority dstnat + 10; policy accept;\n${rules
    .map((rule, at) => `\t\t${rule} # handle ${String(at + 2)}\n`)
    .join('')}\t}\n}\n`;
const TRACK = '-A FORWARD -m conntrack --ctstate INVALID -j DROP';
const legacyNat = (...lines: readonly string[]): string =>
  table('nat', lines.join('\n')) + table('filter', TRACK);

export const natFlows: Section = {
  title: '3. nat: other flows, and native chains beside the table',
  facts: [
    fact('a client keeps its translated port towards other destinations', { save: FIXED() }, first, [
      fromLan({ dst: OTHER }),
      forwarded('eth0', { src: '10.0.0.2', sport: 5000 }),
    ]),
    fact('another port of the client is not bound by it', { save: FIXED() }, first, [
      fromLan({ dst: OTHER, sport: 40001 }),
      forwarded('eth0', { src: '10.0.0.2', sport: 40001 }),
    ]),
    fact('nor is another client', { save: FIXED() }, first, [
      fromLan({ dst: OTHER, src: '10.1.0.8' }),
      forwarded('eth0', { src: '10.0.0.2', sport: 40000 }),
    ]),
    fact('an earlier port outside the range is not kept', { save: FIXED(':6000') }, first, [
      fromLan({ dst: OTHER }),
      forwarded('eth0', { src: '10.0.0.2', sport: 6000 }),
    ]),
    fact(
      'a port that is drawn is drawn again: --random keeps none',
      { save: FIXED(':6000-6001 --random') },
      first,
      [fromLan({ dst: OTHER }), forwarded('eth0', { src: '10.0.0.2', drawn: [6000, 6001] })],
    ),
    fact(
      'MASQUERADE leaves a packet without a source as it is',
      {
        save: nat('-A POSTROUTING -j MASQUERADE'),
        links: [bare('eth0'), bare('eth1'), bare('eth2')],
        noDefault: true,
      },
      [
        fromNode({ dst: '255.255.255.255', oif: 'eth2', sport: 68, dport: 67 }),
        sent('eth2', { src: '0.0.0.0', sport: 68 }),
      ],
    ),
    factOf(
      'legacy',
      'trap: a nat chain at priority -90 is asked behind the table nat at -100',
      {
        save: legacyNat('-A PREROUTING -j MARK --set-xmark 0x1/0xffffffff'),
        native: BEHIND('meta mark 0x00000001 meta mark set 0x00000003'),
      },
      [fromLan(), forwarded('eth0', { mark: 3 })],
    ),
    factOf(
      'legacy',
      'trap: and before filter, behind mangle',
      {
        save:
          table('mangle', '-A PREROUTING -j MARK --set-xmark 0x1/0xffffffff') +
          table('nat', '') +
          table('filter', `${TRACK}\n-A FORWARD -m mark --mark 0x3 -j MARK --set-xmark 0x7/0xffffffff`),
        native: BEHIND('meta mark 0x00000001 meta mark set 0x00000003'),
      },
      [fromLan(), forwarded('eth0', { mark: 7 })],
    ),
    factOf(
      'legacy',
      'trap: of a packet that DNAT at -100 has translated it is not asked at all',
      {
        save: legacyNat('-A PREROUTING -d 192.0.2.80/32 -j DNAT --to-destination 10.2.0.9'),
        native: BEHIND('meta mark set 0x00000003'),
      },
      [fromLan({ dst: '192.0.2.80' }), forwarded('eth2', { dst: '10.2.0.9', mark: 0 })],
    ),
    factOf(
      'legacy',
      'trap: it is asked about the first packet alone, and what it saves in the connection stays',
      {
        save: legacyNat('-A POSTROUTING -o eth7 -j MASQUERADE'),
        native: BEHIND(
          'iifname "eth1" ct mark set ct mark | 0x00000080',
          'meta mark set ct mark & 0x00000080',
        ),
      },
      [fromLan({ proto: 'udp' }), forwarded('eth0', { mark: 0x80, ctmark: 0x80 })],
      [
        { in: 'eth0', proto: 'udp', src: '203.0.113.9', sport: 443, dst: POD, dport: 40000 },
        forwarded('eth1', { mark: 0, ctmark: 0x80 }),
      ],
    ),
    factOf(
      'legacy',
      'it assigns the whole mark: bits of others are gone',
      {
        save:
          table('mangle', '-A PREROUTING -j MARK --set-xmark 0x4000/0x4000') +
          table('nat', '') +
          table('filter', TRACK),
        native: BEHIND('meta mark set ct mark & 0x00000080'),
      },
      [fromLan(), forwarded('eth0', { mark: 0 })],
    ),
  ],
};
