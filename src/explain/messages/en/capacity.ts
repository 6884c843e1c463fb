/** `natwalk capacity`: how many pods an instance type can hold. */
import type { Catalogue } from '../catalogue.js';

export const capacity = {
  CAPACITY_UNKNOWN_TYPE: {
    text: '"{type}" is not an instance type of the table',
    why: 'the table holds {count} types; for another one, ask aws ec2 describe-instance-types',
    do: 'did you mean {near}?',
  },
  CAPACITY_NOT_NITRO: {
    text: '{type} cannot have prefixes',
    why: 'prefixes can be assigned to interfaces of Nitro instances alone, and {type} is not one of them',
    do: 'leave out --prefix-delegation, or ask about a Nitro type such as t3 or m5',
  },
  CAPACITY_PODS: '{type}: {pods} pods',
  CAPACITY_TYPE: '{vcpus} vCPUs, {enis} ENIs of {addresses} addresses',
  CAPACITY_HOST:
    'of them {host} on the host network (aws-node, kube-proxy), {own} with an address of their own',
  CAPACITY_CEILING:
    'addresses would do for {most}; AWS recommends at most {ceiling} for {vcpus} vCPUs, and pods beyond maxPods are Pending',
  CAPACITY_TABLE_HEAD: 'TABLE',
  CAPACITY_SLOTS_HEAD: 'SLOTS',
  CAPACITY_POD_HEAD: 'PODS',
  CAPACITY_PODS_NONE: 'none',
  CAPACITY_POD_ON: 'pod {pod} is on ENI {device}, slot {slot}: ip rule "from POD lookup {table}"',
  CAPACITY_POD_MAIN: 'pod {pod} is on ENI 0, slot {slot}: table main, no policy rule of its own',
  CAPACITY_POD_ADDRESSES: 'pod {pod} stays Pending (Too many pods): there are {own} addresses for pods',
  CAPACITY_POD_CEILING: 'pod {pod} stays Pending (Too many pods): maxPods is {pods}',
  CAPACITY_ORDER:
    'Counted as if the ENIs filled up one after the other; of several with a free address ipamd takes any.',
  CAPACITY_SOURCE: 'Limits: {source}.',
} as const satisfies Catalogue;
