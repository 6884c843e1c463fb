/** A network namespace and the model of it, built by the same commands. A command that the kernel refuses is left out of both. */
import { execFileSync, spawnSync } from 'node:child_process';
import { type Family, familyOf, parseAddress } from '../../../src/address/address.js';
import { type Prefix, parsePrefix, prefixOf } from '../../../src/address/prefix.js';
import { deriveLocalTable } from '../../../src/routing/derive.js';
import { defaultRules } from '../../../src/routing/lookup.js';
import {
  type InterfaceAddress,
  type Link,
  type Network,
  type PolicyRule,
  type Route,
  SCOPE,
  TABLE_ID,
} from '../../../src/routing/model.js';

/** A command of `ip`, and what it does to the model when the kernel takes it. */
export interface Command {
  readonly text: string;
  apply(draft: Draft): void;
}

type MutableLink = { -readonly [K in keyof Link]: Link[K] } & { addresses: InterfaceAddress[] };

/** The model while it grows. */
export class Draft {
  readonly family: Family;
  readonly links = new Map<string, MutableLink>();
  readonly tables = new Map<number, Route[]>();
  readonly sysctls = new Map<string, string>();
  readonly commands: string[] = [];
  rules: PolicyRule[];

  constructor(family: Family) {
    this.family = family;
    this.rules = [...defaultRules(family)];
  }

  addLink(name: string, up: boolean): void {
    this.links.set(name, {
      index: this.links.size + 1,
      name,
      peer: null,
      flags: name === 'lo' ? ['LOOPBACK', 'UP', 'LOWER_UP'] : up ? ['UP', 'LOWER_UP'] : [],
      up,
      mtu: 1500,
      master: null,
      group: name.startsWith('e') ? Number(name.slice(1)) : 0,
      mac: null,
      addresses: [],
      span: null,
    });
  }

  link(name: string): MutableLink {
    const link = this.links.get(name);
    if (link === undefined) throw new Error(`no link ${name}`);
    return link;
  }

  /** The kernel adds local routes as addresses come; a dump of addresses alone does not tell that order. */
  addLocalRoutes(): void {
    const known = new Set(this.tables.get(TABLE_ID.local)?.map(({ text }) => text));
    for (const route of deriveLocalTable(this.links.values(), this.family, () => true))
      if (!known.has(route.text)) this.addRoute(route);
  }

  addRoute(route: Route): void {
    const table = this.tables.get(route.table) ?? [];
    this.tables.set(route.table, table);
    table.push(route);
  }

  /** fib_nl_newrule: behind those of the same priority. */
  addRule(rule: PolicyRule): void {
    const at = this.rules.findIndex((other) => other.priority > rule.priority);
    this.rules.splice(at < 0 ? this.rules.length : at, 0, rule);
  }

  network(): Network {
    const { sysctls, family } = this;
    return {
      family,
      links: this.links,
      rules: this.rules,
      tables: this.tables,
      known: { links: true, rules: true, tables: 'all', localDerived: true },
      groups: new Map(),
      labels: null,
      sysctl: (name) => sysctls.get(name) ?? null,
    };
  }
}

export function address(text: string): number | bigint {
  const value = parseAddress(text);
  if (value === null) throw new Error(`not an address: ${text}`);
  return value;
}

export function prefix(text: string): Prefix {
  const value = parsePrefix(text);
  if (value === null) throw new Error(`not a prefix: ${text}`);
  return value;
}

/** A route with everything that a command leaves out. */
export function routeOf(fields: Pick<Route, 'destination' | 'table' | 'text'> & Partial<Route>): Route {
  return {
    family: familyOf(fields.destination.address),
    type: 'unicast',
    tos: 0,
    metric: 0,
    scope: SCOPE.global,
    source: null,
    nexthops: [],
    words: ['proto', 'boot'],
    span: null,
    ...fields,
  };
}

/** One namespace of the kernel. */
export class Namespace {
  readonly name: string;
  readonly #family: Family;

  constructor(name: string, family: Family) {
    this.name = name;
    this.#family = family;
    execFileSync('ip', ['netns', 'add', name]);
  }

  remove(): void {
    execFileSync('ip', ['netns', 'del', this.name]);
  }

  exec(...words: string[]): string {
    return execFileSync('ip', ['netns', 'exec', this.name, ...words], { encoding: 'utf8' });
  }

  /** Waits up to two seconds until a command of `ip` prints the text: carrier changes come through a work queue. */
  waitFor(command: string, text: string): void {
    const end = Date.now() + 2000;
    while (!(this.batch([command])[0]?.text.includes(text) ?? false)) {
      if (Date.now() > end) throw new Error(`${command}: no ${text}`);
    }
  }

  /** Runs commands of `ip` in one process. Entry n is the answer to command n: its line, or the kernel's complaint. */
  batch(commands: readonly string[]): readonly { readonly ok: boolean; readonly text: string }[] {
    const input = `${commands.join('\n')}\n`;
    const done = spawnSync(
      'ip',
      [`-${String(this.#family)}`, '-n', this.name, '-o', '-force', '-batch', '-'],
      {
        input,
        encoding: 'utf8',
      },
    );
    const failed = new Map<number, string>();
    let complaint = '';
    for (const line of done.stderr.split('\n')) {
      const at = /^Command failed -:(\d{1,6})$/.exec(line)?.[1];
      if (at === undefined) complaint = line;
      else {
        failed.set(Number(at) - 1, complaint);
        complaint = '';
      }
    }
    const lines = done.stdout.split('\n').filter((line) => line !== '');
    let next = 0;
    return commands.map((_, i) => {
      const why = failed.get(i);
      if (why !== undefined) return { ok: false, text: why };
      next += 1;
      return { ok: true, text: lines[next - 1] ?? '' };
    });
  }
}

/** Runs the commands and applies to the model those that the kernel took. */
export function build(namespace: Namespace, draft: Draft, commands: readonly Command[]): void {
  const results = namespace.batch(commands.map(({ text }) => text));
  for (const [i, command] of commands.entries()) {
    if (results[i]?.ok !== true) continue;
    draft.commands.push(command.text);
    command.apply(draft);
    draft.addLocalRoutes();
  }
}

/** `ip addr add`: __inet_insert_ifa orders by scope, primaries before secondaries. */
export function addressCommand(
  device: string,
  local: string,
  length: number,
  options: {
    readonly peer?: string;
    readonly scope?: 'global' | 'link' | 'host';
    readonly broadcast?: boolean;
  },
): Command {
  const { peer, scope = 'global', broadcast = false } = options;
  const target =
    peer === undefined ? `${local}/${String(length)}` : `${local} peer ${peer}/${String(length)}`;
  const v6 = local.includes(':');
  const words = [
    `addr add ${target}`,
    ...(broadcast ? ['brd +'] : []),
    `scope ${scope}`,
    `dev ${device}`,
    ...(v6 ? ['nodad'] : []),
  ];
  return {
    text: words.join(' '),
    apply: (draft) => {
      const own = address(local);
      const subnet = prefixOf(peer === undefined ? own : address(peer), length);
      const link = draft.link(device);
      const secondary =
        !v6 &&
        link.addresses.some(
          (other) =>
            !other.secondary &&
            other.length === length &&
            prefixOf(other.peer ?? other.address, length).address === subnet.address,
        );
      const brd =
        broadcast && typeof subnet.address === 'number' && typeof subnet.mask === 'number'
          ? subnet.address | ~subnet.mask
          : null;
      const made: InterfaceAddress = {
        address: own,
        length,
        peer: peer === undefined ? null : address(peer),
        broadcast: length < 31 ? brd : null,
        scope: SCOPE[scope],
        secondary,
        metric: null,
        words: [],
      };
      insert(link.addresses, made);
      // A source that is another subnet's broadcast is refused (fib_valid_prefsrc), and the route with it.
      const taken =
        draft.tables
          .get(TABLE_ID.local)
          ?.some((r) => r.type === 'broadcast' && r.destination.address === own) ?? false;
      const wide = subnet.address !== own || length < (v6 ? 128 : 32);
      if (!secondary && link.up && wide && !taken) draft.addRoute(connected(device, made, subnet));
    },
  };
}

function insert(list: InterfaceAddress[], own: InterfaceAddress): void {
  if (typeof own.address === 'bigint') {
    list.unshift(own);
    return;
  }
  let at = 0;
  for (const [i, other] of list.entries()) if (!other.secondary && own.scope <= other.scope) at = i + 1;
  list.splice(own.secondary ? list.length : at, 0, own);
}

function connected(device: string, own: InterfaceAddress, subnet: Prefix): Route {
  const v6 = typeof own.address === 'bigint';
  return routeOf({
    destination: subnet,
    table: TABLE_ID.main,
    metric: v6 ? 256 : 0,
    scope: v6 ? SCOPE.global : SCOPE.link,
    source: v6 ? null : own.address,
    nexthops: [{ via: null, device, weight: 1, onlink: false, dead: false, linkdown: false }],
    words: ['proto', 'kernel'],
    text: `connected ${String(subnet.address)}/${String(subnet.length)} dev ${device}`,
  });
}
