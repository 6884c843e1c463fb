/** An answer from `iptables -L -n` of an old node, which shows neither interfaces nor routes: in words that people know. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { natwalk } from '../support/cli.js';

const scratch = mkdtempSync(join(tmpdir(), 'natwalk-'));
afterAll(() => {
  rmSync(scratch, { recursive: true });
});

const chain = (head: string, ...rules: readonly string[]): string =>
  [`Chain ${head}`, 'target     prot opt source               destination         ', ...rules, ''].join('\n');

const listing = [
  chain(
    'PREROUTING (policy ACCEPT)',
    'KUBE-SERVICES  all  --  0.0.0.0/0            0.0.0.0/0            /* kubernetes service portals */',
  ),
  chain('INPUT (policy ACCEPT)'),
  chain('OUTPUT (policy ACCEPT)'),
  chain(
    'POSTROUTING (policy ACCEPT)',
    'RETURN     all  --  10.244.0.0/16        10.244.0.0/16       ',
    'MASQUERADE  all  --  10.244.0.0/16       !224.0.0.0/4         ',
  ),
  chain(
    'KUBE-SERVICES (1 references)',
    'KUBE-SVC-R2VK7O5AFVLRAXSH  tcp  --  0.0.0.0/0            10.108.205.52        /* default/nginx-svc: cluster IP */ tcp dpt:80',
  ),
  chain(
    'KUBE-SVC-R2VK7O5AFVLRAXSH (1 references)',
    'KUBE-SEP-WZIMOURZMGKYESDR  all  --  0.0.0.0/0            0.0.0.0/0            /* default/nginx-svc: */',
  ),
  chain(
    'KUBE-SEP-WZIMOURZMGKYESDR (1 references)',
    'DNAT       tcp  --  0.0.0.0/0            0.0.0.0/0            /* default/nginx-svc: */ tcp to:10.244.1.3:80',
  ),
].join('\n');
writeFileSync(join(scratch, 'iptables-nat-Ln.txt'), listing);

describe('a listing without the chains that a packet begins in', () => {
  it('is told as that, not as a policy that is missing', async () => {
    const folder = join(scratch, 'part');
    mkdirSync(folder);
    writeFileSync(join(folder, 'iptables-nat-L.txt'), listing.slice(listing.indexOf('Chain KUBE-SERVICES')));
    const argv = ['trace', folder, '--in', 'cni0', '--from', '10.244.1.5', '--to', '10.108.205.52:80'];
    const out = (await natwalk(argv)).out.replace(/\s+/g, ' ');
    expect(out).toContain('chain PREROUTING of table nat is not in the snapshot; taken as empty');
    expect(out).not.toContain('the policy of nat PREROUTING');
  });
});

describe('a listing without interfaces', () => {
  it('names a service whose port has no name, as an old kube-proxy wrote it', async () => {
    const argv = ['trace', scratch, '--in', 'cni0', '--from', '10.244.1.5', '--to', 'svc:nginx-svc:80'];
    const { status, out, err } = await natwalk(argv);
    expect(status, err).toBe(0);
    expect(out).toContain('10.244.1.5:40000 > 10.108.205.52:80');
    expect(out).toContain('service default/nginx-svc');
  });

  it('says that matches are assumed, in no words of its own making', async () => {
    const argv = ['trace', scratch, '--in', 'cni0', '--from', '10.244.1.5', '--to', '10.108.205.52:80'];
    const { out } = await natwalk(argv);
    expect(out).toContain('(assumed) jump KUBE-SVC-R2VK7O5AFVLRAXSH');
    expect(out).not.toContain('by chance');
    expect(out).not.toContain('-m listing');
    expect(out).toContain('LEAVES by ? (not in the snapshot) as 10.244.1.5:40000');
    expect(out).toMatch(/^\d+ +\? +- +SENT$/m);
  });
});
