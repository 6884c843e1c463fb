/** The nodes that are measured are nodes as their agents would have made them. */
import { describe, expect, it } from 'vitest';
import { largeNode, saveOf } from '../../bench/kube-proxy.js';
import { endpointChain, servicePortHash } from '../../bench/node/chain-names.js';
import { clusterOf } from '../../bench/node/cluster.js';
import { packetsOf, printPackets } from '../../bench/node/packets.js';
import { loadNode, trace } from '../../src/index.js';
import { printNode } from '../../src/snapshot/print.js';

const linesOf = (text: string, start: string): readonly string[] =>
  text.split('\n').filter((line) => line.startsWith(start));

describe('chain names', () => {
  it('are those of kube-proxy', () => {
    expect(servicePortHash('default/kubernetes:https', 'tcp')).toBe('NPX46M4PTMTKRN6Y');
    expect(servicePortHash('kube-system/kube-dns:dns', 'udp')).toBe('TCOU7JCQXEZGVUNU');
    expect(endpointChain('kube-system/kube-dns:dns', 'udp', '10.244.0.3:53')).toBe(
      'KUBE-SEP-6E7XQMQ4RAYOWTTM',
    );
  });
});

describe('a large node', () => {
  it('is the same for the same options, and another for another seed', () => {
    const text = (seed: number): string => JSON.stringify(largeNode({ services: 60, seed }).files);
    expect(text(1)).toBe(text(1));
    expect(text(1)).not.toBe(text(2));
  });

  it('has some nineteen lines for each service port', () => {
    const lines = saveOf(clusterOf({ services: 2_000 })).split('\n').length;
    expect(lines / 2_000).toBeGreaterThan(18);
    expect(lines / 2_000).toBeLessThan(19.2);
  });

  it('has no two chains or node ports of the same name', () => {
    const save = saveOf(clusterOf({ services: 3_000 }));
    const chains = linesOf(save.slice(save.indexOf('*nat')), ':').map((line) => line.split(' ')[0]);
    expect(new Set(chains).size).toBe(chains.length);
    const ports = linesOf(save, '-A KUBE-NODEPORTS').map((line) => /--dport (\d+)/.exec(line)?.[1]);
    expect(new Set(ports).size).toBe(ports.length);
    expect(ports.length).toBeGreaterThan(100);
  });

  it('leaves out comments where kube-proxy does, above 1,000 endpoints only', () => {
    const small = clusterOf({ services: 200 });
    expect(saveOf(small, true)).toBe(saveOf(small));
    const large = saveOf(clusterOf({ services: 400 }), true);
    expect(linesOf(large, '-A KUBE-SEP-').filter((line) => line.includes('--comment'))).toEqual([]);
    expect(linesOf(large, '-A KUBE-SERVICES').every((line) => line.includes('--comment'))).toBe(true);
  });

  it('is read without a finding, and printed back as it was', () => {
    const { files } = largeNode({ services: 150 });
    const node = loadNode('large', files);
    expect(node.diagnostics).toEqual([]);
    const [save] = files;
    const back = new Set(printNode(node).split('\n'));
    const lost = [...linesOf(save?.text ?? '', '-A'), ...linesOf(save?.text ?? '', ':')].filter(
      (line) => !back.has(line),
    );
    expect(lost).toEqual([]);
  });

  it('lets its packets go where they are sent', () => {
    const { cluster, files } = largeNode({ services: 150 });
    const node = loadNode('large', files);
    const ends = packetsOf(cluster, 400).map((packet) => trace(node, packet, { steps: false }).outcomes);
    expect(ends.every((outcomes) => outcomes.length > 0)).toBe(true);
    const verdicts = new Set(ends.flatMap((outcomes) => outcomes.map(({ verdict }) => verdict)));
    expect([...verdicts].sort()).toEqual(['delivered', 'dropped', 'forwarded', 'rejected', 'sent']);
    // Pods of every interface are met: of the primary one, and of those with tables of their own.
    const devices = new Set(ends.flatMap((outcomes) => outcomes.map(({ egress }) => egress?.iface)));
    expect([...devices]).toEqual(expect.arrayContaining(['eth0', 'eth1', 'eth2']));
  });

  it('has packets whose longer list begins with the shorter one', () => {
    const cluster = clusterOf({ services: 50 });
    const long = printPackets(packetsOf(cluster, 300));
    expect(long.startsWith(printPackets(packetsOf(cluster, 100)))).toBe(true);
    expect(long.split('\n')).toHaveLength(301);
  });
});
