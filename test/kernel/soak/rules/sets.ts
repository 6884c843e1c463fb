/** IP sets, and the matches and targets that ask and change them. */
import type { Family } from '../../../../src/address/address.js';
import type { Draw } from '../draw.js';
import type { Part, RuleContext } from './context.js';
import { DEVICES, placesOf } from './network.js';

/** Sets by name, and how many directions each asks for. */
const SETS = { hosts: 1, nets: 1, services: 2, ports: 1, netport: 2, all: 1, faces: 2 } as const;

type SetName = keyof typeof SETS;

function hostsOf(family: Family): readonly string[] {
  const { own, hosts } = placesOf(family);
  return [...own, ...Object.values(hosts).flat()];
}

/** What `ipset save` prints of them, with members drawn from the packets' addresses and ports. */
export function setsDump(draw: Draw, family: Family): string {
  const inet = family === 4 ? 'inet' : 'inet6';
  const host = (): string => draw.pick(hostsOf(family));
  const net = (): string =>
    family === 4
      ? draw.pick(['10.0.0.0/24', '10.0.1.0/25', '203.0.113.0/29', '10.0.0.0/30'])
      : draw.pick(['fd00:a::/64', 'fd00:b::/112', '2001:db8:1::/48', 'fd00:a::/126']);
  const port = (): string => `${draw.pick(['tcp', 'udp'])}:${draw.pick([22, 53, 80, 443, 8080])}`;
  const lines = [
    `create hosts hash:ip family ${inet} hashsize 1024 maxelem 65536 bucketsize 12 initval 0x01020304`,
    ...draw.list(1, 4, () => `add hosts ${host()}`),
    `create nets hash:net family ${inet} hashsize 1024 maxelem 65536 bucketsize 12 initval 0x01020304`,
    ...draw.list(1, 3, () => `add nets ${net()}`),
    ...draw.maybe(50, () => [`add nets ${host()} nomatch`], []),
    `create services hash:ip,port family ${inet} hashsize 1024 maxelem 65536 bucketsize 12 initval 0x01020304`,
    ...draw.list(1, 5, () => `add services ${host()},${port()}`),
    'create ports bitmap:port range 0-65535',
    ...draw.list(1, 3, () => `add ports ${draw.pick([22, 53, 80, 443, 8080])}`),
    `create netport hash:net,port family ${inet} hashsize 1024 maxelem 65536 bucketsize 12 initval 0x01020304`,
    ...draw.list(1, 4, () => `add netport ${net()},${port()}`),
    `create faces hash:net,iface family ${inet} hashsize 1024 maxelem 65536 bucketsize 12 initval 0x01020304`,
    ...draw.list(1, 3, () => `add faces ${net()},${draw.pick(DEVICES)}`),
    // Rules add to this one and no rule asks for it: a member would outlive its packet.
    `create grown hash:ip family ${inet} hashsize 1024 maxelem 65536 bucketsize 12 initval 0x01020304`,
    'create all list:set size 8',
    'add all hosts',
    'add all nets',
  ];
  const seen = new Set<string>();
  // A member is printed once, whatever was drawn twice.
  const once = lines.filter((line) => {
    const key = line.replace(' nomatch', '');
    return !seen.has(key) && seen.add(key).size > 0;
  });
  return `${once.join('\n')}\n`;
}

function asked({ draw, hooks }: RuleContext): { readonly name: SetName; readonly directions: string } | null {
  const name = draw.pick(Object.keys(SETS) as SetName[]);
  const way = (): string => draw.pick(['src', 'dst']);
  if (name === 'faces') {
    // The interface of a direction must exist at the hook.
    const inside = hooks.every((hook) => ['PREROUTING', 'INPUT', 'FORWARD'].includes(hook));
    const outside = hooks.every((hook) => ['OUTPUT', 'POSTROUTING', 'FORWARD'].includes(hook));
    if (!inside && !outside) return null;
    return { name, directions: `${way()},${inside ? 'src' : 'dst'}` };
  }
  return { name, directions: SETS[name] === 1 ? way() : `${way()},${way()}` };
}

export function setMatch(context: RuleContext): Part | null {
  const { draw } = context;
  const one = asked(context);
  if (one === null) return null;
  const extra = draw.chance(15) && ['nets', 'netport'].includes(one.name) ? ' --return-nomatch' : '';
  return {
    text: `-m set ${draw.chance(20) ? '! ' : ''}--match-set ${one.name} ${one.directions}${extra}`,
    hint: {},
  };
}
