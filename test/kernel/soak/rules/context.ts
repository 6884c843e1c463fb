/** What the parts of a rule are drawn for: a chain of a table, reachable from some hooks. */
import type { Family } from '../../../../src/address/address.js';
import type { Hook, TableName } from '../../../../src/iptables/view.js';
import type { PacketInput } from '../../../../src/packet/result.js';
import type { Draw } from '../draw.js';
import type { Backend } from '../profile.js';
import { DEVICES, placesOf } from './network.js';

/** What a packet must be to meet a condition. */
export type Hint = { -readonly [K in keyof PacketInput]?: PacketInput[K] };

export interface Part {
  readonly text: string;
  readonly hint: Hint;
}

export interface ChainContext {
  readonly draw: Draw;
  readonly family: Family;
  readonly backend: Backend;
  readonly table: TableName;
  /** Hooks from which the chain may be reached. */
  readonly hooks: readonly Hook[];
  /** Matches on state that no dump shows are asked for (rarely: they hedge). */
  readonly open: boolean;
}

/** With the protocol of the rule, null for any. */
export interface RuleContext extends ChainContext {
  readonly proto: string | null;
}

export const PORTS = [22, 53, 80, 443, 1023, 1024, 8080, 30000] as const;

export const only = (context: ChainContext, hooks: readonly Hook[]): boolean =>
  context.hooks.every((hook) => hooks.includes(hook));

/** Any address that a packet may have. */
export function anyHost({ draw, family }: Pick<ChainContext, 'draw' | 'family'>): string {
  const { own, hosts, odd } = placesOf(family);
  return draw.chance(30)
    ? draw.pick(own)
    : draw.chance(5)
      ? draw.pick(odd)
      : draw.pick(hosts[draw.pick(DEVICES)]);
}

/** A prefix around the address, as iptables prints it. */
export function around({ draw, family }: ChainContext, address: string): string {
  if (draw.chance(50)) return address;
  if (family === 6)
    return draw.pick([
      `${address}/128`,
      `${address.replace(/:[0-9a-f]*$/, ':')}/112`,
      '::/0',
      `${address}/64`,
    ]);
  const parts = address.split('.');
  return draw.pick([
    `${address}/32`,
    `${parts.slice(0, 3).join('.')}.0/24`,
    `${parts[0] ?? ''}.0.0.0/8`,
    '0.0.0.0/0',
  ]);
}

export const not = (draw: Draw, percent = 20): string => (draw.chance(percent) ? '! ' : '');

/** A port, or a span of ports. */
export function span(draw: Draw): { readonly text: string; readonly inside: number } {
  const port = draw.chance(80) ? draw.pick(PORTS) : draw.integer(0, 65535);
  if (draw.chance(60)) return { text: String(port), inside: port };
  const high = draw.chance(20) ? 65535 : Math.min(65535, port + draw.pick([0, 1, 10, 1000]));
  return { text: `${String(port)}:${String(high)}`, inside: draw.integer(port, high) };
}

export const hex = (value: number): string => `0x${(value >>> 0).toString(16)}`;

/** A mark with few bits, so that marks meet. */
export function markValue(draw: Draw): number {
  return draw.pick([0, 1, 7, 7, 0x10, 0x80, 0x80, 0xff, 0x4000, 0x80000000]);
}

export function markMask(draw: Draw): number {
  return draw.pick([0xffffffff, 0xf, 0xf0, 0xff, 0x4000, 0x80000000, 0]);
}
