/**
 * The script that `natwalk collect` prints: POSIX sh, for a node that has nothing but its own tools (dash, busybox). Its
 * output is a transcript, each listing under a prompt that names the host and the command.
 */

/** What the script is to gather beyond the node's own namespace. */
export interface CollectOptions {
  /** Every other network namespace too: those with a name, and those of processes. */
  readonly namespaces: boolean;
  /** The entries of connection tracking: who talks to whom. */
  readonly conntrack: boolean;
}

const HEAD = `#!/bin/sh
# Gathers what decides about packets on this node: rules, routes, addresses, settings. It only reads, and sends nothing
# anywhere. Keys and secrets among the settings are left out.
#   natwalk collect | ssh root@NODE sh > node.txt      then: natwalk trace node.txt --from ... --to ...
LC_ALL=C; export LC_ALL
PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"; export PATH
host=$(uname -n)
at=''

has() { command -v "$1" >/dev/null 2>&1; }

# The prompt and the command, then what it prints, complaints included.
say() { printf '\\n%s@%s:/# %s\\n' root "$host" "$at$*"; }
run() {
  has "$1" || return 0
  say "$@"
  $at "$@" 2>&1 </dev/null
}
`;

const LISTINGS = `
# iptables-save prints the tables that there are, and loads none: that the legacy variant prints nothing says something.
tables() {
  if has "$1-nft-save"; then run "$1-nft-save"; else run "$1-save"; fi
  if has "$1-legacy-save"; then run "$1-legacy-save"; fi
}

settings() {
  # grep prints the files themselves where there is no sysctl.
  if ! has sysctl; then
    say grep -r . /proc/sys/net
    $at grep -r . /proc/sys/net/ipv4 /proc/sys/net/ipv6 /proc/sys/net/netfilter /proc/sys/net/bridge /proc/sys/net/core 2>/dev/null </dev/null |
      grep -v -i -E '(_key|secret)[^:]*:'
    return 0
  fi
  say sysctl -a
  $at sysctl -a 2>/dev/null </dev/null | grep -E '^(net[.](ipv4|ipv6|netfilter|bridge|core)[.]|kernel[.]osrelease)' |
    grep -v -i -E '(_key|secret)[^=]*='
}

namespace() {
  run ip rule
  run ip -6 rule
  run ip route show table all
  run ip -6 route show table all
  run ip -d addr
  run ip maddr
  run ip addrlabel
  run ip neigh
  run bridge fdb show
  tables iptables
  tables ip6tables
  run nft -a list ruleset
  run ipset save
  settings
CONNTRACK
}
`;

const CONNTRACK = `  if [ -e /proc/sys/net/netfilter/nf_conntrack_count ]; then
    run conntrack -L -o extended
    run conntrack -L -f ipv6 -o extended
  fi`;

const OWN = `
if [ -r /etc/iproute2/rt_tables ]; then run cat /etc/iproute2/rt_tables; fi
namespace
`;

const NAMESPACES = `
seen=" $(readlink /proc/self/ns/net) "
for name in $(ip netns list 2>/dev/null | cut -d' ' -f1); do
  at="ip netns exec $name "
  seen="$seen$($at readlink /proc/self/ns/net) "
  namespace
done
# Those of containers have no name: one process of each leads there.
has nsenter || exit 0
for process in /proc/[0-9]*; do
  net=$(readlink "$process/ns/net" 2>/dev/null) || continue
  case "$seen" in *" $net "*) continue ;; esac
  seen="$seen$net "
  at="nsenter -t $(basename "$process") -n "
  namespace
done
`;

/** @returns the whole script, ending with a line feed */
export function collectScript({ namespaces, conntrack }: CollectOptions): string {
  const listings = LISTINGS.replace(/^CONNTRACK\n/m, conntrack ? `${CONNTRACK}\n` : '');
  return `${HEAD}${listings}${OWN}${namespaces ? NAMESPACES : ''}`;
}
