/** Which setting it is for which a packet is dropped, or refused its way out. */
import type { Span } from '../source/source.js';
import { isLoopback } from './address-kind.js';
import type { InputRoute } from './input.js';
import type { Flow } from './lookup.js';
import type { Network } from './model.js';
import { readNumber, sysctlName } from './sysctl.js';

/** A sysctl by its dotted name. `value` is null, and there is no span, where no dump shows it. */
export interface Setting {
  readonly name: string;
  readonly value: string | null;
  readonly span: Span | null;
}

function settingOf(network: Network, name: string): Setting {
  const value = network.sysctl(name);
  return { name, value, span: value === null ? null : (network.settingAt?.(name, value) ?? null) };
}

/** The names of which the first that is shown counts; in IPv4 the device's own comes first (forwardingOn). */
function forwardingOf(network: Network, device: string): string {
  if (network.family === 6) return 'net.ipv6.conf.all.forwarding';
  const names = [sysctlName(4, device, 'forwarding'), 'net.ipv4.ip_forward', 'net.ipv4.conf.all.forwarding'];
  const shown = names.filter((name) => readNumber(network, name) !== null);
  // Both are written together with net.ipv4.ip_forward, which is the name that people know.
  const alike = shown.filter((name) => network.sysctl(name) === network.sysctl(shown[0] ?? ''));
  return alike.find((name) => name === 'net.ipv4.ip_forward') ?? shown[0] ?? 'net.ipv4.ip_forward';
}

/** The greater of the two counts (IN_DEV_RPFILTER). */
function reversePathOf(network: Network, device: string): string {
  const [own, all] = [device, 'all'].map((one) => sysctlName(4, one, 'rp_filter'));
  if (own === undefined || all === undefined) return '';
  return (readNumber(network, all) ?? 0) > (readNumber(network, own) ?? 0) ? all : own;
}

/** The setting that keeps a source of 127/8 from leaving by the device (net/ipv4/route.c __mkroute_output). */
export function confiningSetting(network: Network, device: string): Setting {
  return settingOf(network, sysctlName(4, device, 'route_localnet'));
}

/** What forbids addresses of 127/8, and sources that are the node's own, where that is why; null of other martians. */
function martianOf(
  { check, lookup, reason }: InputRoute,
  { source, destination, inInterface }: Flow,
): string | null {
  const isForbidden = isLoopback(reason === 'martian_source' ? source : destination);
  if (check === null)
    return isForbidden && lookup === null ? sysctlName(4, inInterface, 'route_localnet') : null;
  return check.why === 'own-address' ? sysctlName(4, inInterface, 'accept_local') : null;
}

/** @returns null where no setting would let the packet pass */
export function decisiveSetting(network: Network, flow: Flow, into: InputRoute): Setting | null {
  const { family } = network;
  const device = flow.inInterface;
  switch (into.reason) {
    case 'ip_forward':
      return settingOf(network, forwardingOf(network, device));
    case 'rp_filter':
      return settingOf(network, reversePathOf(network, device));
    case 'martian_source':
    case 'martian_destination': {
      const name = family === 6 ? null : martianOf(into, flow);
      return name === null ? null : settingOf(network, name);
    }
    case null:
      return null;
  }
}
