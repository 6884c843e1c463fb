/** Open questions of a way across nodes, settled on the command line. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Ran, natwalk } from '../support/cli.js';

const CLUSTER = join(import.meta.dirname, '../../examples/cluster/cluster.yaml');
const ask = (...words: string[]): Promise<Ran> =>
  natwalk(['path', CLUSTER, '--from', 'pod:pod-1', '--to', 'svc:web', ...words]);
/** The first rule of the service that draws an endpoint. */
const DRAWING = 'nat/KUBE-SVC-LOLE4ISW44XBNF3G:1';

describe('natwalk path', () => {
  it('goes to the endpoint that is picked', async () => {
    const { out, err, status } = await ask('--pick', '192.168.50.7');
    expect([err, status]).toEqual(['', 0]);
    expect(out).toContain('rests on node worker-1: the endpoint is 192.168.50.7');
    expect(out).toContain('DNAT 192.168.50.7:8080');
    expect(out).not.toContain('33.3 %');
  });

  it.each(['pod:web-b', 'web-b'])('takes the name that the cluster file gives a pod: %s', async (name) => {
    const { out, err, status } = await ask('--pick', name);
    expect([err, status]).toEqual(['', 0]);
    expect(out).toContain('the endpoint is 192.168.33.90');
    expect(out).toContain('DNAT 192.168.33.90:8080');
    expect(out).not.toContain('33.3 %');
  });

  it('tells of an endpoint that the packet does not come to, and walks all the same', async () => {
    const { out, err, status } = await ask('--pick', '9.9.9.9');
    expect(err).toContain('warning SETTLE_NO_ENDPOINT');
    expect(out).toContain('33.3 %');
    expect(status).toBe(0);
  });

  it.each(['worker-1:', 'worker-1 '])('settles a rule of a node: "%s"', async (node) => {
    const drawn = async (answer: string): Promise<string> =>
      (await ask('--assume', `${node}${DRAWING}=${answer}`)).out;
    const all = (await ask()).out;
    const [yes, no] = [await drawn('yes'), await drawn('no')];
    expect(all).toContain('[3]');
    expect(yes).toContain('rests on node worker-1');
    expect(yes).not.toContain('[2]');
    expect(no).toContain('[2]');
    expect(no).not.toContain('[3]');
  });

  it.each([
    ['x', 'USAGE_ASSUME_NODE', 'its nodes are: worker-1, worker-2'],
    ['worker-3:nat/A:1=yes', 'USAGE_ASSUME_NODE', 'worker-1:nat/CUSTOM:3=no'],
    [`worker-1:${DRAWING}`, 'USAGE_ASSUME', 'RULE=yes or RULE=no'],
    ['worker-1:nat/NONE:1=yes', 'USAGE_RULE_CHAIN', 'no chain NONE'],
  ])('refuses --assume %s', async (text, code, says) => {
    const { err, out, status } = await ask('--assume', text);
    expect([status, out]).toEqual([2, '']);
    expect(err).toContain(code);
    expect(err).toContain(says);
  });
});
