/** What the parts of a native rule are drawn for: a chain of a table, reachable from some hooks. */
import type { Family } from '../../../../src/address/address.js';
import type { Draw } from '../draw.js';
import type { Part } from '../rules/context.js';
import type { NamedSet, SetKind } from './sets.js';

export type NftHook = 'prerouting' | 'input' | 'forward' | 'output' | 'postrouting';

export type ChainType = 'filter' | 'nat' | 'route';

export interface TableContext {
  readonly draw: Draw;
  /** Family of the packets that the table is for. */
  readonly family: Family;
  readonly table: 'ip' | 'ip6' | 'inet';
  readonly sets: readonly NamedSet[];
  /** What no dump tells is asked for (rarely: it hedges). */
  readonly open: boolean;
}

export interface RuleContext extends TableContext {
  /** Null where chains of every type lead to. */
  readonly type: ChainType | null;
  /** Hooks from which the rule may be reached. */
  readonly hooks: readonly NftHook[];
  /** Connection tracking has not seen the packet yet. */
  readonly early: boolean;
}

/** Makes a part of a rule, or null when what was drawn does not fit. */
export type Make = (context: RuleContext) => Part | null;

export const only = ({ hooks }: RuleContext, among: readonly NftHook[]): boolean =>
  hooks.every((hook) => among.includes(hook));

/** `ip` or `ip6`. */
export const net = ({ family }: TableContext): 'ip' | 'ip6' => (family === 4 ? 'ip' : 'ip6');

/** A named set of that kind, or null when the table has none. */
export function setOf({ draw, sets }: TableContext, kind: SetKind): string | null {
  const fitting = sets.filter((set) => set.kind === kind);
  return fitting.length === 0 ? null : draw.pick(fitting).name;
}

export const part = (text: string, hint: Part['hint'] = {}): Part => ({ text, hint });

const PROTOCOL =
  /(?:^| )(?:(tcp|udp|sctp|udplite|dccp|icmp|icmpv6|igmp|esp) [a-z]|(?:meta l4proto|ip protocol|ip6 nexthdr) (?:\{ )?([a-z0-9-]+)(?: \})?$)/;

const PORTED: ReadonlySet<string> = new Set(['tcp', 'udp', 'sctp', 'udplite', 'dccp']);

/** The parts without those about another transport protocol than the first that is named: nft takes no rule about two. */
export function ofOneProtocol(parts: readonly Part[]): readonly Part[] {
  let known: string | null = null;
  return parts.filter(({ text }) => {
    const [, one, two] = PROTOCOL.exec(text) ?? [];
    const named = (one ?? two)?.replace('ipv6-icmp', 'icmpv6') ?? null;
    known ??= named;
    // nft 1.0.6 leaves the protocol out of its listing in front of `th` when it is one without ports.
    if (named === null && known !== null && !PORTED.has(known) && /(?:^| )@?th[ ,]/.test(text)) return false;
    return named === null || named === known;
  });
}

/** Parts of one rule after another. */
export function joined(parts: readonly Part[]): Part {
  return part(
    parts.map(({ text }) => text).join(' '),
    Object.assign({}, ...parts.map(({ hint }) => hint)) as Part['hint'],
  );
}
