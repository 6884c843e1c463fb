/** The nat table's place in a walk: asked once per connection and side, translated on every packet (nf_nat_inet_fn). */
import { type Address, addToAddress, maskAddress } from '../address/address.js';
import type { Prefix } from '../address/prefix.js';
import { decide } from '../chooser/enumerate.js';
import type { Nat, NatRange } from '../iptables/verdict.js';
import { type Hook, type Tuple, UNKNOWN_INTERFACE } from '../iptables/view.js';
import { type SourceChoice, masqueradeSource, redirectAddress } from '../routing/source.js';
import { isIcmpError, isLostRedirect, translateIcmpError } from './conntrack-stage.js';
import type { Connection } from './connection.js';
import type { HookEvent } from './hooks.js';
import { masqueradedElsewhere } from './masquerading.js';
import {
  type Manip,
  bindsNothing,
  isDone,
  manipOf,
  markDone,
  nullBinding,
  setUpMapping,
  translate,
} from './nat.js';
import type { TableVerdict } from '../iptables/chain-walk.js';
import type { NftChainVerdict } from '../nft/chain-walk.js';
import type { AnyRule } from './any-rule.js';
import { isIcmp } from './packet.js';
import { type Place, conclude } from './conclude.js';
import { type Walk, endpoint } from './walk.js';

const exactly = (
  { ports, basePort, random, randomFully, persistent }: NatRange,
  address: Address,
): NatRange => ({
  addresses: { from: address, to: address },
  ports,
  basePort,
  random,
  randomFully,
  persistent,
});

/** NETMAP keeps the host part (net/netfilter/xt_NETMAP.c). */
function netmapped(address: Address, network: Prefix): Address {
  const host =
    typeof address === 'bigint'
      ? address - BigInt(maskAddress(address, network.mask))
      : address - Number(maskAddress(address, network.mask));
  return typeof host === 'bigint'
    ? typeof network.address === 'bigint'
      ? network.address | host
      : network.address
    : addToAddress(network.address, host >>> 0);
}

function fromChoice(range: NatRange, choice: SourceChoice): NatRange | 'drop' | 'unknown' {
  if (choice.kind === 'unknown') return 'unknown';
  return choice.kind === 'none' ? 'drop' : exactly(range, choice.address);
}

/** The range that a NAT target maps to here, 'drop' when there is no address to take, 'unknown' when none is shown. */
function rangeOf(walk: Walk, hook: Hook, nat: Nat, manip: Manip): NatRange | 'drop' | 'unknown' {
  const { packet, network } = walk;
  if (nat.target === 'MASQUERADE') {
    if (packet.outInterface === UNKNOWN_INTERFACE) return 'unknown';
    const { outInterface, destination } = packet;
    const chooser = walk.chooserFor(null);
    return fromChoice(
      nat.range,
      masqueradeSource(network, outInterface, walk.routed?.via ?? null, destination, chooser),
    );
  }
  if (nat.target === 'REDIRECT') {
    if (hook === 'OUTPUT') return exactly(nat.range, packet.family === 4 ? 0x7f000001 : 1n);
    return fromChoice(nat.range, redirectAddress(network, packet.inInterface, packet.destination));
  }
  if (nat.target === 'NETMAP' && nat.network !== null) {
    return exactly(nat.range, netmapped(manip === 'dst' ? packet.destination : packet.source, nat.network));
  }
  return nat.range;
}

/** A nat chain at a hook: of a table of iptables, or a native one. */
export interface NatSource {
  readonly place: () => Place;
  /** Null when nothing is registered there. */
  readonly run: (walk: Walk, hook: Hook) => TableVerdict | NftChainVerdict | null;
}

/** What the nat chains said about a new connection. */
interface Asked {
  readonly event: HookEvent | null;
  readonly by: AnyRule | null;
}

function map(walk: Walk, connection: Connection, manip: Manip, range: NatRange): void {
  const { packet, family, connections } = walk;
  // The dump lists entries by their hashes: it does not tell which of them came last.
  const latestOf = (mappings: readonly Tuple[]): number => {
    const id = (port: number): string => (isIcmp(packet.protocol, family) ? ` id ${String(port)}` : '');
    const said = mappings.map(
      ({ source, sourceTo, sourcePort, sourcePortTo }) =>
        endpoint({ ...packet, source, sourceTo, sourcePort, sourcePortTo }, 'src') + id(sourcePort),
    );
    const choices = said.map((mapped) => ({
      probability: null,
      assumption: { code: 'UNK_MAPPING_ORDER', params: { source: endpoint(packet, 'src'), mapped } },
    }));
    return walk.chooserFor(null).choose(`latest mapping among ${said.join(' ')}`, choices);
  };
  setUpMapping({ connection, manip, range, table: connections, family, latestOf });
}

/** Asks one nat chain about a connection whose mapping on this side is not made yet. */
function askOne(walk: Walk, hook: Hook, connection: Connection, { place, run }: NatSource): Asked {
  const manip = manipOf(hook);
  const verdict = run(walk, hook);
  if (verdict?.kind === 'nat') {
    const { rule, nat } = verdict;
    // nf_nat_masquerade_ipv4 leaves a flow without a source alone; IPv6 gives it one.
    if (nat.target === 'MASQUERADE' && connection.original.source === 0) return { event: null, by: null };
    const range = rangeOf(walk, hook, nat, manip);
    if (range === 'drop') {
      walk.ending = { drop: { reason: 'no-address', rule, ...place(), chain: rule.chain } };
      walk.report({ kind: 'drop', reason: 'no-address', rule });
      return { event: 'DROP', by: rule };
    }
    if (range === 'unknown') walk.assume('ASM_NAT_ADDRESS', { target: nat.target }, rule);
    else map(walk, connection, manip, range);
    if (nat.target === 'MASQUERADE') connection.masqueradeDevice = walk.packet.outInterface;
    return { event: null, by: rule };
  }
  if (verdict !== null && verdict.kind !== 'accept')
    return { event: conclude(walk, place(), verdict), by: null };
  return { event: null, by: null };
}

/** Asks the nat chains in turn; the first that makes a mapping, or ends the packet, is the last (nf_nat_inet_fn). */
function ask(walk: Walk, hook: Hook, connection: Connection, sources: Iterable<NatSource>): Asked {
  for (const source of sources) {
    const asked = askOne(walk, hook, connection, source);
    if (asked.event !== null || asked.by !== null || isDone(connection, manipOf(hook))) return asked;
  }
  return { event: null, by: null };
}

/** Translates the packet, and notes what changed for the result. */
function apply(
  walk: Walk,
  hook: Hook,
  connection: Connection,
  why: 'rule' | 'null-binding' | 'entry' | 'reply',
  by: AnyRule | null,
): void {
  // Of a connection that is not translated, nothing here is: most of them.
  if (!connection.sourceNat && !connection.destinationNat) return;
  const manip = manipOf(hook);
  const { destination } = walk.packet;
  const before = endpoint(walk.packet, manip);
  const error = isIcmpError(walk);
  const translated = error
    ? translateIcmpError(walk, connection, hook)
    : translate(walk.packet, connection, walk.direction, hook);
  if (!translated) return;
  if (walk.looped && hook === 'PREROUTING' && walk.packet.destination !== destination) walk.lostRoute = true;
  const to = endpoint(walk.packet, manip);
  const changes = walk.changes();
  if (before === to && changes.length === 0 && why === 'entry') return;
  const earlier = manip === 'src' ? walk.snat : walk.dnat;
  const translation = { from: earlier?.from ?? before, to, rule: by ?? earlier?.rule ?? null };
  if (manip === 'src') walk.snat = translation;
  else walk.dnat = translation;
  walk.report({ kind: 'nat', hook, manip, why, by, changes });
}

/**
 * Does a masqueraded connection now leave by another device? The kernel then forgets it (nf_nat_oif_changed). ICMP
 * errors about it are never asked: nf_nat_ipv4_fn translates them before.
 */
function leftItsDevice(walk: Walk, hook: Hook, connection: Connection): boolean {
  if (hook !== 'POSTROUTING' || walk.direction !== 'ORIGINAL') return false;
  if (connection.masqueradeDevice === null)
    return decide(walk.chooserFor(null), masqueradedElsewhere(walk, connection));
  return connection.masqueradeDevice !== walk.packet.outInterface;
}

/** The destination of this flow differs from what the sender asked for: OUTPUT routes again (nf_nat_ipv4_local_fn). */
function destinationMapped(walk: Walk, connection: Connection): boolean {
  const [own, other] =
    walk.direction === 'ORIGINAL'
      ? [connection.original, connection.reply]
      : [connection.reply, connection.original];
  return own.destination !== other.source;
}

/** Is it a connection of the dump that NAT changes? */
function isTranslated(connection: Connection | null): boolean {
  return (
    connection !== null && connection.entry !== null && (connection.sourceNat || connection.destinationNat)
  );
}

function skipped(walk: Walk, hook: Hook, why: 'not-first-packet' | 'already-mapped' | 'no-conntrack'): void {
  if (walk.options.steps) walk.report({ kind: 'nat-skipped', hook, why });
}

/**
 * The NAT core at a hook.
 * @param registered some nat chain has brought it there
 * @param sources the nat chains of this hook, in the order in which they are asked
 */
export function natStage(
  walk: Walk,
  hook: Hook,
  registered: boolean,
  sources: Iterable<NatSource>,
): HookEvent {
  const { connection } = walk;
  // Without the rules that asked for it, the dump still shows that the kernel translates.
  const shown = walk.ruleSet.unknown.has('nat') && isTranslated(connection);
  if (!registered && !shown) {
    if (walk.ruleSet.unknown.has('nat')) walk.assume('ASM_NO_TABLE', { table: 'nat' });
    return 'PASS';
  }
  if (connection === null) {
    skipped(walk, hook, 'no-conntrack');
    return 'PASS';
  }
  if (walk.state === 'RELATED' && isIcmpError(walk) && isLostRedirect(walk, connection)) {
    walk.ending = { drop: { reason: 'redirect', rule: null } };
    walk.report({ kind: 'drop', reason: 'redirect', rule: null });
    return 'DROP';
  }
  const manip = manipOf(hook);
  const first = walk.state === 'NEW' || (walk.state === 'RELATED' && !isIcmpError(walk));
  let why: 'rule' | 'null-binding' | 'entry' | 'reply' = walk.direction === 'REPLY' ? 'reply' : 'entry';
  let by: AnyRule | null = null;
  if (first && !isDone(connection, manip)) {
    const asked = ask(walk, hook, connection, sources);
    if (asked.event !== null) return asked.event;
    by = asked.by;
    why = by === null ? 'null-binding' : 'rule';
    if (!isDone(connection, manip)) {
      if (bindsNothing(connection, walk.connections)) markDone(connection, manip);
      else map(walk, connection, manip, nullBinding(connection, manip));
    }
  } else {
    skipped(walk, hook, first ? 'already-mapped' : 'not-first-packet');
    if (!isIcmpError(walk) && leftItsDevice(walk, hook, connection)) {
      walk.connections.remove(connection);
      walk.ending = { drop: { reason: 'masquerade-device', rule: null } };
      walk.report({ kind: 'drop', reason: 'masquerade-device', rule: null });
      return 'DROP';
    }
  }
  apply(walk, hook, connection, why, by);
  return hook === 'OUTPUT' && destinationMapped(walk, connection) ? 'REROUTE' : 'PASS';
}
