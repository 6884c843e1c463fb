/** Names of addresses as views write them: `pod default/web-7d9f on node ip-192-168-45-10`. */
import { parseAddress } from '../address/address.js';
import { protocolNumber } from '../address/protocols.js';
import type { Name } from '../names/book.js';
import { fullName } from '../names/model.js';
import type { CompletedPacket, Outcome, TraceResult } from '../packet/result.js';
import { endpoint } from './endpoint.js';
import type { MessageId } from './messages/index.js';
import type { Reasoned } from './reason.js';
import { sanitize } from './sanitize.js';
import type { Facts, View } from './view.js';

/** What has the names, in which words. */
type Speaker = Pick<View, 'facts' | 'say'>;

/** An address of the packet, and what it is called. */
export interface NamedAddress {
  /** The address; with its port where that has a part in the name. */
  readonly label: string;
  /** `pod default/web-7d9f`: the kind and the name. */
  readonly short: string;
  /** The same with what else is known. */
  readonly text: string;
}

/** Pods and services that are named one by one. */
const MOST = 3;

/** A few of many, and how many more. */
function some(names: readonly string[], { say }: Speaker): string {
  const text = names.slice(0, MOST).join(', ');
  return names.length > MOST ? say('NAME_MORE', { text, count: names.length - MOST }) : text;
}

const OF_SERVICE = {
  service: 'NAME_SERVICE',
  'load balancer': 'NAME_LOAD_BALANCER',
  'external address': 'NAME_EXTERNAL_ADDRESS',
  'node port': 'NAME_NODE_PORT',
} as const satisfies Readonly<Record<string, MessageId>>;

interface Worded {
  readonly short: string;
  /** The same with what else is known; made when it is asked for. */
  readonly text: () => string;
  /** The port has a part in it. */
  readonly withPort: boolean;
}

function worded(name: Name, port: number | null, speaker: Speaker): Worded {
  const { say } = speaker;
  switch (name.kind) {
    case 'pod': {
      const short = say('NAME_POD', { name: fullName(name.pod) });
      const { node } = name.pod;
      return {
        short,
        text: () => (node === null ? short : say('NAME_POD_ON', { text: short, node })),
        withPort: false,
      };
    }
    case 'node': {
      const short = say('NAME_NODE', { name: name.node });
      const text = (): string => {
        const pods = some(name.pods.map(fullName), speaker);
        return pods === '' ? short : say('NAME_NODE_PODS', { text: short, pods });
      };
      return { short, text, withPort: false };
    }
    case 'endpoint': {
      const services = name.endpoints.map(({ namespace, service }) => fullName({ namespace, name: service }));
      const short = say('NAME_ENDPOINT', { name: some([...new Set(services)], speaker) });
      const withPort = port !== null && name.endpoints.every((one) => one.port === port);
      const portName = withPort ? (name.endpoints[0]?.portName ?? null) : null;
      const text = (): string =>
        portName === null ? short : say('NAME_WITH_PORT', { text: short, port: portName });
      return { short, text, withPort };
    }
    default: {
      const short = say(OF_SERVICE[name.kind], { name: fullName(name.service) });
      const withPort = name.port !== null || name.noSuchPort;
      const portName = name.port?.name ?? null;
      const text = (): string => {
        if (name.noSuchPort) return say('NAME_WITHOUT_PORT', { text: short, port: port ?? '?' });
        return portName === null ? short : say('NAME_WITH_PORT', { text: short, port: portName });
      };
      return { short, text, withPort };
    }
  }
}

/** The names of one address as one. A batch asks for the short ones alone. */
class Called implements NamedAddress {
  readonly label: string;
  readonly short: string;
  readonly #same: readonly Worded[];
  readonly #speaker: Speaker;

  constructor(label: string, same: readonly Worded[], speaker: Speaker) {
    this.label = label;
    this.#same = same;
    this.#speaker = speaker;
    this.short = this.#joined(same.map((one) => one.short));
  }

  get text(): string {
    return this.#joined(this.#same.map((one) => one.text()));
  }

  #joined(texts: readonly string[]): string {
    return sanitize(
      texts.slice(0, MOST).reduce((text, other) => this.#speaker.say('NAME_OR', { text, other })),
    );
  }
}

/** An end of a packet: what is known of its address and port. */
export interface End {
  readonly address: string | undefined;
  readonly port: number | undefined;
}

/** The names of one end; two at most: those of its address, and those of its port there. */
export function namesOfEnd(
  { address, port: given }: End,
  protocol: number,
  speaker: Speaker,
): readonly NamedAddress[] {
  const value = parseAddress(address ?? '');
  if (address === undefined || value === null) return [];
  const port = given ?? null;
  const found = speaker.facts
    .namesOf({ address: value, port, protocol })
    .map((name) => worded(name, port, speaker));
  const called = (same: readonly Worded[], withPort: boolean): NamedAddress =>
    new Called(endpoint(address, withPort ? String(port) : ''), same, speaker);
  const [only, ...others] = found;
  if (only === undefined) return [];
  if (others.length === 0) return [called(found, only.withPort)];
  return [false, true].flatMap((withPort) => {
    const same = found.filter((one) => one.withPort === withPort);
    return same.length === 0 ? [] : [called(same, withPort)];
  });
}

/** The ends of the packet as it was sent, and as it is at the end of an outcome. */
function endsOf(packet: CompletedPacket, { final }: Outcome): readonly End[] {
  return [
    { address: packet.src, port: packet.sport },
    { address: packet.dst, port: packet.dport },
    { address: final.src, port: final.sport },
    { address: final.dst, port: final.dport },
  ];
}

/** Says which names will be asked for, before the first is. */
export function expectNames({ packet, outcomes }: TraceResult, facts: Facts): void {
  const texts = new Set(
    outcomes.flatMap((outcome) => endsOf(packet, outcome)).map(({ address = '' }) => address),
  );
  const addresses = [...texts].map(parseAddress).filter((address) => address !== null);
  facts.expectNames?.(addresses);
}

/** The names of an outcome's addresses, each once, in the order in which the packet has them. */
export function namesOfOutcome(
  packet: CompletedPacket,
  outcome: Outcome,
  speaker: Speaker,
): readonly NamedAddress[] {
  const protocol = protocolNumber(packet.proto) ?? Number(packet.proto);
  const found = new Map<string, NamedAddress>();
  for (const end of endsOf(packet, outcome))
    for (const name of namesOfEnd(end, protocol, speaker))
      if (!found.has(name.label)) found.set(name.label, name);
  return [...found.values()];
}

/** A row under the answer for each address that has a name. */
export function nameReasons(packet: CompletedPacket, outcome: Outcome, view: View): readonly Reasoned[] {
  return namesOfOutcome(packet, outcome, view).map(({ label, text }) => ({ label, text, meaning: null }));
}

/** The names of all addresses of a result, for JSON; undefined when there are none. */
export function namesOfResult(
  { packet, outcomes }: TraceResult,
  speaker: Speaker,
): Readonly<Record<string, string>> | undefined {
  const all = outcomes.flatMap((outcome) => namesOfOutcome(packet, outcome, speaker));
  return all.length === 0 ? undefined : Object.fromEntries(all.map(({ label, short }) => [label, short]));
}
