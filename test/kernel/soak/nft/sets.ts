/** Named sets and maps of a table. */
import type { Draw } from '../draw.js';
import { anyHost } from '../rules/context.js';
import { DEVICES } from '../rules/network.js';
import type { TableContext } from './context.js';
import { hosts, nets, ports, several } from './values.js';

/** What a set holds, and what a map gives behind the colon. */
export type SetKind =
  | 'addr'
  | 'net'
  | 'port'
  | 'mark'
  | 'device'
  | 'addr.port'
  | 'net.port'
  | 'addr.proto.port'
  | 'seen'
  | 'addr:mark'
  | 'net:addr'
  | 'port:addr'
  | 'port:port'
  | 'addr:addr.port'
  | 'port:verdict'
  | 'device:verdict'
  | 'addr.port:verdict';

export interface NamedSet {
  readonly name: string;
  readonly kind: SetKind;
  readonly text: string;
}

/** The chain that every other chain may jump to. */
export const COMMON = 'common';

/** Verdicts that stand wherever a map of verdicts is asked. */
export function plainVerdict(draw: Draw): string {
  return draw.pick(['accept', 'accept', 'drop', 'return', 'continue', `jump ${COMMON}`, `goto ${COMMON}`]);
}

type Context = Omit<TableContext, 'sets'>;

/** Distinct keys, each with what `value` makes. */
function mapping(keys: readonly string[], value: () => string): string[] {
  return [...new Set(keys)].map((key) => `${key} : ${value()}`);
}

function body(
  kind: SetKind,
  context: TableContext,
): { readonly head: string; readonly items: readonly string[] } {
  const { draw, family } = context;
  const address = family === 4 ? 'ipv4_addr' : 'ipv6_addr';
  const host = (): string => anyHost(context);
  const port = (): string => String(draw.pick([22, 53, 80, 443, 8080]));
  const proto = (): string => draw.pick(['tcp', 'udp', 'sctp']);
  const distinct = (make: () => string): string[] => [...new Set(draw.list(1, 5, make))];
  switch (kind) {
    case 'addr':
      return { head: `type ${address};`, items: hosts(context) };
    case 'net':
      return { head: `type ${address}; flags interval;`, items: nets(context).items };
    case 'port':
      return { head: 'type inet_service; flags interval;', items: ports(draw).items };
    case 'mark':
      return { head: 'type mark;', items: several(draw, ['0x0', '0x1', '0x7', '0x80', '0x4000']) };
    case 'device':
      return { head: 'type ifname;', items: several(draw, [...DEVICES, 'lo']).map((name) => `"${name}"`) };
    case 'addr.port':
      return {
        head: `type ${address} . inet_service;`,
        items: distinct(() => `${host()} . ${port()}`),
      };
    case 'net.port': {
      const span = draw.pick(['80', '1-1023', '22-53']);
      return {
        head: `type ${address} . inet_service; flags interval;`,
        items: nets(context).items.map((one) => `${one} . ${span}`),
      };
    }
    case 'addr.proto.port':
      return {
        head: `type ${address} . inet_proto . inet_service;`,
        items: distinct(() => `${host()} . ${proto()} . ${port()}`),
      };
    case 'seen':
      return {
        head: `type ${address}; flags dynamic${draw.chance(40) ? ',timeout; timeout 1h' : ''}; size 65535;`,
        items: [],
      };
    case 'addr:mark':
      return {
        head: `type ${address} : mark;`,
        items: mapping(hosts(context), () => draw.pick(['0x1', '0x7', '0x80'])),
      };
    case 'net:addr':
      return {
        head: `type ${address} : ${address}; flags interval;`,
        items: mapping(nets(context).items, host),
      };
    case 'port:addr':
      return { head: `type inet_service : ${address};`, items: mapping(distinct(port), host) };
    case 'port:port':
      return { head: 'type inet_service : inet_service;', items: mapping(distinct(port), port) };
    case 'addr:addr.port':
      return {
        head: `type ${address} : ${address} . inet_service;`,
        items: mapping(hosts(context), () => `${host()} . ${port()}`),
      };
    case 'port:verdict':
      return {
        head: 'type inet_service : verdict; flags interval;',
        items: mapping(ports(draw).items, () => plainVerdict(draw)),
      };
    case 'device:verdict':
      return {
        head: 'type ifname : verdict;',
        items: mapping(several(draw, ['"eth0"', '"eth1"', '"wan"', '"lo"']), () => plainVerdict(draw)),
      };
    case 'addr.port:verdict':
      return {
        head: `type ${address} . inet_service : verdict;`,
        items: mapping(
          distinct(() => `${host()} . ${port()}`),
          () => plainVerdict(draw),
        ),
      };
  }
}

const KINDS: readonly SetKind[] = [
  ...(['addr', 'net', 'port', 'mark', 'device', 'addr.port', 'net.port', 'addr.proto.port', 'seen'] as const),
  ...(['addr:mark', 'net:addr', 'port:addr', 'port:port', 'addr:addr.port'] as const),
  ...(['port:verdict', 'device:verdict', 'addr.port:verdict'] as const),
];

/** Between none and all kinds, each on a line of its own. */
export function drawSets(context: Context): NamedSet[] {
  const { draw } = context;
  const own: TableContext = { ...context, sets: [] };
  return KINDS.filter(() => draw.chance(50)).map((kind) => {
    const { head, items } = body(kind, own);
    const name = `s-${kind.replaceAll(/[.:]/g, '-')}`;
    const catchAll = kind === 'port:verdict' && draw.chance(20) ? [`* : ${plainVerdict(draw)}`] : [];
    const all = [...items, ...catchAll];
    const elements = all.length === 0 ? '' : ` elements = { ${all.join(', ')} };`;
    return { name, kind, text: `\t${kind.includes(':') ? 'map' : 'set'} ${name} { ${head}${elements} }\n` };
  });
}
