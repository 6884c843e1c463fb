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
const IN_PLACE = new Set(['sudo', 'doas', 'env', 'time', 'timeout', 'watch', 'nice', 'stdbuf', 'command']);

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
};

/** `$i` and `${i}` of a loop are no names. */
function named(word: string | undefined): string | null {
  if (word === undefined) return null;
  const name = word
    .replace(/^\S{1,100}@/, '')
    .replace(/^(?:pods?|node|no|po|deploy(?:ment)?|ds|daemonset)\//, '');
  return name === '' || name.startsWith('$') ? null : name;
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
  return { rest: words.slice(host + 1), host: named(words[host]) };
}

function kubectl(words: readonly string[]): Step | null {
  const [verb, target = words.length] = positions(words, FLAGS['kubectl']);
  const word = verb === undefined ? '' : words[verb];
  if (word === 'debug' && /^nodes?\//.test(words[target] ?? ''))
    return { rest: afterDashes(words, words.length), host: named(words[target]) };
  if (word !== 'exec' && word !== 'debug' && word !== 'rsh') return null;
  return { rest: afterDashes(words, target + 1), namespace: named(words[target]) ?? 'pod' };
}

function docker(words: readonly string[]): Step | null {
  const [verb, target = words.length] = positions(words, FLAGS['docker']);
  const word = verb === undefined ? '' : words[verb];
  if (word !== 'exec' && word !== 'run') return null;
  const rest = afterDashes(words, target + 1);
  if (word === 'exec') return { rest, namespace: named(words[target]) ?? 'container' };
  const at = words.findIndex((one) => /^--net(?:work)?(?:=|$)/.test(one));
  const value = words[at]?.split('=')[1] ?? words[at + 1] ?? '';
  if (at >= 0 && value === 'host') return { rest };
  return { rest, namespace: value.startsWith('container:') ? value.slice(10) : 'container' };
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
  return { rest, namespace: `pid-${(process ?? pid ?? '').replace(/^\$/, '')}` };
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
    return { rest: ['ip', ...words.slice(3)], namespace: third };
  if (first === 'ip' && second.startsWith('net') && /^e(?:x(?:ec?)?)?$/.test(third))
    return { rest: words.slice(4), namespace: words[3] ?? '' };
  return RUNNERS.get(first)?.(words) ?? null;
}

const container = (words: readonly string[]): Step | null => {
  const [target = words.length] = positions(words, FLAGS['docker']).slice(1);
  return words[1] === 'exec'
    ? { rest: afterDashes(words, target + 1), namespace: named(words[target]) }
    : null;
};

const RUNNERS: ReadonlyMap<string, (words: readonly string[]) => Step | null> = new Map([
  ['ssh', ssh],
  ['kubectl', kubectl],
  ['oc', kubectl],
  ['docker', docker],
  ['podman', docker],
  ['nerdctl', docker],
  ['crictl', docker],
  ['lxc', container],
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
