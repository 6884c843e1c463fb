/** Addresses to which the internet has no route. */
import { parseAddress } from '../address/address.js';
import { contains, parsePrefix } from '../address/prefix.js';

/** Private, shared, loopback and link-local addresses (RFC 1918, RFC 6598, RFC 1122, RFC 3927, RFC 4193, RFC 4291). */
const PREFIXES = [
  ...['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16'],
  ...['fc00::/7', 'fe80::/10', '::1/128'],
].flatMap((text) => parsePrefix(text) ?? []);

/** Does no router of the internet know a way to the address? */
export function isPrivate(text: string): boolean {
  const address = parseAddress(text);
  return address !== null && PREFIXES.some((prefix) => contains(prefix, address));
}
