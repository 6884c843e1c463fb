/** `ip` and `route`: their options, and what they are about. */
import { type Family, formatAddress } from '../../address/address.js';
import { TABLE_ID } from '../../routing/model.js';
import { type IpOptions, ipAddr, ipLink, ipNeigh } from './ip-addr.js';
import { ipRoute } from './ip-route.js';
import { ipRule } from './ip-rule.js';
import { abbreviated } from './ip-words.js';
import { type Call, type Output, lines, refuse, unknownOption } from './output.js';

const OBJECTS = ['address', 'addr', 'route', 'rule', 'link', 'neighbor', 'neighbour'] as const;
const KNOWN_OPTIONS = '-4 -6 -c -br -o -n';

/** `ip [-4 -6 -c -br -o] OBJECT …`. */
export function ip(words: readonly string[], call: Call): Output {
  let [family, brief, oneline, detailed]: [Family | null, boolean, boolean, boolean] = [
    null,
    false,
    false,
    false,
  ];
  let at = 0;
  for (; at < words.length; at += 1) {
    const word = (words[at] ?? '').replace(/^--/, '-');
    if (!word.startsWith('-')) break;
    if (word === '-4') family = 4;
    else if (word === '-6') family = 6;
    else if (/^-br(?:ief)?$/.test(word)) brief = true;
    else if (/^-o(?:neline)?$/.test(word)) oneline = true;
    else if (/^-d(?:etails)?$/.test(word)) detailed = true;
    else if (!/^-c(?:olor)?(?:=\w+)?$|^-N(?:umeric)?$|^-n$/.test(word))
      throw unknownOption('ip', word, KNOWN_OPTIONS);
  }
  const [object = '', ...rest] = words.slice(at);
  const options: IpOptions = { family, brief, oneline, detailed };
  switch (object === 'r' ? 'route' : object === 'a' ? 'addr' : abbreviated(object, OBJECTS)) {
    case 'address':
    case 'addr':
      return ipAddr(rest, call, options);
    case 'route':
      return ipRoute(rest, call, family);
    case 'rule':
      return ipRule(rest, call, family ?? 4);
    case 'link':
      return ipLink(rest, call, options);
    case 'neighbor':
    case 'neighbour':
      return ipNeigh(rest, call, options);
    case null:
      if (object === '') throw unknownOption('ip', '', `${KNOWN_OPTIONS}; addr, route, rule, link, neigh`);
      return refuse(`Object "${object}" is unknown, try "ip help".`);
  }
}

function maskText(length: number): string {
  return formatAddress(length === 0 ? 0 : -1 << (32 - length));
}

/** `route -n` (net-tools): the routes of table main. */
export function route(words: readonly string[], call: Call): Output {
  if (words.join(' ') !== '-n') throw unknownOption('route', words.join(' '), '-n');
  const routes = call.shell.machine.node.networks[4].tables.get(TABLE_ID.main) ?? [];
  const rows = routes.map(({ destination, type, nexthops: [hop], metric }) => {
    const length = destination.length ?? 0;
    const refuses = type === 'unreachable' || type === 'prohibit';
    const via = hop?.via ?? null;
    const gateway = refuses ? '-' : via === null ? '0.0.0.0' : formatAddress(via);
    const flags = refuses ? '!' : `U${via === null ? '' : 'G'}`;
    const cells = [
      formatAddress(destination.address).padEnd(15),
      gateway.padEnd(15),
      maskText(length).padEnd(15),
      `${flags}${length === 32 ? 'H' : ''}`.padEnd(5),
      String(metric | 0).padEnd(6),
      (refuses ? '-' : '0').padEnd(6),
    ];
    return `${cells.join(' ')}   0 ${refuses ? '-' : (hop?.device ?? '*')}`;
  });
  return lines([
    'Kernel IP routing table',
    'Destination     Gateway         Genmask         Flags Metric Ref    Use Iface',
    ...rows,
  ]);
}
