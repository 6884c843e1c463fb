/** Ways to run a command in another place: `ssh`, `kubectl exec`, `ip netns exec`, `nsenter`, `sudo` and the like. */

/** Where a command ran, as far as its words tell. */
export interface Place {
  /** Another host, by the name that was typed. */
  readonly host: string | null;
  /** A network namespace of its own: named, of a process, of a container or a pod. */
  readonly namespace: string | null;
}

/** The words of a command without what brought it to its place. */
export interface Entered extends Place {
  readonly words: readonly string[];
  /** Nothing is left but a shell: what is typed after it runs there. */
  readonly isShell: boolean;
}

/** Words before a command that leave it where it is; their options take no value that looks like a tool. */
const IN_PLACE = new Set([
  ...['sudo', 'doas', 'env', 'time', 'timeout', 'watch', 'nice', 'ionice', 'stdbuf', 'unbuffer', 'command'],
  ...[
    'exec',
    'strace',
    'ltrace',
    'taskset',
    'nohup',
    'setsid',
    'busybox',
    'script',
    'su',
    'runuser',
    'setpriv',
  ],
]);

/** Words that do something with the name of a tool or of a file, and run nothing. */
const HANDLES = new Set([
  ...[
    'cat',
    'grep',
    'egrep',
    'zgrep',
    'echo',
    'printf',
    'less',
    'more',
    'man',
    'which',
    'whereis',
    'type',
    'ls',
  ],
  ...[
    'head',
    'tail',
    'sed',
    'awk',
    'diff',
    'vi',
    'vim',
    'nano',
    'alias',
    'apt',
    'apt-get',
    'yum',
    'dnf',
    'apk',
  ],
  ...[
    'systemctl',
    'service',
    'journalctl',
    'modprobe',
    'rpm',
    'dpkg',
    'history',
    'help',
    'if',
    'for',
    'while',
  ],
]);

const UNKNOWN = 'unknown';

/** Is that what a place is called that nothing names: what ran there is of no node that is known? */
export function isUnknownPlace(name: string): boolean {
  return name === UNKNOWN || name.startsWith(`${UNKNOWN}-`);
}

/** A name for one of several unknown places of a text. */
export function unknownPlace(number: number): string {
  return `${UNKNOWN}-${String(number)}`;
}

const SHELL = /^(?:\S{0,60}\/)?(?:ba|da|a|z|k)?sh$/;

/** Options of the runners that take a value of their own. */
const VALUED = new Set([
  ...[
    '-n',
    '--namespace',
    '-c',
    '--container',
    '--context',
    '--kubeconfig',
    '-l',
    '--image',
    '--profile',
    '--network',
    '--net',
  ],
  ...['-u', '--user', '-w', '--workdir', '-e', '--env', '-i', '-p', '-o', '-F', '-J', '-b', '-D', '-E', '-L'],
  ...['-R', '-m', '-O', '-S', '-W', '--name', '-v', '--volume', '-s', '-f', '-r', '-k'],
]);

/** Options without a value that VALUED has for another runner. */
const FLAGS: Readonly<Partial<Record<string, ReadonlySet<string>>>> = {
  kubectl: new Set(['-i', '-it', '-ti', '-p', '-v']),
  docker: new Set(['-i', '-it', '-ti', '-d']),
  compose: new Set(['-T', '-d', '-i', '-it', '-ti']),
};

/** `$i`, `${i}` and `{}` name no place, but another one than that of the prompt. */
function named(word: string | undefined): string | null {
  if (word === undefined) return null;
  const name = word
    .replace(/^\S{1,100}@/, '')
    .replace(/^(?:pods?|node|no|po|deploy(?:ment)?|ds|daemonset)\//, '');
  if (name === '') return null;
  if (/^[\w.:%-]/.test(name)) return name;
  const variable = /^\$\{?(\w{1,60})\}?$/.exec(name)?.[1];
  return variable === undefined ? UNKNOWN : `${UNKNOWN}-${variable}`;
}

/** Positional words, with where each stands, up to `--`. */
function positions(words: readonly string[], flags: ReadonlySet<string> | undefined): number[] {
  const found: number[] = [];
  for (let at = 1; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (word === '--') break;
    if (!word.startsWith('-')) found.push(at);
    else if (VALUED.has(word) && flags?.has(word) !== true) at += 1;
  }
  return found;
}

interface Step {
  readonly rest: readonly string[];
  readonly host?: string | null;
  readonly namespace?: string | null;
}

function afterDashes(words: readonly string[], otherwise: number): readonly string[] {
  const dashes = words.indexOf('--');
  return words.slice(dashes >= 0 ? dashes + 1 : otherwise);
}

function ssh(words: readonly string[]): Step {
  const [host = words.length] = positions(words, undefined);
  // What a command in the place of the name prints goes up to its bracket.
  const end = words[host]?.startsWith('$(') === true ? words.findIndex((word) => word.endsWith(')')) : host;
  return { rest: words.slice(Math.max(host, end) + 1), host: named(words[host]) };
}

function kubectl(words: readonly string[]): Step | null {
  const [verb, target = words.length] = positions(words, FLAGS['kubectl']);
  const word = verb === undefined ? '' : words[verb];
  if (word === 'debug' && /^nodes?\//.test(words[target] ?? ''))
    return { rest: afterDashes(words, words.length), host: named(words[target]) };
  if (word === 'node-shell') return { rest: afterDashes(words, words.length), host: named(words[target]) };
  if (word === 'run') {
    // Without a command the image decides; at a terminal that is mostly a shell.
    const isTyped = words.some((one) => /^(?:-(?:it|ti|i)|--stdin)$/.test(one));
    const rest = words.includes('--') || isTyped ? afterDashes(words, words.length) : ['-'];
    return { rest, namespace: named(words[target]) ?? 'pod' };
  }
  if (word !== 'exec' && word !== 'debug' && word !== 'rsh') return null;
  return { rest: afterDashes(words, target + 1), namespace: named(words[target]) ?? 'pod' };
}

function docker(words: readonly string[]): Step | null {
  const [verb, target = words.length] = positions(words, FLAGS['docker']);
  const word = verb === undefined ? '' : words[verb];
  if (word === 'compose') return compose(words.slice(verb));
  if (word !== 'exec' && word !== 'run') return null;
  const rest = afterDashes(words, target + 1);
  if (word === 'exec') return { rest, namespace: named(words[target]) ?? 'container' };
  const at = words.findIndex((one) => /^--net(?:work)?(?:=|$)/.test(one));
  const value = words[at]?.split('=')[1] ?? words[at + 1] ?? '';
  if (at >= 0 && value === 'host') return { rest };
  return { rest, namespace: value.startsWith('container:') ? value.slice(10) : 'container' };
}

/** `docker compose exec SERVICE …` and `run`, also as one word. */
function compose(words: readonly string[]): Step | null {
  const [verb = 0, target = words.length] = positions(words, FLAGS['compose']);
  if (words[verb] !== 'exec' && words[verb] !== 'run') return null;
  return { rest: afterDashes(words, target + 1), namespace: named(words[target]) ?? 'container' };
}

/** Behind `-c`, `--command` or `--`: what runs there; otherwise from a place on. */
function afterCommand(words: readonly string[], otherwise: number): readonly string[] {
  const at = words.findIndex((word) => /^(?:-c|--command=?|--command=\S+|--)$/.test(word));
  if (at < 0) return words.slice(otherwise);
  const joined = /^--command=(\S+)$/.exec(words[at] ?? '')?.[1];
  return joined === undefined ? words.slice(at + 1) : [joined, ...words.slice(at + 1)];
}

/** `gcloud compute ssh HOST`, `vagrant ssh HOST`, `tsh ssh HOST`: the word behind `ssh` is the host. */
function behindSsh(words: readonly string[]): Step | null {
  const at = words.indexOf('ssh');
  if (at < 0) return null;
  const own = words.slice(at);
  const [target = own.length] = positions(own, undefined);
  const options = own.findIndex((word) => /^(?:-c|--command|--$)/.test(word));
  const host = options > 0 && target > options ? undefined : own[target];
  return { rest: afterCommand(own, target + 1), host: named(host) ?? UNKNOWN };
}

/** `aws ssm start-session --target i-0123`, with a document and its command or with a shell. */
function aws(words: readonly string[]): Step | null {
  if (words[1] === 'ecs' && words.includes('execute-command'))
    return { rest: afterCommand(words, words.length), namespace: UNKNOWN };
  if (words[1] !== 'ssm' || !words.includes('start-session')) return null;
  const at = words.indexOf('--target');
  const joined = words.find((word) => word.startsWith('--target='))?.slice('--target='.length);
  const host = named(joined ?? words[at + 1]) ?? UNKNOWN;
  const command = words.findIndex((word) => /^(?:--parameters=?)?(?:\{\s*)?command(?:=|:|$)/.test(word));
  return { rest: command < 0 ? [] : words.slice(command + 1), host };
}

/** `-p WORD`, `-f FILE`, `-e` and `-P PROMPT` stand before the command that needs a password. */
function sshpass(words: readonly string[]): Step {
  let at = 1;
  for (; words[at]?.startsWith('-') === true; at += 1) if (/^-[pfdP]$/.test(words[at] ?? '')) at += 1;
  return { rest: words.slice(at) };
}

/** Many hosts at once: the lines that name them stand in the output, or nothing tells. */
function many(words: readonly string[], isTool: (word: string) => boolean): Step | null {
  const at = words.findIndex((word, place) => place > 0 && isTool(word));
  return { rest: at < 0 ? ['-'] : words.slice(at), host: UNKNOWN };
}

/** A network of its own, made for the command. */
function unshare(words: readonly string[]): Step {
  const at = words.findIndex((word, place) => place > 0 && !word.startsWith('-'));
  const isNet = words.slice(1, at < 0 ? undefined : at).some((word) => /^(?:-[a-zA-Z]*n|--net)/.test(word));
  const rest = at < 0 ? [] : words.slice(at);
  return isNet ? { rest, namespace: 'unshare' } : { rest };
}

/** `lxc-attach -n NAME -- …`, `machinectl shell NAME …`. */
function attach(words: readonly string[]): Step {
  const at = words.findIndex((word) => word === '-n' || word === '--name');
  return { rest: afterDashes(words, at + 2), namespace: named(words[at + 1]) ?? 'container' };
}

/** Only with -n does nsenter change the network; the one of process 1 is the host's. */
function nsenter(words: readonly string[]): Step {
  let pid: string | null = null;
  let net: string | null = null;
  let at = 1;
  for (; at < words.length; at += 1) {
    const word = words[at] ?? '';
    const target = /^(?:-t|--target=)(.+)$/.exec(word)?.[1];
    if (word === '-t' || word === '--target') {
      pid = words[at + 1] ?? '';
      at += 1;
    } else if (target !== undefined) pid = target;
    else if (/^(?:-n|--net)$/.test(word) || word === '-a' || word === '--all') net ??= '';
    else if (/^(?:-n|--net=?)\S/.test(word)) net = word.replace(/^(?:-n|--net)=?/, '');
    else if (word === '--') {
      at += 1;
      break;
    } else if (!word.startsWith('-')) break;
    else if (/^-[a-zA-Z]*n[a-zA-Z]*$/.test(word)) net ??= '';
  }
  const rest = words.slice(at);
  const process = /^\/proc\/(\w+)\/ns\/net$/.exec(net ?? '')?.[1];
  if (net === null || process === '1' || (net === '' && pid === '1')) return { rest };
  if (net !== '' && process === undefined) return { rest, namespace: net.split('/').at(-1) ?? net };
  return { rest, namespace: `pid-${(process ?? pid ?? '').replace(/^\$\{?(\w*)\}?$/, '$1')}` };
}

/** One layer off the front; null when the words are the command itself. */
function step(words: readonly string[], isTool: (word: string) => boolean): Step | null {
  const [first = '', second = '', third = ''] = words;
  if (/^[A-Za-z_]\w{0,60}=/.test(first)) return { rest: words.slice(1) };
  if (IN_PLACE.has(first)) {
    const at = words.findIndex((word, i) => i > 0 && (isTool(word) || RUNNERS.has(word)));
    return { rest: words.slice(at > 0 ? at : 1) };
  }
  if (first === 'ip' && (second === '-n' || second === '-netns'))
    return { rest: ['ip', ...words.slice(3)], namespace: named(third) };
  if (first === 'ip' && /^-a(?:ll?)?$/.test(second) && third.startsWith('net'))
    return { rest: words.slice(4), namespace: UNKNOWN };
  if (first === 'ip' && second === 'vrf' && third === 'exec') return { rest: words.slice(4) };
  if (first === 'ip' && second.startsWith('net') && /^e(?:x(?:ec?)?)?$/.test(third))
    return { rest: words.slice(4), namespace: named(words[3]) ?? '' };
  return RUNNERS.get(first)?.(words, isTool) ?? strange(words, isTool);
}

/** A word that natwalk does not know, and a tool behind it: an alias of kubectl, a script that goes to a host. */
function strange(words: readonly string[], isTool: (word: string) => boolean): Step | null {
  const [first = ''] = words;
  if (isTool(first) || HANDLES.has(first) || SHELL.test(first) || RUNNERS.has(first)) return null;
  if (!/^[\w./~][\w./~-]{0,100}$/.test(first)) return null;
  const at = words.findIndex((word, place) => place > 0 && isTool(word) && words[place + 1] !== undefined);
  return at < 0 ? null : { rest: words.slice(at), host: UNKNOWN };
}

const container = (words: readonly string[]): Step | null => {
  const [target = words.length] = positions(words, FLAGS['docker']).slice(1);
  return words[1] === 'exec' || words[1] === 'shell'
    ? { rest: afterDashes(words, target + 1), namespace: named(words[target]) }
    : null;
};

type Runner = (words: readonly string[], isTool: (word: string) => boolean) => Step | null;

const RUNNERS: ReadonlyMap<string, Runner> = new Map<string, Runner>([
  ['ssh', ssh],
  ['mosh', ssh],
  ['rsh', ssh],
  ['autossh', ssh],
  ['sshpass', sshpass],
  ['gcloud', behindSsh],
  ['vagrant', behindSsh],
  ['tsh', behindSsh],
  ['doctl', behindSsh],
  ['colima', behindSsh],
  ['docker-machine', behindSsh],
  ['aws', aws],
  ['parallel-ssh', many],
  ['pssh', many],
  ['pdsh', many],
  ['clush', many],
  ['ansible', many],
  ['salt', many],
  ['unshare', unshare],
  ['lxc-attach', attach],
  ['docker-compose', compose],
  ['kubectl', kubectl],
  ['k', kubectl],
  ['kc', kubectl],
  ['kubecolor', kubectl],
  ['oc', kubectl],
  ['docker', docker],
  ['podman', docker],
  ['nerdctl', docker],
  ['crictl', docker],
  ['lxc', container],
  ['incus', container],
  ['limactl', container],
  ['multipass', container],
  ['nsenter', nsenter],
  // These stay in the network that they are started in, or lead to the one node of a small cluster.
  ['chroot', (words: readonly string[]): Step => ({ rest: words.slice(2) })],
  ['microk8s', (words: readonly string[]): Step => ({ rest: words.slice(1) })],
  [
    'minikube',
    (words: readonly string[]): Step | null =>
      words[1] === 'ssh' ? { rest: afterDashes(words, 2), host: 'minikube' } : null,
  ],
]);

/** Whether a word runs other commands in a place of their own. */
export function isRunner(word: string): boolean {
  return RUNNERS.has(word) || IN_PLACE.has(word);
}

/**
 * Takes off everything that stands before a command.
 * @param isTool whether a word is a command that prints a listing
 */
export function enter(all: readonly string[], isTool: (word: string) => boolean): Entered {
  let words = all;
  let host: string | null = null;
  let namespace: string | null = null;
  let moved = false;
  for (let guard = 0; guard < 8 && words.length > 0; guard += 1) {
    // `bash -c "ip rule"`; a host by itself is a shell there.
    if (words[0] === '--') words = words.slice(1);
    if (SHELL.test(words[0] ?? '') && words[1] === '-c') words = words.slice(2);
    const taken = step(words, isTool);
    if (taken === null) break;
    if (taken.host !== undefined) {
      host = taken.host;
      namespace = null;
    }
    if (taken.namespace !== undefined) namespace = taken.namespace === '' ? null : taken.namespace;
    moved ||= taken.host !== undefined || taken.namespace !== undefined;
    words = taken.rest;
  }
  const [first = ''] = words;
  return { words, host, namespace, isShell: moved && (first === '' || SHELL.test(first)) };
}
