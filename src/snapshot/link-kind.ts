/** The line that `ip -d link` has for a link's kind (iproute2 ip/iplink_*.c, ip/link_*.c print_opt), both ways. */
import { formatAddress, parseAddress } from '../address/address.js';
import type { LinkDetails } from '../routing/link-kind.js';
import { unsigned } from './iproute-names.js';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type Draft = Mutable<LinkDetails>;

/** Sets a field; a value that cannot be read is left out, like one that the listing does not show. */
type Setter = (draft: Draft, value: string) => void;

function address(field: 'remote' | 'local' | 'group'): Setter {
  return (draft, value) => {
    const parsed = parseAddress(value);
    if (parsed !== null) draft[field] = parsed;
  };
}

function number(field: 'id' | 'port' | 'table'): Setter {
  return (draft, value) => {
    const parsed = unsigned(value);
    if (parsed !== null) draft[field] = parsed;
  };
}

function text(field: 'protocol' | 'device' | 'inputKey' | 'outputKey' | 'mode'): Setter {
  return (draft, value) => {
    draft[field] = value;
  };
}

/** Keywords with a value. */
const VALUED: ReadonlyMap<string, Setter> = new Map<string, Setter>([
  ['id', number('id')],
  ['if_id', number('id')],
  ['protocol', text('protocol')],
  ['remote', address('remote')],
  ['local', address('local')],
  ['group', address('group')],
  ['dev', text('device')],
  ['dstport', number('port')],
  ['ikey', text('inputKey')],
  ['okey', text('outputKey')],
  ['table', number('table')],
  ['mode', text('mode')],
  ['vlan_filtering', (draft, value) => (draft.vlanFiltering = value !== '0')],
  ['nf_call_iptables', (draft, value) => (draft.callIptables = value !== '0')],
  ['nf_call_ip6tables', (draft, value) => (draft.callIp6tables = value !== '0')],
]);

/** Keywords that stand alone. */
const ALONE: ReadonlyMap<string, (draft: Draft) => void> = new Map<string, (draft: Draft) => void>([
  ['external', (draft) => (draft.external = true)],
  ['learning', (draft) => (draft.learning = true)],
  ['nolearning', (draft) => (draft.learning = false)],
]);

/** What a tunnel carries stands behind its kind, without a keyword. */
const CARRIED: ReadonlySet<string> = new Set(['ipip', 'ip6ip', 'mplsip', 'ipip6', 'ip6ip6', 'any']);

/** Kinds whose details natwalk reads, and others that iproute2 prints a line for. */
const KINDS: ReadonlySet<string> = new Set(
  (
    'amt bareudp batadv bond bridge can dsa dummy erspan geneve gre gretap gtp hsr ifb ip6erspan ip6gre ip6gretap ' +
    'ip6tnl ipip ipoib ipvlan ipvtap macsec macvlan macvtap netdevsim netkit nlmon openvswitch ovpn rmnet sit team tun ' +
    'vcan veth virt_wifi vlan vrf vti vti6 vxcan vxlan wireguard wwan xfrm'
  ).split(' '),
);

/** Is the word one of the kinds that iproute2 knows? */
export function isKind(word: string): boolean {
  return KINDS.has(word);
}

/** Kinds whose learning stands in the listing only when it is off. */
function withDefaults(kind: string, draft: Draft): Draft {
  if (kind === 'vxlan') draft.learning ??= true;
  return draft;
}

/** Reads the words behind a kind; of what is said twice the first counts. */
export function readDetails(kind: string, words: readonly string[]): LinkDetails {
  const draft: Draft = {};
  const [first = ''] = words;
  const carried = CARRIED.has(first);
  if (carried) draft.mode = first;
  const seen = new Set<string>();
  for (let at = carried ? 1 : 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    // What follows is the link's own again, not the kind's.
    if (word === 'addrgenmode' || word === 'numtxqueues') break;
    const setter = VALUED.get(word);
    const value = words[at + 1];
    if (setter !== undefined && value !== undefined) {
      if (!seen.has(word)) setter(draft, value);
      seen.add(word);
      at += 1;
    } else ALONE.get(word)?.(draft);
  }
  return withDefaults(kind, draft);
}

/** The words behind a kind, in the order of iproute2. */
export function printDetails(kind: string, details: LinkDetails): string {
  const { id, protocol, remote, group, local, device, port, learning, external, inputKey, outputKey } =
    details;
  const { table, mode, vlanFiltering, callIptables, callIp6tables } = details;
  const flag = (on: boolean | undefined): string | undefined =>
    on === undefined ? undefined : String(Number(on));
  const isCarried = mode !== undefined && CARRIED.has(mode);
  const words: readonly (readonly [string, string | undefined])[] = [
    ['', isCarried ? mode : undefined],
    ['external', external === true ? '' : undefined],
    ['protocol', protocol],
    [
      kind === 'xfrm' ? 'if_id' : 'id',
      id === undefined ? undefined : kind === 'xfrm' ? `0x${id.toString(16)}` : String(id),
    ],
    ['group', group === undefined ? undefined : formatAddress(group)],
    ['remote', remote === undefined ? undefined : formatAddress(remote)],
    ['local', local === undefined ? undefined : formatAddress(local)],
    ['dev', device],
    ['dstport', port === undefined ? undefined : String(port)],
    ['nolearning', learning === false ? '' : undefined],
    ['ikey', inputKey],
    ['okey', outputKey],
    ['table', table === undefined ? undefined : String(table)],
    ['mode', isCarried ? undefined : mode],
    ['vlan_filtering', flag(vlanFiltering)],
    ['nf_call_iptables', flag(callIptables)],
    ['nf_call_ip6tables', flag(callIp6tables)],
  ];
  return [kind, ...words.flatMap(([word, value]) => (value === undefined ? [] : [word, value]))]
    .filter((word) => word !== '')
    .join(' ');
}
