import { expect, it } from 'vitest';
import { flow, ip, link, network } from '../../test/support/network.js';
import { enumerate } from '../chooser/enumerate.js';
import { routeOutput } from './output.js';

const SETTING = 'net.ipv4.conf.e0.route_localnet';
const ALL = 'net.ipv4.conf.all.route_localnet';

// Measured: connect() from 127.0.0.1 by another device than lo is EINVAL, unless route_localnet is on.
it.each([
  ['is asked for where it is not shown', {}, ['e0', 'EINVAL']],
  ['is asked for where that of all is off and its own is not shown', { [ALL]: '0' }, ['e0', 'EINVAL']],
  ['lets it out', { [SETTING]: '1' }, ['e0']],
  ['of all lets it out', { [ALL]: '1' }, ['e0']],
  ['refuses it', { [SETTING]: '0', [ALL]: '0' }, ['EINVAL']],
])('route_localnet of a device by which 127.0.0.1 would leave %s', (_name, sysctls, ends) => {
  const links = [link('lo', ['127.0.0.1/8 host']), link('e0', ['10.0.0.1/24'])];
  const net = network({ links, routes: ['10.0.0.0/24 dev e0'], sysctls });
  const asked = flow('10.0.0.9', { source: ip('127.0.0.1'), inInterface: 'lo' });
  const { branches } = enumerate((chooser) => routeOutput(net, asked, chooser, { anySource: true }), 10);
  expect(branches.map(({ value }) => value.errno ?? value.device)).toEqual(ends);
});
