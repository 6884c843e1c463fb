/** What is known beside a packet and its observation: the rules' texts, and what came before it. */
import { type Address, anyAddress, formatAddress, parseAddress } from '../../../src/address/address.js';
import { FIRST_CHOICE } from '../../../src/chooser/enumerate.js';
import type { Node } from '../../../src/packet/node.js';
import type { Outcome, PacketInput, TupleText } from '../../../src/packet/result.js';
import { FlowTracer } from '../../../src/packet/trace.js';
import { lookup } from '../../../src/routing/lookup.js';
import { type Network, TABLE_ID } from '../../../src/routing/model.js';
import { isCertainlyOwn } from '../../../src/routing/own.js';
import { selectSource6 } from '../../../src/routing/source6.js';
import type { Beside } from '../adapter/agree.js';
import type { Entry, EntryTuple } from '../adapter/netlink.js';
import { type SoakCase } from './profile.js';
import { sameTuple } from './tuple-text.js';

/** The source of an error is the best address by the device that the packet came in by (icmp6_send). */
function sourceOfError(network: Network, destination: Address, device: string | null): Address | null {
  if (typeof destination !== 'bigint' || device === null) return null;
  const chosen = selectSource6(network, device, destination, FIRST_CHOICE);
  return chosen.kind === 'address' ? chosen.address : null;
}

/** IPv6 looks for a way before anything else: without one no error is sent (icmpv6_xrlim_allow). */
function hasWay(network: Network, destination: Address, source: Address): boolean {
  if (network.family === 4) return true;
  const flow = {
    ...{ destination, source, inInterface: 'lo', outInterface: null, mark: 0, markUnknown: 0 },
    ...{ tos: 0, protocol: 58, sourcePort: 0, destinationPort: 0, uid: 0 },
  };
  return lookup(network, flow, FIRST_CHOICE).kind === 'route';
}

/** One flow, or one script, from the emptied table of conntrack on. */
export class Course implements Beside {
  /** Rules as text: what ranges they write. Null: not known. */
  readonly rules: string | null;
  readonly #node: Node | null;
  readonly #texts = new Set<string>();
  readonly #tuples: EntryTuple[] = [];

  /** @param node left out: nothing is known of it, and less is demanded */
  constructor(node: Node | null = null, files: SoakCase['files'] | null = null) {
    this.#node = node;
    const rules = Object.entries(files ?? {}).flatMap(([name, text]) =>
      /save|nft/.test(name) ? [text] : [],
    );
    this.rules = files === null ? null : rules.join('\n');
  }

  /** Does conntrack tell of every entry that is made? Not where a rule chooses the events. */
  get isToldOfEntries(): boolean {
    return this.rules !== null && !/--ctevents|ct event set/.test(this.rules);
  }

  /** May a rule send a copy of a packet? */
  get isCopying(): boolean {
    return this.rules === null || /-j TEE|\bdup to\b/.test(this.rules);
  }

  /** Does an nft rule map networks? The kernel may then count what it maps to itself as translated. */
  get mapsNetworks(): boolean {
    return this.rules === null || this.rules.includes(' prefix to ');
  }

  /** May what the node answers be rejected in its turn? The error about a reset makes the entry after all. */
  get mayRejectAnswers(): boolean {
    return this.rules === null || /-A OUTPUT .*-j REJECT|hook output[^}]*\breject\b/.test(this.rules);
  }

  /** May there have been an entry of this original tuple before? */
  mayHaveBeen(original: TupleText): boolean {
    return (
      this.#texts.has(JSON.stringify(original)) || this.#tuples.some((tuple) => sameTuple(original, tuple))
    );
  }

  /** Keeps which entries there are now, as natwalk says and as the kernel told. */
  remember(outcomes: readonly Outcome[], entries: readonly Entry[]): void {
    for (const { conntrack } of outcomes)
      if (conntrack !== null) this.#texts.add(JSON.stringify(conntrack.original));
    this.#tuples.push(...entries.map(({ original }) => original));
  }

  /**
   * Is there a way, in every case, for an error that the node sends to who sent the packet? To an address of its own it
   * looks for another one, whatever the policy rules say (icmp_route_lookup).
   */
  canAnswer(sent: PacketInput, [icmpType, icmpCode]: readonly [number, number]): boolean {
    const { src } = sent;
    if (src === undefined || this.#node === null) return false;
    const address = parseAddress(src);
    const network = this.#node.networks[src.includes(':') ? 6 : 4];
    if (address === null || isCertainlyOwn(network, address)) return false;
    const proto = src.includes(':') ? 'icmpv6' : 'icmp';
    const source = sourceOfError(network, address, sent.in ?? null);
    if (!hasWay(network, address, source ?? anyAddress(6))) return false;
    // IPv4 answers with the type of service of what it answers, and the precedence of network control (icmp_send).
    const tos = proto === 'icmp' ? { tos: (Number(sent.tos ?? 0) & 0x1e) | 0xc0 } : {};
    const error: PacketInput = {
      ...{ in: null, proto, dst: src, icmpType, icmpCode, inner: sent },
      ...tos,
      ...(source === null ? {} : { src: formatAddress(source) }),
    };
    const { outcomes } = new FlowTracer(this.#node, { steps: false }).next(error);
    return outcomes.every(({ verdict, unroutable, drop }) =>
      verdict === 'sent' ? true : verdict === 'dropped' ? drop?.rule !== null : unroutable?.hook === 'OUTPUT',
    );
  }
  isBroadcast(address: string): boolean {
    const wanted = parseAddress(address);
    const local = this.#node?.networks[4].tables.get(TABLE_ID.local) ?? [];
    return local.some(({ type, destination }) => type === 'broadcast' && destination.address === wanted);
  }
}
