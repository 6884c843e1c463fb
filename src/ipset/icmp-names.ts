/** ICMP types and codes by the names that ipset prints in elements (ipset lib/icmp.c, lib/icmpv6.c). */
import type { Family } from '../address/address.js';

/** Type and code as one number, `type << 8 | code`: what the kernel stores as the port (get_port in ip_set_getport.c). */
type Code = number;

const V4: ReadonlyMap<string, Code> = new Map(
  Object.entries({
    'echo-reply': 0x000,
    'network-unreachable': 0x300,
    'host-unreachable': 0x301,
    'protocol-unreachable': 0x302,
    'port-unreachable': 0x303,
    'fragmentation-needed': 0x304,
    'source-route-failed': 0x305,
    'network-unknown': 0x306,
    'host-unknown': 0x307,
    'network-prohibited': 0x309,
    'host-prohibited': 0x30a,
    'TOS-network-unreachable': 0x30b,
    'TOS-host-unreachable': 0x30c,
    'communication-prohibited': 0x30d,
    'host-precedence-violation': 0x30e,
    'precedence-cutoff': 0x30f,
    'source-quench': 0x400,
    'network-redirect': 0x500,
    'host-redirect': 0x501,
    'TOS-network-redirect': 0x502,
    'TOS-host-redirect': 0x503,
    'echo-request': 0x800,
    'router-advertisement': 0x900,
    'router-solicitation': 0xa00,
    'ttl-zero-during-transit': 0xb00,
    'ttl-zero-during-reassembly': 0xb01,
    'ip-header-bad': 0xc00,
    'required-option-missing': 0xc01,
    'timestamp-request': 0xd00,
    'timestamp-reply': 0xe00,
    'address-mask-request': 0x1100,
    'address-mask-reply': 0x1200,
  }),
);

const V6: ReadonlyMap<string, Code> = new Map(
  Object.entries({
    'no-route': 0x100,
    'communication-prohibited': 0x101,
    'address-unreachable': 0x103,
    'port-unreachable': 0x104,
    'packet-too-big': 0x200,
    'ttl-zero-during-transit': 0x300,
    'ttl-zero-during-reassembly': 0x301,
    'bad-header': 0x400,
    'unknown-header-type': 0x401,
    'unknown-option': 0x402,
    'echo-request': 0x8000,
    'echo-reply': 0x8100,
    'router-solicitation': 0x8500,
    'router-advertisement': 0x8600,
    'neighbour-solicitation': 0x8700,
    'neighbour-advertisement': 0x8800,
    redirect: 0x8900,
  }),
);

/** Reads a name or `TYPE/CODE`. @returns `type << 8 | code`, or null when it is neither */
export function icmpCode(text: string, family: Family): number | null {
  const named = (family === 4 ? V4 : V6).get(text);
  if (named !== undefined) return named;
  const [, type, code] = /^(\d{1,3})\/(\d{1,3})$/.exec(text) ?? [];
  if (type === undefined || code === undefined || Number(type) > 255 || Number(code) > 255) return null;
  return (Number(type) << 8) | Number(code);
}
