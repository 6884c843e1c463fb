/** What istio-init programs in a pod's own namespace in REDIRECT mode (tools/istio-iptables/pkg/capture). */
import type { Rules } from '../describe.js';

/** User and group of the proxy. */
const PROXY = 1337;

/** Ports of the proxy itself, which it does not take from outside. */
const OWN_PORTS = [15008, 15090, 15021, 15020];

const owner = (kind: 'uid' | 'gid', not = ''): string => `-m owner ${not}--${kind}-owner ${String(PROXY)}`;

export function istio(): Rules {
  const out = '-A ISTIO_OUTPUT';
  return {
    nat: {
      chains: ['ISTIO_INBOUND', 'ISTIO_IN_REDIRECT', 'ISTIO_OUTPUT', 'ISTIO_REDIRECT'],
      rules: [
        '-A PREROUTING -p tcp -j ISTIO_INBOUND',
        '-A OUTPUT -p tcp -j ISTIO_OUTPUT',
        ...OWN_PORTS.map((port) => `-A ISTIO_INBOUND -p tcp -m tcp --dport ${String(port)} -j RETURN`),
        '-A ISTIO_INBOUND -p tcp -j ISTIO_IN_REDIRECT',
        '-A ISTIO_IN_REDIRECT -p tcp -j REDIRECT --to-ports 15006',
        '-A ISTIO_REDIRECT -p tcp -j REDIRECT --to-ports 15001',
        `${out} -s 127.0.0.6/32 -o lo -j RETURN`,
        ...(['uid', 'gid'] as const).flatMap((kind) => [
          `${out} ! -d 127.0.0.1/32 -o lo -p tcp -m tcp ! --dport 15008 ${owner(kind)} -j ISTIO_IN_REDIRECT`,
          `${out} -o lo ${owner(kind, '! ')} -j RETURN`,
          `${out} ${owner(kind)} -j RETURN`,
        ]),
        `${out} -d 127.0.0.1/32 -j RETURN`,
        `${out} -j ISTIO_REDIRECT`,
      ],
    },
  };
}
