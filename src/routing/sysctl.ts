/** Per-device settings of a network, combined with their `all` as the kernel combines them. */
import type { Family } from '../address/address.js';
import type { Network } from './model.js';
import { perKey } from './remember.js';

/** A setting that routing reads. */
export type DeviceSetting =
  | 'rp_filter'
  | 'accept_local'
  | 'route_localnet'
  | 'src_valid_mark'
  | 'send_redirects'
  | 'bc_forwarding'
  | 'forwarding'
  | 'ignore_routes_with_linkdown';

/**
 * How the kernel combines `conf.all.X` with `conf.DEV.X` (include/linux/inetdevice.h, IN_DEV_CONF_GET,
 * IN_DEV_ORCONF, IN_DEV_ANDCONF, IN_DEV_MAXCONF).
 */
const COMBINE: Readonly<Record<DeviceSetting, 'max' | 'or' | 'and' | 'device'>> = {
  rp_filter: 'max',
  accept_local: 'or',
  route_localnet: 'or',
  src_valid_mark: 'or',
  send_redirects: 'or',
  bc_forwarding: 'and',
  forwarding: 'device',
  ignore_routes_with_linkdown: 'or',
};

/**
 * The name under which `sysctl -a` lists a device's setting: `net.ipv4.conf.eth0.rp_filter`. A dot in a device name
 * is written `/`, as procps does (`net.ipv4.conf.eth0/100.rp_filter`).
 */
export function sysctlName(family: Family, device: string, setting: string): string {
  return `net.ipv${String(family)}.conf.${device.replaceAll('.', '/')}.${setting}`;
}

/** An integer setting; null when the snapshot does not show it or it is no integer. */
export function readNumber(network: Network, name: string): number | null {
  const text = network.sysctl(name)?.trim() ?? '';
  return /^-?\d{1,10}$/.test(text) ? Number(text) : null;
}

/**
 * The value in force for a device.
 * @returns null when what the snapshot shows does not settle it
 */
export function deviceSetting(network: Network, device: string, setting: DeviceSetting): number | null {
  return SETTINGS[setting](network, device);
}

function findSetting(network: Network, device: string, setting: DeviceSetting): number | null {
  const own = readNumber(network, sysctlName(network.family, device, setting));
  const rule = COMBINE[setting];
  // IPv6 has no combination: writing to `all` writes to every device.
  if (rule === 'device' || network.family === 6) return own;
  const all = readNumber(network, sysctlName(network.family, 'all', setting));
  if (rule === 'max') return own === null || all === null ? settledMaximum(own, all) : Math.max(own, all);
  const [decisive, otherwise] = rule === 'or' ? [1, 0] : [0, 1];
  const values = [own, all].map((value) => (value === null ? null : Number(value !== 0)));
  if (values.includes(decisive)) return decisive;
  return values.includes(null) ? null : otherwise;
}

const remembered = (setting: DeviceSetting): ((network: Network, device: string) => number | null) =>
  perKey((network, device: string) => findSetting(network, device, setting));

/** Each setting by device, read once. */
const SETTINGS: Readonly<Record<DeviceSetting, (network: Network, device: string) => number | null>> = {
  rp_filter: remembered('rp_filter'),
  accept_local: remembered('accept_local'),
  route_localnet: remembered('route_localnet'),
  src_valid_mark: remembered('src_valid_mark'),
  send_redirects: remembered('send_redirects'),
  bc_forwarding: remembered('bc_forwarding'),
  forwarding: remembered('forwarding'),
  ignore_routes_with_linkdown: remembered('ignore_routes_with_linkdown'),
};

/** rp_filter knows nothing above 2, so that a 2 settles the maximum alone. */
function settledMaximum(own: number | null, all: number | null): number | null {
  const shown = own ?? all;
  return shown !== null && shown >= 2 ? shown : null;
}

/**
 * Does the node forward what comes in by `device`? IPv4 reads the in-device's own setting (IN_DEV_FORWARD), for which
 * net.ipv4.ip_forward is the best witness when it is not shown; IPv6 reads net.ipv6.conf.all.forwarding alone, or the
 * device's force_forwarding (net/ipv6/ip6_output.c ip6_forward).
 * @returns null when the snapshot does not show it
 */
export function forwardingOn(network: Network, device: string): boolean | null {
  return FORWARDING(network, device);
}

const FORWARDING = perKey((network, device: string): boolean | null => {
  const first =
    network.family === 4
      ? [sysctlName(4, device, 'forwarding'), 'net.ipv4.ip_forward', 'net.ipv4.conf.all.forwarding']
      : ['net.ipv6.conf.all.forwarding'];
  if (network.family === 6 && readNumber(network, sysctlName(6, device, 'force_forwarding')) === 1)
    return true;
  for (const name of first) {
    const value = readNumber(network, name);
    if (value !== null) return value !== 0;
  }
  return null;
});
