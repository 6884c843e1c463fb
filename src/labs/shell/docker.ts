/** `docker exec` on the emulated node: containers of a Docker host are what a cluster calls pods. */
import { sha256 } from '../sha256.js';
import { table } from './kubectl-get.js';
import { type Call, type Output, refuse, unknownOption } from './output.js';
import { publishedPorts } from './published.js';

const KNOWN = 'ps, exec [-it] CONTAINER COMMAND';

const HEAD = ['CONTAINER ID', 'IMAGE', 'COMMAND', 'CREATED', 'STATUS', 'PORTS', 'NAMES'];

/** `docker ps`: identifiers are the emulation's own, images are called as their containers. */
function ps(words: readonly string[], call: Call): Output {
  const [wrong] = words.filter((word) => word !== '-a');
  if (wrong !== undefined) throw unknownOption('docker ps', wrong, '-a');
  const { shell } = call;
  const own = shell.world.pods.filter(({ node }) => node === shell.machine.name);
  const rows = own.map((pod) => [
    ...[sha256(pod.name).slice(0, 12), pod.name, `"/${pod.name}"`, '2 hours ago', 'Up 2 hours'],
    ...[publishedPorts(call, pod).join(', '), pod.name],
  ]);
  return table(HEAD, rows, true);
}

/** `docker exec [-it] CONTAINER COMMAND`: a command in a container of this host. */
export function docker([verb = '', ...words]: readonly string[], call: Call): Output {
  if (verb === 'ps') return ps(words, call);
  const at = words.findIndex((word) => !/^-(?:i|t|it|ti)$|^--(?:interactive|tty)$/.test(word));
  const [name = '', ...command] = at < 0 ? [] : words.slice(at);
  if (verb !== 'exec' || name.startsWith('-'))
    throw unknownOption('docker', [verb, name].join(' ').trim(), KNOWN);
  if (command.length === 0) return refuse('"docker exec" requires at least 2 arguments.');
  const { shell, stdin } = call;
  const container = shell.world.pods.find((one) => one.name === name && one.node === shell.machine.name);
  if (container === undefined) return refuse(`Error response from daemon: No such container: ${name}`);
  return shell.inPod(container, command, stdin);
}
