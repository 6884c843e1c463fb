/** Source checks on input: net/ipv4/fib_frontend.c fib_validate_source, net/ipv4/route.c ip_route_input_slow. IPv4 only. */
import { type Address, anyAddress, formatAddress } from '../address/address.js';
import { decide } from '../chooser/enumerate.js';
import { type Chooser, type Unsure, unsure } from '../chooser/question.js';
import { LIMITED_BROADCAST, isLocalMulticast, isLoopback, isMulticast, isZeroNet } from './address-kind.js';
import { tableShown } from './fib.js';
import {
  type Flow,
  type Found,
  UNTOLD,
  findRoute,
  hasDefaultRules,
  rulesEverAdded,
  rulesOf,
} from './lookup.js';
import { type Network, TABLE_ID } from './model.js';
import { isOn } from './open-setting.js';
import { isCertainlyOwn } from './own.js';
import { realmOfWayBack, usesRealms } from './realm.js';
import { perKey, perNetwork } from './remember.js';
import { deviceSetting, readNumber, sysctlName } from './sysctl.js';

/** What the check found; the fields are those of the walk's step 'rp-filter'. */
export interface SourceCheck {
  readonly device: string;
  /** 0 off, 1 strict, 2 loose; null when the snapshot does not show it. */
  readonly mode: 0 | 1 | 2 | null;
  readonly passed: boolean;
  /** Where the way back leads, when it was looked up. */
  readonly reverseDevice: string | null;
  readonly why:
    'off' | 'same-device' | 'loose' | 'other-device' | 'no-route' | 'own-address' | 'martian' | 'not-unicast';
  /** Why the packet is dropped; null when it passed. */
  readonly drop: 'rp_filter' | 'martian_source' | null;
}

/** What the packet's own route was. */
export interface ForwardRoute {
  /** Output device; null when the packet is for this node. */
  readonly device: string | null;
  /** It is delivered as a broadcast or multicast: its destination is then not used as a source on the way back. */
  readonly broadcast: boolean;
}

type Mode = 0 | 1 | 2;
type Finding = Omit<SourceCheck, 'device' | 'mode'>;

const MODES: readonly Mode[] = [0, 1, 2];
const OFF: Finding = { passed: true, reverseDevice: null, why: 'off', drop: null };

/**
 * What no packet on a wire may have, found before a route is looked up: a source that is multicast, 255.255.255.255,
 * 0.0.0.0 or (without route_localnet) of 127/8; a destination of 0.0.0.0 or 127/8.
 * @returns null when the packet may be routed
 */
export function martian(
  network: Network,
  flow: Flow,
  chooser: Chooser,
): 'martian_source' | 'martian_destination' | null {
  const { source, destination, inInterface } = flow;
  if (network.family === 6 || inInterface === 'lo') return null;
  if (isMulticast(source) || source === LIMITED_BROADCAST) return 'martian_source';
  if (source === 0 && destination === 0) return null;
  if (isZeroNet(source)) {
    // Hosts without an address yet: DHCP, and IGMP to a group of the link.
    return destination === LIMITED_BROADCAST || isLocalMulticast(destination) ? null : 'martian_source';
  }
  if (isZeroNet(destination)) return 'martian_destination';
  if (destination === LIMITED_BROADCAST || (!isLoopback(source) && !isLoopback(destination))) return null;
  if (isOn(network, inInterface, 'route_localnet', chooser)) return null;
  return isLoopback(destination) ? 'martian_destination' : 'martian_source';
}

/**
 * Checks the source of a packet that came in: rp_filter, and own addresses (fib_validate_source). `martian` comes first.
 * @param flow as it was routed: after PREROUTING, `inInterface` being the device it came in by
 */
export function validateSource(
  network: Network,
  flow: Flow,
  forward: ForwardRoute,
  chooser: Chooser,
): SourceCheck {
  const device = flow.inInterface;
  if (network.family === 6 || flow.source === 0) return { device, mode: null, ...OFF };
  const check = new SourceValidation(network, flow, forward, chooser);
  const modes = possibleModes(network, device);
  const [only] = modes;
  if (modes.length === 1 && only !== undefined) {
    const { passed, reverseDevice, why, drop } = check.finding(only);
    return { device, mode: only, passed, reverseDevice, why, drop };
  }
  const findings = modes.map((mode) => ({ mode, ...check.finding(mode) }));
  const groups = [true, false]
    .map((passed) => findings.filter((finding) => finding.passed === passed))
    .filter((group) => group.length > 0);
  const choices = groups.map((group) => ({
    probability: null,
    assumption: {
      code: 'UNK_RP_FILTER',
      params: { device, modes: group.map(({ mode }) => mode).join(', ') },
    },
  }));
  const chosen = groups.length === 1 ? 0 : chooser.choose(`rp_filter of ${device}`, choices);
  const found = groups[chosen]?.at(-1) ?? { mode: null, ...OFF };
  return { device, ...found, mode: groups[chosen]?.length === 1 ? found.mode : null };
}

/**
 * The realm that the way back to its sender gives to a packet that came in and passed the check: the first next hop's,
 * whichever the packet came from; 0 when there is no way back.
 * @returns null when it is not known
 */
export function realmOfSource(
  network: Network,
  flow: Flow,
  forward: ForwardRoute,
  chooser: Chooser,
): number | null {
  return flow.source === 0 ? 0 : new SourceValidation(network, flow, forward, chooser).realm();
}

/** The values of max(all, device) that the snapshot leaves possible. */
const possibleModes = perKey((network, device: string): readonly Mode[] => {
  const own = readNumber(network, sysctlName(4, device, 'rp_filter'));
  const all = readNumber(network, sysctlName(4, 'all', 'rp_filter'));
  const least = Math.max(own ?? 0, all ?? 0);
  const possible = MODES.filter((mode) => mode >= least);
  if (possible.length === 0) return [2];
  return own !== null && all !== null ? possible.slice(0, 1) : possible;
});

/** Has the network policy rules, or local routes that somebody added (fib4_has_custom_rules, fib_has_custom_local_routes)? */
const isCustomised = perNetwork((network): boolean => {
  if (!hasDefaultRules(network)) return true;
  const locals = [...network.tables.values()].flat().filter((route) => route.type === 'local');
  return !locals.every(
    (route) => route.span === null || route.words[route.words.indexOf('proto') + 1] === 'kernel',
  );
});

/** The addresses that table local has as such. */
const localHosts = perNetwork((network): ReadonlySet<Address> => {
  const local = network.tables.get(TABLE_ID.local) ?? [];
  const hosts = local.filter(({ type, destination }) => type === 'local' && destination.length === 32);
  return new Set(hosts.map(({ destination }) => destination.address));
});

const marksRoute = perNetwork((network): boolean => rulesOf(network).some((rule) => rule.fwmark !== null));

/** Does an unseen table's route to the source leave by the device? */
export function leadsBack(source: Address, device: string): Unsure {
  const params = { device, source: formatAddress(source) };
  return unsure(`way back to ${params.source} by ${device}`, 'UNK_WAY_BACK', params);
}

class SourceValidation {
  readonly #network: Network;
  readonly #flow: Flow;
  readonly #forward: ForwardRoute;
  readonly #chooser: Chooser;
  #reverse: Found | null = null;

  constructor(network: Network, flow: Flow, forward: ForwardRoute, chooser: Chooser) {
    this.#network = network;
    this.#flow = flow;
    this.#forward = forward;
    this.#chooser = chooser;
  }

  finding(mode: Mode): Finding {
    if (mode !== 0 || this.#mayRedirect() || usesRealms(this.#network)) return this.#fullCheck(mode);
    const full = this.#fullCheck(0);
    const short = isCustomised(this.#network) ? full : this.#shortCheck();
    if (short.passed && full.passed) return short;
    if (this.#acceptsLocal()) return OFF;
    return short.passed === full.passed || decide(this.#chooser, rulesEverAdded()) ? full : short;
  }

  realm(): number | null {
    const found = this.#wayBack();
    if (found.kind !== 'route') return found.kind === 'error' ? 0 : null;
    const { route, usable, rule } = found;
    const [first] = usable;
    const device = this.#flow.inInterface;
    const back =
      route.nexthops.some((nexthop) => this.#leadsTo(nexthop.device, device)) || route.type === 'local';
    // A device without an address takes what it gets from elsewhere as if there were no way back.
    if (first === undefined || (!back && !this.#hasAddress())) return 0;
    return realmOfWayBack(route, first, rule);
  }

  /** A packet that goes back where it came from may be answered with a redirect, which needs the full check. */
  #mayRedirect(): boolean {
    const { inInterface } = this.#flow;
    return (
      this.#forward.device === inInterface &&
      deviceSetting(this.#network, inInterface, 'send_redirects') !== 0
    );
  }

  /** Without policy rules or local routes of the user's, only own addresses are looked for. */
  #shortCheck(): Finding {
    if (!this.#ownsSource()) return OFF;
    return { passed: false, reverseDevice: null, why: 'own-address', drop: 'martian_source' };
  }

  #ownsSource(): boolean {
    const { source } = this.#flow;
    // Of 127/8 only the address itself is looked for here.
    if (isLoopback(source)) return source === 0x7f000001;
    if (isCertainlyOwn(this.#network, source)) return true;
    if (localHosts(this.#network).has(source)) return true;
    if (this.#network.known.links || tableShown(this.#network, TABLE_ID.local)) return false;
    return isCertainlyOwn(this.#network, source);
  }

  #acceptsLocal(): boolean {
    return isOn(this.#network, this.#flow.inInterface, 'accept_local', this.#chooser);
  }

  /** __fib_validate_source. */
  #fullCheck(mode: Mode): Finding {
    const found = this.#wayBack();
    if (found.kind === 'error') {
      return mode === 0 ? OFF : { passed: false, reverseDevice: null, why: 'no-route', drop: 'rp_filter' };
    }
    if (found.kind === 'unseen') return this.#unseenWayBack(mode);
    const { route } = found;
    const reverseDevice = route.nexthops[0]?.device ?? null;
    const bad = { passed: false, reverseDevice, drop: 'martian_source' } as const;
    if (route.type === 'local') {
      if (!this.#acceptsLocal()) return { ...bad, why: 'own-address' };
    } else if (route.type !== 'unicast') return { ...bad, why: 'not-unicast' };
    const device = this.#flow.inInterface;
    const back = route.nexthops.some((nexthop) => this.#leadsTo(nexthop.device, device));
    if (back || (route.type === 'local' && device === 'lo'))
      return { passed: true, reverseDevice: device, why: 'same-device', drop: null };
    return this.#otherDevice(mode, reverseDevice);
  }

  /** The device itself, or the VRF that the route's device belongs to. */
  #leadsTo(nexthop: string | null, device: string): boolean {
    if (nexthop === device) return true;
    const master = nexthop === null ? null : (this.#network.links.get(nexthop)?.master ?? null);
    return master === device;
  }

  #otherDevice(mode: Mode, reverseDevice: string | null): Finding {
    const refused = { passed: false, reverseDevice, why: 'other-device', drop: 'rp_filter' } as const;
    if (mode === 1) return refused;
    if (mode === 0) return { ...OFF, reverseDevice };
    return this.#hasAddress() ? { passed: true, reverseDevice, why: 'loose', drop: null } : refused;
  }

  /** A device without any IPv4 address is held to the strict check in loose mode too. */
  #hasAddress(): boolean {
    const device = this.#flow.inInterface;
    const link = this.#network.links.get(device);
    if (link !== undefined && this.#network.known.links)
      return link.addresses.some((own) => typeof own.address === 'number');
    return decide(this.#chooser, unsure(`${device} has an address`, 'UNK_HAS_ADDRESS', { device }));
  }

  #unseenWayBack(mode: Mode): Finding {
    const device = this.#flow.inInterface;
    if (mode === 0) return OFF;
    const back = decide(this.#chooser, leadsBack(this.#flow.source, device));
    return back
      ? { passed: true, reverseDevice: device, why: 'same-device', drop: null }
      : this.#otherDevice(mode, null);
  }

  #wayBack(): Found {
    this.#reverse ??= this.#lookBack();
    return this.#reverse;
  }

  /** The mark counts only with src_valid_mark; asked for when it is not shown and would lead elsewhere. */
  #lookBack(): Found {
    const { mark, markUnknown, inInterface } = this.#flow;
    const without = (): Found => this.#findBack(0, 0);
    if ((mark === 0 && markUnknown === 0) || !marksRoute(this.#network)) return without();
    const valid = deviceSetting(this.#network, inInterface, 'src_valid_mark');
    if (valid === 0) return without();
    const marked = this.#findBack(mark, markUnknown);
    if (valid !== null) return marked;
    const plain = without();
    if (plain.kind === 'route' && marked.kind === 'route' && plain.route === marked.route) return plain;
    return isOn(this.#network, inInterface, 'src_valid_mark', this.#chooser) ? marked : plain;
  }

  #findBack(mark: number, markUnknown: number): Found {
    const { source, destination, tos, protocol, sourcePort, destinationPort } = this.#flow;
    const from: Address = this.#forward.broadcast ? anyAddress(4) : destination;
    const flow: Flow = {
      destination: source,
      source: from,
      inInterface: this.#forward.device ?? 'lo',
      outInterface: null,
      mark,
      markUnknown,
      tos,
      protocol,
      sourcePort: destinationPort,
      destinationPort: sourcePort,
      uid: 0,
    };
    return findRoute(this.#network, flow, this.#chooser, UNTOLD);
  }
}
