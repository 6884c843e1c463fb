/** `ip route get` (iproute2 ip/iproute.c, net/ipv4/route.c inet_rtm_getroute): the lookup of the walk, by itself. */
import { anyAddress, formatAddress, parseAddress } from '../../address/address.js';
import { protocolNumber } from '../../address/protocols.js';
import { FIRST_CHOICE } from '../../chooser/enumerate.js';
import { routeInput } from '../../routing/input.js';
import type { Flow, Lookup } from '../../routing/lookup.js';
import { type Network, TABLE_ID } from '../../routing/model.js';
import { routeOutput } from '../../routing/output.js';
import { type Call, type Output, lines, refuse, unknownOption } from './output.js';

const ERRORS: Readonly<Record<string, string>> = {
  ENETUNREACH: 'Network is unreachable',
  EHOSTUNREACH: 'No route to host',
  EACCES: 'Permission denied',
  EINVAL: 'Invalid argument',
};

interface Asked {
  to: string;
  from: string | null;
  iif: string | null;
  oif: string | null;
  mark: string | null;
  protocol: string | null;
  sport: number;
  dport: number;
  tos: number;
}

function read(words: readonly string[], network: Network): Asked | Output {
  const asked: Asked = {
    ...{ to: '', from: null, iif: null, oif: null, mark: null, protocol: null, sport: 0, dport: 0, tos: 0 },
  };
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    const value = words[at + 1] ?? '';
    if (!TAKES.has(word)) {
      asked.to = word;
      continue;
    }
    at += 1;
    if (word === 'to') asked.to = value;
    else if (word === 'from') asked.from = value;
    else if (word === 'iif' || word === 'oif' || word === 'dev') {
      if (!network.links.has(value)) return refuse(`Cannot find device "${value}"`);
      asked[word === 'iif' ? 'iif' : 'oif'] = value;
    } else if (word === 'mark') {
      if (!/^(?:0x[0-9a-f]{1,8}|\d{1,10})$/i.test(value))
        return refuse(`Error: argument "${value}" is wrong: invalid mark\n`, 255);
      asked.mark = value;
    } else if (word === 'ipproto') asked.protocol = value;
    else if (word === 'sport' || word === 'dport') asked[word] = Number(value) || 0;
    else if (word === 'tos') asked.tos = Number(value) || 0;
    else if (word !== 'uid' || value !== '0') throw unknownOption('ip route get', `${word} ${value}`, KNOWN);
  }
  return asked;
}

const KNOWN = 'ADDRESS from ADDRESS iif DEV oif DEV mark MARK ipproto sport dport tos';
const TAKES = new Set(['to', 'from', 'iif', 'oif', 'dev', 'mark', 'ipproto', 'sport', 'dport', 'tos', 'uid']);

const failed = (errno: string): Output => refuse(`RTNETLINK answers: ${ERRORS[errno] ?? errno}`, 2);

/** Words of the table, which main does not have. */
function tableWords(lookup: Lookup | null): readonly string[] {
  if (lookup?.kind !== 'route' || lookup.route.table === TABLE_ID.main) return [];
  const { action } = lookup.rule;
  const name = lookup.route.table === TABLE_ID.local ? 'local' : action.kind === 'lookup' ? action.name : '';
  return ['table', name];
}

const TYPE_FLAGS: Readonly<Record<string, string>> = {
  local: 'local',
  broadcast: 'local,brd',
  multicast: 'local,mc',
};

/** What came in by a device. */
function input(asked: Asked, flow: Flow, network: Network): Output {
  const found = routeInput(network, { ...flow, inInterface: asked.iif ?? '' }, FIRST_CHOICE);
  const { lookup, kind } = found;
  if (kind === 'error') return failed(found.errno ?? 'ENETUNREACH');
  if (kind === 'drop')
    return refuse(
      `RTNETLINK answers: ${found.reason === 'ip_forward' ? 'No route to host' : found.reason === 'rp_filter' ? 'Invalid cross-device link' : 'Invalid argument'}`,
      2,
    );
  if (kind === 'unseen' || lookup?.kind !== 'route') return failed('ENETUNREACH');
  const isLocal = kind === 'local' || kind === 'broadcast';
  const { nexthop, route } = lookup;
  const via = isLocal || nexthop.via === null ? [] : ['via', formatAddress(nexthop.via)];
  const type = isLocal ? [route.type] : [];
  const words = [
    ...[...type, asked.to, ...(asked.from === null ? [] : ['from', asked.from])],
    ...[...via, 'dev', isLocal ? 'lo' : (nexthop.device ?? '?'), ...tableWords(lookup), ...markWords(asked)],
  ];
  const flags = isLocal ? `<${TYPE_FLAGS[kind] ?? 'local'}> ` : '';
  return lines([`${words.join(' ')} `, `    cache ${flags}iif ${asked.iif ?? ''} `]);
}

const markWords = ({ mark }: Asked): readonly string[] =>
  mark === null || Number(mark) === 0 ? [] : ['mark', `0x${Number(mark).toString(16)}`];

function output(asked: Asked, flow: Flow, network: Network): Output {
  const out = routeOutput(network, flow, FIRST_CHOICE);
  if (out.kind === 'error') return failed(out.errno ?? 'ENETUNREACH');
  if (out.kind === 'unseen') return failed('ENETUNREACH');
  const { type, device, via, lookup, source } = out;
  const shown = type === null || type === 'unicast' ? [] : [type];
  const src = source?.kind === 'address' ? ['src', formatAddress(source.address)] : [];
  const words = [
    ...[...shown, asked.to, ...(asked.from === null ? [] : ['from', asked.from])],
    ...(via === null ? [] : ['via', formatAddress(via)]),
    ...[
      'dev',
      device ?? '?',
      ...tableWords(lookup),
      ...(asked.from === null ? src : []),
      ...markWords(asked),
    ],
    ...['uid', '0'],
  ];
  const flags = TYPE_FLAGS[type ?? ''];
  return lines([`${words.join(' ')} `, `    cache ${flags === undefined ? '' : `<${flags}> `}`]);
}

/** `ip route get A [from B iif C mark M]`. */
export function routeGet(words: readonly string[], _call: Call, network: Network): Output {
  const asked = read(words, network);
  if ('status' in asked) return asked;
  const plain = asked.to.replace(/\/(?:32|128)$/, '');
  const destination = parseAddress(plain);
  if (destination === null || (typeof destination === 'bigint' ? 6 : 4) !== network.family)
    return refuse(`Error: any valid prefix is expected rather than "${asked.to}".`);
  const source = asked.from === null ? anyAddress(network.family) : parseAddress(asked.from);
  if (source === null)
    return refuse(`Error: any valid prefix is expected rather than "${asked.from ?? ''}".`);
  if (network.family === 6) throw unknownOption('ip route get', asked.to, 'IPv4');
  const own = [...network.links.values()].some(({ addresses }) =>
    addresses.some(({ address }) => address === source),
  );
  const loopback = (network.tables.get(TABLE_ID.local) ?? []).some(
    ({ type, destination: { address } }) => type === 'local' && address === source,
  );
  // A socket cannot send from an address that is not the node's.
  if (asked.from !== null && asked.iif === null && !own && !loopback) return failed('ENETUNREACH');
  const flow: Flow = {
    ...{ destination, source, inInterface: 'lo', outInterface: asked.oif, mark: Number(asked.mark ?? 0) },
    ...{
      markUnknown: 0,
      tos: asked.tos,
      protocol: asked.protocol === null ? 0 : (protocolNumber(asked.protocol) ?? 0),
    },
    ...{ sourcePort: asked.sport, destinationPort: asked.dport, uid: 0 },
  };
  const given = { ...asked, to: plain };
  return asked.iif === null ? output(given, flow, network) : input(given, flow, network);
}
