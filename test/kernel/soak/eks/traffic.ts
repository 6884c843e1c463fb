/** Conversations on an EKS node: pods, services, the node, the VPC, the internet. */
import type { PacketInput } from '../../../../src/packet/result.js';
import type { Draw } from '../draw.js';
import type { Cluster, Service } from './cluster.js';
import { PLACES } from './places.js';

interface Target {
  readonly dst: string;
  readonly dport: number;
  readonly proto: string;
}

interface Sender {
  readonly in: string | null;
  readonly src: string;
}

function beyond(cluster: Cluster): readonly string[] {
  const { remote, ranges } = PLACES[cluster.family];
  return cluster.family === 4
    ? [...remote, '8.8.8.8', '100.64.9.9', '10.1.2.3', '192.168.0.2']
    : [...remote, ranges[0].replace(/::\/.*/, '::9')];
}

function ofService(draw: Draw, cluster: Cluster, one: Service): Target {
  const own = cluster.interfaces.map(({ address }) => address);
  const ways: Target[] = [{ dst: one.clusterIp, dport: one.port, proto: one.proto }];
  if (one.nodePort !== null)
    for (const dst of [...own, ...(cluster.family === 4 ? ['127.0.0.1'] : [])])
      ways.push({ dst, dport: one.nodePort, proto: one.proto });
  for (const dst of [one.loadBalancer, one.externalIp])
    if (dst !== null) ways.push({ dst, dport: one.port, proto: one.proto });
  return draw.pick(ways);
}

/** The node's resolver, host ports, health checks, and pods' egress addresses. */
function extraTargets({ extras, interfaces, services }: Cluster): Target[] {
  const { dns, hostPort, egress } = extras;
  return [
    ...dns.map((dst) => ({ dst, dport: 53, proto: 'udp' })),
    ...(hostPort === null
      ? []
      : interfaces.map(({ address }) => ({ dst: address, dport: hostPort.port, proto: 'tcp' }))),
    ...services.flatMap(({ healthPort }) =>
      healthPort === null
        ? []
        : interfaces.slice(0, 1).map(({ address }) => ({ dst: address, dport: healthPort, proto: 'tcp' })),
    ),
    ...(egress === null ? [] : [{ dst: egress.address, dport: 80, proto: 'tcp' }]),
  ];
}

function target(draw: Draw, cluster: Cluster): Target {
  const dice = draw.integer(0, 99);
  const proto = draw.pick(['tcp', 'tcp', 'udp', 'icmp']);
  const dport = draw.pick([80, 443, 8080]);
  const extra = extraTargets(cluster);
  if (extra.length > 0 && draw.chance(12)) return draw.pick(extra);
  if (dice < 45) return ofService(draw, cluster, draw.pick(cluster.services));
  if (dice < 65) return { dst: draw.pick(cluster.pods).address, dport, proto };
  if (dice < 75) return { dst: draw.pick(cluster.interfaces).address, dport, proto };
  return { dst: draw.pick(beyond(cluster)), dport, proto };
}

function sender(draw: Draw, cluster: Cluster): Sender {
  const { egress } = cluster.extras;
  if (egress !== null && draw.chance(15)) return { in: egress.device, src: egress.address };
  const dice = draw.integer(0, 99);
  if (dice < 45) {
    const { device, address } = draw.pick(cluster.pods);
    return { in: device, src: address };
  }
  if (dice < 60) return { in: null, src: draw.pick(cluster.interfaces).address };
  const { device } = draw.chance(80)
    ? draw.pick(cluster.interfaces)
    : (cluster.branch ?? draw.pick(cluster.interfaces));
  return { in: device, src: draw.pick(beyond(cluster)) };
}

/** The first packet of a conversation. */
export function opening(draw: Draw, cluster: Cluster): PacketInput {
  const to = target(draw, cluster);
  const from = to.dst === '127.0.0.1' ? { in: null, src: '127.0.0.1' } : sender(draw, cluster);
  if (to.proto === 'icmp') {
    const four = cluster.family === 4;
    return {
      ...from,
      dst: to.dst,
      proto: four ? 'icmp' : 'icmpv6',
      icmpType: four ? 8 : 128,
      icmpCode: 0,
      icmpId: draw.integer(1, 3),
    };
  }
  const flags = to.proto === 'tcp' ? { tcpFlags: ['SYN'] } : {};
  return { ...from, ...to, sport: draw.pick([40000, 40001, 30080, 700]), ...flags };
}
