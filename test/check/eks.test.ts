/** The suite in examples/checks: it passes on the node in examples, and fails, naming the place, when the node is changed. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { SuiteJson } from '../../src/check/report/json.js';
import { natwalk } from '../support/cli.js';

const examples = join(import.meta.dirname, '../../examples');
const suite = join(examples, 'checks/eks.yaml');
const scratch = mkdtempSync(join(tmpdir(), 'natwalk-check-'));

afterAll(() => {
  rmSync(scratch, { recursive: true });
});

describe('examples/checks/eks.yaml', () => {
  it('has at least 100 checks, and all pass', async () => {
    const { status, out, err } = await natwalk(['check', suite, '--json']);
    const { checks, failed, results } = JSON.parse(out) as SuiteJson;
    expect(results.filter(({ passed }) => !passed).map(({ name }) => name)).toEqual([]);
    expect([status, failed, err]).toEqual([0, 0, '']);
    expect(checks).toBeGreaterThanOrEqual(100);
    expect(new Set(results.map(({ name }) => name)).size).toBe(checks);
  });
});

/** A fault in one dump: what is replaced by what, and what a report of it must name. */
interface Fault {
  readonly name: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
  readonly names: RegExp;
}

const SAVE = 'iptables-save.txt';

const rule = (text: string): string => `${text}\n`;

const FAULTS: readonly Fault[] = [
  {
    name: 'the rule that restores the mark in mangle is gone',
    file: SAVE,
    from: rule(
      '-A PREROUTING -i eni+ -m comment --comment "AWS, primary ENI" -j CONNMARK --restore-mark --nfmask 0x80 --ctmask 0x80',
    ),
    to: '',
    names: /policy rule 1536 \(.*ip-rule\.txt:[78]\)/,
  },
  {
    name: 'the rule that restores the mark in nat is gone',
    file: SAVE,
    from: rule(
      '-A PREROUTING -m comment --comment "AWS, CONNMARK" -j CONNMARK --restore-mark --nfmask 0x80 --ctmask 0x80',
    ),
    to: '',
    names: /policy rule 1536 \(.*ip-rule\.txt:[78]\)/,
  },
  {
    name: 'the policy rule for marked packets is gone',
    file: 'ip-rule.txt',
    from: rule('1024:\tfrom all fwmark 0x80/0x80 lookup main'),
    to: '',
    names: /policy rule 1536 \(.*ip-rule\.txt:[67]\)/,
  },
  {
    name: 'the prefix of the VPC is widened in the SNAT chain',
    file: SAVE,
    from: '-A AWS-SNAT-CHAIN-0 -d 192.168.0.0/16 ',
    to: '-A AWS-SNAT-CHAIN-0 -d 192.168.0.0/15 ',
    names: /nat AWS-SNAT-CHAIN-0 rule 1 \(.*iptables-save\.txt:80\)/,
  },
  {
    name: 'the address of SNAT is that of the other ENI',
    file: SAVE,
    from: '--to-source 192.168.45.10 ',
    to: '--to-source 192.168.58.200 ',
    names: /nat AWS-SNAT-CHAIN-0 rule 2 \(.*iptables-save\.txt:81\)/,
  },
  {
    name: 'nat POSTROUTING jumps nowhere any more',
    file: SAVE,
    from: [
      '-A POSTROUTING -m comment --comment "kubernetes postrouting rules" -j KUBE-POSTROUTING\n',
      '-A POSTROUTING -m comment --comment "AWS SNAT CHAIN" -j AWS-SNAT-CHAIN-0\n-A AWS-CONNMARK-CHAIN-0 -d',
    ].join(''),
    to: '-A AWS-CONNMARK-CHAIN-0 -d',
    names: /nat POSTROUTING \(.*iptables-save\.txt:\d+\): policy ACCEPT/,
  },
  {
    name: 'the two rules of the CONNMARK chain are swapped',
    file: SAVE,
    from: [
      '-A AWS-CONNMARK-CHAIN-0 -d 192.168.0.0/16 -m comment --comment "AWS CONNMARK CHAIN, VPC CIDR" -j RETURN\n',
      '-A AWS-CONNMARK-CHAIN-0 -m comment --comment "AWS, CONNMARK" -j CONNMARK --set-xmark 0x80/0x80\n',
    ].join(''),
    to: [
      '-A AWS-CONNMARK-CHAIN-0 -m comment --comment "AWS, CONNMARK" -j CONNMARK --set-xmark 0x80/0x80\n',
      '-A AWS-CONNMARK-CHAIN-0 -d 192.168.0.0/16 -m comment --comment "AWS CONNMARK CHAIN, VPC CIDR" -j RETURN\n',
    ].join(''),
    names: /policy rule 1024 \(.*ip-rule\.txt:6\)/,
  },
  {
    name: 'ens5 filters reverse paths strictly',
    file: 'sysctl.txt',
    from: 'net.ipv4.conf.ens5.rp_filter = 2',
    to: 'net.ipv4.conf.ens5.rp_filter = 1',
    names: /rp_filter/,
  },
  {
    name: 'the rule that leaves other packets alone is gone from KUBE-POSTROUTING',
    file: SAVE,
    from: rule('-A KUBE-POSTROUTING -m mark ! --mark 0x4000/0x4000 -j RETURN'),
    to: '',
    names: /nat KUBE-POSTROUTING rule 2 \(.*iptables-save\.txt:\d+\)/,
  },
  {
    name: 'the endpoint of service web has another port',
    file: SAVE,
    from: '--to-destination 192.168.61.33:8080',
    to: '--to-destination 192.168.61.33:8081',
    names: /nat KUBE-SEP-NQE3TEW23MCT46GI rule 2 \(.*iptables-save\.txt:97\)/,
  },
  {
    name: 'the host route of a pod is gone',
    file: 'ip-route.txt',
    from: rule('192.168.40.11 dev eni1f4c3ab7e90 scope link '),
    to: '',
    names: /ip-route\.txt:\d+\)/,
  },
  {
    name: 'the mark of node ports is gone',
    file: SAVE,
    from: '-m addrtype --dst-type LOCAL --limit-iface-in -j CONNMARK --set-xmark 0x80/0x80',
    to: '-m addrtype --dst-type LOCAL --limit-iface-in -j CONNMARK --set-xmark 0x40/0x40',
    names: /mangle PREROUTING rule 1 \(.*iptables-save\.txt:\d+\)|policy rule 1536 \(.*ip-rule\.txt:\d+\)/,
  },
];

describe('examples/checks/eks.yaml fails, and says where, after', () => {
  it.each(FAULTS.map((fault, number) => ({ ...fault, number })))('$name', async (fault) => {
    const { file, from, to, names, number } = fault;
    const folder = join(scratch, String(number));
    mkdirSync(folder);
    cpSync(examples, folder, { recursive: true });
    const dump = join(folder, 'eks-node', file);
    const before = readFileSync(dump, 'utf8');
    const after = before.replace(from, to);
    expect(after).not.toBe(before);
    writeFileSync(dump, after);
    const { status, out } = await natwalk(['check', join(folder, 'checks/eks.yaml')]);
    expect(status).toBe(1);
    expect(out).toMatch(/^FAIL {2}/);
    expect(out.replace(/\s+/g, ' ')).toMatch(names);
  });
});
