/** SNAT to an address that the node does not have: the answers come to it only if somebody sends them there. */
import { type Address, formatAddress, parseAddress } from '../../address/address.js';
import { contains, prefixOf } from '../../address/prefix.js';
import type { Rule } from '../../iptables/model.js';
import { isOwnAddress } from '../../routing/address-type.js';
import { rulesWith } from '../by-target.js';
import { type Finding, type Proof, unshown } from '../finding.js';
import { isKept } from '../programs.js';
import type { LintRule } from '../rule.js';
import { type Ruled, type Subject } from '../subject.js';
import { placeOf } from '../words.js';

/** The one address that a rule maps to; null for a range, for ports alone and for other targets. */
export function snatAddress({ action }: Rule): Address | null {
  if (action.kind !== 'target' || action.target.extension.name !== 'SNAT') return null;
  const text = /--to-source (\S+)/.exec(action.target.text)?.[1] ?? '';
  const bare = /^\[([^\]]+)\]/.exec(text)?.[1] ?? text;
  const address = parseAddress(bare) ?? parseAddress(bare.replace(/:[\d-]+(?:\/\d+)?$/, ''));
  return address;
}

function proofOf(subject: Subject, ruled: Ruled, rule: Rule): Proof {
  const shown = subject.search(subject.packetsFor(rule, ruled), ({ snat }) => snat?.rule === rule);
  return shown === null ? unshown('LINT_UNSHOWN_NOT_FOUND') : { kind: 'packet', shown };
}

function finding(subject: Subject, ruled: Ruled, rule: Rule, address: Address): Finding {
  const { own } = subject.ground(ruled.family);
  const near = own.find((one) => contains(prefixOf(one.address, one.length), address));
  const isVpc = rule.chain.startsWith('AWS-SNAT-CHAIN-');
  return {
    // Behind a device's own network nobody answers ARP for it; elsewhere a router may well send it here.
    code: isVpc ? 'LINT_VPC_SNAT_ADDRESS' : near === undefined ? 'LINT_SNAT_FOREIGN' : 'LINT_SNAT_NOT_OWN',
    severity: isVpc ? 'error' : near === undefined ? 'note' : 'warning',
    params: { ...placeOf(rule), address: formatAddress(address), device: near?.device ?? '' },
    span: rule.span,
    rule,
    related: null,
    proof: proofOf(subject, ruled, rule),
  };
}

const rule: LintRule = {
  codes: ['LINT_SNAT_NOT_OWN', 'LINT_SNAT_FOREIGN', 'LINT_VPC_SNAT_ADDRESS'],
  *look(subject) {
    for (const ruled of subject.tables) {
      const network = subject.node.networks[ruled.family];
      const { own } = subject.ground(ruled.family);
      if (ruled.table.name !== 'nat' || !network.known.links || own.length === 0) continue;
      const told = new Set<string>();
      for (const name of ruled.reach.reachable())
        for (const one of rulesWith('SNAT', ruled.table, name)) {
          const address = snatAddress(one);
          if (address === null || told.has(formatAddress(address))) continue;
          // Programs give their addresses to devices that may be in another namespace.
          if (isKept(name) && !name.startsWith('AWS-')) continue;
          if (isOwnAddress(network, address) !== false) continue;
          told.add(formatAddress(address));
          yield finding(subject, ruled, one, address);
        }
    }
  },
};
export default rule;
