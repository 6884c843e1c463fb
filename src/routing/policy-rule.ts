/** Does a policy rule select a flow? net/core/fib_rules.c fib_rule_match, net/ipv4/fib_rules.c fib4_rule_match. */
import { anyAddress, formatAddress } from '../address/address.js';
import { type Prefix, contains, formatPrefix } from '../address/prefix.js';
import { type Ternary, allOf, invertIf, unsure } from '../chooser/question.js';
import type { Params } from '../source/diagnostic.js';
import type { Flow } from './lookup.js';
import type { Network, PolicyRule } from './model.js';

/** Whether a rule's selectors hold, and which one settled it. */
export interface PolicyRuleMatch {
  readonly result: Ternary;
  /** Message id: PR_MATCH, PR_OPEN, or the first selector that failed. */
  readonly code: string;
  readonly params: Params;
}

/** What a selector says of a flow that it does not take: a message id and its parameters. */
interface Miss {
  readonly code: string;
  readonly params: Params;
}

/** One selector of a rule. */
export interface Selector {
  readonly holds: (flow: Flow, network: Network) => Ternary;
  /** Asked only where it does not hold, and somebody wants to know. */
  readonly miss: (flow: Flow) => Miss;
}

/** The DSCP bits that the legacy `tos` selector compares: IPTOS_TOS_MASK without the ECN bits. */
const LEGACY_TOS = 0x1c;
const DSCP = 0xfc;

function hex(value: number): string {
  return `0x${(value >>> 0).toString(16)}`;
}

/** `(mark & mask) === value` when some bits may not be known. The key is the one that iptables' mark match uses. */
function markSelector({ value, mask }: { readonly value: number; readonly mask: number }): Selector {
  return {
    holds({ mark, markUnknown }) {
      if (((mark ^ value) & mask & ~markUnknown) !== 0) return false;
      const open = (mask & markUnknown) >>> 0;
      if (open === 0) return true;
      const wanted = (value & open) >>> 0;
      return unsure(`mark bits ${String(open)} are ${String(wanted)}`, 'UNK_MARK', {
        bits: hex(open),
        value: hex(wanted),
      });
    },
    miss({ mark }) {
      const wanted = mask >>> 0 === 0xffffffff ? hex(value) : `${hex(value)}/${hex(mask)}`;
      return { code: 'PR_FWMARK', params: { wanted, got: hex(mark) } };
    },
  };
}

/** A source that is not chosen yet equals 0.0.0.0 for IPv4; IPv6 tests `from` only on flows that have one. */
function fromSelector(prefix: Prefix): Selector {
  const isUnset = ({ source }: Flow): boolean => source === anyAddress(typeof source === 'bigint' ? 6 : 4);
  return {
    holds: (flow) =>
      isUnset(flow)
        ? prefix.length === 0 || (typeof flow.source === 'number' && contains(prefix, flow.source))
        : contains(prefix, flow.source),
    miss(flow) {
      const wanted = formatPrefix(prefix);
      return isUnset(flow)
        ? { code: 'PR_FROM_UNSET', params: { wanted } }
        : { code: 'PR_FROM', params: { wanted, got: formatAddress(flow.source) } };
    },
  };
}

function toSelector(prefix: Prefix): Selector {
  return {
    holds: ({ destination }) => contains(prefix, destination),
    miss: ({ destination }) => ({
      code: 'PR_TO',
      params: { wanted: formatPrefix(prefix), got: formatAddress(destination) },
    }),
  };
}

interface NumberRange {
  readonly from: number;
  readonly to: number;
}

const printRange = ({ from, to }: NumberRange): string =>
  from === to ? String(from) : `${String(from)}-${String(to)}`;

const isWithin = (value: number, { from, to }: NumberRange): boolean => value >= from && value <= to;

function portSelector(range: NumberRange, side: 'sourcePort' | 'destinationPort'): Selector {
  const code = side === 'sourcePort' ? 'PR_SPORT' : 'PR_DPORT';
  return {
    holds: (flow) => isWithin(side === 'sourcePort' ? flow.sourcePort : flow.destinationPort, range),
    miss: (flow) => ({ code, params: { wanted: printRange(range), got: flow[side] } }),
  };
}

function uidSelector(range: NumberRange): Selector {
  const wanted = `${String(range.from)}-${String(range.to)}`;
  return {
    holds({ uid }) {
      if (uid !== null) return isWithin(uid, range);
      if (range.from === 0 && range.to >= 0xfffffffe) return true;
      return unsure(`uid in ${wanted}`, 'UNK_UID', { wanted });
    },
    miss: ({ uid }) => ({ code: 'PR_UID', params: { wanted: printRange(range), got: uid ?? '?' } }),
  };
}

/** The name that a walk gives to a device which the snapshot does not show; no real device has a slash in its name. */
export const UNKNOWN_DEVICE = '?/';

function iifSelector(wanted: string): Selector {
  return {
    holds: ({ inInterface }) =>
      inInterface === UNKNOWN_DEVICE
        ? unsure(`unknown device is ${wanted}`, 'UNK_IIF', { wanted })
        : inInterface === wanted,
    miss: ({ inInterface }) => ({ code: 'PR_IIF', params: { wanted, got: inInterface } }),
  };
}

function oifSelector(wanted: string): Selector {
  return {
    holds: ({ outInterface }) => outInterface === wanted,
    miss: ({ outInterface }) =>
      outInterface === null
        ? { code: 'PR_OIF_UNBOUND', params: { wanted } }
        : { code: 'PR_OIF', params: { wanted, got: outInterface } },
  };
}

function tosSelector(tos: number): Selector {
  const seen = (flow: Flow): number => flow.tos & (typeof flow.destination === 'bigint' ? DSCP : LEGACY_TOS);
  return {
    holds: (flow) => seen(flow) === tos,
    miss: (flow) => ({ code: 'PR_TOS', params: { wanted: hex(tos), got: hex(seen(flow)) } }),
  };
}

function protocolSelector(wanted: number): Selector {
  return {
    holds: ({ protocol }) => protocol === wanted,
    miss: ({ protocol }) => ({ code: 'PR_IPPROTO', params: { wanted, got: protocol } }),
  };
}

/** One that is read but not evaluated. */
function openSelector({ priority }: PolicyRule, selector: string): Selector {
  const params = { rule: priority, selector };
  return {
    holds: () => unsure(`policy rule ${String(priority)} ${selector}`, 'UNK_SELECTOR', params),
    miss: () => ({ code: 'PR_OPEN', params }),
  };
}

/** A VRF's rule: it selects flows of devices that are a VRF or enslaved to one. */
const L3MDEV: Selector = {
  holds(flow, network) {
    const names = devicesOf(flow);
    const isVrf = (name: string): boolean => {
      const flags = network.links.get(name)?.flags ?? [];
      return flags.includes('MASTER') && flags.includes('NOARP');
    };
    const mayBe = names.some((name) => {
      if (!network.known.links || !network.links.has(name)) return true;
      const master = network.links.get(name)?.master ?? null;
      return isVrf(name) || (master !== null && (isVrf(master) || !network.links.has(master)));
    });
    const device = names.join(', ');
    return mayBe && unsure(`vrf of ${device}`, 'UNK_L3MDEV', { device });
  },
  miss: (flow) => ({ code: 'PR_L3MDEV', params: { device: devicesOf(flow).join(', ') } }),
};

function devicesOf({ inInterface, outInterface }: Flow): readonly string[] {
  return [inInterface, outInterface].flatMap((name) => (name === null || name === 'lo' ? [] : [name]));
}

/** The selectors of a rule, in the kernel's order. */
function selectorsOf(rule: PolicyRule): readonly Selector[] {
  const { iif, oif, fwmark, action, uidRange, from, to, tos, ipproto, sport, dport } = rule;
  return [
    ...(iif === null ? [] : [iifSelector(iif)]),
    ...(oif === null ? [] : [oifSelector(oif)]),
    ...(fwmark === null ? [] : [markSelector(fwmark)]),
    ...rule.opaque.map((selector) => openSelector(rule, selector)),
    ...(action.kind === 'l3mdev' ? [L3MDEV] : []),
    ...(uidRange === null ? [] : [uidSelector(uidRange)]),
    ...(from === null ? [] : [fromSelector(from)]),
    ...(to === null ? [] : [toSelector(to)]),
    ...(tos === null || tos === 0 ? [] : [tosSelector(tos)]),
    ...(ipproto === null || ipproto === 0 ? [] : [protocolSelector(ipproto)]),
    ...(sport === null ? [] : [portSelector(sport, 'sourcePort')]),
    ...(dport === null ? [] : [portSelector(dport, 'destinationPort')]),
  ];
}

const SELECTORS = new WeakMap<PolicyRule, readonly Selector[]>();

/** The selectors of a rule, made once. */
export function selectors(rule: PolicyRule): readonly Selector[] {
  const known = SELECTORS.get(rule);
  if (known !== undefined) return known;
  const made = selectorsOf(rule);
  SELECTORS.set(rule, made);
  return made;
}

/**
 * Does the rule select the flow? `not` inverts the conjunction of all selectors.
 * @returns an open question when a selector cannot be decided (an unknown mark bit or uid, an unread selector, a VRF)
 */
export function selects(rule: PolicyRule, flow: Flow, network: Network): Ternary {
  return selectsBy(selectors(rule), rule, flow, network);
}

/** The same for who has the rule's selectors at hand. */
export function selectsBy(all: readonly Selector[], rule: PolicyRule, flow: Flow, network: Network): Ternary {
  let open: Ternary[] | null = null;
  for (const selector of all) {
    const holds = selector.holds(flow, network);
    if (holds === true) continue;
    if (holds === false) return rule.not;
    if (open === null) open = [holds];
    else open.push(holds);
  }
  return open === null ? !rule.not : invertIf(rule.not, allOf(open));
}

/** The same, with what settled it. */
export function matchPolicyRule(rule: PolicyRule, flow: Flow, network: Network): PolicyRuleMatch {
  const result = selects(rule, flow, network);
  if (typeof result !== 'boolean') return { result, code: 'PR_OPEN', params: result.params };
  if (result) return { result, code: 'PR_MATCH', params: {} };
  const failed = selectors(rule).find(({ holds }) => holds(flow, network) === false);
  return rule.not || failed === undefined
    ? { result, code: 'PR_NOT', params: {} }
    : { result, ...failed.miss(flow) };
}
