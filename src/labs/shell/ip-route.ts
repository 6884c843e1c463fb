/** `ip route` on the emulated node (iproute2 ip/iproute.c): its tables, and changes of them. */
import {
  type Family,
  bitsOf,
  compareAddresses,
  familyOf,
  formatAddress,
  parseAddress,
} from '../../address/address.js';
import { type Prefix, contains, everything, formatNetwork, parsePrefix } from '../../address/prefix.js';
import { type Network, type Route, SCOPE, TABLE_ID } from '../../routing/model.js';
import { Show } from './ip-route-show.js';
import { type Named, tableOf } from './ip-tables.js';
import { routeGet } from './ip-route-get.js';
import { abbreviated, readFailed } from './ip-words.js';
import { NOTHING, type Call, type Output, refuse, unknownOption } from './output.js';
import type { RouteListing, State } from './state.js';

/** A route as a command names it. */
interface Wanted {
  type: string;
  prefix: Prefix | null;
  via: string | null;
  device: string | null;
  table: Named;
  source: string | null;
  metric: string | null;
  scope: string | null;
  protocol: string | null;
  onlink: boolean;
}

const TYPES = ['unicast', 'local', 'broadcast', 'blackhole', 'unreachable', 'prohibit', 'throw'];
const REFUSING = ['blackhole', 'unreachable', 'prohibit', 'throw'];

class Change {
  readonly #network: Network;
  readonly #call: Call;
  readonly #family: Family;

  constructor(network: Network, call: Call) {
    this.#network = network;
    this.#call = call;
    this.#family = network.family;
  }

  run(verb: 'add' | 'del' | 'replace' | 'change', words: readonly string[]): Output {
    const wanted = this.#read(words);
    if ('status' in wanted) return wanted;
    if (verb === 'del') return this.#remove(wanted);
    const wrong = this.#check(wanted);
    if (wrong !== null) return wrong;
    const same = this.#same(wanted);
    if (verb === 'add' && same.length > 0) return refuse('RTNETLINK answers: File exists', 2);
    if (verb === 'change' && same.length === 0)
      return refuse('RTNETLINK answers: No such file or directory', 2);
    return this.#put(wanted.table, (routes) => [
      ...routes.filter((route) => !same.includes(route)),
      this.#line(wanted),
    ]);
  }

  #read(words: readonly string[]): Wanted | Output {
    const main: Named = { id: TABLE_ID.main, name: 'main' };
    const wanted: Wanted = {
      ...{ type: 'unicast', prefix: null, via: null, device: null, table: main, source: null, metric: null },
      ...{ scope: null, protocol: null, onlink: false },
    };
    for (let at = 0; at < words.length; at += 1) {
      const word = words[at] ?? '';
      if (word === 'onlink') wanted.onlink = true;
      else if (TYPES.includes(word)) wanted.type = word;
      else if (VALUED.has(word)) {
        at += 1;
        const failed = this.#take(wanted, word, words[at]);
        if (failed !== null) return failed;
      } else {
        const prefix = word === 'default' ? everything(this.#family) : parsePrefix(word);
        if (prefix === null || familyOf(prefix.address) !== this.#family)
          return refuse(`Error: any valid prefix is expected rather than "${word}".`);
        const [text = ''] = word.split('/');
        const host = parseAddress(text);
        if (word !== 'default' && host !== prefix.address)
          return refuse('Error: Invalid prefix for given prefix length.', 2);
        wanted.prefix = prefix;
      }
    }
    return wanted;
  }

  #take(wanted: Wanted, word: string, value: string | undefined): Output | null {
    if (value === undefined) return refuse('Command line is not complete. Try option "help"', 255);
    switch (word) {
      case 'via':
      case 'src': {
        if (parseAddress(value) === null)
          return refuse(`Error: any valid address is expected rather than "${value}".`);
        wanted[word === 'via' ? 'via' : 'source'] = value;
        return null;
      }
      case 'dev':
        if (!this.#network.links.has(value)) return refuse(`Cannot find device "${value}"`);
        wanted.device = value;
        return null;
      case 'table': {
        const table = tableOf(value, this.#network);
        if (table === null)
          return refuse(`Error: argument "${value}" is wrong: "table" value is invalid\n`, 255);
        wanted.table = table;
        return null;
      }
      case 'scope':
        if (!Object.hasOwn(SCOPE, value))
          return refuse(`Error: argument "${value}" is wrong: invalid "scope" value\n`, 255);
        wanted.scope = value;
        return null;
      case 'proto':
      case 'protocol':
        if (!/^[\w-]{1,20}$/.test(value))
          return refuse(`Error: argument "${value}" is wrong: "protocol" value is invalid\n`, 255);
        wanted.protocol = value;
        return null;
      default:
        if (!/^\d{1,10}$/.test(value))
          return refuse(`Error: argument "${value}" is wrong: "metric" value is invalid\n`, 255);
        wanted.metric = value;
        return null;
    }
  }

  /** What the kernel asks of a route (net/ipv4/fib_semantics.c fib_check_nh, fib_valid_prefsrc). */
  #check(wanted: Wanted): Output | null {
    if (wanted.prefix === null) return refuse('RTNETLINK answers: Invalid argument', 2);
    if (REFUSING.includes(wanted.type)) return null;
    if (wanted.via !== null && !wanted.onlink) {
      const device = this.#deviceTo(wanted.via);
      if (device === null || (wanted.device !== null && wanted.device !== device && !this.#reaches(wanted)))
        return refuse('Error: Nexthop has invalid gateway.', 2);
      wanted.device ??= device;
    }
    if (wanted.device === null) return refuse('RTNETLINK answers: No such device', 2);
    if (this.#network.links.get(wanted.device)?.up === false)
      return refuse('Error: Device for nexthop is not up.', 2);
    const own = [...this.#network.links.values()].flatMap(({ addresses }) =>
      addresses.map(({ address }) => address),
    );
    if (wanted.source !== null && !own.some((address) => formatAddress(address) === wanted.source))
      return refuse('Error: Invalid prefsrc address.', 2);
    return null;
  }

  /** The device by which a gateway is on a link. */
  #deviceTo(text: string): string | null {
    const via = parseAddress(text);
    if (via === null) return null;
    const [best] = this.#connected()
      .filter(({ destination }) => contains(destination, via))
      .toSorted((a, b) => (b.destination.length ?? 0) - (a.destination.length ?? 0) || a.metric - b.metric);
    return best?.nexthops[0]?.device ?? null;
  }

  #connected(): readonly Route[] {
    return (this.#network.tables.get(TABLE_ID.main) ?? []).filter(
      ({ type, nexthops, destination }) =>
        type === 'unicast' && nexthops[0]?.via === null && destination.length !== 0,
    );
  }

  /** Does a network of the device itself hold the gateway? */
  #reaches({ via, device, table }: Wanted): boolean {
    const address = via === null ? null : parseAddress(via);
    if (address === null || device === null) return false;
    const own = this.#network.links.get(device)?.addresses ?? [];
    const routes = this.#network.tables.get(table.id) ?? [];
    return (
      own.some(({ address: one, length }) => {
        const prefix = parsePrefix(`${formatAddress(one)}/${String(length)}`);
        return prefix !== null && contains(prefix, address);
      }) ||
      routes.some(
        ({ destination, nexthops }) =>
          nexthops[0]?.via === null && nexthops[0].device === device && contains(destination, address),
      )
    );
  }

  /** Routes of the table to the same prefix with the same metric, as the listing has them. */
  #same({ prefix, table, metric }: Wanted): readonly string[] {
    const text = prefix === null ? '' : prefix.length === 0 ? 'default' : formatNetwork(prefix);
    return this.#texts(table).filter(
      (route) => this.#prefixIn(route) === text && metricIn(route) === (metric ?? '0'),
    );
  }

  #prefixIn(route: string): string {
    const [first = '', second = ''] = route.split(' ');
    return TYPES.includes(first) || first === 'multicast' ? second : first;
  }

  #texts(table: Named): readonly string[] {
    return this.#listing(table).routes.filter((route) => this.#tableIn(route, table) === table.name);
  }

  /** The table of a line of the listing of all tables. */
  #tableIn(route: string, shown: Named): string {
    if (this.#listing(shown).table !== null) return shown.name;
    return / table (\S+)/.exec(route)?.[1] ?? 'main';
  }

  #listing(table: Named): RouteListing {
    const own = this.#call.shell.machine.state.routes.filter(({ family }) => family === this.#family);
    const found = own.find((one) => one.table === null) ?? own.find((one) => one.table === table.name);
    const option = this.#family === 6 ? '-6 ' : '';
    const command = `ip ${option}route show table ${own.length === 0 ? 'all' : table.name}`;
    return (
      found ?? { command, family: this.#family, table: own.length === 0 ? null : table.name, routes: [] }
    );
  }

  #remove(wanted: Wanted): Output {
    const { table, via, device, type } = wanted;
    const prefix =
      wanted.prefix === null ? '' : wanted.prefix.length === 0 ? 'default' : formatNetwork(wanted.prefix);
    const found = this.#texts(table).find(
      (route) =>
        this.#prefixIn(route) === prefix &&
        (wanted.metric === null || metricIn(route) === wanted.metric) &&
        (via === null || route.includes(` via ${via} `) || route.endsWith(` via ${via}`)) &&
        (device === null || `${route} `.includes(` dev ${device} `)) &&
        (type === 'unicast' || route.startsWith(`${type} `)),
    );
    if (found === undefined) return refuse('RTNETLINK answers: No such process', 2);
    return this.#put(table, (routes) => routes.filter((route) => route !== found));
  }

  flush(words: readonly string[]): Output {
    const [word = '', value = ''] = words;
    const table = word === 'table' ? tableOf(value, this.#network) : null;
    if (table === null || words.length !== 2)
      throw unknownOption('ip route flush', words.join(' '), 'table TABLE');
    const texts = this.#texts(table);
    if (texts.length === 0)
      return refuse(`Error: ipv${String(this.#family)}: FIB table does not exist.\nFlush terminated`, 2);
    return this.#put(table, (routes) => routes.filter((route) => !texts.includes(route)));
  }

  #line({ type, prefix, via, device, table, source, metric, scope, protocol, onlink }: Wanted): string {
    const isAll = this.#listing(table).table === null;
    const own = type === 'local' ? 'host' : via === null && !REFUSING.includes(type) ? 'link' : 'global';
    const shownScope = scope ?? own;
    return [
      ...(type === 'unicast' ? [] : [type]),
      prefix === null || prefix.length === 0 ? 'default' : formatNetwork(prefix),
      ...(via === null ? [] : ['via', via]),
      ...(device === null ? [] : ['dev', device]),
      ...(isAll && table.name !== 'main' ? ['table', table.name] : []),
      ...(protocol === null || protocol === 'boot' ? [] : ['proto', protocol]),
      ...(shownScope === 'global' || this.#family === 6 ? [] : ['scope', shownScope]),
      ...(source === null ? [] : ['src', source]),
      ...(metric === null ? (this.#family === 6 ? ['metric', '1024'] : []) : ['metric', metric]),
      ...(onlink ? ['onlink'] : []),
    ].join(' ');
  }

  #put(table: Named, change: (routes: readonly string[]) => readonly string[]): Output {
    const { machine } = this.#call.shell;
    const listing = this.#listing(table);
    const rest = machine.state.routes.filter((one) => one.command !== listing.command);
    const routes = [...change(listing.routes)].sort((a, b) => this.#order(a, b, table));
    const state: State = { ...machine.state, routes: [...rest, { ...listing, routes }] };
    const wrong = machine.change(state);
    if (wrong.length > 0) return readFailed(wrong, this.#call);
    this.#call.shell.changed();
    return NOTHING;
  }

  /** By table, then as the kernel's trie has them: by address, the longer prefix first, then by metric. */
  #order(one: string, two: string, shown: Named): number {
    const place = (route: string): readonly [number, Prefix, number] => {
      const table = tableOf(this.#tableIn(route, shown), this.#network)?.id ?? 0;
      const text = this.#prefixIn(route);
      const prefix =
        text === 'default' ? everything(this.#family) : (parsePrefix(text) ?? everything(this.#family));
      return [table, prefix, Number(metricIn(route))];
    };
    const [a, b] = [place(one), place(two)];
    return (
      a[0] - b[0] ||
      compareAddresses(a[1].address, b[1].address) ||
      (b[1].length ?? bitsOf(this.#family)) - (a[1].length ?? 0) ||
      a[2] - b[2]
    );
  }
}

const VALUED = new Set(['via', 'dev', 'table', 'src', 'metric', 'preference', 'scope', 'proto', 'protocol']);

function metricIn(route: string): string {
  return / metric (\d+)/.exec(route)?.[1] ?? '0';
}

/** `ip route [show … | get … | add … | del … | replace … | flush …]`. */
export function ipRoute(words: readonly string[], call: Call, given: Family | null): Output {
  const { networks } = call.shell.machine.node;
  const isSix = given === 6 || (given === null && words.some((word) => word.includes(':')));
  const network = networks[isSix ? 6 : 4];
  const [verb = 'show', ...rest] = words;
  if (verb === 'del') return new Change(network, call).run('del', rest);
  const known = abbreviated(verb, [
    'list',
    'lst',
    'show',
    'get',
    'add',
    'delete',
    'replace',
    'change',
    'flush',
  ] as const);
  switch (known) {
    case 'list':
    case 'lst':
    case 'show': {
      const shown = new Show(network, call).run(rest);
      // Without a family, all tables are those of both.
      const isAll = given === null && !isSix && rest.includes('all') && shown.status === 0;
      return isAll ? { ...shown, out: shown.out + new Show(networks[6], call).run(rest).out } : shown;
    }
    case 'get':
      return routeGet(rest, call, network);
    case 'add':
    case 'replace':
    case 'change':
      return new Change(network, call).run(known, rest);
    case 'delete':
      return new Change(network, call).run('del', rest);
    case 'flush':
      return new Change(network, call).flush(rest);
    case null:
      // `ip route table 2` is not said, but `ip route 10.0.0.0/8` is.
      throw unknownOption('ip route', verb, 'show, get, add, del, replace, change, flush');
  }
}
