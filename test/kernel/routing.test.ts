/** Policy routing, source selection and source checks against `ip route get` of the running kernel, on random networks. */
import { afterAll, describe, expect, it } from 'vitest';
import { type Family, formatAddress } from '../../src/address/address.js';
import { enumerate } from '../../src/chooser/enumerate.js';
import type { Chooser } from '../../src/chooser/question.js';
import { kernelMatch, kernelSays, ourMatch, weSay, withoutTable } from './routing/answers.js';
import {
  type Query,
  DEVICES,
  addressCommands,
  carrierLoss,
  linkCommands,
  routeCommand,
  someQuery,
} from './routing/generate.js';
import { ruleCommand } from './routing/generate-rules.js';
import { Draft, Namespace, build } from './routing/lab.js';
import { Random } from './routing/random.js';

const NAMESPACES: Namespace[] = [];
afterAll(() => {
  for (const namespace of NAMESPACES) namespace.remove();
});

const NAMES: readonly string[] = ['all', 'lo', ...DEVICES, ...DEVICES.map((name) => name.replace('e', 'p'))];

function setSysctls(namespace: Namespace, draft: Draft, random: Random): void {
  const { sysctls, family } = draft;
  const set = (name: string, value: number): void => void sysctls.set(name, String(value));
  if (family === 6) set('net.ipv6.conf.all.forwarding', 1);
  for (const device of NAMES) {
    const conf = `net.ipv${String(family)}.conf.${device}`;
    set(`${conf}.ignore_routes_with_linkdown`, Number(random.chance(0.5)));
    if (family === 6) continue;
    set(`${conf}.forwarding`, Number(device === 'all' || random.chance(0.9)));
    set(`${conf}.rp_filter`, device === 'all' ? random.pick([0, 0, 0, 1, 2]) : random.pick([0, 0, 1, 2]));
    set(`${conf}.accept_local`, Number(random.chance(device === 'all' ? 0.05 : 0.2)));
    set(`${conf}.route_localnet`, Number(random.chance(device === 'all' ? 0.05 : 0.2)));
    set(`${conf}.src_valid_mark`, Number(random.chance(0.3)));
    set(`${conf}.send_redirects`, Number(random.chance(0.5)));
    set(`${conf}.bc_forwarding`, 0);
  }
  namespace.exec('sysctl', '-qw', ...[...sysctls].map(([name, value]) => `${name}=${value}`));
}

function randomNetwork(
  seed: number,
  family: Family,
  rules: boolean,
): { readonly namespace: Namespace; readonly draft: Draft } {
  const random = new Random(seed);
  const namespace = new Namespace(
    `natwalk-rt${String(family)}-${String(process.pid)}-${String(seed)}`,
    family,
  );
  NAMESPACES.push(namespace);
  const draft = new Draft(family);
  build(namespace, draft, linkCommands());
  setSysctls(namespace, draft, random);
  build(namespace, draft, addressCommands(random, family));
  build(
    namespace,
    draft,
    Array.from({ length: 30 }, () => routeCommand(random, family)),
  );
  if (rules)
    build(
      namespace,
      draft,
      Array.from({ length: 10 }, () => ruleCommand(random, family)),
    );
  if (random.chance(0.5)) {
    build(namespace, draft, [carrierLoss('3')]);
    namespace.waitFor('link show e3', 'state LOWERLAYERDOWN');
  }
  return { namespace, draft };
}

function compare(seed: number, family: Family, rules: boolean): void {
  const { namespace, draft } = randomNetwork(seed, family, rules);
  const network = draft.network();
  const random = new Random(seed + 1000);
  const owned = [...draft.links.values()].flatMap((link) =>
    link.addresses.map((own) => formatAddress(own.address)),
  );
  const queries = Array.from({ length: 60 }, () => someQuery(random, owned, family));
  const answers = namespace.batch(queries.map(({ text }) => `route get ${text}`));
  const matches = namespace.batch(queries.map(({ text }) => `route get fibmatch ${text}`));
  const wrong: string[] = [];
  const judge = (query: Query, kernel: string, answer: string, ours: readonly (string | null)[]): void => {
    if (!ours.includes(kernel))
      wrong.push(`${query.text}\n  kernel ${kernel} (${answer})\n  ours   ${ours.join(' | ')}`);
  };
  const all = <T>(run: (chooser: Chooser) => T): readonly T[] => [
    ...new Set(enumerate(run, 64).branches.map(({ value }) => value)),
  ];
  const same = (text: string): string => (rules || family === 6 ? text : withoutTable(text));
  for (const [i, query] of queries.entries()) {
    const answer = answers[i] ?? { ok: false, text: '' };
    const ours = all((chooser) => same(weSay(network, query.flow, chooser)));
    judge(query, same(kernelSays(answer)), answer.text, ours);
    const match = query.flow.destination === -1 ? undefined : matches[i];
    const routes = all((chooser) => same(ourMatch(network, query.flow, chooser) ?? ''));
    if (match?.ok === true) judge(query, same(kernelMatch(match.text, family)), match.text, routes);
  }
  expect(wrong.join('\n'), [`seed ${String(seed)}`, ...draft.commands].join('\n')).toBe('');
}

describe('ip route get, IPv4', () => {
  it.each(Array.from({ length: 10 }, (_, i) => i + 1))('network %i with policy rules', (seed) =>
    compare(seed, 4, true),
  );
  it.each(Array.from({ length: 4 }, (_, i) => i + 101))('network %i with the default rules', (seed) =>
    compare(seed, 4, false),
  );
});

describe('ip route get, IPv6', () => {
  it.each(Array.from({ length: 8 }, (_, i) => i + 201))('network %i with policy rules', (seed) =>
    compare(seed, 6, true),
  );
});
