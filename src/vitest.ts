/**
 * natwalk/vitest: assertions about packets, for tests in code. Importing it adds them to vitest's `expect`:
 * `expect(node).toForward(packet).via('ens5').as('192.168.45.10')`. They hold of a packet when they hold of every outcome
 * that it may have; behind `.not`, which is about the one word that follows it, when they hold of none.
 */
import { chai } from 'vitest';
import { failureOf, packetFault } from './matchers/failure.js';
import {
  type Claim,
  type Walked,
  type WalkedOptions,
  decidedBy,
  endIs,
  endsAs,
  leavesBy,
  walked,
} from './matchers/walked.js';
import { PacketError } from './packet/complete.js';
import type { Node } from './packet/node.js';
import type { PacketInput } from './packet/result.js';

export type { WalkedOptions } from './matchers/walked.js';

/** What more may be asked of a packet that was walked. */
export interface PacketAssertion {
  /** The next word must hold of no outcome. */
  readonly not: PacketAssertion;
  /** It leaves by this device, and where a gateway is given, via that one. */
  via(device: string, gateway?: string): PacketAssertion;
  /** It has this source at the end: `192.168.45.10`, `192.168.45.10:1024-65535`, `[2001:db8::1]:53`. */
  as(source: string): PacketAssertion;
  /** It has this destination at the end, written like a source. */
  reaching(destination: string): PacketAssertion;
  /**
   * This rule ended its walk, translated it, chose its way, or set the mark that its way was chosen by:
   * `nat/AWS-SNAT-CHAIN-0:2`, `rule/1024`, or for a policy the chain, `filter/FORWARD`.
   */
  because(rule: string): PacketAssertion;
}

/** An assertion that walks a packet through the node under test. */
export type PacketMatcher = (packet: PacketInput, options?: WalkedOptions) => PacketAssertion;

/** The assertions that `expect(node)` gains. */
export interface NodeMatchers {
  /** The node forwards it. */
  readonly toForward: PacketMatcher;
  /** A process of the node sends it (`in: null`), and it leaves. */
  readonly toSend: PacketMatcher;
  /** A process of the node receives it. */
  readonly toDeliver: PacketMatcher;
  /** It is dropped, by a rule, a policy or the kernel. */
  readonly toDrop: PacketMatcher;
  /** A rule rejects it: its sender is told. */
  readonly toReject: PacketMatcher;
}

declare module 'vitest' {
  interface Assertion<T> {
    toForward: T extends Node ? NodeMatchers['toForward'] : never;
    toSend: T extends Node ? NodeMatchers['toSend'] : never;
    toDeliver: T extends Node ? NodeMatchers['toDeliver'] : never;
    toDrop: T extends Node ? NodeMatchers['toDrop'] : never;
    toReject: T extends Node ? NodeMatchers['toReject'] : never;
  }
}

/** The flag of a chai assertion that holds the packet's walk. */
const WALK = 'natwalk';

/** What stands there behind an assertion that the packet does not end so: of its way nothing more can be asked. */
const NEGATED = 'negated';

const ENDS: Readonly<Record<keyof NodeMatchers, Claim>> = {
  toForward: endsAs('forwarded', 'be forwarded'),
  toSend: endsAs('sent', 'be sent'),
  toDeliver: endsAs('delivered', 'be delivered'),
  toDrop: endsAs('dropped', 'be dropped'),
  toReject: endsAs('rejected', 'be rejected'),
};

const MORE: Readonly<Record<Exclude<keyof PacketAssertion, 'not'>, (...words: string[]) => Claim>> = {
  via: (device = '', gateway?: string) => leavesBy(device, gateway),
  as: (source = '') => endIs('source', source),
  reaching: (destination = '') => endIs('destination', destination),
  because: (rule = '') => decidedBy(rule),
};

const isWalked = (value: unknown): value is Walked =>
  typeof value === 'object' && value !== null && 'result' in value;

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'ruleSets' in value && 'networks' in value;

chai.use(({ Assertion, AssertionError }, utils) => {
  const flag = (assertion: object, name: string, ...value: unknown[]): unknown =>
    utils.flag(assertion, name, ...value);

  /** Fails the assertion where the claim does not hold. `.not` is used up by that. */
  function hold(
    assertion: object,
    walk: Walked,
    claim: Claim,
    from: (this: never, ...all: never[]) => void,
  ): void {
    const failure = failureOf(walk, claim, flag(assertion, 'negate') === true);
    flag(assertion, 'negate', false);
    if (failure === null) return;
    const title = flag(assertion, 'message');
    throw new AssertionError(typeof title === 'string' ? `${title}: ${failure}` : failure, {}, from);
  }

  for (const [name, claim] of Object.entries(ENDS))
    Assertion.addMethod(name, function end(packet: PacketInput, options: WalkedOptions = {}) {
      const node: unknown = this._obj;
      if (!isNode(node)) throw new TypeError(`${name} is about a node: expect(await readNode(…)).${name}(…)`);
      const negated = flag(this, 'negate') === true;
      try {
        const walk = walked(node, packet, options);
        hold(this, walk, claim, end);
        flag(this, WALK, negated ? NEGATED : walk);
      } catch (error) {
        if (!(error instanceof PacketError)) throw error;
        throw new TypeError(packetFault(error));
      }
    });

  for (const [name, claimOf] of Object.entries(MORE))
    Assertion.addMethod(name, function more(...words: string[]) {
      const walk = flag(this, WALK);
      if (walk === NEGATED)
        throw new TypeError(
          `.${name} cannot follow .not.to…(): of what did not happen nothing more can be asked`,
        );
      if (!isWalked(walk))
        throw new TypeError(`.${name} follows toForward, toSend, toDeliver, toDrop or toReject`);
      hold(this, walk, claimOf(...words), more);
    });
});
