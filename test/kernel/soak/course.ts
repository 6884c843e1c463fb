/** What is known beside a packet and its observation: the rules' texts, and what came before it. */
import { parseAddress } from '../../../src/address/address.js';
import type { Node } from '../../../src/packet/node.js';
import type { Outcome, PacketInput, TupleText } from '../../../src/packet/result.js';
import { FlowTracer } from '../../../src/packet/trace.js';
import { isCertainlyOwn } from '../../../src/routing/own.js';
import type { Entry, EntryTuple } from '../adapter/netlink.js';
import { type SoakCase } from './profile.js';
import { sameTuple } from './tuple-text.js';

/** One flow, or one script, from the emptied table of conntrack on. */
export class Course {
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
    return this.rules?.includes('--ctevents') === false;
  }

  /** May a rule send a copy of a packet? */
  get isCopying(): boolean {
    return this.rules === null || /-j TEE|\bdup to\b/.test(this.rules);
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
    const error: PacketInput = { in: null, proto, dst: src, icmpType, icmpCode, inner: sent };
    const { outcomes } = new FlowTracer(this.#node, { steps: false }).next(error);
    return outcomes.every(({ verdict, unroutable, drop }) =>
      verdict === 'sent' ? true : verdict === 'dropped' ? drop?.rule !== null : unroutable?.hook === 'OUTPUT',
    );
  }
}
