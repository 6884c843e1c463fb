/** Packets that a policy rule may take. Whether it does is for a walk to say. */
import { protocolWord } from '../address/protocols.js';
import { contains } from '../address/prefix.js';
import { hasPorts } from '../packet/packet.js';
import type { PacketInput } from '../packet/result.js';
import type { PolicyRule } from '../routing/model.js';
import { type Ground, textOf } from './ground.js';

function fieldsOf({
  fwmark,
  ipproto,
  sport,
  dport,
  tos,
  uidRange,
}: PolicyRule): Partial<PacketInput> & { proto: string } {
  const protocol = ipproto ?? 6;
  const ports = hasPorts(protocol) ? { sport: sport?.from ?? 40000, dport: dport?.from ?? 443 } : {};
  return {
    proto: protocolWord(protocol),
    ...ports,
    ...(fwmark === null ? {} : { mark: fwmark.value }),
    ...(tos === null ? {} : { tos }),
    ...(uidRange === null ? {} : { uid: uidRange.from }),
  };
}

/** The likeliest first: what is forwarded, then what the node sends itself. */
export function* policyPackets(rule: PolicyRule, ground: Ground): Iterable<PacketInput> {
  const { from, to, iif, oif } = rule;
  const fields = fieldsOf(rule);
  const near = ground.devices.slice(0, 6).flatMap((device) => ground.beyond(device).slice(0, 1));
  const destinations =
    to === null ? [...ground.outside.slice(0, 1), ...near] : ground.hostsOf(to).slice(0, 2);
  const isLocal = (address: number | bigint): boolean => ground.isOwn(address);
  if (oif === null && rule.uidRange === null)
    for (const device of iif === null ? ground.devices.slice(0, 6) : [iif]) {
      const known = [...ground.beyond(device), ...ground.outside];
      const sources =
        from === null ? known : [...known.filter((one) => contains(from, one)), ...ground.hostsOf(from)];
      for (const source of sources.filter((one) => !isLocal(one)).slice(0, 2))
        for (const destination of destinations.filter((one) => !isLocal(one)))
          yield { in: device, src: textOf(source), dst: textOf(destination), ...fields };
    }
  if (iif !== null && iif !== 'lo') return;
  const own = ground.own.map(({ address }) => address).filter((one) => from === null || contains(from, one));
  for (const source of from === null ? [null, ...own] : own)
    for (const destination of destinations)
      yield {
        in: null,
        ...(source === null ? {} : { src: textOf(source) }),
        dst: textOf(destination),
        ...fields,
        ...(oif === null ? {} : { oif }),
      };
}
