import { describe } from 'vitest';
import { lintCases } from '../../../test/support/lint.js';
import { table } from '../../../test/support/router.js';
import rule from './behind-policy.js';

const FILTER = table('filter', '-A FORWARD -p tcp -j ACCEPT');

describe('rules behind a table that lets nothing pass', () => {
  lintCases(rule, [
    {
      title: 'a policy DROP without a way through',
      save: table('mangle', ':FORWARD DROP [0:0]\n-A FORWARD -p udp -j DROP') + FILTER,
      finds: ['LINT_BEHIND_POLICY -A FORWARD -p tcp -j ACCEPT'],
    },
    {
      title: 'a policy DROP with one',
      save: table('mangle', ':FORWARD DROP [0:0]\n-A FORWARD -p udp -j ACCEPT') + FILTER,
      finds: [],
    },
    {
      title: 'a policy DROP at another hook',
      save: table('mangle', ':INPUT DROP [0:0]') + FILTER,
      finds: [],
    },
  ]);
});
