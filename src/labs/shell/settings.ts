/** `sysctl` and `/proc/sys` on the emulated node. */
import type { Call, Output } from './output.js';
import { lines, noted, refuse, unknownOption } from './output.js';

/** `net/ipv4/conf/all/rp_filter`, as a path or with dots, in the form of `sysctl -a`. */
function keyOf(word: string): string {
  return word.includes('/') && !/^\w+\.\w+\./.test(word)
    ? word
        .split('/')
        .map((part) => part.replaceAll('.', '/'))
        .join('.')
    : word;
}

const pathOf = (key: string): string =>
  `/proc/sys/${key
    .split('.')
    .map((part) => part.replaceAll('/', '.'))
    .join('/')}`;

function missing(key: string): string {
  return `sysctl: cannot stat ${pathOf(key)}: No such file or directory`;
}

function settings({ shell }: Call): ReadonlyMap<string, string> {
  return shell.machine.state.sysctls ?? new Map<string, string>();
}

/** Settings that change others with them (net/ipv4/devinet.c, addrconf.c): forwarding is one for all devices. */
function withFollowers(
  key: string,
  value: string,
  all: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const changed = new Map(all).set(key, value);
  const isForwarding = key === 'net.ipv4.ip_forward' || key === 'net.ipv4.conf.all.forwarding';
  if (isForwarding)
    for (const name of all.keys())
      if (/^net\.ipv4\.(?:ip_forward|conf\..+\.forwarding)$/.test(name)) changed.set(name, value);
  if (key === 'net.ipv6.conf.all.forwarding')
    for (const name of all.keys())
      if (/^net\.ipv6\.conf\..+\.forwarding$/.test(name)) changed.set(name, value);
  return changed;
}

function write(word: string, call: Call): { readonly line: string; readonly failed: boolean } {
  const at = word.indexOf('=');
  const key = keyOf(word.slice(0, at).trim());
  const value = word.slice(at + 1).trim();
  const all = settings(call);
  if (!all.has(key)) return { line: missing(key), failed: true };
  if (!/^[\w\t .,:-]{1,200}$/.test(value))
    return { line: `sysctl: setting key "${key}": Invalid argument`, failed: true };
  const { machine } = call.shell;
  const wrong = machine.change({ ...machine.state, sysctls: withFollowers(key, value, all) });
  if (wrong.length > 0) return { line: call.shell.render(wrong).trimEnd(), failed: true };
  if (all.get(key) !== value) call.shell.changed();
  return { line: `${key} = ${value}`, failed: false };
}

/** `sysctl [-n] NAME …`, `sysctl -w NAME=VALUE …`, `sysctl -a`. */
export function sysctl(words: readonly string[], call: Call): Output {
  const flags = words.filter((word) => word.startsWith('-'));
  const names = words.filter((word) => !word.startsWith('-'));
  const wrong = flags.find((flag) => !/^-[nwaqe]+$/.test(flag));
  if (wrong !== undefined) throw unknownOption('sysctl', wrong, '-n -w -q -a');
  const has = (letter: string): boolean => flags.some((flag) => flag.includes(letter));
  const all = settings(call);
  if (call.shell.machine.state.sysctls === null)
    return noted({ out: '', err: '', status: 1 }, false, 'sysctl', call);
  if (has('a')) return lines([...all].map(([key, value]) => `${key} = ${value}`));
  const out: string[] = [];
  const err: string[] = [];
  for (const name of names) {
    if (name.includes('=')) {
      const { line, failed } = write(name, call);
      (failed ? err : out).push(
        ...(has('q') && !failed ? [] : [has('n') && !failed ? (line.split(' = ')[1] ?? '') : line]),
      );
    } else if (has('w')) err.push(`sysctl: command line(0): invalid syntax, continuing...`);
    else {
      const value = all.get(keyOf(name));
      if (value === undefined) err.push(missing(keyOf(name)));
      else out.push(has('n') ? value : `${keyOf(name)} = ${value}`);
    }
  }
  return {
    out: out.map((line) => `${line}\n`).join(''),
    err: err.map((line) => `${line}\n`).join(''),
    status: err.length > 0 ? 1 : 0,
  };
}

/** `cat /proc/sys/…`; without a file, what is piped in. */
export function cat(words: readonly string[], call: Call): Output {
  const [path, second] = words;
  if (path === undefined || path === '-') return { out: call.stdin ?? '', err: '', status: 0 };
  if (second !== undefined) throw unknownOption('cat', second, '/proc/sys/...');
  const [, rest] = /^\/proc\/sys\/(.+)$/.exec(path) ?? [];
  if (rest === undefined) throw unknownOption('cat', path, '/proc/sys/...');
  const value = settings(call).get(keyOf(rest));
  return value === undefined ? refuse(`cat: ${path}: No such file or directory`) : lines([value]);
}
