/** Random links, addresses, routes and policy rules. */
import { type Family, anyAddress, formatAddress } from '../../../src/address/address.js';
import { prefixOf } from '../../../src/address/prefix.js';
import type { Flow } from '../../../src/routing/lookup.js';
import { type Nexthop, type RouteType, SCOPE, TABLE_ID } from '../../../src/routing/model.js';
import { type Command, type Draft, address, addressCommand, routeOf } from './lab.js';
import type { Random } from './random.js';

export const DEVICES: readonly string[] = ['e0', 'e1', 'e2', 'e3', 'e4', 'e5'];
const TABLES = [TABLE_ID.main, TABLE_ID.main, TABLE_ID.main, TABLE_ID.default, 10, 20, 30, 40] as const;
const LENGTHS = [0, 0, 8, 12, 15, 16, 16, 22, 24, 24, 24, 28, 30, 32] as const;
const LENGTHS6 = [0, 0, 16, 28, 32, 36, 44, 47, 48, 48, 60, 64, 64, 128] as const;
const SPECIAL: Readonly<Record<Family, readonly string[]>> = {
  4: ['127.0.0.1', '127.0.0.9', '198.51.100.1', '8.8.8.8', '0.0.0.5', '255.255.255.255'],
  6: ['::1', '2001:db8::1', '2001:db8::2', '2002:a00:1::1', '64:ff9b::808:808'],
};
const TYPES: readonly RouteType[] = [
  'unicast',
  'unicast',
  'unicast',
  'unicast',
  'unicast',
  'unicast',
  'blackhole',
  'unreachable',
  'prohibit',
  'throw',
  'throw',
  'local',
];
/** The tos values that a rule or route can name. */
export const TOS = [0x10, 0x08, 0x04] as const;

/** An address of a small world, so that prefixes nest and collide. */
export function someAddress(random: Random, family: Family): string {
  const special = SPECIAL[family];
  if (random.chance(0.06)) return random.pick(special);
  const [net, subnet, host] = [
    random.below(3),
    random.below(3),
    random.pick([0, 1, 2, 3, 4, 5, 9, 17, 130, 255]),
  ];
  if (family === 4) return `10.${String(net)}.${String(subnet)}.${String(host)}`;
  return `fd00:${String(net)}:${String(subnet)}::${(host + 1).toString(16)}`;
}

export function linkCommands(): readonly Command[] {
  const commands: Command[] = [{ text: 'link set lo up', apply: loopback }];
  for (const [i, name] of DEVICES.entries()) {
    const up = i < DEVICES.length - 1;
    commands.push({ text: `link add ${name} type veth peer name p${String(i)}`, apply: () => undefined });
    commands.push({
      text: `link set ${name} group ${String(i)}`,
      apply: (draft) => {
        draft.addLink(name, up);
        draft.addLink(`p${String(i)}`, true);
      },
    });
    for (const end of [name, `p${String(i)}`])
      commands.push({ text: `link set ${end} addrgenmode none`, apply: () => undefined });
    commands.push({ text: `link set p${String(i)} up`, apply: () => undefined });
    if (up) commands.push({ text: `link set ${name} up`, apply: () => undefined });
  }
  return commands;
}

function loopback(draft: Draft): void {
  draft.addLink('lo', true);
  if (draft.family === 6) {
    draft.link('lo').addresses.push({
      address: 1n,
      length: 128,
      peer: null,
      broadcast: null,
      scope: SCOPE.host,
      secondary: false,
      metric: null,
      words: [],
    });
    return;
  }
  draft.link('lo').addresses.push({
    address: 0x7f000001,
    length: 8,
    peer: null,
    broadcast: null,
    scope: SCOPE.host,
    secondary: false,
    metric: null,
    words: [],
  });
}

/** Of an address on two devices the kernel finds the one that came last, which no dump tells: each is given once. */
export function addressCommands(random: Random, family: Family): readonly Command[] {
  const commands = new Map<string, Command>();
  for (let left = 4 + random.below(6); left > 0; left -= 1) {
    const own = someAddress(random, family);
    if (own.startsWith('127.') || own === '::1') continue;
    commands.set(own, family === 4 ? addressOf(random, own) : addressOf6(random, own));
  }
  return [...commands.values()];
}

function addressOf(random: Random, own: string): Command {
  const device = random.pick(DEVICES.slice(0, random.chance(0.1) ? 6 : 4));
  const scope = random.chance(0.1) ? 'link' : 'global';
  if (random.chance(0.12))
    return addressCommand(device, own, random.pick([32, 24]), { peer: someAddress(random, 4), scope });
  const length = random.pick([24, 24, 24, 16, 30, 31, 32, 28]);
  return addressCommand(device, own, length, { broadcast: random.chance(0.5), scope });
}

function addressOf6(random: Random, own: string): Command {
  return addressCommand(random.pick(DEVICES.slice(0, 4)), own, random.pick([64, 64, 64, 48, 128, 127]), {});
}

function nexthop(device: string, via: string | null, weight = 1): Nexthop {
  return {
    via: via === null ? null : address(via),
    device,
    weight,
    onlink: via !== null,
    dead: false,
    linkdown: false,
  };
}

/** Own addresses are only taken as `src` when the kernel knows them; a refused command is left out. */
export function routeCommand(random: Random, family: Family): Command {
  const type = random.pick(family === 4 ? TYPES : TYPES.filter((one) => one !== 'local'));
  const length = random.pick(family === 4 ? LENGTHS : LENGTHS6);
  const to = prefixOf(address(someAddress(random, family)), length);
  const table = type === 'local' ? random.pick([TABLE_ID.local, 10, 20]) : random.pick(TABLES);
  const tos = family === 4 && random.chance(0.15) ? random.pick(TOS) : 0;
  const metric = random.chance(0.3) ? random.pick([5, 10, 100]) : 0;
  // Appended to another IPv6 route with gateways, one would become part of it.
  const verb = random.chance(0.2) && (family === 4 || type !== 'unicast') ? 'append' : 'add';
  const words = [
    `route ${verb} ${type} ${formatAddress(to.address)}/${String(length)}`,
    ...(tos === 0 ? [] : [`tos 0x${tos.toString(16)}`]),
    ...(metric === 0 ? [] : [`metric ${String(metric)}`]),
    `table ${String(table)}`,
  ];
  const fields = { destination: to, type, table, tos, metric };
  if (type === 'local') {
    const hop = nexthop(random.pick(DEVICES.slice(0, 5)), null);
    return routeAdded([...words, `dev ${String(hop.device)}`], {
      ...fields,
      scope: SCOPE.host,
      nexthops: [hop],
    });
  }
  if (type !== 'unicast')
    return routeAdded(words, family === 4 || metric !== 0 ? fields : { ...fields, metric: 1024 });
  if (family === 6) return unicast6(random, words, { ...fields, metric: metric === 0 ? 1024 : metric });
  if (random.chance(0.25)) return multipath(random, words, fields);
  const via = random.chance(0.6) ? someAddress(random, 4) : null;
  const hop = nexthop(random.pick(DEVICES.slice(0, 5)), via);
  const source = random.chance(0.2) ? someAddress(random, 4) : null;
  const more = [
    ...(via === null ? [] : [`via ${via}`]),
    `dev ${String(hop.device)}`,
    ...(via === null ? [] : ['onlink']),
    ...(source === null ? [] : [`src ${source}`]),
  ];
  return routeAdded([...words, ...more], {
    ...fields,
    scope: via === null ? SCOPE.link : SCOPE.global,
    source: source === null ? null : address(source),
    nexthops: [hop],
  });
}

/** The other end of a device goes down: its nexthops are marked linkdown, and the other end's own routes go. */
export function carrierLoss(number: string): Command {
  return {
    text: `link set p${number} down`,
    apply: (draft) => {
      draft.addLink(`p${number}`, false);
      const flag = (hop: Nexthop): Nexthop =>
        hop.device === `e${number}` ? { ...hop, linkdown: true } : hop;
      for (const [id, routes] of draft.tables)
        draft.tables.set(
          id,
          routes.map((route) =>
            route.type === 'local' ? route : { ...route, nexthops: route.nexthops.map(flag) },
          ),
        );
    },
  };
}

/** Link-local gateways need no route of their own. */
function unicast6(random: Random, words: readonly string[], fields: RouteFields): Command {
  const hop = (weight = 1): Nexthop => ({
    ...nexthop(random.pick(DEVICES.slice(0, 5)), `fe80::${String(1 + random.below(5))}`, weight),
    onlink: false,
  });
  const text = ({ via, device }: Nexthop): string => `via ${formatAddress(via ?? 0n)} dev ${String(device)}`;
  if (random.chance(0.25)) {
    const hops = Array.from({ length: 2 + random.below(2) }, () => hop(1 + random.below(3)));
    const list = hops.map((one) => `nexthop ${text(one)} weight ${String(one.weight)}`);
    return routeAdded([...words, ...list], { ...fields, nexthops: hops });
  }
  const one = random.chance(0.6) ? hop() : nexthop(random.pick(DEVICES.slice(0, 5)), null);
  const source = random.chance(0.2) ? someAddress(random, 6) : null;
  const out = one.via === null ? `dev ${String(one.device)}` : text(one);
  return routeAdded([...words, out, ...(source === null ? [] : [`src ${source}`])], {
    ...fields,
    nexthops: [one],
    source: source === null ? null : address(source),
  });
}

type RouteFields = Omit<Parameters<typeof routeOf>[0], 'text'>;

function routeAdded(words: readonly string[], fields: RouteFields): Command {
  const text = words.join(' ');
  return { text, apply: (draft) => draft.addRoute(routeOf({ ...fields, text })) };
}

function multipath(random: Random, words: readonly string[], fields: RouteFields): Command {
  const hops = Array.from({ length: 2 + random.below(2) }, () =>
    nexthop(random.pick(DEVICES.slice(0, 5)), someAddress(random, 4), 1 + random.below(3)),
  );
  const text = hops.map(
    (hop) =>
      `nexthop via ${formatAddress(hop.via ?? 0)} dev ${String(hop.device)} onlink weight ${String(hop.weight)}`,
  );
  return routeAdded([...words, ...text], { ...fields, nexthops: hops });
}

/** One `ip route get`, as its words and as a flow. */
export interface Query {
  readonly text: string;
  readonly flow: Flow;
}

export function someQuery(random: Random, owned: readonly string[], family: Family): Query {
  const comesIn = random.chance(0.45);
  // ::1 is dropped from the wire before routing, where the tool's question begins.
  const some = (): string => {
    const text = someAddress(random, family);
    return comesIn && text === '::1' ? '2001:db8::9' : text;
  };
  const pickOwn = (probability: number): string | null =>
    random.chance(probability) && owned.length > 0 ? random.pick(owned) : null;
  const own = pickOwn(0.15);
  const to = own === null || (comesIn && own === '::1') ? some() : own;
  const words = [to];
  const source = comesIn ? some() : pickOwn(0.4);
  if (source !== null) words.push(`from ${source}`);
  const inInterface = comesIn ? random.pick([...DEVICES.slice(0, 5), 'p0', 'p1']) : 'lo';
  if (comesIn) words.push(`iif ${inInterface}`);
  // A bound IPv6 socket with a source is routed by its device as a hint only; that is asked of no dump.
  const outInterface =
    !comesIn && random.chance(0.2) && (family === 4 || source === null) ? random.pick(DEVICES) : null;
  if (outInterface !== null) words.push(`oif ${outInterface}`);
  const mark = random.chance(0.4) ? random.pick([5, 0x10, 0x15, 0x30]) : 0;
  if (mark !== 0) words.push(`mark ${String(mark)}`);
  const tos = random.chance(0.3) ? random.pick([...TOS, 0x20, 0x18]) : 0;
  if (tos !== 0) words.push(`tos 0x${tos.toString(16)}`);
  const protocol = random.chance(0.4) ? random.pick([6, 17]) : 17;
  words.push(`ipproto ${protocol === 6 ? 'tcp' : 'udp'}`);
  const sourcePort = random.chance(0.4) ? random.pick([80, 1000, 1500, 3000]) : 0;
  if (sourcePort !== 0) words.push(`sport ${String(sourcePort)}`);
  const destinationPort = random.chance(0.4) ? random.pick([80, 1000, 2000, 3000]) : 0;
  if (destinationPort !== 0) words.push(`dport ${String(destinationPort)}`);
  const uid = !comesIn && random.chance(0.3) ? random.pick([100, 150, 1000]) : 0;
  // For `iif` of IPv6 the tool's question has no uid at all, unlike a packet that comes in.
  if (uid !== 0 || (comesIn && family === 6)) words.push(`uid ${String(uid)}`);
  const flow = {
    destination: address(to),
    source: source === null ? anyAddress(family) : address(source),
    inInterface,
    outInterface,
    mark,
    markUnknown: 0,
    tos,
    protocol,
    sourcePort,
    destinationPort,
    uid,
  };
  return { text: words.join(' '), flow };
}
