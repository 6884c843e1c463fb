/** What Docker publishes of its containers on the ports of the host. */
import { parseAddress } from '../../address/address.js';
import { listensOn } from './far-end.js';
import type { LabPod } from '../lab.js';
import type { Call } from './output.js';

/** Ports of a container that Docker has published: what its chain translates to the container's address. */
export function publishedPorts({ shell }: Call, { address }: LabPod): readonly string[] {
  const chain = shell.machine.state.tables.find(({ family }) => family === 4)?.chain('nat', 'DOCKER');
  return (chain?.rules ?? []).flatMap(({ body }) => {
    const [, protocol = '', port = '', to = '', inner = ''] =
      /-p (tcp|udp) .*--dport (\d+) .*--to-destination ([\d.]+):(\d+)$/.exec(body) ?? [];
    return parseAddress(to) === address ? [`0.0.0.0:${port}->${inner}/${protocol}`] : [];
  });
}

/**
 * What a process of the node hands on that listens in somebody's place: docker-proxy for the container whose port is published, or
 * a proxy that packets are led to (REDIRECT) for whoever was asked.
 */
export function proxied(call: Call, to: string, port: number): string {
  const { world, machine } = call.shell;
  const found = world.pods.find(
    (pod) =>
      pod.node === machine.name &&
      publishedPorts(call, pod).some((text) => text.startsWith(`0.0.0.0:${String(port)}->`)),
  );
  if (found !== undefined) return `Hostname: ${found.name}`;
  const asked = world.hosts.find(({ address }) => address === parseAddress(to));
  const isThere = asked !== undefined && asked.says !== 'source' && listensOn(asked.listens, 'tcp', port);
  return isThere ? (asked.says ?? '') : '';
}
