/** Rules of iptables-legacy and of iptables-nft in one kernel. */
import { table } from '../support/save.js';
import { POD, type Section, dropped, factOf, forwarded, fromLan, fromWan } from './fact.js';

const add = (from: string, to: string): string =>
  `-m mark --mark ${from} -j MARK --set-xmark ${to}/0xffffffff`;
const filter = (lines = ''): string => table('filter', lines);
const VIP = '192.0.2.80';
const DNAT = table('nat', `-A PREROUTING -d ${VIP}/32 -j DNAT --to-destination ${POD}`);
/** The hook functions of the one are registered before those of the other, and no listing tells which. */
const ORDER = ['UNK_TABLE_ORDER'];

export const both: Section = {
  title: '1. both backends',
  facts: [
    factOf(
      'legacy',
      'trap: what legacy rules let pass the rules of iptables-nft may drop',
      { save: filter('-A FORWARD -j ACCEPT'), beside: filter('-A FORWARD -s 10.1.0.0/16 -j DROP') },
      [fromLan(), dropped('rule')],
      [fromWan({ dst: POD }), forwarded('eth1')],
    ),
    factOf(
      'legacy',
      'trap: and the other way round',
      { save: filter('-A FORWARD -s 10.1.0.0/16 -j DROP'), beside: filter('-A FORWARD -j ACCEPT') },
      [fromLan(), dropped('rule')],
      [fromWan({ dst: POD }), forwarded('eth1')],
    ),
    factOf(
      'legacy',
      'trap: a policy of either drops',
      { save: filter('-A FORWARD -j ACCEPT'), beside: filter(':FORWARD DROP [0:0]') },
      [fromLan(), dropped('policy')],
    ),
    factOf(
      'legacy',
      'trap: tables of other priorities take turns, whichever backend they are of',
      {
        save:
          table('mangle', `-A PREROUTING ${add('0x0', '0x1')}\n-A POSTROUTING ${add('0x3', '0x4')}`) +
          filter(),
        beside: table('raw', '') + filter(`-A FORWARD ${add('0x1', '0x3')}`),
      },
      [fromLan(), forwarded('eth0', { mark: 4 })],
    ),
    factOf(
      'legacy',
      'trap: nat tables of both: the first that translates leaves the other out',
      {
        save: DNAT + filter(),
        beside: table('nat', '-A PREROUTING -d 192.0.2.81/32 -j DNAT --to-destination 10.2.0.9') + filter(),
      },
      [fromWan({ dst: VIP }), forwarded('eth1', { dst: POD })],
    ),
    factOf(
      'legacy',
      'of one address in the nat tables of both the order of loading decides, which no dump tells',
      {
        save: DNAT + filter(),
        beside: table('nat', `-A PREROUTING -d ${VIP}/32 -j DNAT --to-destination 10.2.0.9`) + filter(),
      },
      [
        fromWan({ dst: VIP }),
        [forwarded('eth1', { dst: POD }), forwarded('eth2', { dst: '10.2.0.9' })],
        ORDER,
      ],
    ),
  ],
};
