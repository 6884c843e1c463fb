import { describe } from 'vitest';
import { lintCases } from '../../../test/support/lint.js';
import { SYSCTLS } from '../../../test/support/router.js';
import rule from './reverse-path.js';

const strict = (device: string, mode = 1): string =>
  SYSCTLS.replace(`conf.${device}.rp_filter = 0`, `conf.${device}.rp_filter = ${String(mode)}`);
const TWO = `default via 10.0.0.254 dev eth0 metric 100
default via 10.1.0.254 dev eth1 metric 200
10.0.0.0/24 dev eth0 proto kernel scope link src 10.0.0.1
10.1.0.0/24 dev eth1 proto kernel scope link src 10.1.0.1
local 10.0.0.1 dev eth0 table local proto kernel scope host src 10.0.0.1
local 10.1.0.1 dev eth1 table local proto kernel scope host src 10.1.0.1
local 127.0.0.1 dev lo table local proto kernel scope host src 127.0.0.1
`;
const ETH1 =
  '3: eth1: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default qlen 1000';

describe('strict rp_filter', () => {
  lintCases(rule, [
    {
      title: 'on the device of a second default route',
      routes: TWO,
      sysctls: strict('eth1'),
      finds: [`LINT_RP_FILTER ${ETH1}`],
    },
    { title: 'on the device of the first', routes: TWO, sysctls: strict('eth0'), finds: [] },
    { title: 'loose', routes: TWO, sysctls: strict('eth1', 2), finds: [] },
    { title: 'on a device that leads to its own network alone', sysctls: strict('eth1'), finds: [] },
  ]);
});
