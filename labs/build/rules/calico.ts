/**
 * What Felix programs of pods without policy, and of pods whose addresses are hidden outside the pool
 * (felix/rules/static.go, nat.go, dispatch.go, endpoints.go). The hash in a rule's comment is one of the rule, as Felix's is,
 * and not the same one.
 */
import { createHash } from 'node:crypto';
import type { Pod, Rules } from '../describe.js';
import { calicoDevice } from '../names.js';

/** Sets of pools. */
export function calicoSets(pool: string): string {
  const options = 'family inet hashsize 1024 maxelem 1048576';
  return ['cali40masq-ipam-pools', 'cali40all-ipam-pools']
    .flatMap((name) => [`create ${name} hash:net ${options}`, `add ${name} ${pool}`])
    .concat('')
    .join('\n');
}

/** A rule with the comment by which Felix knows it again. */
function rule(chain: string, match: string, action: string, note?: string): string {
  const text = [chain, match, action].join(' ');
  const hash = createHash('sha256').update(text).digest('base64url').slice(0, 16);
  const notes = [`cali:${hash}`, ...(note === undefined ? [] : [note])];
  const comments = notes.map((one) => `-m comment --comment "${one}"`).join(' ');
  return [`-A ${chain}`, comments, match, action].filter((part) => part !== '').join(' ');
}

const MARK = '0x10000';
const SET = `-j MARK --set-xmark ${MARK}/${MARK}`;
const IS_SET = `-m mark --mark ${MARK}/${MARK}`;

/** Chains of a pod's device: from it (`fw`) or to it (`tw`). */
function podChains(pod: Pod): readonly (readonly [string, readonly string[]])[] {
  return (['fw', 'tw'] as const).map((way) => {
    const chain = `cali-${way}-${calicoDevice(pod)}`;
    const tunnels =
      way === 'tw'
        ? []
        : [
            rule(
              chain,
              '-p udp -m multiport --dports 4789',
              '-j DROP',
              'Drop VXLAN encapped packets originating in workloads',
            ),
            rule(chain, '-p ipencap', '-j DROP', 'Drop IPinIP encapped packets originating in workloads'),
          ];
    const profile = way === 'fw' ? 'cali-pro-kns.default' : 'cali-pri-kns.default';
    return [
      chain,
      [
        rule(chain, '-m conntrack --ctstate RELATED,ESTABLISHED', '-j ACCEPT'),
        rule(chain, '-m conntrack --ctstate INVALID', '-j DROP'),
        rule(chain, '', `-j MARK --set-xmark 0x0/${MARK}`),
        ...tunnels,
        rule(chain, '', `-j ${profile}`),
        rule(chain, IS_SET, '-j RETURN', 'Return if profile accepted'),
        rule(chain, '', '-j DROP', 'Drop if no profiles matched'),
      ],
    ];
  });
}

function filterRules(pods: readonly Pod[]): NonNullable<Rules['filter']> {
  const own = pods.flatMap(podChains);
  const profiles = ['cali-pri-kns.default', 'cali-pro-kns.default'];
  const dispatch = (['from', 'to'] as const).flatMap((way) => {
    const chain = `cali-${way}-wl-dispatch`;
    const [flag, kind] = way === 'from' ? ['-i', 'fw'] : ['-o', 'tw'];
    return [
      ...pods.map((pod) =>
        rule(chain, `${flag} ${calicoDevice(pod)}`, `-g cali-${kind}-${calicoDevice(pod)}`),
      ),
      rule(chain, '', '-j DROP', 'Unknown interface'),
    ];
  });
  return {
    chains: [
      ...['cali-FORWARD', 'cali-INPUT', 'cali-OUTPUT', 'cali-from-wl-dispatch', 'cali-to-wl-dispatch'],
      ...['cali-wl-to-host', ...profiles, ...own.map(([chain]) => chain)],
    ],
    rules: [
      rule('INPUT', '', '-j cali-INPUT'),
      rule('FORWARD', '', '-j cali-FORWARD'),
      rule('OUTPUT', '', '-j cali-OUTPUT'),
      rule('cali-INPUT', '-i cali+', '-g cali-wl-to-host'),
      rule('cali-INPUT', IS_SET, '-j ACCEPT'),
      rule('cali-wl-to-host', '', '-j cali-from-wl-dispatch'),
      rule('cali-wl-to-host', '', '-j ACCEPT', 'Configured DefaultEndpointToHostAction'),
      rule('cali-FORWARD', '', '-j MARK --set-xmark 0x0/0xe0000'),
      rule('cali-FORWARD', '-i cali+', '-j cali-from-wl-dispatch'),
      rule('cali-FORWARD', '-o cali+', '-j cali-to-wl-dispatch'),
      rule('cali-OUTPUT', IS_SET, '-j ACCEPT'),
      ...dispatch,
      ...own.flatMap(([, rules]) => rules),
      ...profiles.flatMap((chain) => [
        rule(
          chain,
          '',
          SET,
          'Profile kns.default ingress'.replace('ingress', chain.includes('pri') ? 'ingress' : 'egress'),
        ),
        rule(chain, IS_SET, '-j RETURN'),
      ]),
    ],
  };
}

/** What Felix appends behind what others wrote. */
export function calicoLast(): Rules {
  return {
    filter: {
      chains: [],
      rules: [
        rule('FORWARD', IS_SET, '-j ACCEPT', 'Policy explicitly accepted packet.'),
        rule('FORWARD', '', SET),
      ],
    },
  };
}

/** What Felix inserts before what others wrote. @param device of the tunnel */
export function calico(pods: readonly Pod[], device: string): Rules {
  return {
    nat: {
      chains: ['cali-POSTROUTING', 'cali-nat-outgoing'],
      rules: [
        rule('POSTROUTING', '', '-j cali-POSTROUTING'),
        rule('cali-POSTROUTING', '', '-j cali-nat-outgoing'),
        rule(
          'cali-POSTROUTING',
          `-o ${device} -m addrtype ! --src-type LOCAL --limit-iface-out -m addrtype --src-type LOCAL`,
          '-j MASQUERADE --random-fully',
        ),
        rule(
          'cali-nat-outgoing',
          '-m set --match-set cali40masq-ipam-pools src -m set ! --match-set cali40all-ipam-pools dst',
          '-j MASQUERADE --random-fully',
        ),
      ],
    },
    filter: filterRules(pods),
  };
}

/** Calico for policy alone, beside another CNI: what its mangle chain does to packets that are not the first. */
export const MANGLE_ACCEPT: readonly string[] = [
  'iptables-nft -t mangle -N cali-PREROUTING',
  `iptables-nft -t mangle ${rule('cali-PREROUTING', '-m conntrack --ctstate RELATED,ESTABLISHED', '-j ACCEPT')}`,
  `iptables-nft -t mangle ${rule('PREROUTING', '', '-j cali-PREROUTING').replace('-A PREROUTING', '-I PREROUTING 1')}`,
];
