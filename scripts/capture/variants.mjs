// The nodes that the walks are tested on: the default one and what settings and versions make of it.
import { MANY_KINDS, OF_OLD, SERVICES } from './services.mjs';

/** @type {import('./vpc-cni.mjs').Settings} */
const standard = {
  version: [1, 18, 0],
  externalSnat: false,
  nodePort: true,
  vpcCidrs: ['192.168.0.0/16'],
  excludedCidrs: [],
  serviceCidrs: [],
  connmark: 'iptables',
};

/** @type {import('./eks-node.mjs').Variant} */
const base = {
  settings: standard,
  backend: 'nft',
  kubeProxy: 'iptables',
  services: SERVICES,
  listing: true,
};

/**
 * @param {Partial<import('./vpc-cni.mjs').Settings>} settings
 * @returns {import('./eks-node.mjs').Variant}
 */
const having = (settings) => ({ ...base, settings: { ...standard, ...settings } });

/** @type {Readonly<Record<string, import('./eks-node.mjs').Variant>>} by folder, from the project's root */
export const variants = {
  'examples/eks-node': base,
  'test/walks/fixtures/default-legacy': { ...base, backend: 'legacy' },
  'test/walks/fixtures/extsnat': having({ externalSnat: true }),
  'test/walks/fixtures/extsnat-nonodeport': having({ externalSnat: true, nodePort: false }),
  'test/walks/fixtures/nonodeport': having({ nodePort: false }),
  'test/walks/fixtures/nonodeport-1.12.0': {
    ...having({ nodePort: false, version: [1, 12, 0] }),
    backend: 'legacy',
  },
  'test/walks/fixtures/excluded-cidr': having({ excludedCidrs: ['10.1.0.0/16'] }),
  'test/walks/fixtures/second-vpc-cidr': having({ vpcCidrs: ['192.168.0.0/16', '100.64.0.0/16'] }),
  'test/walks/fixtures/ladder': {
    ...having({
      version: [1, 15, 1],
      vpcCidrs: ['192.168.0.0/16', '100.64.0.0/16'],
      excludedCidrs: ['10.1.0.0/16'],
    }),
    backend: 'legacy',
  },
  'test/walks/fixtures/v1.7': { ...having({ version: [1, 7, 10] }), backend: 'legacy' },
  'test/walks/fixtures/v1.7-excluded-cidr': {
    ...having({ version: [1, 7, 10], excludedCidrs: ['10.1.0.0/16'] }),
    backend: 'legacy',
  },
  'test/walks/fixtures/v1.20': having({ version: [1, 20, 0] }),
  'test/walks/fixtures/v1.23-nft-connmark': having({ version: [1, 23, 0], connmark: 'nft' }),
  'test/walks/fixtures/mixed-backends': {
    ...having({ version: [1, 23, 0], connmark: 'nft' }),
    leftInLegacy: OF_OLD,
  },
  'test/walks/fixtures/kube-proxy-nft': { ...base, kubeProxy: 'nft', services: MANY_KINDS },
  'test/walks/fixtures/kube-proxy-nft-v1.23': {
    ...having({ version: [1, 23, 0], connmark: 'nft' }),
    kubeProxy: 'nft',
    services: MANY_KINDS,
  },
  'test/walks/fixtures/extsvc': having({ serviceCidrs: ['203.0.113.0/24'] }),
  'test/walks/fixtures/sgp-strict': { ...base, branchPod: 'strict' },
  'test/walks/fixtures/sgp-standard': { ...base, branchPod: 'standard' },
  'test/walks/fixtures/rp-ens5-strict': { ...base, sysctls: { 'net.ipv4.conf.ens5.rp_filter': 1 } },
  'test/walks/fixtures/rp-ens5-strict-src-valid-mark': {
    ...base,
    sysctls: { 'net.ipv4.conf.ens5.rp_filter': 1, 'net.ipv4.conf.all.src_valid_mark': 1 },
  },
  'test/walks/fixtures/rp-ens6-strict': { ...base, sysctls: { 'net.ipv4.conf.ens6.rp_filter': 1 } },
  'test/walks/fixtures/rp-all-strict': {
    ...base,
    sysctls: {
      'net.ipv4.conf.all.rp_filter': 1,
      'net.ipv4.conf.ens6.rp_filter': 0,
      'net.ipv4.conf.eni1f4c3ab7e90.rp_filter': 0,
      'net.ipv4.conf.eni6b0d92ce431.rp_filter': 0,
      'net.ipv4.conf.enia7cc107bbb9.rp_filter': 0,
      'net.ipv4.conf.enid52e08f1c66.rp_filter': 0,
    },
  },
};
