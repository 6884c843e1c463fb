/** The known faults of VPC CNI nodes: a good node has none of them, and each is found in a node that has it. */
import { describe, expect, it } from 'vitest';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { nodeOf } from '../../../test/support/node.js';
import { loadNode } from '../../snapshot/load.js';
import type { Node } from '../../packet/node.js';
import { lint } from '../lint.js';

const codesOf = (node: Node): readonly string[] =>
  [...new Set(lint(node).findings.map(({ code }) => code))].sort();
const FOLDER = join(import.meta.dirname, '../../../examples/eks-node');

/** The embedded node with one of its dumps changed. */
function changed(file: string, from: string | RegExp, to: string): Node {
  let did = false;
  const files = readdirSync(FOLDER).map((name) => {
    const text = readFileSync(join(FOLDER, name), 'utf8');
    if (name !== file) return { name, text };
    did = text.search(from) >= 0;
    return { name, text: text.replace(from, to) };
  });
  expect(did).toBe(true);
  // The listing of nft is that of the same rules.
  return loadNode(
    'node',
    files.filter(({ name }) => name !== 'nft-ruleset.txt'),
  );
}

const KNOWN = ['LINT_VPC_SERVICE_OUTSIDE', 'LINT_VPC_SOCKET_MAIN'];

describe('the embedded node', () => {
  it('has what a node of its version cannot do, and no fault besides', () => {
    expect(codesOf(nodeOf('examples/eks-node'))).toEqual(KNOWN);
  });

  it.each([
    {
      title: 'without the rule for marked packets',
      file: 'ip-rule.txt',
      from: /1024:.*\n/,
      to: '',
      code: 'LINT_VPC_NO_MARK_RULE',
    },
    {
      title: 'without the jump to the chain that marks',
      file: 'iptables-save.txt',
      from: /-A PREROUTING -i eni\+ .*-j AWS-CONNMARK-CHAIN-0\n/,
      to: '',
      code: 'LINT_VPC_NO_CONNMARK',
    },
    {
      title: 'without the restoring rule of nat',
      file: 'iptables-save.txt',
      from: /-A PREROUTING -m comment --comment "AWS, CONNMARK".*\n/,
      to: '',
      code: 'LINT_VPC_NO_RESTORE',
    },
    {
      title: 'with the restoring rule before the one that marks',
      file: 'iptables-save.txt',
      from: /(-A PREROUTING -i eni\+ .*-j AWS-CONNMARK-CHAIN-0\n)(-A PREROUTING -m comment --comment "AWS, CONNMARK".*\n)/,
      to: '$2$1',
      code: 'LINT_VPC_RESTORE_EARLY',
    },
    {
      title: 'with a rule that overwrites the mark',
      file: 'iptables-save.txt',
      from: /(-A PREROUTING -m comment --comment "AWS, CONNMARK".*\n)/,
      to: '$1-A PREROUTING -p tcp -j MARK --set-xmark 0x1/0xffffffff\n',
      code: 'LINT_VPC_MARK_LOST',
    },
    {
      title: 'with a jump back before the mark is set',
      file: 'iptables-save.txt',
      from: '-A AWS-CONNMARK-CHAIN-0 -d 192.168.0.0/16',
      to: '-A AWS-CONNMARK-CHAIN-0 -d 203.0.113.0/24',
      code: 'LINT_VPC_MARK_MISSING',
    },
    {
      title: 'without the restoring rules of mangle',
      file: 'iptables-save.txt',
      from: /-A PREROUTING -i eni\+ -m comment --comment "AWS, primary ENI".*\n/,
      to: '',
      code: 'LINT_VPC_NO_MANGLE_RESTORE',
    },
    {
      title: 'without the mark of what comes in by the primary ENI',
      file: 'iptables-save.txt',
      from: /-A PREROUTING -i ens5 .*\n/,
      to: '',
      code: 'LINT_VPC_NODE_PORT_REPLY',
    },
    {
      title: 'with a strict primary ENI',
      file: 'sysctl.txt',
      from: 'net.ipv4.conf.ens5.rp_filter = 2',
      to: 'net.ipv4.conf.ens5.rp_filter = 1',
      code: 'LINT_VPC_RP_FILTER',
    },
    {
      title: 'without the rule to a pod',
      file: 'ip-rule.txt',
      from: /512:\tfrom all to 192.168.40.11 .*\n/,
      to: '',
      code: 'LINT_VPC_NO_TO_RULE',
    },
    {
      title: 'without the default route of a secondary ENI',
      file: 'ip-route.txt',
      from: /default via .* dev ens6 table 2 ?\n/,
      to: '',
      code: 'LINT_VPC_ENI_TABLE',
    },
    {
      title: 'with SNAT to another address',
      file: 'iptables-save.txt',
      from: '--to-source 192.168.45.10',
      to: '--to-source 192.168.45.11',
      code: 'LINT_VPC_SNAT_ADDRESS',
    },
  ])('$title: $code', ({ file, from, to, code }) => {
    expect(codesOf(changed(file, from, to))).toContain(code);
  });
});

describe('the fixtures', () => {
  it.each([
    ['v1.7', ['LINT_VPC_SOCKET_MAIN']],
    ['extsnat', ['LINT_VPC_SOCKET_MAIN']],
    ['extsvc', ['LINT_VPC_SOCKET_MAIN']],
    ['v1.20', ['LINT_VPC_SERVICE_OUTSIDE', 'LINT_VPC_SOCKET_SNAT']],
    ['ladder', KNOWN],
    ['second-vpc-cidr', KNOWN],
    ['kube-proxy-nft-v1.23', ['LINT_VPC_SERVICE_OUTSIDE', 'LINT_VPC_SOCKET_SNAT']],
    ['sgp-strict', ['LINT_VPC_BRANCH_LOCAL', ...KNOWN]],
    ['rp-ens5-strict', ['LINT_VPC_RP_FILTER', ...KNOWN]],
    ['rp-ens6-strict', ['LINT_RP_FILTER', ...KNOWN]],
    ['nonodeport', ['LINT_VPC_NODE_PORT_REPLY', ...KNOWN]],
    ['nonodeport-1.12.0', ['LINT_VPC_NODE_PORT_REPLY', 'LINT_VPC_NO_MARK_RULE', ...KNOWN]],
    ['mixed-backends', ['LINT_MIXED_BACKENDS', 'LINT_VPC_SERVICE_OUTSIDE', 'LINT_VPC_SOCKET_SNAT']],
  ])('%s', (name, codes) => {
    expect(codesOf(nodeOf(`test/walks/fixtures/${name}`))).toEqual(codes);
  });
});
