/**
 * What an EC2 instance type can carry. Interfaces and addresses are those of amazon-eks-ami
 * nodeadm/internal/kubelet/instance-info.jsonl at 81fec2e8 (2026-07-23); whether it is built on Nitro is that of
 * amazon-vpc-cni-k8s pkg/vpc/vpc_ip_resource_limit.go at b5218838; vCPUs follow from EC2's
 * names of sizes (large 2, xlarge 4, Nxlarge 4 N; medium of Graviton and the small ones of t2 1, c4.8xlarge 36, metal as
 * the largest size), and decide nothing but whether 110 or 250 pods are recommended.
 * Families that nobody has asked for yet are left out: no answer is better than a guessed one.
 */

/** Limits of an instance type. */
export interface InstanceType {
  readonly name: string;
  readonly vcpus: number;
  /** Network interfaces of the default network card, the primary one included. */
  readonly enis: number;
  /** IPv4 addresses of each interface, its own primary address included. */
  readonly addresses: number;
  /** Prefixes can be assigned to instances of the Nitro system alone. */
  readonly nitro: boolean;
}

/** Where the limits come from, for those who want to look them up. */
export const TYPES_SOURCE = 'amazon-eks-ami nodeadm instance-info.jsonl (81fec2e8)';

/** Of each family its sizes: `SIZE:VCPUS:ENISxADDRESSES`. */
const FAMILIES: Readonly<Record<string, string>> = {
  t2: 'nano:1:2x2 micro:1:2x2 small:1:3x4 medium:2:3x6 large:2:3x12 xlarge:4:3x15 2xlarge:8:3x15',
  t3: 'nano:2:2x2 micro:2:2x2 small:2:3x4 medium:2:3x6 large:2:3x12 xlarge:4:4x15 2xlarge:8:4x15',
  t3a: 'nano:2:2x2 micro:2:2x2 small:2:2x4 medium:2:3x6 large:2:3x12 xlarge:4:4x15 2xlarge:8:4x15',
  t4g: 'nano:2:2x2 micro:2:2x2 small:2:3x4 medium:2:3x6 large:2:3x12 xlarge:4:4x15 2xlarge:8:4x15',
  c4: 'large:2:3x10 xlarge:4:4x15 2xlarge:8:4x15 4xlarge:16:8x30 8xlarge:36:8x30',
  c5:
    'large:2:3x10 xlarge:4:4x15 2xlarge:8:4x15 4xlarge:16:8x30 9xlarge:36:8x30 12xlarge:48:8x30 ' +
    '18xlarge:72:15x50 24xlarge:96:15x50 metal:96:15x50',
  c5a:
    'large:2:3x10 xlarge:4:4x15 2xlarge:8:4x15 4xlarge:16:8x30 8xlarge:32:8x30 12xlarge:48:8x30 ' +
    '16xlarge:64:15x50 24xlarge:96:15x50',
  c5n:
    'large:2:3x10 xlarge:4:4x15 2xlarge:8:4x15 4xlarge:16:8x30 9xlarge:36:8x30 18xlarge:72:15x50 ' +
    'metal:72:15x50',
  c6a:
    'large:2:3x10 xlarge:4:4x15 2xlarge:8:4x15 4xlarge:16:8x30 8xlarge:32:8x30 12xlarge:48:8x30 ' +
    '16xlarge:64:15x50 24xlarge:96:15x50 32xlarge:128:15x50 48xlarge:192:15x50 metal:192:15x50',
  c6g:
    'medium:1:2x4 large:2:3x10 xlarge:4:4x15 2xlarge:8:4x15 4xlarge:16:8x30 8xlarge:32:8x30 ' +
    '12xlarge:48:8x30 16xlarge:64:15x50 metal:64:15x50',
  c6i:
    'large:2:3x10 xlarge:4:4x15 2xlarge:8:4x15 4xlarge:16:8x30 8xlarge:32:8x30 12xlarge:48:8x30 ' +
    '16xlarge:64:15x50 24xlarge:96:15x50 32xlarge:128:15x50 metal:128:15x50',
  c7g:
    'medium:1:2x4 large:2:3x10 xlarge:4:4x15 2xlarge:8:4x15 4xlarge:16:8x30 8xlarge:32:8x30 ' +
    '12xlarge:48:8x30 16xlarge:64:15x50 metal:64:15x50',
  c7i:
    'large:2:3x10 xlarge:4:4x15 2xlarge:8:4x15 4xlarge:16:8x30 8xlarge:32:8x30 12xlarge:48:8x30 ' +
    '16xlarge:64:15x50 24xlarge:96:15x50 48xlarge:192:15x50 metal-24xl:96:15x50 metal-48xl:192:15x50',
  m4: 'large:2:2x10 xlarge:4:4x15 2xlarge:8:4x15 4xlarge:16:8x30 10xlarge:40:8x30 16xlarge:64:8x30',
  m5:
    'large:2:3x10 xlarge:4:4x15 2xlarge:8:4x15 4xlarge:16:8x30 8xlarge:32:8x30 12xlarge:48:8x30 ' +
    '16xlarge:64:15x50 24xlarge:96:15x50 metal:96:15x50',
  m5a:
    'large:2:3x10 xlarge:4:4x15 2xlarge:8:4x15 4xlarge:16:8x30 8xlarge:32:8x30 12xlarge:48:8x30 ' +
    '16xlarge:64:15x50 24xlarge:96:15x50',
  m6a:
    'large:2:3x10 xlarge:4:4x15 2xlarge:8:4x15 4xlarge:16:8x30 8xlarge:32:8x30 12xlarge:48:8x30 ' +
    '16xlarge:64:15x50 24xlarge:96:15x50 32xlarge:128:15x50 48xlarge:192:15x50 metal:192:15x50',
  m6g:
    'medium:1:2x4 large:2:3x10 xlarge:4:4x15 2xlarge:8:4x15 4xlarge:16:8x30 8xlarge:32:8x30 ' +
    '12xlarge:48:8x30 16xlarge:64:15x50 metal:64:15x50',
  m6i:
    'large:2:3x10 xlarge:4:4x15 2xlarge:8:4x15 4xlarge:16:8x30 8xlarge:32:8x30 12xlarge:48:8x30 ' +
    '16xlarge:64:15x50 24xlarge:96:15x50 32xlarge:128:15x50 metal:128:15x50',
  m7g:
    'medium:1:2x4 large:2:3x10 xlarge:4:4x15 2xlarge:8:4x15 4xlarge:16:8x30 8xlarge:32:8x30 ' +
    '12xlarge:48:8x30 16xlarge:64:15x50 metal:64:15x50',
  m7i:
    'large:2:3x10 xlarge:4:4x15 2xlarge:8:4x15 4xlarge:16:8x30 8xlarge:32:8x30 12xlarge:48:8x30 ' +
    '16xlarge:64:15x50 24xlarge:96:15x50 48xlarge:192:15x50 metal-24xl:96:15x50 metal-48xl:192:15x50',
  r5:
    'large:2:3x10 xlarge:4:4x15 2xlarge:8:4x15 4xlarge:16:8x30 8xlarge:32:8x30 12xlarge:48:8x30 ' +
    '16xlarge:64:15x50 24xlarge:96:15x50 metal:96:15x50',
  r6g:
    'medium:1:2x4 large:2:3x10 xlarge:4:4x15 2xlarge:8:4x15 4xlarge:16:8x30 8xlarge:32:8x30 ' +
    '12xlarge:48:8x30 16xlarge:64:15x50 metal:64:15x50',
  r6i:
    'large:2:3x10 xlarge:4:4x15 2xlarge:8:4x15 4xlarge:16:8x30 8xlarge:32:8x30 12xlarge:48:8x30 ' +
    '16xlarge:64:15x50 24xlarge:96:15x50 32xlarge:128:15x50 metal:128:15x50',
};

/** Families of the Xen hypervisor. */
const XEN: ReadonlySet<string> = new Set(['t2', 'c4', 'm4']);

function typesOf([family, sizes]: readonly [string, string]): readonly InstanceType[] {
  return sizes.split(' ').map((text) => {
    const [size = '', vcpus = '', limits = ''] = text.split(':');
    const [enis, addresses] = limits.split('x').map(Number);
    return {
      name: `${family}.${size}`,
      vcpus: Number(vcpus),
      enis: enis ?? 0,
      addresses: addresses ?? 0,
      nitro: !XEN.has(family),
    };
  });
}

const TYPES: ReadonlyMap<string, InstanceType> = new Map(
  Object.entries(FAMILIES)
    .flatMap(typesOf)
    .map((type) => [type.name, type]),
);

/** Every name that is known, in the order of the table. */
export function typeNames(): readonly string[] {
  return [...TYPES.keys()];
}

/** The type of a name, or null where it is not in the table. */
export function instanceType(name: string): InstanceType | null {
  return TYPES.get(name.toLowerCase()) ?? null;
}
