/** Rules of iptables that make the kernel route again, and those that show which source was chosen. */
import * as fc from 'fast-check';
import type { Family } from '../../../../src/address/address.js';
import { MARKS, TOS, host, maybe, network, pick } from './pool.js';

function condition(family: Family, hook: 'PREROUTING' | 'OUTPUT'): fc.Arbitrary<string> {
  const to = host(family).map((address) => `-d ${network(address, family === 4 ? 16 : 32)}`);
  const proto = pick(['udp', 'tcp']).map((name) => `-p ${name} -m ${name} --dport 1000:2000`);
  const who =
    hook === 'OUTPUT' ? fc.constant('-m owner --uid-owner 1000') : pick(['-i e0', '-i e1', '-i e+']);
  return fc.oneof(to, proto, who);
}

const setter: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: pick(MARKS).map((mark) => `MARK --set-xmark 0x${mark.toString(16)}/0xffffffff`) },
  {
    weight: 1,
    arbitrary: pick(TOS).map((tos) => `TOS --set-tos 0x${tos.toString(16).padStart(2, '0')}/0x3f`),
  },
);

function rules(
  family: Family,
  hook: 'PREROUTING' | 'OUTPUT',
  does: fc.Arbitrary<string>,
): fc.Arbitrary<readonly string[]> {
  const rule = fc.tuple(condition(family, hook), does).map(([when, what]) => `-A ${hook} ${when} -j ${what}`);
  return fc.array(rule, { maxLength: 2 });
}

function translation(family: Family, hook: 'PREROUTING' | 'OUTPUT'): fc.Arbitrary<readonly string[]> {
  const to = host(family).map((address) => `DNAT --to-destination ${address}`);
  const own = pick([83, 1500]).map((port) => `REDIRECT --to-ports ${String(port)}`);
  const rule = fc
    .tuple(
      host(family),
      pick(['tcp', 'udp']),
      fc.oneof({ weight: 3, arbitrary: to }, { weight: 1, arbitrary: own }),
    )
    .map(
      ([address, proto, what]) =>
        `-A ${hook} -d ${network(address, family === 4 ? 16 : 32)} -p ${proto} -j ${what}`,
    );
  return fc.array(rule, { maxLength: 2 });
}

const masquerade: fc.Arbitrary<readonly string[]> = maybe(
  50,
  pick(['', '-o e0 ', '-o e1 ', '-o e+ ']).map((out) => `-A POSTROUTING ${out}-j MASQUERADE`),
).map((rule) => (rule === null ? [] : [rule]));

const CHAINS = {
  raw: ['PREROUTING', 'OUTPUT'],
  mangle: ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'],
  nat: ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'],
  filter: ['INPUT', 'FORWARD', 'OUTPUT'],
  security: ['INPUT', 'FORWARD', 'OUTPUT'],
} as const;

function tableText(table: keyof typeof CHAINS, rules: readonly string[]): string {
  const chains = CHAINS[table].map((chain) => `:${chain} ACCEPT [0:0]`);
  return [`*${table}`, ...chains, ...rules, 'COMMIT', ''].join('\n');
}

/** All tables without a rule. */
export function emptyTables(): string {
  return (['raw', 'mangle', 'nat', 'filter', 'security'] as const)
    .map((table) => tableText(table, []))
    .join('');
}

/** `iptables-save` of all tables, with rules in mangle and nat; null: without any. */
export function saveText(family: Family): fc.Arbitrary<string | null> {
  const text = fc
    .tuple(
      rules(family, 'PREROUTING', setter),
      rules(family, 'OUTPUT', setter),
      maybe(60, translation(family, 'PREROUTING')),
      maybe(60, translation(family, 'OUTPUT')),
      masquerade,
    )
    .map(([early, local, inwards, outwards, leaving]) =>
      [
        ...(['raw', 'filter', 'security'] as const).map((table) => tableText(table, [])),
        tableText('mangle', [...early, ...local]),
        tableText('nat', [...(inwards ?? []), ...(outwards ?? []), ...leaving]),
      ].join(''),
    );
  return maybe(60, text);
}
