import { describe } from 'vitest';
import { lintCases } from '../../../test/support/lint.js';
import { table } from '../../../test/support/router.js';
import rule from './snat-address.js';

const snat = (address: string): string => `-A POSTROUTING -o eth0 -j SNAT --to-source ${address}`;

describe('SNAT to an address', () => {
  lintCases(rule, [
    { title: 'that the node has', save: table('nat', snat('10.0.0.1')), finds: [] },
    { title: 'that is a second one of a device', save: table('nat', snat('10.0.0.2')), finds: [] },
    {
      title: 'of the network of a device, which nobody answers for',
      save: table('nat', snat('10.0.0.77')),
      finds: [`LINT_SNAT_NOT_OWN ${snat('10.0.0.77')}`],
    },
    {
      title: 'of anywhere else, which a router may send here',
      save: table('nat', snat('198.51.100.5')),
      finds: [`LINT_SNAT_FOREIGN ${snat('198.51.100.5')}`],
    },
    { title: 'of a range', save: table('nat', snat('10.0.0.77-10.0.0.80')), finds: [] },
    {
      title: 'where the devices are not shown',
      addresses: '',
      save: table('nat', snat('10.0.0.77')),
      finds: [],
    },
  ]);
});
