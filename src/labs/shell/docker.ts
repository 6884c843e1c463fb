/** `docker exec` on the emulated node: containers of a Docker host are what a cluster calls pods. */
import { type Call, type Output, refuse, unknownOption } from './output.js';

const KNOWN = 'exec [-it] CONTAINER COMMAND';

/** `docker exec [-it] CONTAINER COMMAND`: a command in a container of this host. */
export function docker([verb = '', ...words]: readonly string[], call: Call): Output {
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
