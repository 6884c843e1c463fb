// Network namespaces that nobody else sees: the whole capture runs in a mount namespace of its own with a private
// /run/netns, so that names never clash and nothing is left behind when it ends.
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';

const INSIDE = 'NATWALK_CAPTURE_INSIDE';

/** Runs this very script again inside a private mount namespace; returns only when already inside. */
export function enterPrivateMounts() {
  if (process.env[INSIDE] === '1') {
    mkdirSync('/run/netns', { recursive: true });
    command('mount', ['-t', 'tmpfs', 'tmpfs', '/run/netns']);
    return;
  }
  mkdirSync('/run/netns', { recursive: true });
  const ended = spawnSync(
    'unshare',
    ['--mount', '--propagation', 'private', process.execPath, ...process.argv.slice(1)],
    { stdio: 'inherit', env: { ...process.env, [INSIDE]: '1' } },
  );
  process.exit(ended.status ?? 1);
}

/**
 * @param {string} program
 * @param {readonly string[]} args
 * @param {string} [input] standard input
 * @returns {string} standard output; throws with the program's own words when it fails
 */
export function command(program, args, input = '') {
  const env = { PATH: process.env.PATH ?? '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C', TZ: 'UTC' };
  const ended = spawnSync(program, [...args], { input, encoding: 'utf8', env, maxBuffer: 1 << 28 });
  if (ended.error) throw ended.error;
  if (ended.status !== 0) {
    throw new Error(`${program} ${args.join(' ')}: exit ${String(ended.status)}\n${ended.stderr}\n${input}`);
  }
  return ended.stdout;
}

/** One network namespace by name. */
export class Namespace {
  /** @param {string} name */
  constructor(name) {
    this.name = name;
    command('ip', ['netns', 'add', name]);
  }

  /**
   * @param {string} program
   * @param {readonly string[]} args
   * @param {string} [input]
   */
  run(program, args, input) {
    return command('ip', ['netns', 'exec', this.name, program, ...args], input);
  }

  /** Lines of `ip`, without the word ip. @param {readonly string[]} lines */
  ip(lines) {
    this.run('ip', ['-batch', '-'], lines.join('\n') + '\n');
  }

  /** The first line that this kernel can do: not every kernel has every type of link. @param {readonly string[]} lines */
  ipAny(lines) {
    for (const [at, line] of lines.entries()) {
      try {
        this.ip([line]);
        return;
      } catch (error) {
        if (at === lines.length - 1) throw error;
      }
    }
  }

  /** @param {Readonly<Record<string, number | string>>} values by sysctl(8) name, '/' for a dot inside a device name */
  sysctl(values) {
    const lines = Object.entries(values).map(([name, value]) => `${name} = ${String(value)}\n`);
    this.run('sysctl', ['-q', '-p', '-'], lines.join(''));
  }

  remove() {
    command('ip', ['netns', 'del', this.name]);
  }
}
