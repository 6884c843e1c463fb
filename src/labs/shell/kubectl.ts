/** `kubectl` on the emulated node: `get`, and commands in a pod's namespace. */
import { get } from './kubectl-get.js';
import { type Call, type Output, refuse, unknownOption } from './output.js';

const KNOWN = 'get pod|svc|ep|node [-o wide] [-n NAMESPACE | -A], exec [-it] POD -- COMMAND';

/** What kubectl says without a configuration. */
const NO_CLUSTER =
  'The connection to the server localhost:8080 was refused - did you specify the right host or port?';

/** `kubectl exec [-it] POD [-n NS] -- COMMAND`. */
function exec(words: readonly string[], call: Call): Output {
  const at = words.indexOf('--');
  const rest = (at < 0 ? words : words.slice(0, at)).filter(
    (word) => !/^-(?:i|t|it|ti)$|^--(?:stdin|tty)$/.test(word),
  );
  const flag = rest.findIndex((word) => word === '-n' || word === '--namespace');
  // Without `--` it may be an option of the command in the pod.
  const isOwn = flag >= 0 && (at >= 0 || flag < 2);
  const [, namespace = null] = isOwn ? rest.splice(flag, 2) : [];
  const [target = '', ...more] = rest;
  const name = target.replace(/^pods?\//, '');
  const command = at < 0 ? more : words.slice(at + 1);
  const pod = call.shell.world.pods.find(
    (one) => one.name === name && (namespace === null || one.namespace === namespace),
  );
  if (pod === undefined) return refuse(`Error from server (NotFound): pods "${name}" not found`);
  if (command.length === 0) return refuse('error: you must specify at least one command for the container');
  return call.shell.inPod(pod, command, call.stdin);
}

/** `kubectl get … | exec …`. */
export function kubectl(words: readonly string[], call: Call): Output {
  const [verb = '', ...rest] = words;
  // A Docker host is of no cluster.
  if (call.shell.machine.node.networks[4].links.has('docker0')) return refuse(NO_CLUSTER);
  if (verb === 'exec') return exec(rest, call);
  if (verb !== 'get') throw unknownOption('kubectl', words.join(' '), KNOWN);
  return get(rest, call, KNOWN);
}
