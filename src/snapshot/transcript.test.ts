/** Prompts of many shells, ways to other places, and loops: what stands above an output and where it was printed. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCommand } from './command.js';
import { layoutCommand } from './layout.js';
import { namedByBanner, readLoop } from './loop.js';
import { headingOf } from './prompt.js';
import { sectionsOf } from './sections.js';

describe('a prompt', () => {
  it.each([
    ['[12:34:56] root@n1:~# ip rule', 'ip rule', 'n1'],
    ['12:34:56 AM root@n1 /etc # ip rule', 'ip rule', 'n1'],
    ['me@mac ~ % ip rule', 'ip rule', 'mac'],
    ['me@n1:~/src (main) $ ip rule', 'ip rule', 'n1'],
    ['mac% ip rule', 'ip rule', null],
    ['➜  ~ git:(main) kubectl exec x -- ip rule', 'kubectl exec x -- ip rule', null],
    ['└─$ sudo ip rule', 'sudo ip rule', null],
    ['PS C:\\Users\\me> kubectl exec x -- ip rule', 'kubectl exec x -- ip rule', null],
    ['C:\\> ssh n1 ip rule', 'ssh n1 ip rule', null],
    ['(pod-1)$ arp', 'arp', 'pod-1'],
    ['bash-5.1# cat /etc/os-release', 'cat /etc/os-release', null],
    ['/ # ls', 'ls', null],
    [
      '# docker run --rm -it --network container:web netshoot ip a',
      'docker run --rm -it --network container:web netshoot ip a',
      null,
    ],
    [
      'Every 2.0s: sudo ip route show table 2        n7: Sat Nov 28 21:40:59 2026',
      'sudo ip route show table 2',
      'n7',
    ],
    ['kubectl get no', 'kubectl get no', null],
  ])('%j', (line, command, host) => {
    const heading = headingOf(line);
    expect([heading?.command.trim(), heading?.host]).toEqual([command, host]);
  });

  it.each([
    '# docker rules',
    '# ping the host',
    'cat is an animal.',
    '>> not a command <<',
    '-A INPUT -m comment --comment "$ ip rule" -j ACCEPT',
    'Every 2.0s it happens again',
  ])('is not seen in %j', (line) => {
    expect(headingOf(line)).toBeNull();
  });
});

describe('a command that goes elsewhere', () => {
  it.each([
    ['ssh -i key.pem -p 22 -o StrictHostKeyChecking=no ec2-user@n1 sudo ip rule', 'n1', null, 'ip rule'],
    ['ssh n1 "sudo iptables-save | grep KUBE"', 'n1', null, 'iptables'],
    ['ssh $node ip rule', 'unknown-node', null, 'ip rule'],
    ['ssh $(head -1 hosts) ip rule', 'unknown', null, 'ip rule'],
    ['sshpass -p x ssh -p 22 root@n2 ip rule', 'n2', null, 'ip rule'],
    ['ssh -J bastion n1 -- sudo ip rule', 'n1', null, 'ip rule'],
    ['sshpass -e ssh n2 ip rule', 'n2', null, 'ip rule'],
    ["gcloud compute ssh me@n3 --zone z --command 'ip rule'", 'n3', null, 'ip rule'],
    ['gcloud compute ssh n3 -- ip rule', 'n3', null, 'ip rule'],
    ["vagrant ssh n2 -c 'sudo ip rule'", 'n2', null, 'ip rule'],
    ["vagrant ssh -c 'ip rule'", 'unknown', null, 'ip rule'],
    ['parallel-ssh -h hosts -i ip rule', 'unknown', null, 'ip rule'],
    ['mytool n2 ip rule show', 'unknown', null, 'ip rule'],
    ['k exec web -- ip rule', null, 'web', 'ip rule'],
    ['kubectl run -it --rm --image=busybox tmp -- ip rule', null, 'tmp', 'ip rule'],
    ['docker compose exec -T web ip rule', null, 'web', 'ip rule'],
    ['docker-compose exec web ip rule', null, 'web', 'ip rule'],
    ['unshare -n ip rule', null, 'unshare', 'ip rule'],
    ['unshare -m ip rule', null, null, 'ip rule'],
    ['strace ip rule', null, null, 'ip rule'],
    ['ip vrf exec blue ip rule', null, null, 'ip rule'],
    ['kubectl exec -it -n kube-system pod/aws-node-x -c aws-node -- ip rule', null, 'aws-node-x', 'ip rule'],
    ['kubectl -n a exec web-0 -- sh -c "ip rule"', null, 'web-0', 'ip rule'],
    [
      'kubectl debug node/ip-10-0-0-1 -it --image=busybox -- chroot /host ip rule',
      'ip-10-0-0-1',
      null,
      'ip rule',
    ],
    ['docker exec -u 0 -it web ip addr', null, 'web', 'ip addr'],
    ['docker run --rm --net=host netshoot iptables-save', null, null, 'iptables'],
    ['docker run --rm --network container:web netshoot ip a', null, 'web', 'ip addr'],
    ['sudo nsenter -t 4711 -n -- ip rule', null, 'pid-4711', 'ip rule'],
    ['nsenter --target 1 --net ip rule', null, null, 'ip rule'],
    ['nsenter --net=/var/run/netns/blue ip rule', null, 'blue', 'ip rule'],
    ['nsenter --net=/proc/99/ns/net ip rule', null, 'pid-99', 'ip rule'],
    ['nsenter -t 4711 -m iptables-save', null, null, 'iptables'],
    ['ssh n1 sudo ip netns exec blue ip rule', 'n1', 'blue', 'ip rule'],
    ['ip netns exec blue sudo ip rule', null, 'blue', 'ip rule'],
    ['watch -n 1 sudo ip rule', null, null, 'ip rule'],
    ['LC_ALL=C sudo -E env X=1 ip rule', null, null, 'ip rule'],
    ['for i in a b; do echo "== $i"; ssh $i sudo ip rule; done', 'unknown-i', null, 'ip rule'],
  ])('%s', (text, host, namespace, kind) => {
    const command = readCommand(text);
    expect([command.host, command.namespace, command.kind]).toEqual([host, namespace, kind]);
  });

  it.each([
    'ssh n1',
    'kubectl exec -it web -- bash',
    'ip netns exec blue bash',
    'docker exec -it web /bin/sh',
    'aws ssm start-session --target i-0123',
    'kubectl run -it --rm --image=busybox tmp -- sh',
    'gcloud compute ssh n3',
  ])('%s opens a shell there', (text) => {
    expect(readCommand(text).isShell).toBe(true);
  });

  it.each([
    'sudo bash',
    'ip rule',
    'kubectl run web --image=nginx',
    'aws ec2 describe-instances',
    'docker ps',
    'kubectl get po',
    'ssh n1 ip rule',
  ])('%s opens none', (text) => {
    expect(readCommand(text).isShell).toBe(false);
  });
});

describe('a loop', () => {
  it('says what it prints before each node', () => {
    const loop = readLoop('for i in a b; do echo ">> node $i <<"; ssh $i ip rule; echo; done');
    expect(namedByBanner('>> node w2-1 <<', loop?.marker ?? null)).toBe('w2-1');
    expect(loop?.body).toEqual(['echo ">> node $i <<"', 'ssh $i ip rule', 'echo']);
  });

  it('that prints nothing but the name says something where the names are known', () => {
    expect(readLoop('while read i; do echo $i; ssh $i ip rule; done < hosts')?.marker).toBeNull();
    const marker = readLoop('for i in a b; do echo $i; ssh $i ip rule; done')?.marker ?? null;
    expect(['a', 'b', 'c'].map((line) => namedByBanner(line, marker))).toEqual(['a', 'b', null]);
    expect(readLoop('ip rule')).toBeNull();
  });

  it.each([
    ['=== node: n1 ===', 'n1'],
    ['### host n1', 'n1'],
    ['>>> n1 <<<', 'n1'],
    ['[3] 10:00:00 [SUCCESS] root@n1', 'n1'],
    ['=== ip rule ===', null],
    ['==> ip-rule.txt <==', null],
    ['--- 10.0.0.1 ping statistics ---', null],
    ['0: from all lookup local', null],
  ])('or a banner: %j', (line, name) => {
    expect(namedByBanner(line, null)).toBe(name);
  });
});

describe("a collector's file", () => {
  it.each([
    ['sos_commands/networking/ip_-6_route_show_table_all', 'ip -6 route show table all'],
    [
      'x/sos_commands/networking/namespaces/q_1/ip_netns_exec_q_1_ip_-d_address',
      'ip netns exec q_1 ip -d address',
    ],
    ['sos_commands/firewall_tables/iptables_-t_nat_-nvL', 'iptables -t nat -nvL'],
    ['cmd/iptables-nft-save--c.md', 'iptables-nft-save -c'],
    ['cmd/ip--4-route-show-table-201.md', 'ip -4 route show table 201'],
    ['cmd/sysctl--a.md', 'sysctl -a'],
    ['cmd/ip--d--s-l.md', 'ip -d -s l'],
    ['networking/ip6route.txt', 'ip -6 route show table all'],
    ['h/networking/iplinkshow', 'ip -s link show'],
    ['diagnostics/ipv6_tables', 'ip6tables-save -c'],
    ['collect/ip_rule.json', 'ip -j -d -s rule'],
    ['sysctls/sysctl_all.txt', 'sysctl -a'],
    ['networking/constructor', null],
    ['diagnostics/__proto__', null],
    ['iprule.txt', null],
  ])('%s', (path, command) => {
    expect(layoutCommand(path)).toBe(command);
  });
});

it('no text makes it throw', () => {
  const piece = fc.constantFrom(
    ...[
      '$ ',
      'root@h:~# ',
      'ssh ',
      'h ',
      'kubectl exec ',
      '-- ',
      'for i in a; do ',
      'echo "$i"',
      '; done',
      '\n',
      '```\n',
    ],
    ...[
      '<pre>',
      '&lt;UP&gt;',
      'ip rule',
      'exit',
      '>> ',
      ' <<',
      'nsenter -t ',
      '-n ',
      '{',
      '"',
      '\\',
      '0: from all lookup main',
      '-A X ',
    ],
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      const text = pieces.join('');
      for (const { source } of sectionsOf('x', text)) expect(source.firstLine).toBeGreaterThan(0);
    }),
    { numRuns: 300 },
  );
});
