import { describe } from 'vitest';
import { lintCases } from '../../../test/support/lint.js';
import { table } from '../../../test/support/router.js';
import rule from './chains.js';

describe('chains', () => {
  lintCases(rule, [
    {
      title: 'one without rules that a rule leads to',
      save: table('filter', ':MINE - [0:0]\n-A FORWARD -j MINE'),
      finds: ['LINT_EMPTY_CHAIN -A FORWARD -j MINE'],
    },
    {
      title: 'one to which nothing leads',
      save: table('filter', ':MINE - [0:0]\n-A MINE -j DROP'),
      finds: ['none LINT_UNREFERRED_CHAIN :MINE - [0:0]'],
    },
    {
      title: "Kubernetes' signs, and the chains that programs keep empty",
      save: table(
        'filter',
        ':KUBE-KUBELET-CANARY - [0:0]\n:DOCKER-USER - [0:0]\n:KUBE-FIREWALL - [0:0]\n-A FORWARD -j DOCKER-USER\n-A INPUT -j KUBE-FIREWALL',
      ),
      finds: [],
    },
    {
      title: 'one that is named and stands nowhere',
      save: table('filter', '-A FORWARD -j NOWHERE'),
      finds: ['none LINT_MISSING_CHAIN -A FORWARD -j NOWHERE'],
    },
    {
      title: 'a chain that a jump leads to only from a chain without one',
      save: table('filter', ':A - [0:0]\n:B - [0:0]\n-A A -j B\n-A B -j DROP'),
      finds: ['none LINT_UNREFERRED_CHAIN :A - [0:0]'],
    },
  ]);
});
