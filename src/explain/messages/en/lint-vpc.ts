/** `natwalk lint`: the known faults of nodes of the AWS VPC CNI. */
import type { Catalogue } from '../catalogue.js';

export const lintVpc = {
  LINT_VPC_NO_MARK_RULE: {
    text: 'pods of {eni} (here {pod}) leave by {eni} with the source {source} of {primary}: no policy rule sends marked packets through table main',
    why: 'the VPC drops what leaves an ENI with the address of another; VPC CNI up to 1.12.0 makes rule 1024 with AWS_VPC_K8S_CNI_NODE_PORT_SUPPORT alone',
    do: 'restart aws-node, upgrade to 1.12.1 or later, or add: ip rule add fwmark {mark}/{mark} lookup main priority 1024',
  },
  LINT_VPC_NO_CONNMARK: {
    text: 'pods of {eni} (here {pod}) leave by {eni} with the source {source} of {primary}: no rule of nat sets ct mark {mark}',
    why: 'AWS-CONNMARK-CHAIN-0 is missing or nothing leads there, so that the packet keeps the way of its own ENI and gets the address of another',
    do: 'restart aws-node, which makes the chain again; look for a program that flushes nat',
  },
  LINT_VPC_NO_RESTORE: {
    text: 'pods of {eni} (here {pod}) leave by {eni} with the source {source} of {primary}: nat sets ct mark {mark}, and does not restore it',
    why: 'policy rules read the mark of the packet, not that of the connection: the first packet has none',
    do: 'restart aws-node, or add: iptables -t nat -A PREROUTING -j CONNMARK --restore-mark --nfmask {mark} --ctmask {mark}',
  },
  LINT_VPC_RESTORE_EARLY: {
    text: 'pods of {eni} (here {pod}) leave by {eni} with the source {source} of {primary}: ct mark {mark} is restored before it is set',
    why: 'the first packet passes the restoring rule while the connection has no mark yet',
    do: 'put the restoring rule behind the jump to AWS-CONNMARK-CHAIN-0',
  },
  LINT_VPC_MARK_LOST: {
    text: 'pods of {eni} (here {pod}) leave by {eni} with the source {source} of {primary}: this rule takes mark {mark} off the packet',
    why: 'a rule that sets the whole mark (--set-mark without a mask) overwrites the bit of the VPC CNI',
    do: 'give the rule a mask that leaves {mark} alone',
  },
  LINT_VPC_MARK_MISSING: {
    text: 'pods of {eni} (here {pod}) leave by {eni} with the source {source} of {primary}: they do not get mark {mark}',
    why: 'the VPC drops what leaves an ENI with the address of another',
    do: 'walk the packet below with -o wide, and look for the rule that should set the mark; restart aws-node',
  },
  LINT_VPC_NO_MANGLE_RESTORE: {
    text: 'connections of pods of {eni} (here {pod}) break behind their first packet: it leaves by {primary}, all others by {eni} with the source {source}',
    why: 'nat sees the first packet alone; mangle PREROUTING must restore mark {mark} for all others',
    do: 'restart aws-node, or add: iptables -t mangle -A PREROUTING -i eni+ -j CONNMARK --restore-mark --nfmask {mark} --ctmask {mark}',
  },
  LINT_VPC_SERVICE_OUTSIDE: {
    text: '{table} {chain} rule {rule}: pods of {eni} that ask this service leave by {eni} with the source {source} of another ENI, for its endpoint {endpoint} is outside the VPC',
    why: 'DNAT ends nat PREROUTING before the packet is marked, and SNAT comes all the same; the VPC drops it',
    do: 'list the endpoint in AWS_EXTERNAL_SERVICE_CIDRS (1.12.6 and later): then a policy rule sends it through table main',
  },
  LINT_VPC_NODE_PORT_REPLY: {
    text: 'node port {port}: the answer of pod {pod} leaves by {eni}, though the request came in by {primary}',
    why: 'without the mark that mangle sets on what comes in by {primary}, the answer takes the way of the pod; AWS_VPC_K8S_CNI_NODE_PORT_SUPPORT=false takes those rules away',
    do: 'set AWS_VPC_K8S_CNI_NODE_PORT_SUPPORT to true and restart aws-node',
  },
  LINT_VPC_RP_FILTER: {
    text: '{primary} checks the way back strictly (rp_filter 1), and drops what comes in for pods of other ENIs',
    why: 'the way back from a pod of a secondary ENI leads by that ENI, for its own policy rule is asked, and the check does not know the mark',
    do: 'set net.ipv4.conf.{primary}.rp_filter to 2, as the VPC CNI does when it starts',
  },
  LINT_VPC_NO_TO_RULE: {
    text: 'pod {pod} has no policy rule to it: what pod {from} sends there leaves by {eni} instead',
    why: 'the rule of priority 512 must come before the one that sends a pod of {eni} to its own table, which knows no pods',
    do: 'restart aws-node, or add: ip rule add to {pod} lookup main priority 512',
  },
  LINT_VPC_ENI_TABLE: {
    text: 'table {table} of {eni} has no default route: its pods (here {pod}) leave by {primary} with an address of {eni}',
    why: 'the lookup falls through to table main, and the VPC drops what leaves an ENI with the address of another',
    do: 'restart aws-node, or add the default route to table {table}',
  },
  LINT_VPC_SNAT_ADDRESS: {
    text: '{table} {chain} rule {rule} gives packets the source {address}, which no interface of the node has (it should be the primary ENI)',
    why: "the VPC drops what leaves with an address that is not the ENI's",
    do: 'restart aws-node; look whether the primary address has changed since it started',
  },
  LINT_VPC_SOCKET_SNAT: {
    text: 'a process that is bound to {address} of {eni} does not reach the internet: its packets leave by {egress} with the source {source}',
    why: 'rule 32765 of VPC CNI 1.20 and later sends them out by {eni}, and SNAT gives them the address of the primary ENI all the same',
    do: 'bind the process to the primary address, or to none',
  },
  LINT_VPC_SOCKET_MAIN: {
    text: 'a process that is bound to {address} of {eni} gets no answers: its packets leave by {egress} with the source {source}',
    why: 'VPC CNI before 1.20 makes no policy rule from the addresses of secondary ENIs, so that table main decides, and the VPC drops what leaves an ENI with the address of another',
    do: 'bind the process to the primary address, or to none; or upgrade',
  },
  LINT_VPC_BRANCH_LOCAL: {
    text: 'pod {pod} on a branch ENI does not reach the node itself: what it sends to {address} leaves by {egress}',
    why: "policy rule {priority} is asked before table local, so that even the node's own addresses (also of NodeLocal DNS) are looked for in the VPC",
    do: 'use POD_SECURITY_GROUP_ENFORCING_MODE=standard, or a policy rule to the address before {priority}',
  },
} as const satisfies Catalogue;
