/** Names and hardware addresses that software makes of other names: the same for the same. */
import { createHash } from 'node:crypto';
import type { Pod } from './describe.js';

function hash(algorithm: 'sha1' | 'sha256', text: string): string {
  return createHash(algorithm).update(text).digest('hex');
}

const spaceOf = ({ namespace = 'default' }: Pod): string => namespace;

/** The VPC CNI's name of a pod's device (pkg/networkutils/names.go). */
export function eniDevice(pod: Pod): string {
  return `eni${hash('sha1', `${spaceOf(pod)}.${pod.name}`).slice(0, 11)}`;
}

/** Calico's (libcalico-go names.VethNameForWorkload). */
export function calicoDevice(pod: Pod): string {
  return `cali${hash('sha1', `${spaceOf(pod)}.${pod.name}`).slice(0, 11)}`;
}

/** Those of the bridge plugin and of Docker are drawn. */
export function drawnDevice(pod: Pod, digits: number): string {
  return `veth${hash('sha256', `${spaceOf(pod)}/${pod.name}`).slice(0, digits)}`;
}

/** A locally administered unicast address. */
export function macOf(text: string): string {
  const bytes = hash('sha256', `mac ${text}`).match(/../g) ?? [];
  const [first = '00', ...rest] = bytes;
  const own = ((parseInt(first, 16) & 0xfc) | 0x02).toString(16).padStart(2, '0');
  return [own, ...rest.slice(0, 5)].join(':');
}

/** A runtime's name of a pod's namespace. */
export function namespaceName(text: string): string {
  const digits = hash('sha256', `netns ${text}`);
  const part = (from: number, to: number): string => digits.slice(from, to);
  return `cni-${[part(0, 8), part(8, 12), `4${part(13, 16)}`, `a${part(17, 20)}`, part(20, 32)].join('-')}`;
}
