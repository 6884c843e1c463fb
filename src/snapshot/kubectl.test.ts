/** Names in snapshots: kubectl's listings among others, and what kube-proxy's rules say by themselves. */
import { describe, expect, it } from 'vitest';
import { nodeOf } from '../../test/support/node.js';
import { formatAddress, parseAddress } from '../address/address.js';
import { fullName } from '../names/model.js';
import { readKubeYaml } from '../names/yaml.js';
import type { Node } from '../packet/node.js';
import { loadNode } from './load.js';
import { printListings, printTranscript } from './print.js';

/** The pods, services and nodes of a node's listings, as `name address`. */
function listed({ names }: Node): readonly string[] {
  const { pods, services, nodes } = names.listed;
  const ip = (list: readonly (number | bigint)[]): string => list.map(formatAddress).join(',') || '-';
  return [
    ...pods.map((one) => `${fullName(one)} ${ip(one.addresses)}`),
    ...services.map((one) => `${fullName(one)} ${ip(one.clusterIps)}`),
    ...nodes.map(({ name, addresses }) => `${name} ${ip(addresses)}`),
  ];
}

function codes({ diagnostics }: Node): readonly string[] {
  return diagnostics
    .filter(({ code }) => !code.startsWith('NODE_'))
    .map(({ code, span }) => {
      const { line, column } = span?.source.position(span.start) ?? { line: 0, column: 0 };
      return `${code} ${String(line)}:${String(column)}`;
    });
}

const load = (text: string): Node => loadNode('n', [{ name: 'all.txt', text }], undefined, readKubeYaml);

const RULES = '0:\tfrom all lookup local\n32766:\tfrom all lookup main\n32767:\tfrom all lookup default\n';
const PODS = `NAMESPACE   NAME      READY   STATUS    RESTARTS   AGE   IP           NODE
default     app-dev   1/1     Running   0          1d    10.244.1.5   node-a
local       web-via   1/1     Running   0          1d    10.244.1.6   node-a
`;
const YAML = `apiVersion: v1
items:
- apiVersion: v1
  kind: Node
  metadata:
    name: node-a
  status:
    addresses:
    - address: 10.0.0.10
      type: InternalIP
kind: List
metadata:
  resourceVersion: ""
`;
const JSON_LIST = `{
    "apiVersion": "v1",
    "items": [
        {
            "apiVersion": "v1",
            "kind": "Node",
            "metadata": { "name": "node-a" },
            "status": { "addresses": [ { "type": "InternalIP", "address": "10.0.0.10" } ] }
        }
    ],
    "kind": "List"
}
`;

describe('listings of kubectl in a transcript', () => {
  it.each([
    [
      'a table below its prompt',
      `root@node-a:~# ip rule\n${RULES}me@laptop:~$ kubectl get pod -A -o wide\n${PODS}`,
      ['default/app-dev 10.244.1.5', 'local/web-via 10.244.1.6'],
    ],
    [
      'a table below another listing',
      `${RULES}\n${PODS}`,
      ['default/app-dev 10.244.1.5', 'local/web-via 10.244.1.6'],
    ],
    [
      'rows that went through grep, which look like routes',
      `$ ip rule\n${RULES}$ kubectl get po -A -owide | grep -E 'dev|via'\n${PODS.split('\n').slice(1).join('\n')}`,
      ['default/app-dev 10.244.1.5', 'local/web-via 10.244.1.6'],
    ],
    [
      'the namespace of -n',
      `$ ip rule\n${RULES}$ kubectl get po -n shop\nNAME   READY   STATUS    RESTARTS   AGE\nweb    1/1     Running   0          1d\n`,
      ['shop/web -'],
    ],
    ['YAML', `$ ip rule\n${RULES}$ kubectl get no -o yaml\n${YAML}$ date\n`, ['node-a 10.0.0.10']],
    ['YAML, then another listing', `${YAML}$ ip rule\n${RULES}`, ['node-a 10.0.0.10']],
    ['JSON', `$ ip rule\n${RULES}$ kubectl get no -o json\n${JSON_LIST}$ date\n`, ['node-a 10.0.0.10']],
    ['JSON, then another listing', `${JSON_LIST}$ ip rule\n${RULES}`, ['node-a 10.0.0.10']],
  ])('%s', (_title, text, expected) => {
    const node = load(text);
    expect(codes(node)).toEqual([]);
    expect(listed(node)).toEqual(expected);
    expect(node.networks[4].rules).toHaveLength(3);
  });

  it('belong to every node of the text', () => {
    const text = `root@a:~# ip rule\n${RULES}root@b:~# ip rule\n${RULES}me@laptop:~$ kubectl get no -o yaml\n${YAML}`;
    for (const which of ['a', 'b'])
      expect(listed(loadNode('n', [{ name: 'all.txt', text }], which, readKubeYaml))).toEqual([
        'node-a 10.0.0.10',
      ]);
  });

  it('make no node by themselves', () => {
    expect(codes(load(PODS))).toEqual(['READ_NOTHING 0:0']);
  });

  it('are findings where they are damaged, and lose nothing else', () => {
    const badYaml = YAML.replace('kind: List', '- kind: {Node\nkind: List');
    expect(codes(load(`$ ip rule\n${RULES}$ kubectl get no -o yaml\n${badYaml}`))).toEqual([
      'NAMES_YAML 17:1',
    ]);
    const badJson = JSON_LIST.replace('    ],', '    ,{ "kind": Node! }],');
    const node = load(`$ ip rule\n${RULES}$ kubectl get no -o json\n${badJson}`);
    expect([codes(node), listed(node)]).toEqual([['NAMES_JSON 15:20'], ['node-a 10.0.0.10']]);
    const cut = load(`$ ip rule\n${RULES}$ kubectl get no -o json\n${JSON_LIST.slice(0, 100)}`);
    expect(codes(cut)).toEqual(['NAMES_CUT 9:9']);
  });

  it('are named as not used where nobody reads YAML', () => {
    expect(codes(loadNode('n', [{ name: 'a', text: `${RULES}\n${YAML}` }]))).toContain('READ_NOT_USED 5:1');
  });

  it('read the same again when they were printed', () => {
    const node = load(
      `$ ip rule\n${RULES}$ kubectl get pod -A -o wide\n${PODS}$ kubectl get no -o yaml\n${YAML}`,
    );
    const again = load(printTranscript(printListings(node)));
    expect(codes(again)).toEqual([]);
    expect(listed(again)).toEqual(listed(node));
    expect(printListings(again)).toEqual(printListings(node));
  });
});

/** What an address is called by the rules alone. */
function implied({ names }: Node, address: string, port: number, protocol = 6): readonly string[] {
  return names.namesOf({ address: parseAddress(address) ?? 0, port, protocol, isOwn: true }).map((name) => {
    if (name.kind === 'endpoint')
      return name.endpoints
        .map((one) => `endpoint ${one.namespace ?? ''}/${one.service}:${one.portName ?? ''}`)
        .join(' ');
    return 'service' in name ? `${name.kind} ${fullName(name.service)}:${name.port?.name ?? ''}` : name.kind;
  });
}

describe("kube-proxy's own rules", () => {
  it.each([
    ['examples/eks-node', '10.100.5.20', 80, ['service default/web:']],
    ['examples/eks-node', '192.168.61.33', 8080, ['endpoint default/web:']],
    ['examples/eks-node', '192.168.45.10', 30083, ['node port default/remote:']],
    ['examples/eks-node', '203.0.113.9', 443, []],
    ['test/walks/fixtures/kube-proxy-nft', '10.100.5.27', 443, ['service default/front:https']],
    ['test/walks/fixtures/kube-proxy-nft', '203.0.113.80', 443, ['external address default/front:https']],
    ['test/walks/fixtures/kube-proxy-nft', '10.100.5.25', 80, ['service default/none:']],
    ['test/walks/fixtures/kube-proxy-nft', '192.168.61.33', 8080, ['endpoint default/web:']],
    ['test/walks/fixtures/kube-proxy-nft', '192.168.45.10', 30087, ['node port default/front:https']],
  ])('%s: %s port %i', (folder, address, port, expected) => {
    expect(implied(nodeOf(folder), address, port)).toEqual(expected);
  });

  const save = (...rules: readonly string[]): Node =>
    loadNode('n', [
      {
        name: 'iptables-save.txt',
        text: `*nat\n${rules.map((rule) => `:${rule.split(' ')[1] ?? ''} - [0:0]`).join('\n')}\n${rules.join('\n')}\nCOMMIT\n`,
      },
    ]);

  it.each([
    ['cluster IP', 'service'],
    ['external IP', 'external address'],
    ['loadbalancer IP', 'load balancer'],
  ])('%s is that of a %s', (what, kind) => {
    const node = save(
      `-A KUBE-SERVICES -d 198.51.100.9/32 -p tcp -m comment --comment "shop/web:http ${what}" -m tcp --dport 80 -j KUBE-SVC-A`,
      '-A KUBE-SVC-A -j RETURN',
    );
    expect(implied(node, '198.51.100.9', 80)).toEqual([`${kind} shop/web:http`]);
  });

  it('name endpoints also where their comments are left out', () => {
    const node = save(
      '-A KUBE-SERVICES -d 10.96.0.20/32 -p udp -m comment --comment "shop/web:dns cluster IP" -m udp --dport 53 -j KUBE-SVC-A',
      '-A KUBE-SVC-A -j KUBE-SEP-A',
      '-A KUBE-SEP-A -p udp -m udp -j DNAT --to-destination 10.244.1.5:5353',
    );
    expect(implied(node, '10.244.1.5', 5353, 17)).toEqual(['endpoint shop/web:dns']);
  });

  it('in IPv6', () => {
    const rules = [
      '-A KUBE-SERVICES -d fd00::20/128 -p tcp -m comment --comment "shop/web:http cluster IP" -m tcp --dport 80 -j KUBE-SVC-A',
      '-A KUBE-SVC-A -m comment --comment "shop/web:http -> [fd00::5]:8080" -j KUBE-SEP-A',
      '-A KUBE-SEP-A -p tcp -m comment --comment "shop/web:http" -m tcp -j DNAT --to-destination [fd00::5]:8080',
    ];
    const text = `# Generated by ip6tables-save v1.8.9\n*nat\n:KUBE-SERVICES - [0:0]\n:KUBE-SVC-A - [0:0]\n:KUBE-SEP-A - [0:0]\n${rules.join('\n')}\nCOMMIT\n`;
    const node = loadNode('n', [{ name: 'ip6tables-save.txt', text }]);
    expect(implied(node, 'fd00::20', 80)).toEqual(['service shop/web:http']);
    expect(implied(node, 'fd00::5', 8080)).toEqual(['endpoint shop/web:http']);
    const nft = loadNode('n', [
      {
        name: 'nft.txt',
        text: 'table ip6 kube-proxy {\n\tchain endpoint-5OKQ2TKW-shop/web/tcp/http__fd00..5/8080 {\n\t}\n}\n',
      },
    ]);
    expect(implied(nft, 'fd00::5', 8080)).toEqual(['endpoint shop/web:http']);
  });

  it('say nothing by comments of other rules', () => {
    const node = save(
      '-A KUBE-SERVICES -d 10.96.0.20/32 -p tcp -m comment --comment "just some words" -m tcp --dport 80 -j RETURN',
      '-A MINE -d 10.96.0.21/32 -p tcp -m comment --comment "shop/web cluster IP" -m tcp --dport 80 -j RETURN',
    );
    expect([implied(node, '10.96.0.20', 80), implied(node, '10.96.0.21', 80)]).toEqual([[], []]);
  });
});
