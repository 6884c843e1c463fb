/**
 * Chains that programs make and keep by design, also empty or with nothing that leads to them: a hint for another
 * program, or a place to put rules in later.
 */

/** Made to be looked for, not to be run (kubelet and kube-proxy: pkg/kubelet/kubelet_network_linux.go, pkg/util/iptables). */
const SIGNS = /^KUBE-(?:KUBELET-CANARY|PROXY-CANARY|IPTABLES-HINT|MARK-DROP)$/;

/** Names by which programs know their chains again. */
const OWNERS: readonly RegExp[] = [
  /^KUBE-/,
  /^AWS-/,
  /^(?:cali-|felix-)/,
  /^(?:OLD_)?CILIUM_/,
  /^(?:DOCKER|DOCKER-.+)$/,
  /^FLANNEL-/,
  /^WEAVE(?:-|$)/,
  /^ISTIO_/,
  /^PROXY_INIT_/,
  /^(?:CNI-|CNI$)/,
  /^NETAVARK/,
  /^(?:ufw6?-)/,
  /^f2b-|^fail2ban-/,
  /^LIBVIRT_/,
  /^(?:neutron-|nova-)/,
  /^(?:FWD|IN|FWDI|FWDO|FWM|PRE|POST|OUTPUT|INPUT|FORWARD|PREROUTING|POSTROUTING)_[A-Za-z]/,
  /^(?:zone_|delegate_|reject$|syn_flood|forwarding_|input_|output_|prerouting_|postrouting_)/,
  /^(?:nat_reflection_|MINIUPNPD)/,
  /^(?:sshguard|TS-|ts-|ANTREA-|OVN-KUBE-|NODELOCALDNS|IP-MASQ)/,
  /^(?:PVEFW-|tap\d|fwbr|shorewall|lxc)/,
];

/** Is the chain a sign that a program put up? */
export const isSign = (chain: string): boolean => SIGNS.test(chain);

/** Does a program keep the chain? */
export const isKept = (chain: string): boolean => OWNERS.some((pattern) => pattern.test(chain));
