/** Bundles made as their collectors make them: of a node in namespaces, by the node's own tools and the real tar. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { zipOf } from '../support/archive.js';
import { natwalk } from '../support/cli.js';

/** A node of the AWS VPC CNI with a pod on its second interface. */
const NODE = `set -e
ip link set lo up
for dev in ens5 ens6 eni7cc107bb; do
  ip link add $dev type veth peer name p-$dev; ip link set $dev up; ip link set p-$dev up
done
ip addr add 192.168.45.10/19 dev ens5
ip addr add 192.168.62.20/19 dev ens6 noprefixroute
ip route add default via 192.168.32.1 dev ens5
ip route add 192.168.61.33 dev eni7cc107bb scope link
ip route add 192.168.32.1 dev ens6 scope link table 2
ip route add default via 192.168.32.1 dev ens6 table 2
ip rule add pref 512 to 192.168.61.33 lookup main
ip rule add pref 1024 fwmark 0x80/0x80 lookup main
ip rule add pref 1536 from 192.168.61.33 lookup 2
sysctl -q -w net.ipv4.ip_forward=1 net.ipv4.conf.all.rp_filter=0
for dev in ens5 ens6 eni7cc107bb; do sysctl -q -w net.ipv4.conf.$dev.rp_filter=0; done
iptables-nft-restore <<'RULES'
*mangle
:PREROUTING ACCEPT [0:0]
-A PREROUTING -i ens5 -m addrtype --dst-type LOCAL --limit-iface-in -j CONNMARK --set-xmark 0x80/0x80
-A PREROUTING -i eni+ -j CONNMARK --restore-mark --nfmask 0x80 --ctmask 0x80
COMMIT
*nat
:PREROUTING ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
:AWS-CONNMARK-CHAIN-0 - [0:0]
:AWS-SNAT-CHAIN-0 - [0:0]
-A PREROUTING -i eni+ -m comment --comment "AWS, outbound connections" -j AWS-CONNMARK-CHAIN-0
-A PREROUTING -m comment --comment "AWS, CONNMARK" -j CONNMARK --restore-mark --nfmask 0x80 --ctmask 0x80
-A POSTROUTING -m comment --comment "AWS SNAT CHAIN" -j AWS-SNAT-CHAIN-0
-A AWS-CONNMARK-CHAIN-0 -d 192.168.0.0/16 -j RETURN
-A AWS-CONNMARK-CHAIN-0 -j CONNMARK --set-xmark 0x80/0x80
-A AWS-SNAT-CHAIN-0 -d 192.168.0.0/16 -j RETURN
-A AWS-SNAT-CHAIN-0 ! -o vlan+ -m addrtype ! --dst-type LOCAL -j SNAT --to-source 192.168.45.10 --random-fully
COMMIT
*filter
:INPUT ACCEPT [0:0]
:FORWARD ACCEPT [0:0]
COMMIT
RULES
cd "$1"
`;

/** eks-log-collector.sh: the folder's content, without the folder. */
const EKS = `mkdir -p eks/networking eks/sysctls eks/system eks/var_log
cd eks/networking
iptables-nft-save > iptables-save.txt; ip6tables-nft-save > ip6tables-save.txt
for table in mangle filter nat; do
  { iptables-nft --wait 1 --numeric --verbose --list --table $table; echo =======; echo 'Total Number of Rules: 9'; } > iptables-$table.txt
done
cp iptables-filter.txt iptables.txt
ip rule show > iprule.txt; ip -6 rule show > ip6rule.txt
ip route show table all > iproute.txt; ip -6 route show table all > ip6route.txt
{ echo '*** Output of conntrack -S *** '; conntrack -S; echo '*** Output of conntrack -L ***'; conntrack -L; } > conntrack.txt 2>&1
echo 'nameserver 192.168.0.2' > resolv.conf
cd ..
sysctl --all > sysctls/sysctl_all.txt 2> /dev/null
ps aux > system/ps.txt; ln -s /etc/passwd var_log/messages
tar --create --gzip --file "$1/eks_i-0123456789abcdef0_2026-11-28_2140-UTC_0.7.9.tar.gz" .
`;

/** sos report: a file for each command, named after it; no iptables-save. */
const SOS = `top=sosreport-node7-2026-11-28-abcdefg; mkdir -p $top/sos_commands; cd $top/sos_commands
mkdir networking firewall_tables kernel host conntrack
run() { file=$(printf '%s' "$2" | tr ' ' _); $2 > $1/$file 2>&1 || true; }
run host hostname
run networking 'ip -o addr'; run networking 'ip -d address'; run networking 'ip -s -d link'
run networking 'ip route show table all'; run networking 'ip -6 route show table all'
run networking 'ip -4 rule list'; run networking 'ip -6 rule list'; run networking 'ip -s -s neigh show'
run firewall_tables 'nft -a list ruleset'
for table in mangle filter nat; do iptables-nft -t $table -nvL > firewall_tables/iptables_-t_\${table}_-nvL; done
iptables-nft -vnxL > firewall_tables/iptables_-vnxL
run kernel 'sysctl -a'; run conntrack 'conntrack -L -o extended'
cd ../..; ln -s sos_commands/networking/ip_-d_address $top/ip_addr
tar -czf sosreport-node7.tar.gz $top
`;

/** cilium-bugtool of one agent: blanks become dashes. */
const CILIUM = `top=cilium-bugtool-cilium-x2v4q-20261128-214000; mkdir -p $top/cmd
run() { file=$(printf '%s' "$1" | tr ' /' '--'); { \${2:-$1}; } > "$top/cmd/$file.md" 2>&1 || true; }
run 'ip a'; run 'ip -4 r'; run 'ip -6 r'; run 'ip -d -s l'; run 'ip -4 n'; run 'ip rule'
run 'ip -4 route show table 2'; run 'ip -4 route show table local'
run 'iptables-save -c' 'iptables-nft-save -c'; run 'iptables-nft-save -c'; run 'ip6tables-save -c' 'ip6tables-nft-save -c'
run 'iptables-legacy-save -c'; run 'ipset list'; run 'sysctl -a'
tar -czf $top.tar.gz $top
`;

const scratch = mkdtempSync(join(tmpdir(), 'natwalk-collected-'));
const QUESTION = ['--from', '192.168.61.33', '--to', '203.0.113.9:443'];
const ANSWER = 'forwarded ens5 via 192.168.32.1 src 192.168.45.10:1024-65535 dst 203.0.113.9:443 p=1\n';

beforeAll(() => {
  const steps = [EKS, SOS, CILIUM].map((steps) => `(${steps})`).join('\n');
  const args = ['--net', '--mount', 'bash', '-c', `${NODE}${steps}`, 'bash', scratch];
  const { status, stderr } = spawnSync('unshare', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
}, 60_000);

afterAll(() => {
  rmSync(scratch, { recursive: true });
});

const EKS_ARCHIVE = 'eks_i-0123456789abcdef0_2026-11-28_2140-UTC_0.7.9.tar.gz';

describe('the archive of a collector answers where a pod goes to the internet', { timeout: 60_000 }, () => {
  it.each([
    ['the EKS log collector', EKS_ARCHIVE],
    ['sos report', 'sosreport-node7.tar.gz'],
    ["Cilium's bugtool", 'cilium-bugtool-cilium-x2v4q-20261128-214000.tar.gz'],
  ])('%s', async (_name, archive) => {
    const { status, out, err } = await natwalk([
      'trace',
      join(scratch, archive),
      ...QUESTION,
      '-o',
      'minimal',
    ]);
    expect([status, out]).toEqual([0, ANSWER]);
    expect(err).not.toMatch(/^error /m);
  });

  it("Cilium's sysdump, a zip of the archives of each node", async () => {
    const inner = 'cilium-bugtool-cilium-x2v4q-20261128-214000.tar.gz';
    const zip = join(scratch, 'cilium-sysdump-20261128-214000.zip');
    const data = readFileSync(join(scratch, inner));
    writeFileSync(zip, zipOf([{ name: `cilium-sysdump/${inner}`, data }]));
    const { status, out } = await natwalk(['trace', zip, ...QUESTION, '-o', 'minimal']);
    expect([status, out]).toEqual([0, ANSWER]);
  });

  it('and doctor says what the EKS log collector leaves out', async () => {
    const { status, out } = await natwalk(['doctor', join(scratch, EKS_ARCHIVE)]);
    expect(status).toBe(0);
    expect(out).toContain('nft -a list ruleset');
  });
});

it.runIf(spawnSync('xz', ['--version']).status === 0)(
  'an archive of xz, as sos makes them, is read after the command that natwalk advises',
  { timeout: 60_000 },
  async () => {
    const shell = (command: string): void => {
      const { status, stderr } = spawnSync('sh', ['-c', command], { cwd: scratch, encoding: 'utf8' });
      expect([status, stderr]).toEqual([0, '']);
    };
    shell('gzip -dc sosreport-node7.tar.gz | xz -0 > sosreport-node8.tar.xz');
    const refused = await natwalk(['trace', join(scratch, 'sosreport-node8.tar.xz'), ...QUESTION]);
    const advice = /READ_PACKING[^]*?\bnatwalk opens:\s+(xz [^]*?\.tar\.gz)/.exec(refused.err)?.[1] ?? '';
    expect(refused.status).toBe(2);
    shell(advice.replace(/\s+/g, ' '));
    const archive = join(scratch, 'sosreport-node8.tar.gz');
    expect((await natwalk(['trace', archive, ...QUESTION, '-o', 'minimal'])).out).toBe(ANSWER);
  },
);

describe('tar -S', { timeout: 60_000 }, () => {
  it.each(['gnu', 'pax'])('(%s) has a file full of holes passed over, and the rest read', async (format) => {
    const make = `cd "$1"/eks && for at in 0 9 18 27 36 45 54 63 72 81; do
      printf %05000d 7 | dd of=networking/alastlog bs=1k seek=$((at * 1024)) conv=notrunc status=none; done
      truncate -s 2G networking/alastlog && tar -S --format=${format} --sort=name -czf ../holes.tar.gz . && rm networking/alastlog`;
    const { status, stderr } = spawnSync('bash', ['-c', make, 'bash', scratch], { encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, '']);
    const holes = join(scratch, 'holes.tar.gz');
    const { out, err } = await natwalk(['trace', holes, ...QUESTION, '-o', 'minimal']);
    expect(out).toBe(ANSWER);
    expect(err).toContain('READ_SPARSE');
    expect(err).not.toContain('READ_ARCHIVE_DAMAGED');
  });
});
