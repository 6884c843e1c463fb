/** What the linter says of a packet's fate, asked of the kernel: it does with the packet what the finding says. */
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Finding } from '../../src/lint/finding.js';
import { lint } from '../../src/lint/lint.js';
import type { PacketInput } from '../../src/packet/result.js';
import { loadNode } from '../../src/snapshot/load.js';
import { disagreement } from './adapter/agree.js';
import { type Observation, judge } from './adapter/judge.js';
import { scratchFolder } from './adapter/scratch.js';

const EKS = join(import.meta.dirname, '../../examples/eks-node');

interface Change {
  readonly file: string;
  readonly from: string | RegExp;
  readonly to: string;
}

interface Case {
  readonly code: string;
  readonly change: readonly Change[];
  /** Dumps that the node has besides. */
  readonly more?: Readonly<Record<string, string>>;
}

/** Rules that are put into the embedded node's filter table, or before its other rules of mangle and nat. */
const filter = (lines: string): Change => ({
  file: 'iptables-save.txt',
  from: /(?=-A FORWARD )/,
  to: `${lines}\n`,
});
const mangle = (lines: string): Change => ({
  file: 'iptables-save.txt',
  from: /(?=-A PREROUTING -i ens5 )/,
  to: `${lines}\n`,
});
const rule = (line: string): Change => ({
  file: 'ip-rule.txt',
  from: Number.parseInt(line, 10) < 512 ? /(?=512:)/ : /(?=1024:)/,
  to: `${line}\n`,
});
const strict = (device: string): Change => ({
  file: 'sysctl.txt',
  from: `net.ipv4.conf.${device}.rp_filter = `,
  to: `net.ipv4.conf.${device}.rp_filter = 1\n# was `,
});

const CASES: readonly Case[] = [
  { code: 'LINT_VPC_SERVICE_OUTSIDE', change: [] },
  { code: 'LINT_VPC_SOCKET_MAIN', change: [] },
  { code: 'LINT_VPC_NO_MARK_RULE', change: [{ file: 'ip-rule.txt', from: /1024:.*\n/, to: '' }] },
  {
    code: 'LINT_VPC_NO_RESTORE',
    change: [
      {
        file: 'iptables-save.txt',
        from: /-A PREROUTING -m comment --comment "AWS, CONNMARK".*\n/,
        to: '',
      },
    ],
  },
  {
    code: 'LINT_VPC_NO_MANGLE_RESTORE',
    change: [
      {
        file: 'iptables-save.txt',
        from: /-A PREROUTING -i eni\+ -m comment --comment "AWS, primary ENI".*\n/,
        to: '',
      },
    ],
  },
  {
    code: 'LINT_VPC_NO_TO_RULE',
    change: [{ file: 'ip-rule.txt', from: /512:\tfrom all to 192.168.40.11 .*\n/, to: '' }],
  },
  {
    code: 'LINT_VPC_ENI_TABLE',
    change: [{ file: 'ip-route.txt', from: /default via .* dev ens6 table 2 ?\n/, to: '' }],
  },
  {
    code: 'LINT_VPC_SNAT_ADDRESS',
    change: [
      { file: 'iptables-save.txt', from: '--to-source 192.168.45.10', to: '--to-source 192.168.45.11' },
    ],
  },
  { code: 'LINT_VPC_RP_FILTER', change: [strict('ens5')] },
  { code: 'LINT_RP_FILTER', change: [strict('ens6')] },
  {
    code: 'LINT_SHADOWED',
    change: [filter('-A FORWARD -s 192.168.0.0/16 -j DROP\n-A FORWARD -s 192.168.61.33/32 -p tcp -j ACCEPT')],
  },
  {
    code: 'LINT_REDUNDANT',
    change: [filter('-A FORWARD -p tcp -j DROP\n-A FORWARD -p tcp -m tcp --dport 25 -j DROP')],
  },
  { code: 'LINT_DUPLICATE', change: [filter('-A FORWARD -p udp -j DROP\n-A FORWARD -p udp -j DROP')] },
  {
    code: 'LINT_AFTER_TERMINAL',
    change: [{ file: 'iptables-save.txt', from: /(?=-A INPUT )/, to: '-A INPUT -j DROP\n' }],
  },
  {
    code: 'LINT_BEHIND_POLICY',
    change: [{ file: 'iptables-save.txt', from: ':FORWARD ACCEPT', to: ':FORWARD DROP' }],
  },
  {
    code: 'LINT_REPEATED',
    change: [
      mangle(
        '-A PREROUTING -i ens5 -j MARK --set-xmark 0x2/0x2\n-A PREROUTING -i ens5 -j MARK --set-xmark 0x2/0x2',
      ),
    ],
  },
  {
    code: 'LINT_MARK_UNREAD',
    change: [mangle('-A PREROUTING -i eni1f4c3ab7e90 -j MARK --set-xmark 0x2/0x2')],
  },
  {
    code: 'LINT_CONNMARK_LATE',
    change: [
      mangle(
        '-A PREROUTING -i enia7cc107bbb9 -j CONNMARK --restore-mark --nfmask 0x10 --ctmask 0x10\n' +
          '-A PREROUTING -i enia7cc107bbb9 -d 192.168.99.0/24 -j CONNMARK --set-xmark 0x10/0x10',
      ),
      rule('600:\tfrom all fwmark 0x10/0x10 lookup main'),
    ],
  },
  {
    code: 'LINT_POLICY_UNREACHED',
    change: [
      rule('300:\tfrom 192.168.61.33 lookup 2\n301:\tfrom 192.168.61.33 to 203.0.113.0/24 lookup main'),
    ],
  },
  { code: 'LINT_TABLE_EMPTY', change: [rule('300:\tfrom 192.168.61.33 lookup 77')] },
  {
    code: 'LINT_SNAT_NOT_OWN',
    change: [
      {
        file: 'iptables-save.txt',
        from: /(?=-A POSTROUTING -m comment --comment "kubernetes)/,
        to: '-A POSTROUTING -s 192.168.40.11/32 -d 198.51.100.0/24 -j SNAT --to-source 192.168.45.77\n',
      },
    ],
  },
];

const nat = (lines: string): Change => ({
  file: 'iptables-save.txt',
  from: /(?=-A PREROUTING -m comment --comment "kubernetes)/,
  to: `${lines}\n`,
});
const edited = (from: string | RegExp, to: string): Change => ({ file: 'iptables-save.txt', from, to });

const MORE: readonly Case[] = [
  {
    code: 'LINT_EMPTY_CHAIN',
    change: [edited(/(?=:KUBE-FORWARD )/, ':MINE - [0:0]\n'), filter('-A FORWARD -p tcp -j MINE')],
  },
  {
    code: 'LINT_CTMARK_UNREAD',
    change: [mangle('-A PREROUTING -i eni1f4c3ab7e90 -j CONNMARK --set-xmark 0x2/0x2')],
  },
  {
    code: 'LINT_CONNMARK_ONCE',
    change: [
      nat(
        '-A PREROUTING -i enia7cc107bbb9 -d 192.168.99.0/24 -j CONNMARK --set-xmark 0x10/0x10\n' +
          '-A PREROUTING -i enia7cc107bbb9 -j CONNMARK --restore-mark --nfmask 0x10 --ctmask 0x10',
      ),
      rule('600:\tfrom all fwmark 0x10/0x10 lookup main'),
    ],
  },
  {
    code: 'LINT_SNAT_FOREIGN',
    change: [
      edited(
        /(?=-A POSTROUTING -m comment --comment "kubernetes)/,
        '-A POSTROUTING -s 192.168.40.11/32 -d 198.51.100.0/24 -j SNAT --to-source 203.0.113.77\n',
      ),
    ],
  },
  {
    code: 'LINT_TABLE_NO_DEFAULT',
    change: [
      rule('300:\tfrom 192.168.61.33 lookup 77'),
      {
        file: 'ip-route.txt',
        from: /(?=default via .* dev ens6 table 2)/,
        to: '198.18.0.0/24 dev ens6 table 77 scope link \n',
      },
    ],
  },
  {
    code: 'LINT_VPC_NO_CONNMARK',
    change: [edited(/-A PREROUTING -i eni\+ .*-j AWS-CONNMARK-CHAIN-0\n/, '')],
  },
  {
    code: 'LINT_VPC_RESTORE_EARLY',
    change: [
      edited(
        /(-A PREROUTING -i eni\+ .*-j AWS-CONNMARK-CHAIN-0\n)(-A PREROUTING -m comment --comment "AWS, CONNMARK".*\n)/,
        '$2$1',
      ),
    ],
  },
  {
    code: 'LINT_VPC_MARK_LOST',
    change: [
      edited(
        /(-A PREROUTING -m comment --comment "AWS, CONNMARK".*\n)/,
        '$1-A PREROUTING -p tcp -j MARK --set-xmark 0x1/0xffffffff\n',
      ),
    ],
  },
  {
    code: 'LINT_VPC_MARK_MISSING',
    change: [
      edited('-A AWS-CONNMARK-CHAIN-0 -d 192.168.0.0/16', '-A AWS-CONNMARK-CHAIN-0 -d 203.0.113.0/24'),
    ],
  },
  { code: 'LINT_VPC_NODE_PORT_REPLY', change: [edited(/-A PREROUTING -i ens5 .*\n/, '')] },
  {
    code: 'LINT_NO_ENDPOINT',
    change: [],
    more: {
      'kubectl-get-endpoints.txt':
        'NAMESPACE   NAME   ENDPOINTS            AGE\ndefault     web    192.168.40.11:8080   3d\n',
    },
  },
];

/** A copy of the embedded node with one change. */
function folderOf({ code, change, more = {} }: Case): string {
  const root = scratchFolder('lint');
  roots.push(root);
  const folder = join(root, code);
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(EKS)) {
    // The listing of nft would be that of other rules.
    if (name === 'nft-ruleset.txt') continue;
    cpSync(join(EKS, name), join(folder, name));
  }
  for (const [name, text] of Object.entries(more)) writeFileSync(join(folder, name), text);
  for (const { file, from, to } of change) {
    const path = join(folder, file);
    const text = readFileSync(path, 'utf8');
    const changed = text.replace(from, to);
    expect(changed).not.toBe(text);
    writeFileSync(path, changed);
  }
  return folder;
}

function findingIn(folder: string, code: string): Finding {
  const files = readdirSync(folder).map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }));
  const found = lint(loadNode(folder, files)).findings.find((one) => one.code === code);
  if (found === undefined) throw new Error(`${code} is not found`);
  return found;
}

async function observe(folder: string, packets: readonly PacketInput[]): Promise<Observation[]> {
  const flow = packets.length > 1 ? packets.map((packet, step) => ({ ...packet, flow: 'f', step })) : packets;
  return judge(
    folder,
    flow.map((packet, at) => ({ ...packet, id: String(at) })),
    { watch: true },
  );
}

const roots: string[] = [];
afterAll(() => {
  for (const root of roots) rmSync(root, { recursive: true });
});

/** Rules that a finding says no packet matches, and the ones that decide instead, as the kernel traced them. */
const UNMATCHED = new Set(['LINT_SHADOWED', 'LINT_REDUNDANT', 'LINT_DUPLICATE', 'LINT_AFTER_TERMINAL']);

const nameOf = ({ params }: Finding, number: 'rule' | 'by'): string =>
  `${String(params['table'])}:${String(params['chain'])}:${String(params[number])}`;

describe('a finding', () => {
  it.each([...CASES, ...MORE])('$code: the kernel does what it says', async (one) => {
    const folder = folderOf(one);
    const finding = findingIn(folder, one.code);
    const { proof } = finding;
    if (proof.kind === 'none') throw new Error(proof.code);
    const all = [proof.shown, ...(proof.second === undefined ? [] : [proof.second])];
    const seen = await observe(
      folder,
      all.map(({ packet }) => packet),
    );
    expect(seen).toHaveLength(all.length);
    for (const [at, { outcome }] of all.entries()) {
      const observation = seen[at];
      if (observation === undefined) throw new Error('not observed');
      expect(disagreement([outcome], observation)).toBeNull();
      if (!UNMATCHED.has(one.code)) continue;
      const { nftPath: path } = observation;
      expect(path).toContain(nameOf(finding, 'by'));
      expect(path).not.toContain(nameOf(finding, 'rule'));
    }
  });
});
