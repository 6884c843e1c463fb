// The native table that the VPC CNI 1.23 keeps in place of its iptables connmark chain when iptables is iptables-nft
// (aws/amazon-vpc-cni-k8s pkg/networkutils/nftables_connmark.go), as nft input in the order of the agent's calls.

const CHAIN = 'ip aws-cni nat-prerouting';
const MARKS = 'ip aws-cni snat-mark';

/** @param {import('./vpc-cni.mjs').Settings} settings */
export function nftConnmark({ vpcCidrs, excludedCidrs }) {
  const exempt = [...vpcCidrs, ...excludedCidrs];
  return [
    'add table ip aws-cni',
    `add chain ${CHAIN} { type nat hook prerouting priority -90; policy accept; }`,
    `add chain ${MARKS}`,
    `insert rule ${CHAIN} fib daddr type local return`,
    `add rule ${CHAIN} iifname "eni*" counter jump snat-mark`,
    // The whole packet mark is assigned: bits that others set are lost.
    `add rule ${CHAIN} counter meta mark set ct mark and 0x80`,
    ...exempt.map((cidr) => `insert rule ${MARKS} counter ip daddr ${cidr} return`),
    `add rule ${MARKS} counter ct mark set ct mark or 0x80`,
    '',
  ].join('\n');
}
