/** A routing case: dumps of one family and the packets for them. */
import * as fc from 'fast-check';
import { formatAddress, parseAddress } from '../../../../src/address/address.js';
import { type Setting, type SoakCase, saveHeader } from '../profile.js';
import { addressText, connectedRoutes, ownAddresses, sysctlText } from './links.js';
import { packetDraft, packetOf } from './packets.js';
import { maybe } from './pool.js';
import { oneSourceEach, routeDraft, routeLine } from './routes.js';
import { ruleText } from './rules.js';
import { emptyTables, saveText } from './tables.js';

/** The first address of a route's destination and one within. */
function targetsOf(line: string): string[] {
  const prefix = /(?:^|\s)([0-9a-f.:]+)\/(\d+)/.exec(line);
  const first = prefix?.[1] === undefined ? null : parseAddress(prefix[1]);
  if (first === null || prefix?.[2] === '0') return [];
  const inside = typeof first === 'number' ? first | 1 | 0 : first | 2n;
  const host = prefix?.[2] === '32' || prefix?.[2] === '128';
  return [formatAddress(first), ...(host ? [] : [formatAddress(inside)])];
}

/** A case; `count` packets are drawn at most. */
export function routingCase(setting: Setting, count: number): fc.Arbitrary<SoakCase> {
  const { family } = setting;
  return fc
    .record({
      own: ownAddresses(family),
      unplugged: maybe(25, fc.constant(true)).map((yes) => yes !== null),
      routes: fc.array(routeDraft(family), { minLength: 2, maxLength: 30 }),
      rules: maybe(98, ruleText(family)),
      sysctls: sysctlText(family),
      save: saveText(family),
      drafts: fc.array(packetDraft(family), { minLength: Math.ceil(count / 2), maxLength: count }),
    })
    .map(({ own, unplugged, routes, rules, sysctls, save, drafts }) => {
      const all = [
        ...connectedRoutes(family, own),
        ...routes.map((one, at) => routeLine(one, family, own, at + 1)),
      ];
      const lines = family === 4 ? all : oneSourceEach(all);
      const targets = { own, routed: lines.flatMap(targetsOf) };
      const four = family === 4;
      return {
        proposed: true,
        files: {
          'ip-addr.txt': addressText(family, own, unplugged),
          [four ? 'ip-route.txt' : 'ip6-route.txt']: `${lines.join('\n')}\n`,
          ...(rules === null ? {} : { [four ? 'ip-rule.txt' : 'ip6-rule.txt']: rules }),
          'sysctl.txt': `${sysctls}\n`,
          [four ? 'iptables-save.txt' : 'ip6tables-save.txt']:
            `${saveHeader(setting)}${save ?? emptyTables()}`,
        },
        packets: drafts.map((draft, at) => packetOf(draft, family, targets, String(at))),
      };
    });
}
