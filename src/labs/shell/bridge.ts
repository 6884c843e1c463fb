/** `bridge fdb` on the emulated node: which MAC is behind which port of a bridge, or behind which end of a tunnel. */
import { printForwarding } from '../../snapshot/bridge-fdb.js';
import { type Call, type Output, lines, unknownOption } from './output.js';

const KNOWN = 'fdb [show [dev DEV]]';

/** `bridge fdb [show [dev DEV]]`. */
export function bridge(words: readonly string[], { shell }: Call): Output {
  const [object, ...rest] = words.filter((word) => !/^-c(?:olor)?$/.test(word));
  const [verb = 'show', dev = null, name = null, more = null] = rest;
  const isShow = /^(?:s|sh|show|l|ls|list|lst)$/.test(verb) && (dev === null) === (name === null);
  if (object !== 'fdb' || !isShow || (dev !== null && dev !== 'dev') || more !== null)
    throw unknownOption('bridge', words.join(' '), KNOWN);
  const { forwarding } = shell.machine.node;
  const all = forwarding === null ? [] : printForwarding(forwarding);
  if (name === null) return lines(all);
  return lines(
    all.filter((line) => line.includes(` dev ${name} `)).map((line) => line.replace(` dev ${name}`, '')),
  );
}
