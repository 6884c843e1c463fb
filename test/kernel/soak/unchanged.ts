/** Settings of a namespace that no case changes, as `sysctl -a` lists them: without them an outcome would hang on them. */
export const UNCHANGED: readonly string[] = [
  'net.ipv4.ip_nonlocal_bind = 0',
  'net.ipv6.ip_nonlocal_bind = 0',
  'net.netfilter.nf_conntrack_checksum = 1',
];

export const NOT_LIBERAL = 'net.netfilter.nf_conntrack_tcp_be_liberal = 0';
