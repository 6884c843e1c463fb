/** `ssh` to a machine that is no node of the lab, as those behind a router. */
import { formatAddress } from '../../address/address.js';
import { listensOn } from './far-end.js';
import { type Output, Unknown, refuse } from './output.js';
import type { Shell } from './shell.js';

/**
 * Runs a command on a machine with an sshd, by its name or address. It has the tools that a pod has.
 * @throws Unknown for a session without a command
 */
export function sshBeyond(
  shell: Shell,
  name: string,
  command: readonly string[],
  stdin: string | null,
): Output {
  const host = shell.world.pods.find((pod) => pod.name === name || formatAddress(pod.address) === name);
  if (host === undefined)
    return refuse(`ssh: Could not resolve hostname ${name}: Name or service not known`, 255);
  if (!listensOn(host.listens, 'tcp', 22))
    return refuse(`ssh: connect to host ${name} port 22: Connection refused`, 255);
  if (command.length === 0) throw new Unknown('LAB_SH_FORM', { command: 'ssh', form: `ssh ${name} COMMAND` });
  return shell.inPod(host, command.join(' ').trim().split(/\s+/), stdin);
}
