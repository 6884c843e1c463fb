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

/** One selector: held, or with the message that says why not. */
interface Selector {
  readonly holds: Ternary;
  readonly code: string;
  readonly params: Params;
}

/** The DSCP bits that the legacy `tos` selector compares: IPTOS_TOS_MASK without the ECN bits. */
const LEGACY_TOS = 0x1c;
const DSCP = 0xfc;

function hex(value: number): string {
  return `0x${(value >>> 0).toString(16)}`;
}

/** `(mark & mask) === value` when some bits may not be known. The key is the one that iptables' mark match uses. */
function markSelector(fwmark: { readonly value: number; readonly mask: number }, flow: Flow): Selector {
  const known = fwmark.mask & ~flow.markUnknown;
  const open = (fwmark.mask & flow.markUnknown) >>> 0;
  const wanted = (fwmark.value & open) >>> 0;
  const text =
    fwmark.mask >>> 0 === 0xffffffff ? hex(fwmark.value) : `${hex(fwmark.value)}/${hex(fwmark.mask)}`;
  const params = { wanted: text, got: hex(flow.mark) };
  let holds: Ternary = ((flow.mark ^ fwmark.value) & known) === 0;
  if (holds && open !== 0) {
    holds = unsure(`mark bits ${String(open)} are ${String(wanted)}`, 'UNK_MARK', {
      bits: hex(open),
      value: hex(wanted),
    });
  }
  return { holds, code: 'PR_FWMARK', params };
}

function prefixSelector(prefix: Prefix, address: Flow['source'], code: string): Selector {
  const params = { wanted: formatPrefix(prefix), got: formatAddress(address) };
  return { holds: contains(prefix, address), code, params };
}

/** A source that is not chosen yet equals 0.0.0.0 for IPv4; IPv6 tests `from` only on flows that have one. */
function fromSelector(prefix: Prefix, flow: Flow): Selector {
  const unset = flow.source === anyAddress(typeof flow.source === 'bigint' ? 6 : 4);
  if (!unset) return prefixSelector(prefix, flow.source, 'PR_FROM');
  const holds = prefix.length === 0 || (typeof flow.source === 'number' && contains(prefix, flow.source));
  return { holds, code: 'PR_FROM_UNSET', params: { wanted: formatPrefix(prefix) } };
}

function rangeSelector(
  range: { readonly from: number; readonly to: number },
  value: number,
  code: string,
): Selector {
  const wanted = range.from === range.to ? String(range.from) : `${String(range.from)}-${String(range.to)}`;
  return { holds: value >= range.from && value <= range.to, code, params: { wanted, got: value } };
}

function uidSelector(range: { readonly from: number; readonly to: number }, flow: Flow): Selector {
  const wanted = `${String(range.from)}-${String(range.to)}`;
  if (flow.uid !== null) return rangeSelector(range, flow.uid, 'PR_UID');
  if (range.from === 0 && range.to >= 0xfffffffe) return { holds: true, code: 'PR_UID', params: { wanted } };
  return {
    holds: unsure(`uid in ${wanted}`, 'UNK_UID', { wanted }),
    code: 'PR_UID',
    params: { wanted, got: '?' },
  };
}

/** The name that a walk gives to a device which the snapshot does not show; no real device has a slash in its name. */
const UNKNOWN_DEVICE = '?/';

function iifSelector(wanted: string, got: string): Selector {
  const params = { wanted, got };
  if (got !== UNKNOWN_DEVICE) return { holds: wanted === got, code: 'PR_IIF', params };
  return { holds: unsure(`unknown device is ${wanted}`, 'UNK_IIF', { wanted }), code: 'PR_IIF', params };
}

function tosSelector(tos: number, flow: Flow): Selector {
  const seen = flow.tos & (typeof flow.destination === 'bigint' ? DSCP : LEGACY_TOS);
  return { holds: seen === tos, code: 'PR_TOS', params: { wanted: hex(tos), got: hex(seen) } };
}

/** A VRF's rule: it selects flows of devices that are a VRF or enslaved to one. */
function l3mdevSelector(network: Network, flow: Flow): Selector {
  const names = [flow.inInterface, flow.outInterface].flatMap((name) =>
    name === null || name === 'lo' ? [] : [name],
  );
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
  const holds = mayBe && unsure(`vrf of ${device}`, 'UNK_L3MDEV', { device });
  return { holds, code: 'PR_L3MDEV', params: { device } };
}

/** The selectors of a rule, in the kernel's order. */
function* selectors(rule: PolicyRule, flow: Flow, network: Network): Generator<Selector> {
  if (rule.iif !== null) yield iifSelector(rule.iif, flow.inInterface);
  if (rule.oif !== null) {
    const bound = flow.outInterface;
    yield bound === null
      ? { holds: false, code: 'PR_OIF_UNBOUND', params: { wanted: rule.oif } }
      : { holds: rule.oif === bound, code: 'PR_OIF', params: { wanted: rule.oif, got: bound } };
  }
  if (rule.fwmark !== null) yield markSelector(rule.fwmark, flow);
  for (const selector of rule.opaque) {
    const params = { rule: rule.priority, selector };
    yield {
      holds: unsure(`policy rule ${String(rule.priority)} ${selector}`, 'UNK_SELECTOR', params),
      code: 'PR_OPEN',
      params,
    };
  }
  if (rule.action.kind === 'l3mdev') yield l3mdevSelector(network, flow);
  if (rule.uidRange !== null) yield uidSelector(rule.uidRange, flow);
  if (rule.from !== null) yield fromSelector(rule.from, flow);
  if (rule.to !== null) yield prefixSelector(rule.to, flow.destination, 'PR_TO');
  if (rule.tos !== null && rule.tos !== 0) yield tosSelector(rule.tos, flow);
  if (rule.ipproto !== null && rule.ipproto !== 0)
    yield {
      holds: rule.ipproto === flow.protocol,
      code: 'PR_IPPROTO',
      params: { wanted: rule.ipproto, got: flow.protocol },
    };
  if (rule.sport !== null) yield rangeSelector(rule.sport, flow.sourcePort, 'PR_SPORT');
  if (rule.dport !== null) yield rangeSelector(rule.dport, flow.destinationPort, 'PR_DPORT');
}

/**
 * Does the rule select the flow? `not` inverts the conjunction of all selectors.
 * @returns an open question when a selector cannot be decided (an unknown mark bit or uid, an unread selector, a VRF)
 */
export function matchPolicyRule(rule: PolicyRule, flow: Flow, network: Network): PolicyRuleMatch {
  const open: Ternary[] = [];
  for (const selector of selectors(rule, flow, network)) {
    if (selector.holds === false) {
      return rule.not
        ? { result: true, code: 'PR_MATCH', params: {} }
        : { result: false, code: selector.code, params: selector.params };
    }
    if (selector.holds !== true) open.push(selector.holds);
  }
  const result = invertIf(rule.not, allOf(open));
  if (typeof result === 'boolean') return { result, code: result ? 'PR_MATCH' : 'PR_NOT', params: {} };
  return { result, code: 'PR_OPEN', params: result.params };
}
