import { describe, expect, it } from 'vitest';
import { parseAddress } from '../address/address.js';
import { Diagnostics } from '../source/diagnostic.js';
import { SourceText } from '../source/source.js';
import { type Name, type NameBook, nameBook } from './book.js';
import { resolveEnds } from './ends.js';
import { type KubeObject, fullName } from './model.js';
import { isReference, parseReference } from './reference.js';
import { nearest } from './nearest.js';
import { objectsOf } from './objects.js';
import { readTables } from './text.js';

function bookOf(...listings: readonly string[]): {
  readonly book: NameBook;
  readonly codes: readonly string[];
} {
  const diagnostics = new Diagnostics();
  const objects = listings.flatMap((text, at): readonly KubeObject[] => {
    const source = new SourceText(`k${String(at)}`, text);
    return text.startsWith('[')
      ? (JSON.parse(text) as unknown[]).flatMap((one) => objectsOf(one, { source, start: 0, end: 1 }))
      : readTables(source, null).objects;
  });
  const book = nameBook(objects, { all: () => [], about: () => [], expect: () => undefined }, diagnostics);
  return {
    book,
    codes: diagnostics.list.map(({ code, params }) => `${code} ${Object.values(params).join(' ')}`),
  };
}

function word(name: Name): string {
  switch (name.kind) {
    case 'pod':
      return `pod ${fullName(name.pod)}`;
    case 'node':
      return `node ${name.node} [${name.pods.map(fullName).join(' ')}]`;
    case 'endpoint':
      return `endpoint ${name.endpoints.map(({ service }) => service).join(' ')}`;
    default:
      return `${name.kind} ${fullName(name.service)} ${name.port?.name ?? String(name.port?.port ?? '-')}${name.noSuchPort ? ' none' : ''}`;
  }
}

function names(
  book: NameBook,
  address: string,
  port: number | null = null,
  protocol = 6,
  isOwn = false,
): readonly string[] {
  return book.namesOf({ address: parseAddress(address) ?? 0, port, protocol, isOwn }).map(word);
}

const pod = (name: string, status: string, ip: string, node = 'node-a', namespace = 'default'): string =>
  [namespace, name, '1/1', status, '0', '1d', ip, node].join('   ');
const pods = (...rows: readonly string[]): string =>
  `NAMESPACE NAME READY STATUS RESTARTS AGE IP NODE\n${rows.join('\n')}\n`;
const NODES =
  'NAME STATUS ROLES AGE VERSION INTERNAL-IP EXTERNAL-IP\nnode-a Ready <none> 1d v1.30.1 10.0.0.10 <none>\n';
const SERVICES = `NAMESPACE NAME TYPE CLUSTER-IP EXTERNAL-IP PORT(S) AGE
default web NodePort 10.96.0.20 <none> 80:30080/TCP,53:30053/UDP 1d
default front LoadBalancer 10.96.0.21 203.0.113.80 443:31443/TCP 1d
default other LoadBalancer 10.96.0.22 203.0.113.80 80/TCP 1d
default head ClusterIP None <none> 80/TCP 1d
`;

describe('the name book', () => {
  it('knows pods, but none by an address that it has no more', () => {
    const { book, codes } = bookOf(
      pods(
        pod('web', 'Running', '10.244.1.5'),
        pod('old', 'Completed', '10.244.1.5'),
        pod('bad', 'Error', '10.244.1.5'),
        pod('alone', 'Error', '10.244.1.6'),
      ),
    );
    expect([names(book, '10.244.1.5'), names(book, '10.244.1.6'), names(book, '10.244.1.7')]).toEqual([
      ['pod default/web'],
      ['pod default/alone'],
      [],
    ]);
    expect(codes).toEqual([]);
  });

  it('shows both of two running pods at one address, and warns', () => {
    const { book, codes } = bookOf(
      pods(pod('a', 'Running', '10.244.1.5', 'node-a'), pod('b', 'Running', '10.244.1.5', 'node-b')),
    );
    expect(names(book, '10.244.1.5')).toEqual(['pod default/a', 'pod default/b']);
    expect(codes).toEqual(['NAMES_CONTRADICT 10.244.1.5 default/a, default/b']);
  });

  it('gives the name of the node to an address that pods of its network share', () => {
    const rows = pods(pod('aws-node', 'Running', '10.0.0.10'), pod('proxy', 'Running', '10.0.0.10'));
    const expected = ['node node-a [default/aws-node default/proxy]'];
    expect(names(bookOf(rows, NODES).book, '10.0.0.10')).toEqual(expected);
    const alone = bookOf(rows);
    expect([names(alone.book, '10.0.0.10'), alone.codes]).toEqual([expected, []]);
  });

  it('tells a service by its address, and says when it has no such port', () => {
    const { book } = bookOf(SERVICES);
    expect(names(book, '10.96.0.20', 80)).toEqual(['service default/web 80']);
    expect(names(book, '10.96.0.20', 53, 17)).toEqual(['service default/web 53']);
    expect(names(book, '10.96.0.20', 53)).toEqual(['service default/web - none']);
    expect(names(book, '10.96.0.20')).toEqual(['service default/web -']);
  });

  it('tells services that share an address by the port', () => {
    const { book } = bookOf(SERVICES);
    expect(names(book, '203.0.113.80', 443)).toEqual(['load balancer default/front 443']);
    expect(names(book, '203.0.113.80', 80)).toEqual(['load balancer default/other 80']);
    expect(names(book, '203.0.113.80', 22)).toHaveLength(2);
  });

  it('knows node ports at the addresses of nodes and of this node alone', () => {
    const { book } = bookOf(SERVICES, NODES);
    expect(names(book, '10.0.0.10', 30080)).toEqual(['node node-a []', 'node port default/web 80']);
    expect(names(book, '10.0.0.99', 30080, 6, true)).toEqual(['node port default/web 80']);
    expect(names(book, '10.0.0.99', 30080)).toEqual([]);
    expect(names(book, '10.0.0.10', 30080, 17)).toEqual(['node node-a []']);
  });

  it('joins listings of one object: what one leaves out, the other tells', () => {
    const json = JSON.stringify([
      {
        kind: 'Service',
        metadata: { namespace: 'default', name: 'web' },
        spec: { clusterIP: '10.96.0.20', ports: [{ name: 'http', port: 80 }] },
      },
    ]);
    const { book, codes } = bookOf(
      SERVICES,
      json,
      'NAME READY STATUS RESTARTS AGE IP NODE\nweb 1/1 Running 0 1d 10.244.1.5 node-a\n',
      pods(pod('web', 'Running', '10.244.1.5')),
    );
    expect(names(book, '10.96.0.20', 80)).toEqual(['service default/web http']);
    expect(names(book, '10.244.1.5')).toEqual(['pod default/web']);
    expect(codes).toEqual([]);
  });

  it('warns where listings of one object disagree', () => {
    const { book, codes } = bookOf(
      pods(pod('web', 'Running', '10.244.1.5')),
      pods(pod('web', 'Running', '10.244.9.9')),
    );
    expect(codes).toEqual(['NAMES_DISAGREE pod default/web']);
    expect([names(book, '10.244.1.5'), names(book, '10.244.9.9')]).toEqual([
      ['pod default/web'],
      ['pod default/web'],
    ]);
  });

  it('takes a pod from the endpoint that names it', () => {
    const slice = JSON.stringify([
      {
        kind: 'EndpointSlice',
        metadata: { namespace: 'default', name: 'web-1', labels: { 'kubernetes.io/service-name': 'web' } },
        endpoints: [
          { addresses: ['10.244.1.5'], nodeName: 'node-a', targetRef: { kind: 'Pod', name: 'web-x2v' } },
          { addresses: ['10.244.1.6'] },
        ],
        ports: [{ port: 8080 }],
      },
    ]);
    const { book } = bookOf(slice);
    expect(names(book, '10.244.1.5', 8080)).toEqual(['pod default/web-x2v']);
    expect(names(book, '10.244.1.6', 8080)).toEqual(['endpoint web']);
  });
});

describe('names in place of addresses', () => {
  const { book } = bookOf(
    SERVICES,
    NODES,
    pods(
      pod('web-7d9f-x2v', 'Running', '10.244.1.5'),
      pod('web-7d9f-k8s', 'Running', '10.244.1.6'),
      pod('web', 'Running', '10.244.1.7', 'node-a', 'shop'),
      pod('api-5c', 'Running', '10.244.1.8'),
      pod('job', 'Completed', '10.244.1.9'),
      pod('new', 'Pending', '<none>'),
      // Two pods with the network of their node; one alone does not show that it has it.
      pod('proxy-b', 'Running', '10.0.0.11', 'node-b'),
      pod('cni-b', 'Running', '10.0.0.11', 'node-b'),
      pod('app-b', 'Running', '10.244.2.5', 'node-b'),
      pod('app-d', 'Running', '10.244.3.5', 'node-d'),
    ),
    `NAMESPACE NAME TYPE CLUSTER-IP EXTERNAL-IP PORT(S) AGE
default cart ClusterIP 10.96.0.30 <none> 80/TCP 1d
shop cart ClusterIP 10.96.0.31 <none> 80/TCP 1d
default db ExternalName <none> db.example.com <none> 1d
`,
    'NAMESPACE   NAME   ENDPOINTS                          AGE\ndefault     web    10.244.1.5:8080,10.244.1.6:8080    1d\n',
    JSON.stringify([
      {
        kind: 'Pod',
        metadata: { namespace: 'kube-system', name: 'proxy-c' },
        spec: { nodeName: 'node-c', hostNetwork: true },
        status: { phase: 'Running', podIP: '10.0.0.12' },
      },
      {
        kind: 'EndpointSlice',
        metadata: { namespace: 'default', name: 'front-abcde' },
        ports: [{ port: 9 }],
        endpoints: [{ addresses: ['10.244.4.5'], nodeName: 'node-e' }],
      },
      {
        kind: 'Service',
        metadata: { namespace: 'default', name: 'outside' },
        spec: { type: 'ExternalName', externalName: 'www.example.net', ports: [{ port: 443 }] },
      },
      {
        kind: 'Service',
        metadata: { namespace: 'kube-system', name: 'kube-dns' },
        spec: {
          clusterIPs: ['fd00::a', '10.96.0.10'],
          ports: [
            { name: 'dns', protocol: 'UDP', port: 53 },
            { name: 'dns-tcp', port: 53 },
            { name: 'metrics', port: 9153 },
          ],
        },
      },
    ]),
  );
  const end = (
    text: string,
  ): NonNullable<ReturnType<typeof parseReference>> | { address: string; port: null } =>
    parseReference(text) ?? { address: text, port: null };
  const resolve = (from: string | null, to: string, protocol: number | null = null): string => {
    const ends = resolveEnds(book, { from: from === null ? null : end(from), to: end(to) }, protocol);
    if ('problem' in ends)
      return `${ends.side} ${ends.problem.code} ${Object.values(ends.problem.params).join(' ')}`;
    const text = ({ address, port }: { address: string; port: number | null }): string =>
      `${address} ${String(port)}`;
    return `${ends.from === null ? '' : `${text(ends.from)} > `}${text(ends.to)} ${String(ends.protocol)}`;
  };

  it.each([
    ['pod:api-5c', 'svc:web:80', null, '10.244.1.8 null > 10.96.0.20 80 6'],
    ['pod:api', 'pod:shop/web:8080', null, '10.244.1.8 null > 10.244.1.7 8080 null'],
    ['pod:web', 'node:node-a:22', null, '10.244.1.7 null > 10.0.0.10 22 null'],
    ['pod:api:4000', 'svc:default/front', null, '10.244.1.8 4000 > 10.96.0.21 443 6'],
    [null, 'svc:web', 6, '10.96.0.20 80 6'],
    [null, 'svc:web', 17, '10.96.0.20 53 17'],
    [null, 'svc:kube-dns:dns', null, 'fd00::a 53 17'],
    ['10.244.1.8', 'svc:kube-dns:dns-tcp', null, '10.244.1.8 null > 10.96.0.10 53 6'],
    ['fd00::1', 'svc:kube-dns:metrics', null, 'fd00::1 null > fd00::a 9153 6'],
    [
      'pod:web-7d9f',
      'svc:web:80',
      null,
      'from NAME_AMBIGUOUS pod web-7d9f default/web-7d9f-x2v, default/web-7d9f-k8s',
    ],
    ['pod:job', 'svc:web:80', null, 'from NAME_ENDED default/job'],
    ['pod:new', 'svc:web:80', null, 'from NAME_NO_ADDRESS pod default/new'],
    ['svc:web', 'svc:web:80', null, 'from NAME_SOURCE '],
    ['fd00::1', 'svc:web:80', null, 'to NAME_FAMILY default/web 6'],
    [null, 'svc:head', null, 'to NAME_HEADLESS default/head'],
    [null, 'svc:web', null, 'to NAME_WHICH_PORT default/web 80/tcp, 53/udp'],
    [null, 'svc:web:http', null, 'to NAME_PORT default/web http 80/tcp, 53/udp'],
    [null, 'svc:web:8443', null, 'to NAME_PORT default/web 8443 80/tcp, 53/udp'],
    [null, 'svc:web:80', 17, 'to NAME_PORT default/web 80 80/tcp, 53/udp'],
    [null, 'svc:web:30080', null, 'to NAME_PORT_NODE default/web 30080 80/tcp, 53/udp'],
    [null, 'svc:web:8080', null, 'to NAME_PORT_TARGET default/web 8080 80/tcp, 53/udp'],
    [null, 'svc:front', 17, 'to NAME_PORT_PROTOCOL default/front udp 443/tcp'],
    [null, 'svc:shop/cart:80', null, '10.96.0.31 80 6'],
    [null, 'svc:cart', null, 'to NAME_AMBIGUOUS svc cart default/cart, shop/cart'],
    [null, 'svc:db:5432', null, 'to NAME_EXTERNAL_NAME default/db db.example.com'],
    [null, 'svc:outside', null, 'to NAME_EXTERNAL_NAME default/outside www.example.net'],
    [null, 'pod:new', null, 'to NAME_NO_ADDRESS pod default/new'],
    [null, 'node:node-b:22', null, '10.0.0.11 22 null'],
    [null, 'node:node-c:22', null, '10.0.0.12 22 null'],
    [null, 'node:node-d', null, 'to NAME_NODE_OF_PODS node-d'],
    [null, 'node:node-e', null, 'to NAME_NODE_OF_PODS node-e'],
    [null, 'node:node-x', null, 'to NAME_UNKNOWN node node-x node-a, node-b, node-c, node-d, node-e'],
    [null, 'pod:api:http', null, 'to NAME_PORT_NUMBER default/api-5c http '],
    [
      null,
      'svc:shop/web',
      null,
      'to NAME_UNKNOWN svc shop/web shop/cart, default/web, default/cart, default/db, default/front',
    ],
  ])('%s to %s (%s): %s', (from, to, protocol, expected) => {
    expect(resolve(from, to, protocol)).toBe(expected);
  });

  it('says when no listing tells of such things at all', () => {
    const ends = resolveEnds(bookOf(NODES).book, { from: null, to: end('svc:web') }, null);
    expect(ends).toMatchObject({ problem: { code: 'NAME_NO_LISTING' } });
  });

  it.each([
    ['pod:web', { kind: 'pod', namespace: null, name: 'web', port: null }],
    ['service:default/web:http', { kind: 'svc', namespace: 'default', name: 'web', port: 'http' }],
    [
      'no:ip-10-0-0-1.ec2.internal:22',
      { kind: 'node', namespace: null, name: 'ip-10-0-0-1.ec2.internal', port: '22' },
    ],
    ['pod:', null],
    ['pod:a/b/c', null],
    ['pod:a:b:c', null],
    ['10.0.0.1:80', null],
    ['fd00::1', null],
    ['[fd00::1]:80', null],
    ['de:ad::1', null],
    ['constructor:x', null],
  ])('%s is read as %j', (text, expected) => {
    expect(parseReference(text)).toEqual(expected === null ? null : { ...expected, text });
  });

  it.each([
    ['pod:', true],
    ['svc:a:b:c', true],
    ['10.0.0.1:80', false],
    ['::1', false],
    ['fe80::1', false],
  ])('%s means a name: %s', (text, is) => {
    expect(isReference(text)).toBe(is);
  });

  it('lists the nearest names first', () => {
    const all = ['default/web-7d9f', 'default/api', 'shop/wbe', 'kube-system/coredns-1'];
    expect(nearest('wbe', all, 2)).toEqual(['shop/wbe', 'default/web-7d9f']);
    expect(nearest('coredns', all, 1)).toEqual(['kube-system/coredns-1']);
    expect(nearest('default/ap', all, 1)).toEqual(['default/api']);
  });
});
