import { describe } from 'vitest';
import { lintCases } from '../../../test/support/lint.js';
import { table } from '../../../test/support/router.js';
import rule from './repeated.js';

const MARK = '-A PREROUTING -i eth1 -j MARK --set-xmark 0x1/0x1';

describe('rules that do the same again', () => {
  lintCases(rule, [
    {
      title: 'a mark',
      save: table('mangle', `${MARK}\n${MARK}`),
      finds: [`LINT_REPEATED ${MARK}`],
    },
    {
      title: 'a mark with something between that changes marks',
      save: table('mangle', `${MARK}\n-A PREROUTING -p tcp -j MARK --set-xmark 0x0/0x1\n${MARK}`),
      finds: [],
    },
    {
      title: 'a mark that is turned over each time',
      save: table(
        'mangle',
        '-A PREROUTING -j MARK --set-xmark 0x1/0x0\n-A PREROUTING -j MARK --set-xmark 0x1/0x0',
      ),
      finds: [],
    },
    {
      title: 'a jump',
      save: table('filter', ':X - [0:0]\n-A INPUT -j X\n-A INPUT -j X\n-A X -p udp -j DROP'),
      finds: ['LINT_REPEATED -A INPUT -j X'],
    },
    {
      title: 'chance is drawn anew',
      save: table(
        'filter',
        '-A INPUT -m statistic --mode random --probability 0.5 -j LOG\n-A INPUT -m statistic --mode random --probability 0.5 -j LOG',
      ),
      finds: [],
    },
  ]);
});
