/** Names of kube-proxy's chains: a prefix and a hash of what the chain is for (pkg/proxy/iptables/proxier.go). */
import { createHash } from 'node:crypto';

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** The first 16 letters of base32(sha256(text)): 80 bits, so that ten bytes are all that is needed. */
export function chainHash(text: string): string {
  const bytes = createHash('sha256').update(text).digest();
  let letters = '';
  let bits = 0;
  let held = 0;
  for (const byte of bytes.subarray(0, 10)) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      letters += LETTERS[(held >> bits) & 31] ?? '';
    }
    held &= (1 << bits) - 1;
  }
  return letters;
}

/** @param service `namespace/name` or `namespace/name:port` */
export function servicePortHash(service: string, proto: string): string {
  return chainHash(service + proto);
}

/** @param endpoint `ADDRESS:PORT` */
export function endpointChain(service: string, proto: string, endpoint: string): string {
  return `KUBE-SEP-${chainHash(service + proto + endpoint)}`;
}
