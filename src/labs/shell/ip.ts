/** `ip` and `route`: their options, and what they are about. */
import { type Family, formatAddress } from '../../address/address.js';
import { TABLE_ID } from '../../routing/model.js';
import { type IpOptions, ipAddr, ipLink, ipNeigh } from './ip-addr.js';
import { coloured } from './ip-colour.js';
import { ipRoute } from './ip-route.js';
import { ipRule } from './ip-rule.js';
import { abbreviated } from './ip-words.js';
import { type Call, type Output, lines, refuse, unknownOption } from './output.js';

const OBJECTS = ['address', 'addr', 'route', 'rule', 'link', 'neighbor', 'neighbour'] as const;
const KNOWN_OPTIONS = '-4 -6 -c -br -o -n';

/** What an object is printed by. */
type Kind = 'link' | 'brief' | 'route' | 'rule';

/** `ip [-4 -6 -c -br -o] OBJECT …`. */
export function ip(words: readonly string[], call: Call): Output {
  let [family, brief, oneline, detailed]: [Family | null, boolean, boolean, boolean] = [
    null,
    false,
    false,
    false,
  ];
  let [at, inColour] = [0, false];
  for (; at < words.length; at += 1) {
    const word = (words[at] ?? '').replace(/^--/, '-');
    if (!word.startsWith('-')) break;
    if (word === '-4') family = 4;
    else if (word === '-6') family = 6;
    else if (/^-br(?:ief)?$/.test(word)) brief = true;
    else if (/^-o(?:neline)?$/.test(word)) oneline = true;
    else if (/^-d(?:etails)?$/.test(word)) detailed = true;
    else if (/^-c(?:olor)?(?:=\w+)?$/.test(word)) inColour = !word.endsWith('=never');
    else if (!/^-N(?:umeric)?$|^-n$/.test(word)) throw unknownOption('ip', word, KNOWN_OPTIONS);
  }
  const options: IpOptions = { family, brief, oneline, detailed };
  const { output, kind } = about(words.slice(at), call, options);
  if (!inColour || !call.shell.inColour || kind === null) return output;
  return { ...output, out: coloured(output.out, kind) };
}

/** What the object's command prints. */
function about(
  [object = '', ...rest]: readonly string[],
  call: Call,
  options: IpOptions,
): { readonly output: Output; readonly kind: Kind | null } {
  const { family, brief } = options;
  switch (object === 'r' ? 'route' : object === 'a' ? 'addr' : abbreviated(object, OBJECTS)) {
    case 'address':
    case 'addr':
      return { output: ipAddr(rest, call, options), kind: brief ? 'brief' : 'link' };
    case 'route':
      return { output: ipRoute(rest, call, family), kind: 'route' };
    case 'rule':
      return { output: ipRule(rest, call, family ?? 4), kind: 'rule' };
    case 'link':
      return { output: ipLink(rest, call, options), kind: brief ? 'brief' : 'link' };
    case 'neighbor':
    case 'neighbour':
      return { output: ipNeigh(rest, call, options), kind: 'route' };
    case null:
      if (object === '') throw unknownOption('ip', '', `${KNOWN_OPTIONS}; addr, route, rule, link, neigh`);
      return { output: refuse(`Object "${object}" is unknown, try "ip help".`), kind: null };
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
