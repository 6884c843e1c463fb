/** `sysctl` and `/proc/sys` on the emulated node. */
import type { Call, Output } from './output.js';
import { RESOLV_CONF, resolvConf } from './resolv.js';
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

/** Why a value cannot be written, by errno's words. */
type Refused = 'No such file or directory' | 'Invalid argument';

/** Whole numbers, as sysctl(2) takes them (kernel/sysctl.c, proc_dointvec): in C's forms, 32 bits wide. */
function numbersOf(text: string): readonly number[] | null {
  const words = text.trim().split(/[ \t\n]+/);
  const numbers = words.map((word) =>
    /^-?(?:0|[1-9]\d{0,9}|0x[\da-fA-F]{1,8}|0[0-7]{1,11})$/.test(word) ? valueOf(word) : NaN,
  );
  return numbers.every((one) => one >= -0x80000000 && one <= 0x7fffffff) ? numbers : null;
}

function valueOf(word: string): number {
  const digits = word.replace('-', '');
  const size = /^0[0-7]+$/.test(digits) ? parseInt(digits, 8) : Number(digits);
  return word.startsWith('-') ? -size : size;
}

/** What the file says after a text was written to it; null where the kernel does not take it. */
function taken(before: string, text: string): string | null {
  const known = numbersOf(before);
  if (known === null) return /^[\w\t .,:-]{1,200}$/.test(text) ? text : null;
  const numbers = numbersOf(text);
  // Of a vector the rest stays; what is too much is left out.
  return numbers === null ? null : known.map((value, at) => numbers[at] ?? value).join('\t');
}

/** Writes a setting. @returns the new value, or why not */
function put(key: string, text: string, { shell }: Call): { readonly value: string } | Refused {
  const all = shell.machine.state.sysctls ?? new Map<string, string>();
  const before = all.get(key);
  if (before === undefined) return 'No such file or directory';
  const value = taken(before, text);
  const { machine } = shell;
  const next = value === null ? null : withFollowers(key, value, all);
  if (value === null || next === null || machine.change({ ...machine.state, sysctls: next }).length > 0)
    return 'Invalid argument';
  if (before !== value) shell.changed();
  return { value };
}

/**
 * What `> /proc/sys/...` or `tee` does.
 * @returns why it cannot be written, in the words of errno; null when it was
 * @throws Unknown for any other file
 */
export function writeFile(path: string, text: string, call: Call): Refused | null {
  const [, rest] = /^\/proc\/sys\/(.+)$/.exec(path) ?? [];
  if (path === '/dev/null') return null;
  if (rest === undefined) throw unknownOption('>', path, '/proc/sys/...');
  const written = put(keyOf(rest), text.replace(/\n+$/, ''), call);
  return typeof written === 'string' ? written : null;
}

function write(word: string, call: Call): { readonly line: string; readonly failed: boolean } {
  const at = word.indexOf('=');
  const key = keyOf(word.slice(0, at).trim());
  const value = word.slice(at + 1).trim();
  const written = put(key, value, call);
  if (typeof written !== 'string') return { line: `${key} = ${value}`, failed: false };
  const line = written === 'Invalid argument' ? `sysctl: setting key "${key}": ${written}` : missing(key);
  return { line, failed: true };
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

/** `tee [-a] FILE`: what is piped in goes on, and into the file. */
export function tee(words: readonly string[], call: Call): Output {
  const text = call.stdin ?? '';
  const err: string[] = [];
  for (const path of words.filter((word) => word !== '-a')) {
    if (path.startsWith('-')) throw unknownOption('tee', path, '-a /proc/sys/...');
    const refused = writeFile(path, text, call);
    if (refused !== null) err.push(`tee: ${path}: ${refused}\n`);
  }
  return { out: text, err: err.join(''), status: err.length > 0 ? 1 : 0 };
}

/** `cat /proc/sys/…`, in a pod `cat /etc/resolv.conf`; without a file, what is piped in. */
export function cat(words: readonly string[], call: Call): Output {
  const [path, second] = words;
  if (path === undefined || path === '-') return { out: call.stdin ?? '', err: '', status: 0 };
  if (second !== undefined) throw unknownOption('cat', second, '/proc/sys/...');
  const resolver = path === RESOLV_CONF ? resolvConf(call) : null;
  if (resolver !== null) return lines(resolver);
  const [, rest] = /^\/proc\/sys\/(.+)$/.exec(path) ?? [];
  if (rest === undefined) throw unknownOption('cat', path, '/proc/sys/...');
  const value = settings(call).get(keyOf(rest));
  return value === undefined ? refuse(`cat: ${path}: No such file or directory`) : lines([value]);
}
