/** The part of a rule that every rule has: addresses, devices, protocol (net/ipv4/netfilter/ip_tables.c ip_packet_match). */
import { formatAddress } from '../address/address.js';
import { type Prefix, formatPrefix } from '../address/prefix.js';
import { protocolName } from '../address/protocols.js';
import { type Ternary, invertIf, unsure } from '../chooser/question.js';
import { addressInPrefix, interfaceMatches } from './decide.js';
import type { Reason } from './extension.js';
import type { Header, HostName, Invertible } from './model.js';
import { isFollowed } from './values/extension-header.js';
import { type PacketView, UNKNOWN_INTERFACE, type World } from './view.js';

type Selector = Invertible<Prefix | HostName>;

function addressMatches(selector: Selector, low: PacketView['source'], high: PacketView['source']): Ternary {
  const { value, inverted } = selector;
  if ('hostName' in value)
    return invertIf(
      inverted,
      unsure(`host ${value.hostName} is ${formatAddress(low)}`, 'UNK_HOST_NAME', { name: value.hostName }),
    );
  return invertIf(inverted, addressInPrefix(low, high, value));
}

const OUTPUT_DEVICE = 'output device is ';

/** The selector of `-o` that a question is about; null of any other question. */
export function outputDeviceAsked(key: string): string | null {
  const selector = key.startsWith(OUTPUT_DEVICE) ? key.slice(OUTPUT_DEVICE.length) : ' ';
  // A joint question is about more than that.
  return selector.includes(' ') ? null : selector;
}

function deviceMatches(selector: Invertible<string>, name: string): Ternary {
  if (name === UNKNOWN_INTERFACE && selector.value !== '+')
    return invertIf(
      selector.inverted,
      unsure(`${OUTPUT_DEVICE}${selector.value}`, 'UNK_OUT_DEVICE_IS', { device: selector.value }),
    );
  return interfaceMatches(name, selector.value) !== selector.inverted;
}

/**
 * ip6tables compares what follows the extension headers: a rule that asks for one of those never matches
 * (net/ipv6/netfilter/ip6_tables.c ip6_packet_match).
 */
function protocolMatches({ value, inverted }: Invertible<number>, { family, protocol }: PacketView): Ternary {
  if (family === 4) return (protocol === value) !== inverted;
  if (isFollowed(value)) return inverted;
  if (!isFollowed(protocol)) return (protocol === value) !== inverted;
  const params = { header: protocol, protocol: value };
  return invertIf(
    inverted,
    unsure(`protocol ${String(value)} behind ${String(protocol)}`, 'UNK_BEHIND', params),
  );
}

/** One thing that a rule asks of a packet. A match is one as it is: a node has more of them than of anything else. */
export interface Condition {
  evaluate(packet: PacketView, world: World): Ternary;
}

type Side = 'source' | 'destination';

class AddressCondition implements Condition {
  readonly #selector: Selector;
  readonly #isSource: boolean;

  constructor(selector: Selector, side: Side) {
    this.#selector = selector;
    this.#isSource = side === 'source';
  }

  evaluate({ source, sourceTo, destination, destinationTo }: PacketView): Ternary {
    return this.#isSource
      ? addressMatches(this.#selector, source, sourceTo)
      : addressMatches(this.#selector, destination, destinationTo);
  }
}

/** What a selector says of an IPv4 address that is exactly known is two machine instructions. */
class Address4Condition implements Condition {
  readonly #address: number;
  readonly #mask: number;
  readonly #selector: Selector;
  readonly #isSource: boolean;

  constructor(address: number, mask: number, selector: Selector, side: Side) {
    this.#address = address;
    this.#mask = mask;
    this.#selector = selector;
    this.#isSource = side === 'source';
  }

  evaluate({ source, sourceTo, destination, destinationTo }: PacketView): Ternary {
    const low = this.#isSource ? source : destination;
    const high = this.#isSource ? sourceTo : destinationTo;
    if (typeof low !== 'number' || low !== high) return addressMatches(this.#selector, low, high);
    return ((low & this.#mask) === this.#address) !== this.#selector.inverted;
  }
}

function addressCondition(selector: Selector, side: Side): Condition {
  const { value } = selector;
  if ('hostName' in value) return new AddressCondition(selector, side);
  const { address, mask } = value;
  return typeof address === 'number' && typeof mask === 'number'
    ? new Address4Condition(address, mask, selector, side)
    : new AddressCondition(selector, side);
}

class DeviceCondition implements Condition {
  readonly #selector: Invertible<string>;
  readonly #isInput: boolean;

  constructor(selector: Invertible<string>, side: 'in' | 'out') {
    this.#selector = selector;
    this.#isInput = side === 'in';
  }

  evaluate({ inInterface, outInterface }: PacketView): Ternary {
    return deviceMatches(this.#selector, this.#isInput ? inInterface : outInterface);
  }
}

class ProtocolCondition implements Condition {
  readonly #selector: Invertible<number>;

  constructor(selector: Invertible<number>) {
    this.#selector = selector;
  }

  evaluate(packet: PacketView): Ternary {
    return protocolMatches(this.#selector, packet);
  }
}

/** Packets are described whole, and conntrack reassembles: no packet here is a second fragment. */
const FIRST_FRAGMENT: Condition = { evaluate: () => false };
const NO_SECOND_FRAGMENT: Condition = { evaluate: () => true };

/** The conditions of a header in the kernel's order; the first that fails ends it. */
export function headerConditions(header: Header): Condition[] {
  const { source, destination, inInterface, outInterface, protocol, fragment } = header;
  const conditions: Condition[] = [];
  if (source !== null) conditions.push(addressCondition(source, 'source'));
  if (destination !== null) conditions.push(addressCondition(destination, 'destination'));
  if (inInterface !== null) conditions.push(new DeviceCondition(inInterface, 'in'));
  if (outInterface !== null) conditions.push(new DeviceCondition(outInterface, 'out'));
  if (protocol !== null) conditions.push(new ProtocolCondition(protocol));
  if (fragment !== null) conditions.push(fragment.inverted ? NO_SECOND_FRAGMENT : FIRST_FRAGMENT);
  return conditions;
}

const not = (inverted: boolean, text: string): string => (inverted ? `not ${text}` : text);

function wantedAddress(selector: Selector): string {
  const { value, inverted } = selector;
  return not(inverted, 'hostName' in value ? value.hostName : formatPrefix(value));
}

/** Which header condition failed, for a packet that the header does not match. */
export function explainHeader(header: Header, packet: PacketView): Reason {
  const failed = (
    selector: Selector | null,
    low: PacketView['source'],
    high: PacketView['source'],
  ): boolean => selector !== null && addressMatches(selector, low, high) === false;
  if (header.source !== null && failed(header.source, packet.source, packet.sourceTo))
    return {
      code: 'NO_SOURCE',
      option: '-s',
      params: { wanted: wantedAddress(header.source), has: formatAddress(packet.source) },
    };
  if (header.destination !== null && failed(header.destination, packet.destination, packet.destinationTo))
    return {
      code: 'NO_DESTINATION',
      option: '-d',
      params: { wanted: wantedAddress(header.destination), has: formatAddress(packet.destination) },
    };
  const { inInterface, outInterface, protocol } = header;
  if (inInterface !== null && deviceMatches(inInterface, packet.inInterface) === false)
    return {
      code: 'NO_IN_DEVICE',
      option: '-i',
      params: {
        wanted: not(inInterface.inverted, inInterface.value),
        has: packet.inInterface === '' ? 'none' : packet.inInterface,
      },
    };
  if (outInterface !== null && deviceMatches(outInterface, packet.outInterface) === false)
    return {
      code: 'NO_OUT_DEVICE',
      option: '-o',
      params: {
        wanted: not(outInterface.inverted, outInterface.value),
        has: packet.outInterface === '' ? 'none' : packet.outInterface,
      },
    };
  if (protocol !== null && protocolMatches(protocol, packet) === false)
    return {
      code: 'NO_PROTOCOL',
      option: '-p',
      params: {
        wanted: not(protocol.inverted, protocolName(protocol.value)),
        has: protocolName(packet.protocol),
      },
    };
  return { code: 'NO_FRAGMENT', option: '-f', params: {} };
}
