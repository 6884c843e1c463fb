/** Random links, addresses, policy rules and routes, with the few iptables rules that make the kernel route again. */
import type { Profile } from '../profile.js';
import { routingCase } from './case.js';

export const routing: Profile = {
  name: 'routing',
  families: [4, 6],
  case: (setting) => routingCase(setting, 100),
};
