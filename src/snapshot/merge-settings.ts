/** Several listings of settings -> the settings of the node. */
import type { Ground } from '../packet/node.js';
import type { Diagnostics } from '../source/diagnostic.js';
import type { SourceText, Span } from '../source/source.js';
import type { Command } from './command.js';
import { shown } from './report.js';

/** The settings of one listing, in its order. */
export interface ListedSettings {
  readonly source: SourceText;
  readonly values: ReadonlyMap<string, string>;
  /** The command sets them and prints what it set. */
  readonly isWrite: boolean;
}

/** More settings than this that differ are not named one by one. */
const MOST_NAMED = 8;

/** Settings that an answer may hang on; the others differ from one minute to the next, or do not matter. */
const DECISIVE =
  /^net\.(?:ipv[46]\.(?:ip_forward|ip_nonlocal_bind|fib_multipath_\w+|conf\..{1,80}\.(?:(?:force_|bc_)?forwarding|rp_filter|accept_local|route_localnet|src_valid_mark|send_redirects|ignore_routes_with_linkdown|use_tempaddr|use_oif_addrs_only|mtu))|netfilter\.nf_conntrack_(?:tcp_be_liberal|tcp_loose|checksum))$/;

/** Does a command set what it then prints: `sysctl -w`, `sysctl -p`, `sysctl --system`, `sysctl name=value`? */
export function isSettingWrite(command: Command | null): boolean {
  return (
    command !== null &&
    /\bsysctl\s(?:.*\s)?(?:-[a-zA-Z]*[wp]|--(?:write|load|system)|[\w./@-]+=)/.test(command.text)
  );
}

/** Both are names of one variable. */
const ALL4 = ['net.ipv4.ip_forward', 'net.ipv4.conf.all.forwarding'];
const ALL6 = 'net.ipv6.conf.all.forwarding';

/**
 * Sets one setting as the kernel does. A write of the whole node's forwarding that changes it is one to every device
 * (net/ipv4/devinet.c inet_forward_change, net/ipv6/addrconf.c addrconf_fixup_forwarding).
 */
function write(settings: Map<string, string>, name: string, value: string): void {
  const isAll4 = ALL4.includes(name);
  const old = isAll4 ? ALL4.map((one) => settings.get(one)).find((one) => one !== undefined) : undefined;
  settings.set(name, value);
  if (isAll4 && old === value) return;
  for (const other of settings.keys()) if (isReached(other, name)) settings.set(other, value);
}

/** May a write of the one setting change the other? */
export function isReached(setting: string, written: string): boolean {
  if (setting === written) return true;
  if (written === ALL6) return /^net\.ipv6\.conf\.[^.]+\.forwarding$/.test(setting);
  return ALL4.includes(written) && /^net\.ipv4\.(?:ip_forward|conf\.[^.]+\.forwarding)$/.test(setting);
}

/** The line that names a setting; the first one where it does not stand in that form. */
function spanOf(source: SourceText, name: string): Span {
  const { text } = source;
  const at = text.startsWith(name) ? 0 : text.indexOf(`\n${name}`) + 1;
  const end = text.indexOf('\n', at);
  return { source, start: at, end: end < 0 ? text.length : end };
}

/** The state that the listings of one file come to. */
interface FileState {
  readonly values: Map<string, string>;
  /** The listing that a value is of. */
  readonly sources: Map<string, SourceText>;
}

class Merger {
  readonly #diagnostics: Diagnostics;
  #named = 0;

  constructor(diagnostics: Diagnostics) {
    this.#diagnostics = diagnostics;
  }

  /** @returns whether it is one of the first that are named */
  #disagree(
    code: string,
    name: string,
    used: Span,
    other: Span,
    params: Readonly<Record<string, string>>,
  ): boolean {
    this.#named += 1;
    if (this.#named <= MOST_NAMED)
      this.#diagnostics.warn(code, other, { name: shown(name), ...params }, used);
    return this.#named <= MOST_NAMED;
  }

  /** In one text what stands later was so later. */
  inTime(listings: readonly ListedSettings[]): FileState {
    const values = new Map<string, string>();
    const sources = new Map<string, SourceText>();
    for (const { source, values: own, isWrite } of listings)
      for (const [name, value] of own) {
        const before = values.get(name);
        const place = sources.get(name);
        if (isWrite) write(values, name, value);
        else {
          if (before !== undefined && before !== value && place !== undefined && DECISIVE.test(name))
            this.#disagree('READ_SETTING_LATER', name, spanOf(source, name), spanOf(place, name), {
              value: shown(value),
              other: shown(before),
            });
          values.set(name, value);
        }
        sources.set(name, source);
      }
    return { values, sources };
  }

  /** Of several files nothing tells which is later: the one with the most settings counts, the others add to it. */
  across(
    files: readonly FileState[],
    into: Map<string, string>,
    places: Map<string, SourceText>,
  ): readonly Ground[] {
    const grounds: Ground[] = [];
    for (const { values, sources } of files.toSorted((a, b) => b.values.size - a.values.size))
      for (const [name, value] of values) {
        const known = into.get(name);
        const [here, there] = [sources.get(name), places.get(name)];
        if (known === undefined) {
          into.set(name, value);
          if (here !== undefined) places.set(name, here);
        } else if (known !== value && here !== undefined && there !== undefined && DECISIVE.test(name)) {
          const params = { value: shown(known), used: there.name, other: shown(value) };
          if (
            !this.#disagree('READ_SETTING_DISAGREES', name, spanOf(there, name), spanOf(here, name), params)
          )
            continue;
          const family = name.startsWith('net.ipv4.') ? 4 : name.startsWith('net.ipv6.') ? 6 : null;
          const named = { name: shown(name), ...params, file: here.name };
          grounds.push({ code: 'ASM_SETTING', params: named, family, command: null });
        }
      }
    return grounds;
  }
}

/**
 * Puts the settings of all listings into one map. Within one text the later value counts, and a write reaches what it
 * reaches in the kernel (READ_SETTING_LATER names what changed without one); of several files the one with the most
 * settings (READ_SETTING_DISAGREES).
 * @param places takes the listing that each setting is of
 * @returns what walks rest on where files disagree
 */
export function mergeSettings(
  listings: readonly ListedSettings[],
  into: Map<string, string>,
  places: Map<string, SourceText>,
  diagnostics: Diagnostics,
): readonly Ground[] {
  const byFile = new Map<string, ListedSettings[]>();
  for (const one of listings) {
    const own = byFile.get(one.source.name) ?? [];
    byFile.set(one.source.name, own);
    own.push(one);
  }
  const merger = new Merger(diagnostics);
  const files = [...byFile.values()].map((own) => merger.inTime(own));
  return merger.across(files, into, places);
}
