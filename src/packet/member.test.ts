/** What comes in by a member of a bridge or bond: rules, routes and rp_filter see the master. */
import { describe, expect, it } from 'vitest';
import { FORWARD, SYSCTLS, nodeOf, table } from '../../test/support/router.js';
import { trace } from './trace.js';

const link = (index: number, name: string, flags: string, rest: string): string =>
  `${String(index)}: ${name}: <${flags},UP,LOWER_UP> mtu 1500 qdisc noqueue ${rest} state UP group default qlen 1000\n`;
const LO = `${link(1, 'lo', 'LOOPBACK', '')}    inet 127.0.0.1/8 scope host lo\n`;
const ETH0 = `${link(2, 'eth0', 'BROADCAST,MULTICAST', '')}    inet 10.0.0.1/24 brd 10.0.0.255 scope global eth0\n`;
const port = (master: string): string => link(4, 'v1', 'BROADCAST,MULTICAST', `master ${master}`);

/** A router with the device `name` in the place of eth1, and its member v1. */
const routerOf = (name: string, flags: string, save: string): ReturnType<typeof nodeOf> =>
  nodeOf({
    save: table('filter', save),
    addresses: `${LO}${ETH0}${link(3, name, flags, '')}    inet 10.1.0.1/24 brd 10.1.0.255 scope global ${name}\n${port(name)}`,
    routes: `default via 10.0.0.254 dev eth0\n10.1.0.0/24 dev ${name} proto kernel scope link src 10.1.0.1\n`,
    sysctls: SYSCTLS.replaceAll('eth1', name)
      .replace('all.rp_filter = 0', 'all.rp_filter = 1')
      .replaceAll('conf.lo', 'conf.v1'),
  });

/** What becomes of a packet that comes in by v1, and what each outcome rests on. */
const said = (node: ReturnType<typeof nodeOf>): readonly (readonly [string, ...string[]])[] =>
  trace(node, { ...FORWARD, in: 'v1' }).outcomes.map(({ verdict, assumptions }) => [
    verdict,
    ...assumptions.map(({ code, params }) => [code, params['device']].filter(Boolean).join(' ')),
  ]);

describe.each([
  ['a bridge', 'br0', 'BROADCAST,MULTICAST'],
  ['a bond', 'bond0', 'BROADCAST,MULTICAST,MASTER'],
])('a packet by a member of %s', (_, master, flags) => {
  it.each([
    [`-A FORWARD -i ${master} -j DROP`, 'dropped'],
    ['-A FORWARD -i v1 -j DROP', 'forwarded'],
  ])('%s: %s, as the strict rp_filter lets it pass', (rule, verdict) => {
    expect(said(routerOf(master, flags, rule))).toEqual([[verdict, `ASM_MEMBER ${master}`]]);
  });
});

it('may have the bridge port that a rule asks for', () => {
  const node = routerOf('br0', 'BROADCAST,MULTICAST', '-A FORWARD -m physdev --physdev-in v1 -j DROP');
  expect(said(node)).toEqual([
    ['dropped', 'ASM_MEMBER br0', 'UNK_PHYSDEV'],
    ['forwarded', 'ASM_MEMBER br0', 'UNK_PHYSDEV'],
  ]);
});

it.each([
  ['red', 'NOARP,MASTER'],
  ['ovs-system', 'BROADCAST,MULTICAST'],
])('stays with the member of %s, whose rules see it', (master, flags) => {
  const node = routerOf(master, flags, '-A FORWARD -i v1 -j DROP');
  expect(said(node).flat().join(' ')).not.toContain('ASM_MEMBER');
});
