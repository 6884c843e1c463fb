/** Endpoints of the lab's services: those that kube-proxy had written down when the lab began. */
import { formatAddress, parseAddress } from '../../address/address.js';
import type { LabService } from '../lab.js';
import type { Machine } from './machine.js';

/** Services that a rule refuses for want of endpoints: what older rules may still say of them does not count. */
function isEmpty({ files }: Machine, namespace: string | null, name: string): boolean {
  const comment = `"${namespace ?? 'default'}/${name}`;
  return files.some(({ text }) =>
    text.split('\n').some((line) => {
      const at = line.indexOf(comment);
      return at >= 0 && /^(?::[a-z0-9-]{1,63})? has no endpoints"/.test(line.slice(at + comment.length));
    }),
  );
}

/** By the numbers of their characters, as Go compares texts. */
export const byText = (one: string, two: string): number => (one < two ? -1 : one > two ? 1 : 0);

/** `ADDRESS:PORT` of each, in the order of the API's lists; empty where no node's rules know one. */
export function endpointsOf(service: LabService, machines: readonly Machine[]): readonly string[] {
  const address = parseAddress(service.address);
  for (const machine of machines) {
    const { services, endpoints } = machine.start.names.cluster;
    const found = services.find(({ clusterIps }) => address !== null && clusterIps.includes(address));
    if (found === undefined) continue;
    const { namespace, name } = found;
    if (isEmpty(machine, namespace, name)) return [];
    const own = endpoints
      .filter((one) => one.namespace === namespace && one.service === name && one.port !== null)
      .map(({ address: at, port }) => ({ at: formatAddress(at), port: port ?? 0 }));
    const texts = own
      .sort((one, two) => one.port - two.port || byText(one.at, two.at))
      .map(({ at, port }) => (at.includes(':') ? `[${at}]` : at) + `:${String(port)}`);
    if (texts.length > 0) return texts;
  }
  return [];
}
