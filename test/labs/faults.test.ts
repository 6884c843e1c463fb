/** The linter, which knows nothing of the labs, names the faults of faulty lab nodes, and none of sound ones. */
import { describe, expect, it } from 'vitest';
import { lint } from '../../src/lint/lint.js';
import { nodeOf } from '../support/node.js';

const codesOf = (name: string): ReadonlySet<string> =>
  new Set(lint(nodeOf(`labs/nodes/${name}`)).findings.map(({ code }) => code));

/** Of any worker under the VPC CNI: a service whose endpoint is outside, and sockets of the second interface. */
const USUAL = new Set(['LINT_VPC_SERVICE_OUTSIDE', 'LINT_VPC_SOCKET_MAIN', 'LINT_VPC_SOCKET_SNAT']);

describe('the linter', () => {
  it.each([
    ['eks-no-restore', 'LINT_VPC_NO_MANGLE_RESTORE'],
    ['eks-no-policy-rule', 'LINT_VPC_NO_MARK_RULE'],
    ['eks-early-accept', 'LINT_VPC_NODE_PORT_REPLY'],
    ['eks-strict', 'LINT_VPC_RP_FILTER'],
    ['eks-no-node-port', 'LINT_VPC_NODE_PORT_REPLY'],
    ['eks-incident', 'LINT_MIXED_BACKENDS'],
  ])('finds what is wrong with %s', (name, code) => {
    expect(codesOf(name)).toContain(code);
  });

  it.each([
    ...['eks-worker-1', 'eks-worker-2', 'eks-external-snat', 'eks-excluded', 'eks-custom-networking'],
    ...[
      'eks-nft-connmark',
      'eks-ladder',
      'kops-worker-1',
      'flannel-1',
      'metallb-1',
      'calico-1',
      'docker-host',
    ],
  ])('finds nothing else wrong with %s', (name) => {
    expect([...codesOf(name)].filter((code) => !USUAL.has(code))).toEqual([]);
  });
});
