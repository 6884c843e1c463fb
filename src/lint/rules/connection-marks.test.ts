import { describe } from 'vitest';
import { lintCases } from '../../../test/support/lint.js';
import { table } from '../../../test/support/router.js';
import rule from './connection-marks.js';

const SET = '-A PREROUTING -i eth1 -p tcp -m tcp --dport 443 -j CONNMARK --set-xmark 0x10/0x10';
const RESTORE = '-A PREROUTING -i eth1 -j CONNMARK --restore-mark --nfmask 0x10 --ctmask 0x10';
const rules = `0:\tfrom all lookup local\n100:\tfrom all fwmark 0x10/0x10 lookup 100\n32766:\tfrom all lookup main\n32767:\tfrom all lookup default\n`;
const routes = `default via 10.0.0.254 dev eth0
10.0.0.0/24 dev eth0 proto kernel scope link src 10.0.0.1
10.1.0.0/24 dev eth1 proto kernel scope link src 10.1.0.1
default via 10.1.0.254 dev eth1 table 100
local 10.0.0.1 dev eth0 table local proto kernel scope host src 10.0.0.1
local 10.1.0.1 dev eth1 table local proto kernel scope host src 10.1.0.1
local 127.0.0.1 dev lo table local proto kernel scope host src 127.0.0.1
`;

describe('connection marks', () => {
  lintCases(rule, [
    {
      title: 'restored before they are set: the first packet goes another way',
      save: table('mangle', `${RESTORE}\n${SET}`),
      rules,
      routes,
      finds: [`LINT_CONNMARK_LATE ${SET}`],
    },
    { title: 'restored behind', save: table('mangle', `${SET}\n${RESTORE}`), rules, routes, finds: [] },
    {
      title: 'set and restored in nat alone, which sees the first packet only',
      save: table('nat', `${SET}\n${RESTORE}`),
      rules,
      routes,
      finds: [`LINT_CONNMARK_ONCE ${SET}`],
    },
    {
      title: 'restored first, then set on the packet and saved, as for several uplinks',
      save: table(
        'mangle',
        `${RESTORE}\n-A PREROUTING -m mark ! --mark 0x0/0x10 -j ACCEPT\n-A PREROUTING -i eth1 -j MARK --set-xmark 0x10/0x10\n-A PREROUTING -i eth1 -j CONNMARK --save-mark --nfmask 0x10 --ctmask 0x10`,
      ),
      rules,
      routes,
      finds: [],
    },
  ]);
});
