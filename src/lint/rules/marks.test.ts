import { describe } from 'vitest';
import { lintCases } from '../../../test/support/lint.js';
import { table } from '../../../test/support/router.js';
import rule from './marks.js';

const SET = '-A PREROUTING -i eth1 -j MARK --set-xmark 0x10/0x10';
const SET_CT = '-A PREROUTING -i eth1 -j CONNMARK --set-xmark 0x10/0x10';
const RESTORE = '-A PREROUTING -j CONNMARK --restore-mark --nfmask 0x10 --ctmask 0x10';
const ASK = '-A PREROUTING -m mark --mark 0x20/0x20 -j ACCEPT';
const rules = `0:\tfrom all lookup local\n100:\tfrom all fwmark 0x10/0x10 lookup main\n32766:\tfrom all lookup main\n32767:\tfrom all lookup default\n`;

describe('marks', () => {
  lintCases(rule, [
    { title: 'set and never read', save: table('mangle', SET), finds: [`LINT_MARK_UNREAD ${SET}`] },
    { title: 'set and read by a policy rule', save: table('mangle', SET), rules, finds: [] },
    {
      title: 'of a connection, never restored',
      save: table('mangle', SET_CT),
      rules,
      finds: [
        'none LINT_FWMARK_UNSET 100:	from all fwmark 0x10/0x10 lookup main',
        `LINT_CTMARK_UNREAD ${SET_CT}`,
      ],
    },
    {
      title: 'of a connection, restored and read',
      save: table('mangle', `${RESTORE}\n${SET_CT}`),
      rules,
      finds: [],
    },
    { title: 'asked for and never set', save: table('mangle', ASK), finds: [`none LINT_MARK_UNSET ${ASK}`] },
    {
      title: 'in a chain of a program that may read them itself',
      save: table(
        'mangle',
        ':CILIUM_PRE_mangle - [0:0]\n-A PREROUTING -j CILIUM_PRE_mangle\n-A CILIUM_PRE_mangle -j MARK --set-xmark 0x200/0xffffffff',
      ),
      finds: [],
    },
  ]);
});
