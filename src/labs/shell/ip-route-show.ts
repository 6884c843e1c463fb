/** `ip route show` on the emulated node (iproute2 ip/iproute.c print_route, iproute_list_flush_or_save). */
import { formatAddress } from '../../address/address.js';
import { type Prefix, contains, everything, parsePrefix } from '../../address/prefix.js';
import { type Network, type Route, SCOPE, TABLE_ID } from '../../routing/model.js';
import { routeLines } from '../../snapshot/print-route.js';
import { type Named, nameOf, tableOf } from './ip-tables.js';
import { type Call, type Output, lines, noted, refuse } from './output.js';

/** Lines of a route; with the blank that the tool puts behind each. */
function linesOf(route: Route, table: string | null, hidden: ReadonlySet<string>): readonly string[] {
  return routeLines(route, table).map((line, at) => {
    const kept = [...hidden].reduce((text, words) => text.replace(` ${words} `, ' '), `${line} `);
    const end = route.family === 6 && /pref \w+ $/.test(kept) ? kept.trimEnd() : kept;
    return at === 0 ? end : `\t${end}`;
  });
}

/** What `ip route show` leaves out of a table. */
interface Filter {
  table: Named | 'all';
  device: string | null;
  protocol: string | null;
  scope: string | null;
  via: string | null;
  /** Null: any. */
  prefix: { readonly value: Prefix; readonly kind: 'exact' | 'root' | 'match' } | null;
}

export class Show {
  readonly #network: Network;
  readonly #call: Call;

  constructor(network: Network, call: Call) {
    this.#network = network;
    this.#call = call;
  }

  run(words: readonly string[]): Output {
    const filter = this.#filter(words);
    if ('status' in filter) return filter;
    const { tables } = this.#network;
    const { known } = this.#network;
    if (filter.table === 'all')
      return noted(
        this.#print([...tables.keys()], filter, true),
        known.tables === 'all',
        'ip route',
        this.#call,
      );
    const { id } = filter.table;
    if (!tables.has(id) && !this.#isThere(id))
      return refuse(
        `Error: ipv${String(this.#network.family)}: FIB table does not exist.\nDump terminated`,
        2,
      );
    const isKnown = known.tables === 'all' || known.tables.has(id);
    return noted(
      this.#print([id], filter, false),
      isKnown,
      `ip route show table ${filter.table.name}`,
      this.#call,
    );
  }

  #isThere(id: number): boolean {
    return (
      id === TABLE_ID.main ||
      id === TABLE_ID.local ||
      this.#call.shell.machine.start.networks[this.#network.family].tables.has(id)
    );
  }

  #filter(words: readonly string[]): Filter | Output {
    const { family } = this.#network;
    const main: Named = { id: TABLE_ID.main, name: 'main' };
    const filter: Filter = {
      table: main,
      device: null,
      protocol: null,
      scope: null,
      via: null,
      prefix: null,
    };
    for (let at = 0; at < words.length; at += 1) {
      const word = words[at] ?? '';
      const value = words[at + 1] ?? '';
      const takes = ['table', 'dev', 'proto', 'protocol', 'scope', 'via', 'exact', 'root', 'match', 'to'];
      if (takes.includes(word)) at += 1;
      if (word === 'table') {
        const table = value === 'all' ? 'all' : tableOf(value, this.#network);
        if (table === null)
          return refuse(`Error: argument "${value}" is wrong: table id value is invalid\n`, 255);
        filter.table = table;
      } else if (word === 'dev') {
        if (!this.#network.links.has(value)) return refuse(`Cannot find device "${value}"`);
        filter.device = value;
      } else if (word === 'proto' || word === 'protocol') filter.protocol = value;
      else if (word === 'scope') filter.scope = value;
      else if (word === 'via') filter.via = value;
      else {
        const text = takes.includes(word) ? value : word;
        const prefix = text === 'default' ? everything(family) : parsePrefix(text);
        if (prefix === null) return refuse(`Error: any valid prefix is expected rather than "${text}".`);
        filter.prefix = { value: prefix, kind: word === 'root' || word === 'match' ? word : 'exact' };
      }
    }
    return filter;
  }

  #print(ids: readonly number[], filter: Filter, named: boolean): Output {
    const hidden = new Set<string>();
    if (filter.device !== null) hidden.add(`dev ${filter.device}`);
    if (filter.protocol !== null) hidden.add(`proto ${filter.protocol}`);
    if (filter.scope !== null) hidden.add(`scope ${filter.scope}`);
    if (filter.via !== null) hidden.add(`via ${filter.via}`);
    const found = ids.flatMap((id) =>
      (this.#network.tables.get(id) ?? [])
        .filter((route) => this.#fits(route, filter))
        .flatMap((route) =>
          linesOf(route, named && id !== TABLE_ID.main ? nameOf(id, this.#network) : null, hidden),
        ),
    );
    return lines(found);
  }

  #fits(route: Route, { device, protocol, scope, via, prefix }: Filter): boolean {
    const { nexthops, words, destination } = route;
    if (device !== null && !nexthops.some((hop) => hop.device === device)) return false;
    if (protocol !== null && (words[words.indexOf('proto') + 1] ?? 'boot') !== protocol) return false;
    if (scope !== null && SCOPE[scope as keyof typeof SCOPE] !== route.scope) return false;
    if (via !== null && !nexthops.some((hop) => hop.via !== null && formatAddress(hop.via) === via))
      return false;
    if (prefix === null) return true;
    const { value, kind } = prefix;
    const same = value.length === destination.length && value.address === destination.address;
    const within = (outer: Prefix, inner: Prefix): boolean =>
      (outer.length ?? 0) <= (inner.length ?? 0) && contains(outer, inner.address);
    return kind === 'exact'
      ? same
      : kind === 'root'
        ? within(value, destination)
        : within(destination, value);
  }
}
