import { describe } from 'vitest';
import { lintCases } from '../../../test/support/lint.js';
import rule from './policy-rules.js';

const rules = (lines: string): string =>
  `0:\tfrom all lookup local\n${lines}32766:\tfrom all lookup main\n32767:\tfrom all lookup default\n`;
const ROUTES = `default via 10.0.0.254 dev eth0
10.0.0.0/24 dev eth0 proto kernel scope link src 10.0.0.1
10.1.0.0/24 dev eth1 proto kernel scope link src 10.1.0.1
default via 10.0.0.254 dev eth0 table 100
10.0.0.0/24 dev eth0 table 200 scope link
local 10.0.0.1 dev eth0 table local proto kernel scope host src 10.0.0.1
local 10.1.0.1 dev eth1 table local proto kernel scope host src 10.1.0.1
`;

describe('policy rules behind one that takes everything', () => {
  lintCases(rule, [
    {
      title: 'behind a rule for all whose table has a default route',
      routes: ROUTES,
      rules: rules('100:\tfrom all lookup 100\n200:\tfrom 10.1.0.0/24 lookup 200\n'),
      finds: ['LINT_POLICY_UNREACHED 200:	from 10.1.0.0/24 lookup 200'],
    },
    {
      title: 'behind one for a wider network',
      routes: ROUTES,
      rules: rules('100:\tfrom 10.1.0.0/16 lookup 100\n200:\tfrom 10.1.0.0/24 lookup 200\n'),
      finds: ['LINT_POLICY_UNREACHED 200:	from 10.1.0.0/24 lookup 200'],
    },
    {
      title: 'behind a blackhole',
      routes: ROUTES,
      rules: rules('100:\tfrom 10.1.0.0/24 blackhole\n200:\tfrom 10.1.0.7 lookup 200\n'),
      finds: ['LINT_POLICY_UNREACHED 200:	from 10.1.0.7 lookup 200'],
    },
    {
      title: 'not behind a table without a default route',
      routes: ROUTES,
      rules: rules('100:\tfrom all lookup 200\n200:\tfrom 10.1.0.0/24 lookup 100\n'),
      finds: [],
    },
    {
      title: 'not behind one that suppresses default routes, or asks for a mark',
      routes: ROUTES,
      rules: rules(
        '100:\tfrom all lookup 100 suppress_prefixlength 0\n110:\tfrom all fwmark 0x1 lookup 100\n200:\tfrom 10.1.0.0/24 lookup 200\n',
      ),
      finds: [],
    },
    { title: 'not the rules of every namespace', routes: ROUTES, finds: [] },
  ]);
});
