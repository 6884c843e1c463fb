/** The routes that the kernel itself adds for addresses, as `ip route show table all` lists them. */
import { type Family, formatAddress, parseAddress } from '../../../src/address/address.js';
import { prefixOf } from '../../../src/address/prefix.js';

export interface Addressed {
  readonly device: string;
  /** `ADDRESS/LENGTH`, in the order in which they were added; later ones of one subnet are secondary. */
  readonly addresses: readonly string[];
}

function split(text: string): { readonly host: string; readonly net: string; readonly last: string } {
  const [host = '', length = ''] = text.split('/');
  const address = parseAddress(host);
  if (address === null) throw new Error(`not an address: ${text}`);
  const prefix = prefixOf(address, Number(length));
  const low = formatAddress(prefix.address);
  const last = typeof address === 'number' ? formatAddress(address | ~Number(prefix.mask)) : '';
  return { host, net: `${low}/${length}`, last };
}

function four({ device, addresses }: Addressed): { local: string[]; main: string[] } {
  const local: string[] = [];
  const main: string[] = [];
  const primary = new Map<string, string>();
  for (const text of addresses) {
    const { host, net, last } = split(text);
    const source = primary.get(net) ?? host;
    const proto = 'table local proto kernel scope';
    local.push(`local ${host} dev ${device} ${proto} host src ${source}`);
    if (primary.has(net)) continue;
    primary.set(net, host);
    if (!text.endsWith('/32')) {
      local.push(`broadcast ${last} dev ${device} ${proto} link src ${host}`);
      main.push(`${net} dev ${device} proto kernel scope link src ${host}`);
    }
  }
  return { local, main };
}

function six({ device, addresses }: Addressed): { local: string[]; main: string[] } {
  const all = addresses.map(split);
  const kernel = `dev ${device} table local proto kernel metric`;
  const nets = [...new Set(all.map(({ net }) => net))].filter((net) => !net.endsWith('/128'));
  return {
    local: [
      ...nets.map((net) => `anycast ${net.replace(/\/.*/, '')} ${kernel} 0 pref medium`),
      ...all.map(({ host }) => `local ${host} ${kernel} 0 pref medium`),
      `multicast ff00::/8 ${kernel} 256 pref medium`,
    ],
    main: nets.map((net) => `${net} dev ${device} proto kernel metric 256 pref medium`),
  };
}

const LO4 = [
  'local 127.0.0.0/8 dev lo table local proto kernel scope host src 127.0.0.1',
  'local 127.0.0.1 dev lo table local proto kernel scope host src 127.0.0.1',
  'broadcast 127.255.255.255 dev lo table local proto kernel scope link src 127.0.0.1',
];
const LO6 = ['local ::1 dev lo table local proto kernel metric 0 pref medium'];

/** Lines of the local and main tables; anycast addresses are there because the node forwards. */
export function kernelRoutes(family: Family, links: readonly Addressed[]): { local: string; main: string } {
  const parts = links.map((link) => (family === 4 ? four(link) : six(link)));
  const lines = (texts: readonly string[]): string => texts.map((text) => `${text}\n`).join('');
  return {
    local: lines([...(family === 4 ? LO4 : LO6), ...parts.flatMap(({ local }) => local)]),
    main: lines(parts.flatMap(({ main }) => main)),
  };
}
