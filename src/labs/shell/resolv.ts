/** `/etc/resolv.conf` of a pod, as the kubelet writes it under dnsPolicy ClusterFirst (pkg/kubelet/network/dns). */
import { formatAddress } from '../../address/address.js';
import type { LabPod } from '../lab.js';
import type { Call } from './output.js';

export const RESOLV_CONF = '/etc/resolv.conf';

/** The pod that the command runs in: by `kubectl exec`, or on a node that is the inside of one. */
function podHere({ shell, pod }: Call): LabPod | null {
  return pod ?? shell.world.pods.find(({ name }) => `inside-${name}` === shell.machine.name) ?? null;
}

/** A pod of a node's own network gets the node's file, which nobody has dumped. */
function isOfNode({ shell }: Call, { address }: LabPod): boolean {
  return shell.machines
    .filter(({ name }) => !name.startsWith('inside-'))
    .some(({ node }) =>
      [...node.networks[4].links.values()].some(({ addresses }) =>
        addresses.some((one) => one.address === address),
      ),
    );
}

/** The cluster's DNS: as the lab has it, or as kube-proxy's rules do. */
function serverOf({ shell }: Call): string | null {
  const isDns = ({
    name,
    namespace,
  }: {
    readonly name: string;
    readonly namespace: string | null;
  }): boolean => name === 'kube-dns' && namespace === 'kube-system';
  const own = shell.world.services.find(isDns);
  if (own !== undefined) return own.address;
  const known = shell.machines.flatMap(({ start }) => start.names.cluster.services.filter(isDns));
  const address = known.flatMap(({ clusterIps }) => clusterIps)[0];
  return address === undefined ? null : formatAddress(address);
}

/** The lines of the file; null where nobody can say them. */
export function resolvConf(call: Call): readonly string[] | null {
  const pod = podHere(call);
  const server = pod === null || isOfNode(call, pod) ? null : serverOf(call);
  if (pod === null || server === null) return null;
  return [
    `search ${pod.namespace}.svc.cluster.local svc.cluster.local cluster.local`,
    `nameserver ${server}`,
    'options ndots:5',
  ];
}
