/** Words for what `ip route get` and our lookups answer, alike where they mean the same. */
import { type Address, type Family, formatAddress } from '../../../src/address/address.js';
import { enumerate } from '../../../src/chooser/enumerate.js';
import type { Chooser } from '../../../src/chooser/question.js';
import { routeInput } from '../../../src/routing/input.js';
import type { Flow } from '../../../src/routing/lookup.js';
import type { Network } from '../../../src/routing/model.js';
import { routeOutput } from '../../../src/routing/output.js';

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

/** An answer of `ip route get`, in the words of `weSay`. */
export function kernelSays(answer: { readonly ok: boolean; readonly text: string }): string {
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

/** What we say to the same flow. */
function weSay(network: Network, flow: Flow, chooser: Chooser): string {
  return flow.inInterface === 'lo' ? saysOutput(network, flow, chooser) : saysInput(network, flow, chooser);
}

function saysOutput(network: Network, flow: Flow, chooser: Chooser): string {
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

function saysInput(network: Network, flow: Flow, chooser: Chooser): string {
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

/** An answer of `ip route get fibmatch`, in the words of `ourMatch`. */
export function kernelMatch(text: string, family: Family): string {
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
function ourMatch(network: Network, flow: Flow, chooser: Chooser): string | null {
  const result =
    flow.inInterface === 'lo' ? routeOutput(network, flow, chooser) : routeInput(network, flow, chooser);
  if (result.kind === 'error' || result.kind === 'drop' || result.lookup?.kind !== 'route') return null;
  const { type, destination, tos, table, metric } = result.lookup.route;
  const host = destination.length === (network.family === 4 ? 32 : 128);
  const to = formatAddress(destination.address) + (host ? '' : `/${String(destination.length)}`);
  return fibText(type, to, tos, table, metric);
}

/** While local and main are one trie, the kernel prints main for both. */
function withoutTable(text: string): string {
  return text.replace(/table [\d*]+/, 'table *');
}

/** The kernel's answers about a flow. */
export interface KernelAnswers {
  readonly flow: Flow;
  readonly answer: string;
  /** The route that `fibmatch` shows; null when it did not say. */
  readonly match: string | null;
}

/** Answers of the kernel that are none of ours. @param oneTrie local and main are one trie, as without policy rules */
export function wrongAnswers(network: Network, asked: KernelAnswers, oneTrie: boolean): string[] {
  const { flow, answer, match } = asked;
  const same = (text: string): string => (oneTrie ? withoutTable(text) : text);
  const all = (run: (chooser: Chooser) => string): readonly string[] => [
    ...new Set(enumerate(run, 64).branches.map(({ value }) => value)),
  ];
  const differ = (kernel: string, ours: readonly string[]): string[] =>
    ours.includes(kernel) ? [] : [`kernel ${kernel}, ours ${ours.join(' | ')}`];
  const routes = match === null ? [] : all((chooser) => same(ourMatch(network, flow, chooser) ?? ''));
  return [
    ...differ(
      same(answer),
      all((chooser) => same(weSay(network, flow, chooser))),
    ),
    ...(match === null ? [] : differ(same(match), routes)),
  ];
}
