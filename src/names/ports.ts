/** The port that an end by name means. */
import { protocolName } from '../address/protocols.js';
import type { ServicePort } from './model.js';
import { type Found, NameProblem, type Reference, some } from './reference.js';

/** `http (80/tcp)`, `80/tcp`. */
function portText({ name, port, protocol }: ServicePort): string {
  const number = `${String(port)}/${protocolName(protocol)}`;
  return name === null ? number : `${name} (${number})`;
}

/** Protocols whose packets have ports: TCP, UDP, DCCP, SCTP, UDP-Lite. */
const PORTED = new Set([6, 17, 33, 132, 136]);

/** A number that is none of the service's ports: it may be one that nodes or pods have for it. */
function noSuchPort(port: number, { title, ports, targets }: Found, list: string): NameProblem {
  const isNodePort = (ports ?? []).some(({ nodePort }) => nodePort === port);
  const code = isNodePort ? 'NAME_PORT_NODE' : targets.includes(port) ? 'NAME_PORT_TARGET' : 'NAME_PORT';
  return new NameProblem(code, { name: title, port, ports: list }, 'port');
}

/** Number of a port, and the protocol that goes with it where the service says it. */
export interface ChosenPort {
  readonly port: number | null;
  readonly protocol: number | null;
}

/**
 * The port that is meant: a number; of a service the name of one of its ports, or, left out, its only one.
 * @param protocol of the packet, null when that was left open too
 */
export function choosePort(
  { port, kind }: Reference,
  found: Found,
  protocol: number | null,
): ChosenPort | NameProblem {
  const { title, ports } = found;
  const own = (ports ?? []).filter((one) => protocol === null || one.protocol === protocol);
  const list = some((ports ?? []).map(portText));
  if (port !== null && /^\d{1,5}$/.test(port) && Number(port) <= 65535) {
    const same = own.filter((one) => one.port === Number(port));
    // A protocol without ports is another mistake, and other listings than these may have left the ports out.
    if (same.length === 0 && list !== '' && (protocol === null || PORTED.has(protocol)))
      return noSuchPort(Number(port), found, list);
    return { port: Number(port), protocol: same.length === 1 ? (same[0]?.protocol ?? null) : null };
  }
  if (port !== null) {
    const named = own.find((one) => one.name === port);
    if (named !== undefined) return { port: named.port, protocol: named.protocol };
    const code = kind === 'svc' && list !== '' ? 'NAME_PORT' : 'NAME_PORT_NUMBER';
    return new NameProblem(code, { name: title, port, ports: list }, 'port');
  }
  const [first, ...others] = own;
  if (first === undefined && list !== '' && protocol !== null && PORTED.has(protocol))
    return new NameProblem('NAME_PORT_PROTOCOL', {
      name: title,
      protocol: protocolName(protocol),
      ports: list,
    });
  if (first === undefined) return { port: null, protocol: null };
  if (others.length > 0) return new NameProblem('NAME_WHICH_PORT', { name: title, ports: list });
  return { port: first.port, protocol: first.protocol };
}
