/** What flanneld programs (pkg/trafficmngr/iptables/iptables.go masqRules and forwardRules, 0.20.2 and later). */
import type { Rules } from '../describe.js';

const COMMENT = '-m comment --comment "flanneld masq"';
const FORWARD = '-m comment --comment "flanneld forward"';

/**
 * @param cluster all pods' network
 * @param own the pods' network of this node
 */
export function flannel(cluster: string, own: string): Rules {
  const chain = '-A FLANNEL-POSTRTG';
  return {
    nat: {
      chains: ['FLANNEL-POSTRTG'],
      rules: [
        `-A POSTROUTING ${COMMENT} -j FLANNEL-POSTRTG`,
        `${chain} -m mark --mark 0x4000/0x4000 ${COMMENT} -j RETURN`,
        `${chain} -s ${own} -d ${cluster} ${COMMENT} -j RETURN`,
        `${chain} -s ${cluster} -d ${own} ${COMMENT} -j RETURN`,
        `${chain} ! -s ${cluster} -d ${own} ${COMMENT} -j RETURN`,
        `${chain} -s ${cluster} ! -d 224.0.0.0/4 ${COMMENT} -j MASQUERADE --random-fully`,
        `${chain} ! -s ${cluster} -d ${cluster} ${COMMENT} -j MASQUERADE --random-fully`,
      ],
    },
    filter: {
      chains: ['FLANNEL-FWD'],
      rules: [
        `-A FORWARD ${FORWARD} -j FLANNEL-FWD`,
        `-A FLANNEL-FWD -s ${cluster} ${FORWARD} -j ACCEPT`,
        `-A FLANNEL-FWD -d ${cluster} ${FORWARD} -j ACCEPT`,
      ],
    },
  };
}
