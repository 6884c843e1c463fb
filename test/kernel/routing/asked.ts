/** Random networks, built in a namespace each, and what `ip route get` says in them. */
import { type Family, formatAddress } from '../../../src/address/address.js';
import { kernelMatch, kernelSays } from './answers.js';
import {
  type Query,
  DEVICES,
  addressCommands,
  carrierLoss,
  linkCommands,
  routeCommand,
  someQuery,
} from './generate.js';
import { ruleCommand } from './generate-rules.js';
import { Draft, Namespace, build } from './lab.js';
import { Random } from './random.js';

/** Which network to make. */
export interface Wanted {
  readonly seed: number;
  readonly family: Family;
  /** With random policy rules. */
  readonly rules: boolean;
}

/** A question and the kernel's answers, in the words of answers.ts and its own. */
export interface Answered {
  readonly query: Query;
  readonly answer: string;
  /** Null when there is none. */
  readonly match: string | null;
  readonly text: string;
}

const seeds = (first: number, count: number): readonly number[] =>
  Array.from({ length: count }, (_, at) => first + at);

/** The networks of the suite. */
export const NETWORKS: readonly Wanted[] = [
  ...seeds(1, 10).map((seed) => ({ seed, family: 4, rules: true }) as const),
  ...seeds(101, 4).map((seed) => ({ seed, family: 4, rules: false }) as const),
  ...seeds(201, 8).map((seed) => ({ seed, family: 6, rules: true }) as const),
];

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

function randomDraft(namespace: Namespace, { seed, family, rules }: Wanted): Draft {
  const random = new Random(seed);
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
  return draft;
}

/** Builds a network and asks about it. The namespace is gone afterwards. */
export function askNetwork(wanted: Wanted): { readonly draft: Draft; readonly answers: readonly Answered[] } {
  const { seed, family } = wanted;
  const name = `natwalk-rt${String(family)}-${String(process.pid)}-${String(seed)}`;
  const namespace = new Namespace(name, family);
  try {
    const draft = randomDraft(namespace, wanted);
    const random = new Random(seed + 1000);
    const owned = [...draft.links.values()].flatMap((link) =>
      link.addresses.map((own) => formatAddress(own.address)),
    );
    const queries = Array.from({ length: 60 }, () => someQuery(random, owned, family));
    const answers = namespace.batch(queries.map(({ text }) => `route get ${text}`));
    const matches = namespace.batch(queries.map(({ text }) => `route get fibmatch ${text}`));
    return {
      draft,
      answers: queries.map((query, at): Answered => {
        const answer = answers[at] ?? { ok: false, text: '' };
        const match = query.flow.destination === -1 ? undefined : matches[at];
        return {
          query,
          answer: kernelSays(answer),
          match: match?.ok === true ? kernelMatch(match.text, family) : null,
          text: answer.text,
        };
      }),
    };
  } finally {
    namespace.remove();
  }
}
