/** Policy routing, source selection and source checks against `ip route get` of the running kernel, on random networks. */
import { afterAll, describe, expect, it } from 'vitest';
import { type Address, type Family, formatAddress } from '../../src/address/address.js';
import { enumerate } from '../../src/chooser/enumerate.js';
import type { Chooser } from '../../src/chooser/question.js';
import { routeInput } from '../../src/routing/input.js';
import type { Network } from '../../src/routing/model.js';
import { routeOutput } from '../../src/routing/output.js';
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

/** What a route of the kernel's and of ours have in common. */
function printed(
  type: string,
  table: number | null,
  device: string | null,
  via: Address | null,
  source: Address | null,
): string {
  const words = [
    type,
    `dev ${String(device)}`,
    `via ${via === null ? '-' : formatAddress(via)}`,
    `src ${source === null ? '-' : formatAddress(source)}`,
  ];
  return [...words, `table ${String(table ?? 254)}`].join(' ');
}

const ERRORS: Readonly<Record<string, string>> = {
  'No route to host': 'EHOSTUNREACH',
  'Network is unreachable': 'ENETUNREACH',
  'Permission denied': 'EACCES',
  'Invalid argument': 'EINVAL',
  'Invalid cross-device link': 'EINVAL',
  'No such device': 'ENODEV',
};

function kernelSays(answer: { readonly ok: boolean; readonly text: string }): string {
  if (!answer.ok) {
    const text = answer.text.replace(/^RTNETLINK answers: /, '').replace(/^Error: /, '');
    return ERRORS[text] ?? answer.text;
  }
  const words = answer.text.split(/\s+/);
  const after = (word: string): string => words[words.indexOf(word) + 1] ?? '';
  const has = (word: string): boolean => words.includes(word);
  const type = /[.:]/.test(words[0] ?? '') ? 'unicast' : (words[0] ?? '');
  // IPv6 also prints the source that a flow with a source of its own would have got.
  const chosen = has('src') && !(after('from').includes(':') && after('from') !== '::');
  const table = has('table')
    ? ({ local: '255', default: '253', unspec: '254' }[after('table')] ?? after('table'))
    : '254';
  return `${type} dev ${after('dev')} via ${has('via') ? after('via') : '-'} src ${chosen ? after('src') : '-'} table ${table}`;
}

function weSay(network: Network, { flow }: Query, chooser: Chooser): string {
  return flow.inInterface === 'lo' ? saysOutput(network, flow, chooser) : saysInput(network, flow, chooser);
}

function saysOutput(network: Network, flow: Query['flow'], chooser: Chooser): string {
  const out = routeOutput(network, flow, chooser);
  if (out.errno !== null) return out.errno;
  const source = out.source?.kind === 'address' ? out.source.address : null;
  const route = out.lookup?.kind === 'route' ? out.lookup.route : null;
  return printed(
    network.family === 4 ? (out.type ?? 'unicast') : (route?.type ?? 'unicast'),
    route?.table ?? null,
    out.device,
    out.via,
    source,
  );
}

function saysInput(network: Network, flow: Query['flow'], chooser: Chooser): string {
  const into = routeInput(network, flow, chooser);
  if (into.kind === 'drop') return into.reason === 'ip_forward' ? 'EHOSTUNREACH' : 'EINVAL';
  if (into.errno !== null) return into.errno;
  const found = into.lookup?.kind === 'route' ? into.lookup : null;
  if (into.kind === 'forward')
    return printed(
      'unicast',
      found?.route.table ?? null,
      found?.nexthop.device ?? null,
      found?.nexthop.via ?? null,
      null,
    );
  return printed(
    network.family === 4 ? into.kind : (found?.route.type ?? ''),
    found?.route.table ?? null,
    'lo',
    null,
    null,
  );
}

/** What `fibmatch` shows of a route, as far as the model has it. */
function fibText(type: string, destination: string, tos: number, table: number, metric: number): string {
  return `${type} ${destination} tos ${String(tos)} table ${String(table)} metric ${String(metric)}`;
}

function kernelMatch(text: string, family: Family): string {
  const words = text.split(/\s+/);
  const after = (word: string, otherwise: string): string =>
    words.includes(word) ? (words[words.indexOf(word) + 1] ?? '') : otherwise;
  const bare = /[.:]|default/.test(words[0] ?? '');
  const destination =
    (bare ? words[0] : words[1])?.replace('default', family === 4 ? '0.0.0.0/0' : '::/0') ?? '';
  const named = { local: 255, default: 253, main: 254 };
  const table = after('table', 'main');
  const id = Object.entries(named).find(([name]) => name === table)?.[1] ?? Number(table);
  const tos = Number(after('tos', '0'));
  return fibText(bare ? 'unicast' : (words[0] ?? ''), destination, tos, id, Number(after('metric', '0')));
}

/** The route that takes a flow; null when none is taken or a check drops the packet. */
function ourMatch(network: Network, { flow }: Query, chooser: Chooser): string | null {
  const result =
    flow.inInterface === 'lo' ? routeOutput(network, flow, chooser) : routeInput(network, flow, chooser);
  if (result.kind === 'error' || result.kind === 'drop' || result.lookup?.kind !== 'route') return null;
  const { type, destination, tos, table, metric } = result.lookup.route;
  const host = destination.length === (network.family === 4 ? 32 : 128);
  const to = formatAddress(destination.address) + (host ? '' : `/${String(destination.length)}`);
  return fibText(type, to, tos, table, metric);
}

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

/** While local and main are one trie, the kernel prints main for both. */
function withoutTable(text: string): string {
  return text.replace(/table [\d*]+/, 'table *');
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
    const ours = all((chooser) => same(weSay(network, query, chooser)));
    judge(query, same(kernelSays(answer)), answer.text, ours);
    const match = query.flow.destination === -1 ? undefined : matches[i];
    const routes = all((chooser) => same(ourMatch(network, query, chooser) ?? ''));
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
