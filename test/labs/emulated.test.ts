/** What a student sees on the emulated nodes of labs where the network around a node, or a second rule set, has a say. */
import { describe, expect, it } from 'vitest';
import { typed } from './typed.js';

describe('a VPC that checks sources', () => {
  it('loses what follows the first packet where the mark is not restored', async () => {
    const [lost] = await typed('18-break-it', 'kubectl exec pod-3 -- ping -c 3 8.8.8.8');
    expect(lost).toContain('3 packets transmitted, 1 received');
  });

  it('loses a whole connection that leaves by the wrong interface, and no other', async () => {
    const curl = (pod: string): string => `kubectl exec ${pod} -- curl -m 3 https://partner.example.com`;
    const [second, first] = await typed('18-break-it', curl('pod-3-b'), curl('pod-1-b'));
    expect(second).toContain('timed out');
    expect(first).toBe('203.0.113.10\n');
  });

  it('does not look at what goes from pod to pod', async () => {
    const [hairpin] = await typed('19-incident', 'kubectl exec pod-3 -- curl -s http://solo');
    expect(hairpin).toBe('Hostname: pod-3\n');
  });
});

describe('two rule sets', () => {
  const WARNING = '# Warning: iptables-legacy tables present, use iptables-legacy to see them\n';

  it('are told of where one is listed', async () => {
    const [rules, listing, old, saved, changed] = await typed(
      '19-incident',
      ...['iptables -t nat -S KUBE-MARK-MASQ', 'iptables -t nat -L KUBE-MARK-MASQ -n'],
      ...['iptables-legacy -t nat -S', 'iptables-save -t nat', 'iptables -t nat -D POSTROUTING 1'],
    );
    expect(rules).toMatch(new RegExp(`${WARNING}$`));
    expect(listing).toMatch(new RegExp(`${WARNING}$`));
    expect(old).not.toContain('Warning');
    expect(saved).toContain('use iptables-legacy-save to see them\n');
    expect(changed).toBe('');
  });

  it('have an order, so that what was refused hangs until the old one is gone', async () => {
    const curl = 'kubectl exec pod-1 -- curl -m 3 http://empty';
    const [before, , after] = await typed('19-incident', curl, 'iptables-legacy -t nat -F', curl);
    expect(before).toContain('timed out');
    expect(after).toContain('Connection refused');
  });
});

describe('tunnels', () => {
  it('are shown with what tells their kind and their ends', async () => {
    const [link, all, entries, none] = await typed(
      '14-flannel-vxlan',
      ...['ip -d link show flannel.1', 'ip -d link show eth0', 'bridge fdb show dev flannel.1'],
      'bridge fdb show dev cni0',
    );
    expect(link).toContain('vxlan id 1 local 192.168.96.49 dev eth0');
    expect(all).toContain('does not know');
    expect(entries).toBe('e2:ad:1c:19:6f:00 dst 192.168.96.50 self permanent\n');
    expect(none).toBe('');
  });

  it.each(['bridge', 'bridge link', 'bridge fdb add', 'bridge fdb show br br0', 'bridge fdb show dev'])(
    'need no more than that: %s',
    async (line) => {
      const [output] = await typed('14-flannel-vxlan', line);
      expect(output).toContain('does not know');
    },
  );

  it('bring an echo back with what it brought', async () => {
    const [, seen] = await typed(
      '14-flannel-vxlan',
      ...['kubectl exec pod-1 -- ping -c 1 10.244.2.6', 'tcpdump -i any -nn'],
    );
    expect(seen?.match(/echo reply, id \d+, seq 1, length 64/g)).toHaveLength(4);
    expect(seen?.match(/8472: OTV, flags \[I\] \(0x08\), overlay 0, instance 1\nIP 10\.244\./g)).toHaveLength(
      2,
    );
  });

  it('carry what a pod on a bridge sends', async () => {
    const [, outer, tracked] = await typed(
      '14-flannel-vxlan',
      ...['kubectl exec pod-1 -- curl -s 10.244.2.6', 'tcpdump -i eth0 -nn', 'conntrack -L -p tcp'],
    );
    expect(outer).toMatch(
      /IP 192\.168\.96\.49\.\d+ > 192\.168\.96\.50\.8472: OTV, .*\nIP 10\.244\.1\.5\.\d+ > 10\.244\.2\.6\.80: Flags \[S\], seq \d+, win 64860, options \[mss 1410,/,
    );
    expect(tracked?.match(/src=10\.244\.1\.5/g)).toHaveLength(1);
  });
});

describe('what tcpdump reads', () => {
  it('goes on with the bytes of a connection, and knows a request', async () => {
    const [, seen] = await typed('13-docker', 'curl -s 203.0.113.9/a', 'tcpdump -i eth0 -nn -t');
    const lines = (seen ?? '').replace(/\.(?!80 )\d{5}(?= >|:)/g, '').split('\n');
    const [there, back] = ['IP 192.168.96.20 > 203.0.113.9.80:', 'IP 203.0.113.9.80 > 192.168.96.20:'];
    const plain = lines.map((line) =>
      line.replace(/(seq|ack) \d{6,}/g, '$1 N').replace(/(val|ecr) [1-9]\d*/g, '$1 T'),
    );
    const stamps = 'options [nop,nop,TS val T ecr T], length';
    expect(plain.slice(0, 10)).toEqual([
      `${there} Flags [S], seq N, win 64240, options [mss 1460,sackOK,TS val T ecr 0,nop,wscale 7], length 0`,
      `${back} Flags [S.], seq N, ack N, win 65160, options [mss 1460,sackOK,TS val T ecr T,nop,wscale 7], length 0`,
      `${there} Flags [.], ack 1, win 502, ${stamps} 0`,
      `${there} Flags [P.], seq 1:77, ack 1, win 502, ${stamps} 76: HTTP: GET /a HTTP/1.1`,
      `${back} Flags [.], ack 77, win 509, ${stamps} 0`,
      `${back} Flags [P.], seq 1:201, ack 77, win 509, ${stamps} 200: HTTP: HTTP/1.1 200 OK`,
      `${there} Flags [.], ack 201, win 501, ${stamps} 0`,
      `${there} Flags [F.], seq 77, ack 201, win 501, ${stamps} 0`,
      `${back} Flags [F.], seq 201, ack 78, win 509, ${stamps} 0`,
      `${there} Flags [.], ack 202, win 501, ${stamps} 0`,
    ]);
    expect(seen).toMatch(
      /10 packets captured\n10 packets received by filter\n0 packets dropped by kernel\n$/,
    );
  });

  it('sends nothing where only the port is tried', async () => {
    const [, seen] = await typed('13-docker', 'nc -zv 203.0.113.9 80', 'tcpdump -i eth0 -nn -t');
    expect(seen?.match(/length 0$/gm)).toHaveLength(6);
  });

  it('is the packet in an IPIP packet, on the same line', async () => {
    const [, seen] = await typed(
      '15-calico-ipip',
      ...['kubectl exec pod-1 -- ping -c 1 10.48.1.70', 'tcpdump -i eth0 -nn -t'],
    );
    expect(seen).toMatch(
      /^IP 192\.168\.96\.49 > 192\.168\.96\.50: IP 10\.48\.0\.130 > 10\.48\.1\.70: ICMP echo request, id \d+, seq 1, length 64$/m,
    );
  });
});

describe('machines behind a router', () => {
  it('are logged in to where they have an sshd, and send what goes through the node', async () => {
    const [page, counted, refused, unknown, none] = await typed(
      '01-five-hooks',
      ...['ssh server curl -s 203.0.113.9:443', 'iptables -t mangle -L FORWARD -n -v -x'],
      ...['ssh 203.0.113.9 hostname', 'ssh nobody hostname', 'ssh server'],
    );
    expect(page).toBe('page of the partner\n');
    expect(counted).toMatch(/^ +[1-9]\d* +\d+ .*seen in FORWARD/m);
    expect(refused).toContain('Could not resolve hostname');
    expect(unknown).toContain('Could not resolve hostname nobody');
    expect(none).toContain('ssh server COMMAND');
  });

  it('do not hear of a neighbour who answers past the node, until it asks in the name of the node', async () => {
    const curl = 'ssh desk curl -s -m 2 192.168.96.30:8080';
    const [lost, , asked] = await typed(
      '03-dnat-and-back',
      ...[curl, 'iptables -t nat -A POSTROUTING -s 10.50.0.0/24 -o eth1 -j MASQUERADE', curl],
    );
    expect(lost).toBe('');
    expect(asked).toBe('Hostname: web\n');
  });

  it('refuse who finds no sshd', async () => {
    const [closed] = await typed('12-how-many-pods', 'ssh nginx-01 hostname');
    expect(closed).toBe('ssh: connect to host nginx-01 port 22: Connection refused\n');
  });
});

describe('docker exec', () => {
  it('sends from a container of this host', async () => {
    const [seen, tracked] = await typed(
      '13-docker',
      ...['docker exec -it client curl -s ipinfo.io', 'conntrack -L'],
    );
    expect(seen).toBe('192.168.96.20\n');
    expect(tracked).toContain('src=172.17.0.3 dst=203.0.113.9');
  });

  it.each([
    ['docker exec nobody curl ipinfo.io', 'No such container: nobody'],
    ['ssh idle docker exec web curl ipinfo.io', 'No such container: web'],
    ['docker exec web', 'requires at least 2 arguments'],
    ['docker exec --privileged web ip addr', 'does not know'],
    ['docker run nginx', 'does not know'],
  ])('%s', async (line, told) => {
    const [output] = await typed('13-docker', line);
    expect(output).toContain(told);
  });
});

describe('a load balancer in front of two nodes', () => {
  it('shares connections of one client among the pods, each with a port of its own', async () => {
    const [name, shared, there] = await typed(
      '11-node-port',
      'dig +short web.example.com',
      'for i in {1..30}; do curl -s web-ip.example.com | grep Hostname; done | sort | uniq -c',
      'ssh worker-2 conntrack -L -p tcp',
    );
    expect(name).toBe('203.0.113.80\n');
    const counts = [...(shared ?? '').matchAll(/^ +(\d+) Hostname: (web-[abc])$/gm)];
    expect(counts.map(([, , pod]) => pod)).toEqual(['web-a', 'web-b', 'web-c']);
    expect(counts.reduce((sum, [, count]) => sum + Number(count), 0)).toBe(30);
    const ports = [...(there ?? '').matchAll(/src=192\.168\.40\.202 dst=192\.168\.73\.44 sport=(\d+)/g)];
    expect(ports).toHaveLength(Number(counts[2]?.[1]));
  });
});
