/** Several nodes in one text, folder or archive: which they are, and which one a question means. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadNode } from './load.js';
import { nodesOf } from './nodes.js';

const RULES = '0:\tfrom all lookup local\n32766:\tfrom all lookup main\n32767:\tfrom all lookup default\n';
const ROUTES = 'default via 10.0.0.1 dev eth0\n10.0.0.0/24 dev eth0 proto kernel scope link src 10.0.0.5\n';
const LINKS = '1: lo: <LOOPBACK,UP> mtu 65536\n    inet 127.0.0.1/8 scope host lo\n';
const SAVE = '*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\nCOMMIT\n';

function filesOf(files: Readonly<Record<string, string>>): { name: string; text: string }[] {
  return Object.entries(files).map(([name, text]) => ({ name, text }));
}

/** `name*` is the main one; what each holds stands behind. */
function nodes(files: Readonly<Record<string, string>>): readonly string[] {
  return nodesOf(filesOf(files)).map(
    ({ name, isMain, holds }) => `${name}${isMain ? '*' : ''}: ${holds.map(({ kind }) => kind).join(', ')}`,
  );
}

describe('a transcript', () => {
  it.each<[string, string, readonly string[]]>([
    ['of one host without prompts is one node', `${RULES}${ROUTES}`, ['node*: ip rule, ip route']],
    [
      'of two hosts by their prompts',
      `root@a:~# ip rule\n${RULES}[root@b ~]$ ip rule\n${RULES}`,
      ['a: ip rule', 'b: ip rule'],
    ],
    [
      'has the host as its main node beside what ran in namespaces',
      `root@a:~# ip rule\n${RULES}root@a:~# ip netns exec blue ip rule\n${RULES}root@a:~# ip -n red route\n${ROUTES}`,
      ['a*: ip rule', 'blue: ip rule', 'red: ip route'],
    ],
    [
      'has the host that holds all that the others hold, and more, as its main node',
      `root@a:~# ip rule\n${RULES}root@b:~# ip rule\n${RULES}root@b:~# ip route\n${ROUTES}`,
      ['a: ip rule', 'b*: ip rule, ip route'],
    ],
    [
      'of ssh from one place',
      `me@desk:~$ ssh -i k.pem ec2-user@n1 sudo ip rule\n${RULES}me@desk:~$ ssh n2 'ip route'\n${ROUTES}`,
      ['n1: ip rule', 'n2: ip route'],
    ],
    [
      'of a loop that names each node',
      `$ for i in n1 n2; do echo ">> node $i <<"; ssh ec2-user@$i sudo ip -c route; echo; done\n>> node n1 <<\n${ROUTES}\n>> node n2 <<\n${ROUTES}`,
      ['n1: ip route', 'n2: ip route'],
    ],
    [
      'of a loop with headings of its own',
      `$ for p in $(kubectl get po -o name); do echo "-- $p"; kubectl exec $p -- ip rule; done\n-- pod/x-1\n${RULES}-- pod/x-2\n${RULES}`,
      ['x-1: ip rule', 'x-2: ip rule'],
    ],
    [
      'of Ansible',
      `n1 | CHANGED | rc=0 >>\n${RULES}n2 | CHANGED | rc=0 >>\n${RULES}`,
      ['n1: ip rule', 'n2: ip rule'],
    ],
    [
      'of containers and pods',
      `# docker exec -it web ip addr\n${LINKS}# kubectl -n kube-system exec aws-node-1 -c aws-node -- ip rule\n${RULES}`,
      ['web: ip addr', 'aws-node-1: ip rule'],
    ],
    [
      'of nsenter: only another network is another node',
      `# nsenter -t 4711 -n ip addr\n${LINKS}# nsenter -t 1 -m -u -n -i ip rule\n${RULES}# nsenter -t 99 -m ip route\n${ROUTES}# nsenter --net=/run/netns/red ip addr\n${LINKS}`,
      ['pid-4711: ip addr', 'node*: ip rule, ip route', 'red: ip addr'],
    ],
    [
      'with a shell in a namespace, until it ends',
      `root@a:~# ip netns exec blue bash\nroot@a:~# ip addr\n${LINKS}root@a:~# exit\nexit\nroot@a:~# ip rule\n${RULES}`,
      ['blue: ip addr', 'a*: ip rule'],
    ],
    [
      'with a shell in a pod, until the prompt is the old one',
      `me@desk:~$ kubectl exec -it web-0 -- sh\n/ # ip addr\n${LINKS}/ # ip route\n${ROUTES}me@desk:~$ ip rule\n${RULES}`,
      ['web-0: ip addr, ip route', 'desk*: ip rule'],
    ],
    [
      'with a login on another host',
      `me@desk:~$ ssh n1\nLast login: today\n[ec2-user@ip-10-0-0-1 ~]$ sudo ip rule\n${RULES}[ec2-user@ip-10-0-0-1 ~]$ exit\n`,
      ['ip-10-0-0-1*: ip rule'],
    ],
    [
      'of watch',
      `Every 2.0s: ip route                    n7: Sat Nov 28 21:40:59 2026\n\n${ROUTES}`,
      ['n7*: ip route'],
    ],
  ])('%s', (_name, text, expected) => {
    expect(nodes({ 'paste.txt': text })).toEqual(expected);
  });
});

const LOCAL = `me@desk:~$ ip rule\n${RULES}me@desk:~$ ip route\n${ROUTES}me@desk:~$ `;
const OTHER_RULES = RULES.replace('32766:', '100:\tfrom 10.3.0.0/16 blackhole\n32766:');
const HERE = 'desk*: ip rule, ip route';

describe('output of other places below a prompt of this one', () => {
  it.each<[string, string, readonly string[]]>([
    [
      'for i in n1 n2; do ssh $i ip rule; done',
      `${RULES}${OTHER_RULES}`,
      [HERE, 'n1: ip rule', 'n2: ip rule'],
    ],
    [
      'for i in n1 n2; do ssh $i "ip rule; ip route"; done',
      `${RULES}${ROUTES}${OTHER_RULES}${ROUTES}`,
      ['desk: ip rule, ip route', 'n1: ip rule, ip route', 'n2: ip rule, ip route'],
    ],
    [
      'for i in n1 n2; do ssh $i ip route; done',
      `${ROUTES}${ROUTES}`,
      [HERE, 'n1: ip route', 'n2: ip route'],
    ],
    [
      'for i in n1 n2; do ssh $i sudo iptables-save; done',
      `${SAVE}${SAVE}`,
      ['desk: ip rule, ip route', 'n1: iptables', 'n2: iptables'],
    ],
    [
      'for i in n1 n2; do ssh $i sudo iptables-save; done',
      `${SAVE}${SAVE.replace('filter', 'raw')}${SAVE}`,
      [HERE, 'unknown-1: iptables', 'unknown-2: iptables'],
    ],
    [
      'for i in n1 n2; do echo $i; ssh $i ip rule; done',
      `n1\n${RULES}n2\n${RULES}`,
      [HERE, 'n1: ip rule', 'n2: ip rule'],
    ],
    [
      'for i in n1 n2 n3; do ssh $i ip rule; done',
      `${RULES}${RULES}`,
      [HERE, 'unknown-1: ip rule', 'unknown-2: ip rule'],
    ],
    [
      'for i in $(cat hosts); do ssh $i ip rule; done',
      `${RULES}${RULES}`,
      [HERE, 'unknown-1: ip rule', 'unknown-2: ip rule'],
    ],
    ['while read h; do ssh $h ip rule; done < hosts', OTHER_RULES, [HERE, 'unknown-1: ip rule']],
    ['cat pods | xargs -I{} kubectl exec {} -- ip rule', OTHER_RULES, [HERE, 'unknown-1: ip rule']],
    [
      'PID=$(docker inspect -f x web); sudo nsenter -t $PID -n ip rule',
      OTHER_RULES,
      [HERE, 'pid-PID: ip rule'],
    ],
    ["vtysh -c 'show run'; ssh n2 ip rule", OTHER_RULES, [HERE, 'n2: ip rule']],
    ['ip route; ssh n2 ip rule', `${ROUTES}${OTHER_RULES}`, [HERE, 'n2: ip rule']],
    ['ip rule; ssh n2 ip rule', OTHER_RULES, [HERE, 'unknown-1: ip rule']],
    ['aws ssm start-session --target i-0123', `sh-4.2$ ip rule\n${OTHER_RULES}`, [HERE, 'i-0123: ip rule']],
    ['kubectl run -it --image=busybox tmp -- sh', `/ # ip rule\n${OTHER_RULES}`, [HERE, 'tmp: ip rule']],
    ['ssh $NODE ip rule', OTHER_RULES, [HERE, 'unknown-NODE: ip rule']],
    ['mytool n2 ip rule show', OTHER_RULES, [HERE, 'unknown: ip rule']],
    [
      'for t in nat filter; do iptables -t $t -S; done',
      '-P INPUT ACCEPT\n',
      ['desk*: ip rule, ip route, iptables'],
    ],
    ['cd /tmp && sudo ip -6 rule', RULES, ['desk*: ip rule, ip route']],
  ])('%s', (command, output, expected) => {
    expect(nodes({ 'paste.txt': `${LOCAL}${command}\n${output}` })).toEqual(expected);
  });

  it('goes on at the same unknown hosts where the list is the same', () => {
    const loop = (tool: string): string => `for i in $(cat hosts); do ssh $i ${tool}; done`;
    const text = `${LOCAL}${loop('ip rule')}\n${RULES}${RULES}me@desk:~$ ${loop('iptables-save')}\n${SAVE}${SAVE}`;
    expect(nodes({ 'paste.txt': text })).toEqual([
      HERE,
      'unknown-1: ip rule, iptables',
      'unknown-2: ip rule, iptables',
    ]);
  });
});

describe('folders', () => {
  it('with files of the same names are one node each', () => {
    expect(
      nodes({
        'cluster/n1/ip-rule.txt': RULES,
        'cluster/n1/ip-route.txt': ROUTES,
        'cluster/n2/ip-rule.txt': RULES,
        'cluster/n2/ip-route.txt': ROUTES,
      }),
    ).toEqual(['n1: ip rule, ip route', 'n2: ip rule, ip route']);
  });

  it('of one node are one node, however they are called', () => {
    expect(nodes({ 'rules/a.txt': RULES, 'routes/b.txt': ROUTES, 'x/y/c.txt': SAVE })).toEqual([
      'node*: ip rule, ip route, iptables',
    ]);
    const six = '0:\tfrom all lookup local\n1:\tfrom fd00::1 lookup 5\n';
    expect(nodes({ 'v4/rule': RULES, 'v6/rule': six })).toEqual(['node*: ip rule']);
  });

  it('called like members of every object are folders like others', () => {
    const names = nodesOf(
      filesOf({
        '__proto__/ip-rule.txt': RULES,
        'constructor/ip-rule.txt': RULES,
        'toString/ip-rule.txt': RULES,
      }),
    ).map(({ name }) => name);
    expect(names).toEqual(['__proto__', 'constructor', 'toString']);
  });

  it('of two bundles with one name get two names', () => {
    const names = nodesOf(
      filesOf({
        'a/x/ip-rule.txt': RULES,
        'a/y/ip-rule.txt': RULES,
        'b/x/ip-rule.txt': RULES,
        'b/y/ip-rule.txt': RULES,
      }),
    ).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });
});

describe('bundles', () => {
  it.each<[string, Readonly<Record<string, string>>, readonly string[]]>([
    [
      'sosreport, with its namespaces',
      {
        'sosreport-web1-2024-01-31-abcdefg/hostname': 'web1.example\n',
        'sosreport-web1-2024-01-31-abcdefg/sos_commands/networking/ip_-4_rule_list': RULES,
        'sosreport-web1-2024-01-31-abcdefg/sos_commands/networking/ip_route_show_table_all': ROUTES,
        'sosreport-web1-2024-01-31-abcdefg/sos_commands/networking/namespaces/qr-1/ip_netns_exec_qr-1_ip_route_show_table_all':
          ROUTES,
        'sosreport-web1-2024-01-31-abcdefg/var/log/messages': 'a log\n',
      },
      ['web1.example*: ip rule, ip route', 'qr-1: ip route'],
    ],
    [
      'sosreports of two nodes',
      {
        'sosreport-n1-2024-01-31-abcdefg/sos_commands/networking/ip_-4_rule_list': RULES,
        'sosreport-n2-2024-01-31-abcdefg/sos_commands/networking/ip_-4_rule_list': RULES,
      },
      ['n1: ip rule', 'n2: ip rule'],
    ],
    [
      'a Cilium sysdump',
      {
        'sys.zip/cilium-bugtool-cilium-x1-20221110-103314.123/cmd/ip-rule.md': RULES,
        'sys.zip/cilium-bugtool-cilium-x2-20221110-103314.456/cmd/ip-rule.md': RULES,
      },
      ['cilium-x1: ip rule', 'cilium-x2: ip rule'],
    ],
    [
      'calicoctl node diags',
      {
        'diagnostics/hostname': 'k8s-1\n',
        'diagnostics/ipv4_route': ROUTES,
        'diagnostics/ipv4_tables': SAVE,
      },
      ['k8s-1*: ip route, iptables'],
    ],
    [
      'Rancher',
      {
        'rke2-a-2024-01-31_10_20_30/networking/iprule': RULES,
        'rke2-a-2024-01-31_10_20_30/networking/iptablessave': SAVE,
      },
      ['rke2-a*: ip rule, iptables'],
    ],
  ])('of %s', (_name, files, expected) => {
    expect(nodes(files)).toEqual(expected);
  });

  it('tell which command printed a file that does not tell itself', () => {
    const files = filesOf({
      'networking/iptables-save.txt': '*filter\nCOMMIT\n',
      'networking/ip6rule.txt': '0:\tfrom all lookup local\n',
    });
    const { networks, ruleSets } = loadNode('bundle', files);
    expect(networks[6].known.rules).toBe(true);
    expect(networks[4].known.rules).toBe(false);
    expect(ruleSets[4].unknown.size).toBe(0);
  });
});

describe('loading one of several', () => {
  const paste = `root@a:~# ip rule\n${RULES}root@b:~# ip rule\n0:\tfrom all lookup local\n100:\tfrom all lookup 5\n`;
  const codes = (which?: string): readonly string[] =>
    loadNode('x', filesOf({ paste }), which).diagnostics.flatMap(({ code }) =>
      code.startsWith('READ_') ? [code] : [],
    );

  it('takes the one that is named', () => {
    expect(loadNode('x', filesOf({ paste }), 'a').networks[4].rules).toHaveLength(3);
    expect(loadNode('x', filesOf({ paste }), 'b').networks[4].rules).toHaveLength(2);
    expect(codes('b')).toEqual([]);
  });

  it('says so when none is clearly meant, and when there is none of that name', () => {
    expect(codes()).toEqual(['READ_OTHER_NODE', 'READ_SEVERAL_NODES']);
    expect(codes('c')).toEqual(['READ_NO_SUCH_NODE', 'READ_NOTHING']);
    expect(codes('__proto__')).toEqual(['READ_NO_SUCH_NODE', 'READ_NOTHING']);
  });

  it('gives what nothing claims to every host', () => {
    const files = filesOf({ paste, 'ip-route.txt': ROUTES });
    for (const which of ['a', 'b'])
      expect(loadNode('x', files, which).networks[4].tables.get(254)).toHaveLength(2);
  });
});

it('names are unique and never empty, and each can be loaded', () => {
  const name = fc.constantFrom('a', 'b', '__proto__', 'x y', '#', 'ip-rule.txt', 'networking', 'cmd');
  const file = fc.tuple(
    fc.array(name, { minLength: 1, maxLength: 4 }),
    fc.constantFrom(RULES, ROUTES, `root@h:~# ip rule\n${RULES}`),
  );
  fc.assert(
    fc.property(fc.array(file, { maxLength: 8 }), (list) => {
      const files = list.map(([path, text]) => ({ name: path.join('/'), text }));
      const names = nodesOf(files).map((node) => node.name);
      expect(new Set(names).size).toBe(names.length);
      for (const one of names) {
        expect(one).toMatch(/^\S+$/);
        expect(loadNode('x', files, one).diagnostics.map(({ code }) => code)).not.toContain(
          'READ_NO_SUCH_NODE',
        );
      }
    }),
    { numRuns: 60 },
  );
});

describe('a listing that nothing gives to a node', () => {
  const PROMPTED = `root@a:~# iptables-save\n${SAVE}root@b:~# iptables-save\n${SAVE}`;
  const OTHER = SAVE.replace('COMMIT', '-A INPUT -s 10.9.9.9/32 -j DROP\nCOMMIT');

  /** What is said of it, and how many rules INPUT has at `a`. */
  function read(files: Readonly<Record<string, string>>): readonly [readonly string[], number | undefined] {
    const node = loadNode('n', filesOf(files), 'a');
    const said = node.diagnostics.flatMap(({ code, span, params }) =>
      code === 'READ_NO_NODE'
        ? [`${span?.source.name ?? ''}: ${String(params['listing'])} ${String(params['names'])}`]
        : [],
    );
    return [said, node.ruleSets[4].tables.get('filter')?.chains.get('INPUT')?.rules.length];
  }

  it('is of none of several that show the same themselves', () => {
    const files = { 'paste.txt': PROMPTED, 'x.txt': OTHER };
    expect(nodes(files)).toEqual(['a: iptables', 'b: iptables']);
    expect(read(files)).toEqual([['x.txt: iptables a, b'], 0]);
  });

  it('is of the one that does not show it', () => {
    const paste = `root@a:~# ip rule\n${RULES}root@b:~# ip rule\n${RULES}root@b:~# iptables-save\n${SAVE}`;
    expect(read({ 'paste.txt': paste, 'x.txt': OTHER })).toEqual([[], 1]);
  });

  it.each([
    ['of another family', SAVE.replace('COMMIT', '-A INPUT -s fd00::1/128 -j DROP\nCOMMIT'), 'iptables'],
    ['of another table', SAVE.replace('*filter', '*raw'), 'iptables'],
    ['of another kind', ROUTES, 'iptables, ip route'],
  ])('is of each of several where it is %s', (_, text, holds) => {
    const listed = SAVE.replace('*filter\n', '').replace('COMMIT\n', '');
    const paste = `root@a:~# iptables -S\n${listed}root@b:~# iptables -S\n${listed}`;
    const files = { 'paste.txt': paste, 'x.txt': text };
    expect(nodes(files)).toEqual([`a: ${holds}`, `b: ${holds}`]);
    expect(read(files)[0]).toEqual([]);
  });

  it('is of the only one, whatever that shows', () => {
    const files = { 'paste.txt': `root@a:~# iptables-save\n${SAVE}`, 'x.txt': OTHER };
    expect(read(files)).toEqual([[], 1]);
  });

  it('beside folders of nodes is a node of its own, and of none of these', () => {
    const files = { 'n1/save.txt': SAVE, 'n2/save.txt': SAVE, 'x.txt': OTHER };
    expect(nodes(files)).toEqual(['n1: iptables', 'n2: iptables', 'node: iptables']);
    const { diagnostics } = loadNode('n', filesOf(files), 'n1');
    expect(diagnostics.filter(({ code }) => /READ_NO_NODE|DISAGREE/u.test(code))).toEqual([]);
  });
});
