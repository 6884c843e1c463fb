/** When OUTPUT and PREROUTING make the kernel choose another way. */
import { table } from '../support/save.js';
import { POD, SERVER, type Section, fact, forwarded, fromLan, fromNode, sent } from './fact.js';

const SEVEN = '-j MARK --set-xmark 0x7/0xffffffff';
const VIP = '192.0.2.80';
/** The tables given, and all others empty; something tracks connections, so that nat is asked. */
function save(
  ...blocks: readonly (readonly ['raw' | 'mangle' | 'nat' | 'filter' | 'security', string])[]
): string {
  const whole = [...blocks, ...(blocks.some(([name]) => name === 'filter') ? [] : [['filter', ''] as const])];
  return whole
    .map(([name, lines]) =>
      table(name, name === 'filter' ? `-A FORWARD -m conntrack --ctstate INVALID -j DROP\n${lines}` : lines),
    )
    .join('');
}
const second = {
  rules: ['100: from all fwmark 0x7 lookup 100'],
  routes: ['default via 10.2.0.254 dev eth2 table 100'],
};
const from = { ...second, rules: ['100: from 10.0.0.1 lookup 100'] };
const local = fromNode({ src: '10.0.0.1' });

export const reroute: Section = {
  title: '4. routing again',
  facts: [
    fact(
      'trap: a mark set in mangle OUTPUT routes again, and keeps the source address of the first choice',
      { save: save(['mangle', `-A OUTPUT ${SEVEN}`]), ...second },
      [fromNode(), sent('eth2', { via: '10.2.0.254', src: '10.0.0.1', mark: 7 })],
    ),
    ...(['raw', 'filter', 'security', 'nat'] as const).map((name) =>
      fact(
        `a mark set in ${name} OUTPUT does not route again`,
        { save: save([name, `-A OUTPUT ${SEVEN}`]), ...second },
        [fromNode(), sent('eth0', { mark: 7 })],
      ),
    ),
    fact(
      'a TOS set in mangle OUTPUT routes again',
      {
        save: save(['mangle', '-A OUTPUT -j TOS --set-tos 0x10/0xff']),
        rules: ['100: from all tos 0x10 lookup 100'],
        routes: second.routes,
      },
      [fromNode(), sent('eth2', { src: '10.0.0.1', tos: 0x10 })],
    ),
    fact(
      'routing again knows the source address: a rule about it holds now',
      { save: save(['mangle', '-A OUTPUT -j TOS --set-tos 0x10/0xff']), ...from },
      [fromNode(), sent('eth2', { src: '10.0.0.1' }), ['UNK_CONNECTED']],
    ),
    fact(
      'a rule about the source address does not hold for a socket without one, unless it is connected',
      from,
      [fromNode(), [sent('eth0', { src: '10.0.0.1' }), sent('eth2', { src: '10.0.0.1' })], ['UNK_CONNECTED']],
    ),
    fact('a rule about the source address holds for a socket that is bound to it', from, [
      fromNode({ src: '10.0.0.1' }),
      sent('eth2', { src: '10.0.0.1' }),
    ]),
    fact(
      'DNAT in OUTPUT to another address routes again',
      { save: save(['nat', `-A OUTPUT -d ${VIP}/32 -j DNAT --to-destination ${POD}`]) },
      [fromNode({ dst: VIP }), sent('eth1', { via: null, src: '10.0.0.1', dst: POD })],
    ),
    fact(
      'DNAT in OUTPUT routes again with the mark as it is then, though raw set it',
      {
        save: save(
          ['raw', `-A OUTPUT ${SEVEN}`],
          ['nat', `-A OUTPUT -d ${VIP}/32 -j DNAT --to-destination ${SERVER}`],
        ),
        ...second,
      },
      [fromNode({ dst: VIP }), sent('eth2', { dst: SERVER, src: '10.0.0.1' })],
    ),
    fact(
      'DNAT in OUTPUT of the port alone does not route again',
      {
        save: save(
          ['raw', `-A OUTPUT ${SEVEN}`],
          ['nat', `-A OUTPUT -p udp -d ${SERVER}/32 -j DNAT --to-destination ${SERVER}:5353`],
        ),
        ...second,
      },
      [fromNode(), sent('eth0', { dst: SERVER, dport: 5353, mark: 7 })],
    ),
    fact(
      'later packets of a flow with DNAT in OUTPUT are routed again too',
      {
        save: save(
          ['raw', `-A OUTPUT -m ttl --ttl-eq 9 ${SEVEN}`],
          ['nat', `-A OUTPUT -d ${VIP}/32 -j DNAT --to-destination ${SERVER}`],
        ),
        ...second,
      },
      [{ ...local, dst: VIP }, sent('eth0', { dst: SERVER })],
      [{ ...local, dst: VIP, ttl: 9 }, sent('eth2', { dst: SERVER })],
    ),
    ...(['raw', 'mangle', 'nat'] as const).map((name) =>
      fact(
        `trap: a mark set in ${name} PREROUTING decides the route`,
        { save: save([name, `-A PREROUTING -i eth1 ${SEVEN}`]), ...second },
        [fromLan(), forwarded('eth2', { via: '10.2.0.254', mark: 7 })],
      ),
    ),
    fact(
      'a mark set in nat PREROUTING is that of the first packet alone',
      { save: save(['nat', `-A PREROUTING -i eth1 ${SEVEN}`]), ...second },
      [fromLan({ proto: 'udp' }), forwarded('eth2', { mark: 7 })],
      [fromLan({ proto: 'udp' }), forwarded('eth0', { mark: 0 })],
    ),
    fact(
      'marks set in FORWARD and POSTROUTING do not change the way',
      { save: save(['mangle', `-A FORWARD ${SEVEN}\n-A POSTROUTING ${SEVEN}`]), ...second },
      [fromLan(), forwarded('eth0', { mark: 7 })],
    ),
    fact(
      'DNAT in PREROUTING is before routing: the new destination decides',
      { save: save(['nat', `-A PREROUTING -d ${VIP}/32 -j DNAT --to-destination 10.2.0.9`]) },
      [fromLan({ dst: VIP }), forwarded('eth2', { via: null, dst: '10.2.0.9' })],
    ),
    fact(
      'a source that cannot leave with 127.0.0.1 has no way when OUTPUT sends it elsewhere',
      {
        save: save([
          'nat',
          `-A OUTPUT -d 127.0.0.1/32 -j DNAT --to-destination ${SERVER}\n-A POSTROUTING -j MASQUERADE`,
        ]),
      },
      [fromNode({ src: '127.0.0.1', dst: '127.0.0.1' }), { verdict: 'unroutable', errno: 'EINVAL' }],
    ),
    fact(
      'with route_localnet it leaves, as 127.0.0.1 unless masqueraded',
      {
        save: save(['nat', `-A OUTPUT -d 127.0.0.1/32 -j DNAT --to-destination ${SERVER}`]),
        sysctls: { 'net.ipv4.conf.all.route_localnet': 1 },
      },
      [fromNode({ src: '127.0.0.1', dst: '127.0.0.1' }), sent('eth0', { src: '127.0.0.1', dst: SERVER })],
    ),
    fact(
      'with route_localnet and MASQUERADE it leaves with the address of the device',
      {
        save: save([
          'nat',
          `-A OUTPUT -d 127.0.0.1/32 -j DNAT --to-destination ${SERVER}\n-A POSTROUTING -j MASQUERADE`,
        ]),
        sysctls: { 'net.ipv4.conf.all.route_localnet': 1 },
      },
      [fromNode({ src: '127.0.0.1', dst: '127.0.0.1' }), sent('eth0', { src: '10.0.0.1', dst: SERVER })],
    ),
  ],
};
