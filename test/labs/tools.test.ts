/** Commands of the emulated node that a kernel test does not hold against the real ones. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openLab } from '../../src/cli/lab-files.js';
import { coloursOf } from '../../src/cli/tool-text.js';
import { newRun } from '../../src/labs/progress.js';
import { LabSession } from '../../src/labs/session.js';
import { typed } from './typed.js';

describe('settings', () => {
  it('are written by > and by tee, as far as they are there', async () => {
    const said = await typed(
      '20-build-rules',
      ...['echo 0 > /proc/sys/net/ipv4/ip_forward', 'sysctl -n net.ipv4.ip_forward'],
      ...['echo 1 | sudo tee /proc/sys/net/ipv4/ip_forward', 'cat /proc/sys/net/ipv4/conf/eth0/forwarding'],
      ...['echo 1 > /proc/sys/net/ipv4/nosuch', 'echo yes > /proc/sys/net/ipv4/ip_forward'],
      ...[
        'echo yes | tee /proc/sys/net/ipv4/ip_forward',
        'echo 1 >> /etc/hosts',
        'echo 1 >',
        'echo x > /dev/null',
      ],
    );
    expect(said).toEqual([
      ...['', '0\n', '1\n', '1\n'],
      '-bash: /proc/sys/net/ipv4/nosuch: No such file or directory\n',
      '-bash: echo: write error: Invalid argument\n',
      'yes\ntee: /proc/sys/net/ipv4/ip_forward: Invalid argument\n',
      'natwalk: the emulated > does not know "/etc/hosts". It knows: /proc/sys/...\n',
      expect.stringContaining('cannot read ">"'),
      '',
    ]);
  });

  it('are part of what was done', async () => {
    const opened = await openLab(join(import.meta.dirname, '../../labs/20-build-rules/lab.yaml'));
    if (opened.lab === null) throw new Error('the lab cannot be read');
    const session = new LabSession(opened.lab, opened.material, newRun(1), 'en');
    session.type('echo 1 > /proc/sys/net/ipv4/ip_forward');
    session.type('echo 1 > /dev/null');
    expect(session.run.journal[0]).toBe('echo 1 > /proc/sys/net/ipv4/ip_forward');
    const again = new LabSession(opened.lab, opened.material, session.run, 'en');
    expect(again.type('cat /proc/sys/net/ipv4/ip_forward').out).toBe('1\n');
  });
});

describe('who a command runs as', () => {
  it('is what the owner match asks for', async () => {
    const list = 'iptables -t nat -L ISTIO_OUTPUT -n -v -x --line-numbers';
    const [, first, , second, unknown] = await typed(
      '17-istio-sidecar',
      ...['curl -s -m 2 203.0.113.9', list, "sudo -u '#1337' curl -s -m 2 203.0.113.9", list],
      'sudo -u nobody-here curl 203.0.113.9',
    );
    expect(first).toMatch(/^4 +0 +0 RETURN/m);
    expect(first).toMatch(/^9 +[1-9]\d* +\d+ ISTIO_REDIRECT/m);
    expect(second).toMatch(/^4 +[1-9]\d* +\d+ RETURN/m);
    expect(unknown).toBe('sudo: unknown user nobody-here\n');
  });
});

describe('curl -w', () => {
  it('tells the code of the answer, or that there is none', async () => {
    const code = "curl -s -o /dev/null -w '%{http_code}\\n' -m 1";
    const [answered, refused] = await typed('13-docker', `${code} 203.0.113.9`, `${code} 203.0.113.9:81`);
    expect(answered).toBe('200\n');
    expect(refused).toBe('000\n');
  });
});

describe('sockets', () => {
  it('are those that the lab says', async () => {
    const [all, mine, gone, other] = await typed(
      '16-metallb',
      ...['ss -tnl', 'ss -tnl | grep 31384', 'ss -unl', 'kubectl exec web-1 -- ss -tnl'],
    );
    expect(all).toBe(
      'State  Recv-Q Send-Q Local Address:Port  Peer Address:PortProcess\n' +
        'LISTEN 0      4096         0.0.0.0:22         0.0.0.0:*          \n' +
        'LISTEN 0      4096         0.0.0.0:31384      0.0.0.0:*          \n',
    );
    expect(mine?.split('\n')).toHaveLength(2);
    expect(gone).toBe('State Recv-Q Send-Q Local Address:Port Peer Address:PortProcess\n');
    expect(other).not.toContain('31384');
  });

  it('of a closed connection wait, where a process of the node has closed it', async () => {
    const [, all] = await typed('13-docker', 'curl -s 203.0.113.9', 'ss -tan');
    expect(all).toMatch(/^TIME-WAIT 0 +0 +192\.168\.96\.20:\d+ +203\.0\.113\.9:80/m);
  });
});

describe('namespaces', () => {
  it('are entered by the number that lsns has, and by the name of the pod', async () => {
    const [listed, entered, executed, refused, none] = await typed(
      '04-addresses-and-routes',
      ...['lsns -t net', 'nsenter -t 3011 -n ip -c route', 'kubectl exec -it pod-1 -- ip route'],
      ...['kubectl exec pod-3 -- ip route', 'nsenter -t 4 -n ip route'],
    );
    expect(listed).toMatch(/^4026532209 net +2 +3011 65535 +0 \/run\/netns\/cni-\S+ \/pause$/m);
    expect(entered).toBe('default via 169.254.1.1 dev eth0 \n169.254.1.1 dev eth0 scope link \n');
    expect(executed).toBe(entered);
    expect(refused).toContain('does not know "pod-3: ip"');
    expect(none).toContain('No such file or directory');
  });

  it('are named by a digest of the pod, as the CNI does it', async () => {
    const [digest, links] = await typed(
      '04-addresses-and-routes',
      ...[
        'echo -n default.pod-1 | sha1sum | cut -c 1-11',
        "ip -br link | awk '/^eni/ {print $1, $2}' | sed -n 1p",
      ],
    );
    expect(digest).toBe('83dbd022cd5\n');
    expect(links).toBe('eni83dbd022cd5@if3 UP\n');
  });

  it('of containers are listed by docker', async () => {
    const [listed, idle] = await typed('13-docker', 'docker ps', 'ssh idle docker ps');
    expect(listed).toMatch(/0\.0\.0\.0:8080->80\/tcp +web\n/);
    expect(idle?.split('\n')).toHaveLength(2);
  });
});

it.each([
  ['echo -n a; echo -e "b\\tc"; echo -E "b\\tc"; echo -x', 'ab\tc\nb\\tc\n-x\n'],
  ['echo abc | sha256sum', 'edeaaff3f1774ad2888673770c6d64097e391bc362d7d6fb34982ddf0efd18cb  -\n'],
  ['echo "a b  c" | awk \'{print $3,$1,NF,$NF,"x"}\'', 'c a 3 c x\n'],
  ['echo a:b:c | cut -d : -f 1,3', 'a:c\n'],
  ['echo a:b:c | cut -d: -f2-', 'b:c\n'],
  ['echo abcdef | cut -c -2,5', 'abe\n'],
  ["echo a:b | awk -F: '{print $2}'", 'b\n'],
  ["for i in {1..4}; do echo $i; done | sed -n '2,$p' | less", '2\n3\n4\n'],
  ["for i in {1..12}; do echo $i; done | sed -n '/^1[12]/p'", '11\n12\n'],
])('%s', async (line, told) => {
  const [output] = await typed('01-five-hooks', line);
  expect(output).toBe(told);
});

it.each([
  'echo a | awk \'{system("x")}\'',
  "echo a | sed 's/a/b/'",
  'echo a | cut -f 0x',
  'echo a | awk',
  'nsenter ip addr',
  'lsns',
  'ss -K',
  'sudo -X ls',
  'echo a | sha1sum FILE',
])('says what it does not know: %s', async (line) => {
  const [output] = await typed('04-addresses-and-routes', line);
  expect(output).toContain('natwalk: the emulated');
});

describe('colours of ip -c', () => {
  const opened = openLab(join(import.meta.dirname, '../../labs/06-pod-to-internet/lab.yaml'));
  const session = async (inColour: boolean): Promise<LabSession> => {
    const { lab, material } = await opened;
    if (lab === null) throw new Error('the lab cannot be read');
    return new LabSession(lab, material, newRun(1), 'en', inColour);
  };

  it('are there where somebody sees them, and nowhere else', async () => {
    const [plain, painted] = [await session(false), await session(true)];
    expect(plain.type('ip -c -br link show ens5').out).toBe(plain.type('ip -br link show ens5').out);
    expect(coloursOf(painted.type('ip -c -br link show ens5').out)).toBe(
      '\u001b[36mens5             \u001b[0m\u001b[32mUP             \u001b[0m' +
        '\u001b[33m02:9d:41:aa:10:05 \u001b[0m<BROADCAST,MULTICAST,UP,LOWER_UP> \n',
    );
    expect(painted.type('ip -c=never route').out).toBe(plain.type('ip route').out);
  });

  it('come from nothing that is typed or dumped', async () => {
    const painted = await session(true);
    painted.type("iptables -A FORWARD -m comment --comment '\ufdd1\u001b[31mx' -j ACCEPT");
    const shown = coloursOf(
      painted.type("iptables -S FORWARD; ip -c rule | head -1; echo '\ufdd2\u001b[2J'").out,
    );
    expect(shown).not.toContain('\u001b');
    expect(shown).toContain('\\u{fdd1}\\u{1b}[31mx');
  });
});

describe('kubectl', () => {
  it('lists endpoints as kube-proxy has them, several kinds at once, and what a node is', async () => {
    const [endpoints, several, nodes, none, missing] = await typed(
      '09-cluster-ip',
      ...['kubectl get ep', 'kubectl get svc,ep -n kube-system', 'kubectl get node -o wide'],
      ...['kubectl get pod,svc -n nosuch', 'kubectl get ep nosuch'],
    );
    expect(endpoints?.split('\n').map((line) => line.split(/ {3,}/))).toEqual([
      ['NAME', 'ENDPOINTS', 'AGE'],
      ['empty', '<none>', '1h'],
      ['solo', '192.168.61.33:8080', '1h'],
      ['web', '192.168.33.90:8080,192.168.50.7:8080,192.168.73.44:8080', '1h'],
      [''],
    ]);
    expect(several).toMatch(
      /^NAME {15}TYPE .*\nservice\/kube-dns {3}ClusterIP .*\n\nNAME .*\nendpoints\/kube-dns {3}192\.168\.36\.80:53,.*\n$/,
    );
    const [head = '', row = ''] = (nodes ?? '').split('\n').map((line) => line.split(/ {3,}/).join(' | '));
    expect(head).toBe(
      'NAME | STATUS | ROLES | AGE | VERSION | INTERNAL-IP | EXTERNAL-IP | OS-IMAGE | KERNEL-VERSION | CONTAINER-RUNTIME',
    );
    expect(row).toContain('| 192.168.45.10 | <none> | <unknown>');
    expect([none, missing]).toEqual([
      'No resources found in nosuch namespace.\n',
      'Error from server (NotFound): endpoints "nosuch" not found\n',
    ]);
  });

  it('does not believe rules of an older kube-proxy about a service without endpoints', async () => {
    const [rules, listed] = await typed(
      '19-incident',
      ...['iptables-legacy -t nat -S | grep -c 192.168.43.17', 'kubectl get ep empty --no-headers'],
    );
    expect([rules !== '0\n', listed]).toEqual([true, 'empty   <none>   1h\n']);
  });

  it("shows a pod's resolver, and none for a pod of the node's own network", async () => {
    const file = 'cat /etc/resolv.conf';
    const [pod, inside, own, node, entered] = await typed(
      '04-addresses-and-routes',
      ...[`kubectl exec -it pod-1 -- ${file}`, `ssh inside-pod-1 ${file}`],
      ...[`kubectl exec -n kube-system kube-proxy -- ${file}`, file, `nsenter -t 3011 -n ${file}`],
    );
    expect(pod).toBe(
      'search default.svc.cluster.local svc.cluster.local cluster.local\nnameserver 10.100.0.10\noptions ndots:5\n',
    );
    expect(inside).toBe(pod);
    for (const said of [own, node, entered]) expect(said).toContain('does not know "/etc/resolv.conf"');
  });
});

describe('the bytes of a segment', () => {
  it('are those with the options that Linux writes', async () => {
    // The same against a listener of one kernel: SYN and SYN,ACK 60, ACK 52, 81 bytes of data 133; a refusal 40.
    const counted = (flags: string): string => `iptables -A INPUT -p tcp --tcp-flags ALL ${flags}`;
    const [, , , , , , listed] = await typed(
      '13-docker',
      ...[counted('SYN,ACK'), counted('ACK'), counted('FIN,ACK'), counted('RST,ACK')],
      ...['curl -s 203.0.113.9/a', 'nc -zv 203.0.113.9 81', 'iptables -L INPUT -n -v -x'],
    );
    const rows = [...(listed ?? '').matchAll(/^ +(\d+) +(\d+) .*flags:0x3F\/(0x\w\w)$/gm)];
    expect(
      rows.map(([, packets, bytes, flags]) => `${String(flags)} ${String(packets)} ${String(bytes)}`),
    ).toEqual(['0x12 1 60', '0x10 1 52', '0x11 1 52', '0x14 1 40']);
  });

  it('are those in a tunnel, too, with what wraps them', async () => {
    const [, , listed] = await typed(
      '14-flannel-vxlan',
      ...['iptables -A INPUT -p udp --dport 8472', 'kubectl exec pod-1 -- curl -s 10.244.2.6'],
      'iptables -L INPUT -n -v -x',
    );
    // SYN,ACK, ACK, an answer of 200 bytes, FIN,ACK: 50 bytes around each.
    expect(listed).toMatch(/^ +4 +616 .*udp dpt:8472$/m);
  });
});
