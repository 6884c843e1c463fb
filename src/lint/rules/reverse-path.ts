/** Devices with strict rp_filter to which packets come that the node would answer by another device. */
import { deviceSetting } from '../../routing/sysctl.js';
import type { PacketInput } from '../../packet/result.js';
import type { Finding } from '../finding.js';
import { type OwnAddress, textOf } from '../ground.js';
import { prefixOf } from '../../address/prefix.js';
import type { LintRule } from '../rule.js';
import type { Subject } from '../subject.js';

/** The internet, where the device has a way to it in some table, and the hosts of its own network. */
function packetsTo({ address, length, device }: OwnAddress, subject: Subject): readonly PacketInput[] {
  const ground = subject.ground(4);
  const leadsOut = [...ground.network.tables.values()].some((routes) =>
    routes.some(
      ({ destination, type, nexthops }) =>
        destination.length === 0 && type === 'unicast' && nexthops.some((one) => one.device === device),
    ),
  );
  const near = length >= 31 ? [] : ground.hostsOf(prefixOf(address, length)).slice(0, 1);
  return [...(leadsOut ? ground.outside.slice(0, 1) : []), ...near].map((source) => ({
    in: device,
    proto: 'tcp',
    src: textOf(source),
    sport: 40000,
    dst: textOf(address),
    dport: 443,
  }));
}

function lookAt(own: OwnAddress, subject: Subject): Finding | null {
  const shown = subject.search(
    packetsTo(own, subject),
    ({ drop, assumptions }) => drop?.reason === 'rp_filter' && assumptions.length === 0,
  );
  if (shown === null) return null;
  const step = shown.outcome.steps.find((one) => one.kind === 'rp-filter' && !one.passed);
  const back = step?.kind === 'rp-filter' ? (step.reverseDevice ?? '') : '';
  return {
    code: back === '' ? 'LINT_RP_FILTER_NO_WAY' : 'LINT_RP_FILTER',
    severity: 'warning',
    params: { device: own.device, address: textOf(own.address), source: shown.packet.src ?? '', back },
    span: subject.node.networks[4].links.get(own.device)?.span ?? null,
    rule: null,
    related: null,
    proof: { kind: 'packet', shown },
  };
}

const rule: LintRule = {
  codes: ['LINT_RP_FILTER', 'LINT_RP_FILTER_NO_WAY'],
  *look(subject) {
    const network = subject.node.networks[4];
    for (const own of subject.ground(4).own) {
      if (network.links.get(own.device)?.up !== true) continue;
      if (deviceSetting(network, own.device, 'rp_filter') !== 1) continue;
      const found = lookAt(own, subject);
      if (found !== null) yield found;
    }
  },
};
export default rule;
