/** What dockerd programs of its default bridge (libnetwork/drivers/bridge, up to release 27). */
import type { Rules } from '../describe.js';

export interface Published {
  readonly port: number;
  readonly address: string;
  readonly to: number;
}

/** @param published ports of `docker run -p` */
export function docker(bridge: string, network: string, published: readonly Published[]): Rules {
  const [one, two] = ['DOCKER-ISOLATION-STAGE-1', 'DOCKER-ISOLATION-STAGE-2'];
  return {
    nat: {
      chains: ['DOCKER'],
      rules: [
        '-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER',
        '-A OUTPUT ! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -j DOCKER',
        `-A POSTROUTING -s ${network} ! -o ${bridge} -j MASQUERADE`,
        ...published.map(
          ({ address, to }) =>
            `-A POSTROUTING -s ${address}/32 -d ${address}/32 -p tcp -m tcp --dport ${String(to)} -j MASQUERADE`,
        ),
        `-A DOCKER -i ${bridge} -j RETURN`,
        ...published.map(
          ({ port, address, to }) =>
            `-A DOCKER ! -i ${bridge} -p tcp -m tcp --dport ${String(port)} -j DNAT --to-destination ${address}:${String(to)}`,
        ),
      ],
    },
    filter: {
      chains: ['DOCKER', one, two, 'DOCKER-USER'],
      rules: [
        '-A FORWARD -j DOCKER-USER',
        `-A FORWARD -j ${one}`,
        `-A FORWARD -o ${bridge} -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT`,
        `-A FORWARD -o ${bridge} -j DOCKER`,
        `-A FORWARD -i ${bridge} ! -o ${bridge} -j ACCEPT`,
        `-A FORWARD -i ${bridge} -o ${bridge} -j ACCEPT`,
        ...published.map(
          ({ address, to }) =>
            `-A DOCKER -d ${address}/32 ! -i ${bridge} -o ${bridge} -p tcp -m tcp --dport ${String(to)} -j ACCEPT`,
        ),
        `-A ${one} -i ${bridge} ! -o ${bridge} -j ${two}`,
        `-A ${one} -j RETURN`,
        `-A ${two} -o ${bridge} -j DROP`,
        `-A ${two} -j RETURN`,
        '-A DOCKER-USER -j RETURN',
      ],
    },
  };
}
