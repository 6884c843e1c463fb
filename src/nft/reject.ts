/** `reject …` in the words of iptables' --reject-with (net/netfilter/nft_reject.c, nft_reject_inet.c). */
import type { Family } from '../address/address.js';
import type { Reject } from '../iptables/verdict.js';
import type { Statement } from './model.js';
import type { NftContext } from './world.js';

type RejectStatement = Extract<Statement, { kind: 'reject' }>;
type Names = Readonly<Record<string, string>>;

const ICMP: Names = {
  'net-unreachable': 'icmp-net-unreachable',
  'host-unreachable': 'icmp-host-unreachable',
  'prot-unreachable': 'icmp-proto-unreachable',
  'port-unreachable': 'icmp-port-unreachable',
  'net-prohibited': 'icmp-net-prohibited',
  'host-prohibited': 'icmp-host-prohibited',
  'admin-prohibited': 'icmp-admin-prohibited',
};

const ICMPV6: Names = {
  'no-route': 'icmp6-no-route',
  'admin-prohibited': 'icmp6-adm-prohibited',
  'addr-unreachable': 'icmp6-addr-unreachable',
  'port-unreachable': 'icmp6-port-unreachable',
  'policy-fail': 'icmp6-policy-fail',
  'reject-route': 'icmp6-reject-route',
};

/** nft_reject_icmp_code and nft_reject_icmpv6_code. */
const ICMPX: Readonly<Record<Family, Names>> = {
  4: {
    'no-route': 'icmp-net-unreachable',
    'port-unreachable': 'icmp-port-unreachable',
    'host-unreachable': 'icmp-host-unreachable',
    'admin-prohibited': 'icmp-admin-prohibited',
  },
  6: {
    'no-route': 'icmp6-no-route',
    'port-unreachable': 'icmp6-port-unreachable',
    'host-unreachable': 'icmp6-addr-unreachable',
    'admin-prohibited': 'icmp6-adm-prohibited',
  },
};

function named(names: Names, code: string | null): string | undefined {
  return code !== null && Object.hasOwn(names, code) ? names[code] : undefined;
}

/**
 * Does a plain `reject` of the rule not say what it answers with? In a table of all families nft writes down no answer
 * of one family's own where it has lost which family the rule is for: behind an ether type that it lists as raw bytes.
 */
export function hidesAnswer({ type }: RejectStatement, { family, statements }: NftContext): boolean {
  if (type !== null || family !== 'inet') return false;
  return statements.some(
    (one) => one.kind === 'match' && one.left.kind === 'raw-payload' && one.left.base === 'll',
  );
}

/** Every answer that a packet of the family can get, the default first. */
export function answersOf(family: Family): readonly [string, ...string[]] {
  const [names, usual] =
    family === 4 ? ([ICMP, 'icmp-port-unreachable'] as const) : ([ICMPV6, 'icmp6-port-unreachable'] as const);
  return [usual, ...Object.values(names).filter((name) => name !== usual)];
}

/** What is sent; 'break' where the rule is for another protocol or family, as the word implies. */
export function rejectVerdict({ type, code }: RejectStatement, { packet }: NftContext): Reject | 'break' {
  const { family, protocol } = packet;
  const known = (name: string | undefined): Reject => ({
    kind: 'reject',
    with: name ?? (family === 4 ? 'icmp-port-unreachable' : 'icmp6-port-unreachable'),
  });
  switch (type) {
    case 'tcp reset':
      return protocol === 6 ? { kind: 'reject', with: 'tcp-reset' } : 'break';
    case 'icmp':
      return family === 4 ? known(named(ICMP, code)) : 'break';
    case 'icmpv6':
      return family === 6 ? known(named(ICMPV6, code)) : 'break';
    case 'icmpx':
    case null:
      return known(named(ICMPX[family], code));
  }
}
