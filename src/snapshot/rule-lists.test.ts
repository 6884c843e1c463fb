/** Lists of policy rules that one line prints below each other. */
import { describe, expect, it } from 'vitest';
import { printPolicyRule } from '../routing/print.js';
import { loadNode } from './load.js';

const FOUR =
  '0:\tfrom all lookup local\n100:\tfrom 10.0.0.0/8 lookup 7\n32766:\tfrom all lookup main\n32767:\tfrom all lookup default\n';
const SHORT = '0:\tfrom all lookup local\n100:\tfrom 10.0.0.0/8 lookup 7\n';
const SIX = '0:\tfrom all lookup local\n32766:\tfrom all lookup main\n';
const ROUTES = 'default via 10.0.0.1 dev eth0\n10.0.0.0/24 dev eth0 scope link\n';

/** The rules of both families, and what is said of them. */
function read(text: string): readonly unknown[] {
  const { networks, diagnostics } = loadNode('n', [{ name: 'x.txt', text }]);
  const rules = ([4, 6] as const).map((family) => {
    const { rules: own, known } = networks[family];
    return known.rules ? own.map((rule) => `${printPolicyRule(rule)}\n`).join('') : null;
  });
  return [...rules, diagnostics.filter(({ code }) => code.startsWith('READ_')).map(({ code }) => code)];
}

describe('below one line', () => {
  it.each([
    ['IPv4 and IPv6', `$ ip rule; ip -6 rule\n${FOUR}${SIX}`, FOUR, SIX],
    ['IPv6 and IPv4', `$ ip -6 rule; ip rule\n${SIX}${FOUR}`, FOUR, SIX],
    ['one that does not end as usual', `$ ip -4 rule && ip -6 rule show\n${SHORT}${SIX}`, SHORT, SIX],
    ['routes between them', `$ ip rule; ip route; ip -6 rule\n${FOUR}${ROUTES}${SIX}`, FOUR, SIX],
    ['on a host that is named', `root@a:~# ip -6 rule; ip rule\n${SIX}${FOUR}`, FOUR, SIX],
    ['the second one prints nothing', `$ ip rule; ip -6 rule\n${FOUR}`, FOUR, null],
  ])('%s: each list is of its family', (_, text, four, six) => {
    expect(read(text)).toEqual([four, six, []]);
  });
});

describe('lists with numbers for tables', () => {
  const numbered = (list: string): string =>
    list.replaceAll('local', '255').replaceAll('main', '254').replaceAll('lookup default', 'lookup 253');

  it.each([
    ['below one line', `$ ip -N rule; ip -N -6 rule\n${numbered(FOUR)}${numbered(SIX)}`],
    ['without a command', `${numbered(FOUR)}${numbered(SIX)}`],
  ])('are parted where the next one begins: %s', (_, text) => {
    expect(read(text).slice(0, 2)).toEqual([FOUR, SIX]);
  });

  it('are of IPv4 below a second command without -6', () => {
    const text = `$ ip rule\n${FOUR}$ ip -N rule\n${numbered(FOUR)}`;
    expect(read(text)).toEqual([FOUR, null, []]);
  });
});

describe('the name of a transcript', () => {
  it('does not make a list of IPv4 one of IPv6', () => {
    const { networks } = loadNode('n', [
      { name: 'ip6-question.txt', text: `$ ip rule\n${FOUR}$ ip route\n${ROUTES}` },
    ]);
    expect([networks[4].known.rules, networks[6].known.rules]).toEqual([true, false]);
  });
});
