import { describe } from 'vitest';
import { lintCases } from '../../../test/support/lint.js';
import rule from './routing-tables.js';

const rules = (line: string): string =>
  `0:\tfrom all lookup local\n${line}\n32766:\tfrom all lookup main\n32767:\tfrom all lookup default\n`;
const ROUTES = `default via 10.0.0.254 dev eth0
10.0.0.0/24 dev eth0 proto kernel scope link src 10.0.0.1
10.1.0.0/24 dev eth1 proto kernel scope link src 10.1.0.1
default via 10.0.0.254 dev eth0 table 100
10.0.0.0/24 dev eth0 table 200 scope link
0.0.0.0/1 via 10.0.0.254 dev eth0 table 300
128.0.0.0/1 via 10.0.0.254 dev eth0 table 300
local 10.0.0.1 dev eth0 table local proto kernel scope host src 10.0.0.1
local 10.1.0.1 dev eth1 table local proto kernel scope host src 10.1.0.1
`;

/** The listing of all tables, so that one without routes is known to have none. */
const all = [ROUTES].map((text) => `$ ip route show table all\n${text}`).join('');

describe('tables that policy rules look up', () => {
  lintCases(rule, [
    {
      title: 'one without a default route',
      routes: all,
      rules: rules('200:\tfrom 10.1.0.0/24 lookup 200'),
      finds: ['LINT_TABLE_NO_DEFAULT 200:	from 10.1.0.0/24 lookup 200'],
    },
    {
      title: 'one without any route',
      routes: all,
      rules: rules('200:\tfrom 10.1.0.0/24 lookup 400'),
      finds: ['LINT_TABLE_EMPTY 200:	from 10.1.0.0/24 lookup 400'],
    },
    { title: 'one with a default route', routes: all, rules: rules('200:\tfrom all lookup 100'), finds: [] },
    {
      title: 'one with a route for each half',
      routes: all,
      rules: rules('200:\tfrom all lookup 300'),
      finds: [],
    },
    {
      title: 'one that has a route for all that the rule asks for',
      routes: all,
      rules: rules('200:\tfrom all to 10.0.0.0/25 lookup 200'),
      finds: [],
    },
  ]);
});
