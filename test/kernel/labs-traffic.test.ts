/**
 * What `tcpdump` and `conntrack -L` of the labs' nodes say of packets, beside the real tools on the same nodes in namespaces.
 * Times, drawn numbers and what hangs on the machine's memory (window scale) are not compared.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLab } from '../../src/cli/lab-files.js';
import { parseAddress } from '../../src/address/address.js';
import { Machine } from '../../src/labs/shell/machine.js';
import { NO_WORLD } from '../../src/labs/read-world.js';
import { Shell } from '../../src/labs/shell/shell.js';
import type { LabPod, LabWorld } from '../../src/labs/lab.js';
import { scratchFolder } from './adapter/scratch.js';
import { LiveCluster } from './cluster/live.js';
import { plainEntries, plainSights } from './cluster/plain.js';
import type { Topology } from './cluster/topology.js';

const root = join(import.meta.dirname, '../..');

/** A server of HTTP that answers 200 bytes in all, and waits for its client to close. */
const HTTP = `
const head = 'HTTP/1.1 200 OK\\r\\nContent-Length: 160\\r\\n\\r\\n';
require('net').createServer({ allowHalfOpen: true }, (socket) => {
  socket.on('data', () => setTimeout(() => socket.write(head + 'x'.repeat(200 - head.length)), 20));
  socket.on('end', () => socket.end());
}).listen(Number(process.argv[2]), process.argv[3]);
`;

/** A resolver that knows one address. */
const DNS = `
const socket = require('dgram').createSocket('udp4');
socket.on('message', (asked, { port, address }) => {
  const name = asked.subarray(12, asked.indexOf(0, 12) + 5);
  const head = Buffer.from([asked[0], asked[1], 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 1]);
  const answer = Buffer.from([0xc0, 0x0c, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 203, 0, 113, 9]);
  socket.send(Buffer.concat([head, name, answer, Buffer.from([0, 0, 41, 2, 0, 0, 0, 0, 0, 0, 0])]), port, address);
});
socket.bind(53, '8.8.8.8');
`;

/** What dig asks: with EDNS, and a cookie in it. */
const DIG = `
const socket = require('dgram').createSocket('udp4');
const labels = process.argv[2].split('.').flatMap((label) => [label.length, ...Buffer.from(label)]);
socket.connect(53, '8.8.8.8', () => socket.send(Buffer.from([
  0x30, 0x39, 1, 0x20, 0, 1, 0, 0, 0, 0, 0, 1, ...labels, 0, 0, 1, 0, 1,
  0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 12, 0, 10, 0, 8, 1, 2, 3, 4, 5, 6, 7, 8,
])));
socket.on('message', () => process.exit());
setTimeout(() => process.exit(), 2000);
`;

const TOPOLOGY: Topology = {
  nodes: ['eks-worker-1', 'eks-worker-2'],
  pods: [
    { name: 'pod-1', node: 'eks-worker-1', address: '192.168.40.11' },
    { name: 'pod-3', node: 'eks-worker-1', address: '192.168.61.33' },
    { name: 'web-b', node: 'eks-worker-1', address: '192.168.33.90' },
    { name: 'pod-2', node: 'eks-worker-2', address: '192.168.70.8' },
  ],
  publicOf: { '192.168.45.10': '203.0.113.10', '192.168.77.20': '203.0.113.20' },
};

/** Who sends what, and the same as a student types it. */
const TRAFFIC: readonly (readonly [title: string, from: string, real: string, typed: string])[] = [
  ['pings of a pod', 'pod-1', 'busybox ping -c 2 8.8.8.8', 'ping -c 2 8.8.8.8'],
  ['a request of a pod to the internet', 'pod-1', 'curl -s 8.8.8.8:443', 'curl -s 8.8.8.8:443'],
  ['a request to a pod of the node', 'pod-1', 'curl -s 192.168.33.90:8080/a', 'curl -s 192.168.33.90:8080/a'],
  ['a request that is refused', 'pod-3', 'curl -s 192.168.70.8:8080', 'curl -s 192.168.70.8:8080'],
  ['a question of DNS', 'pod-3', 'NODE FOLDER/dig.js web.example.com', 'dig web.example.com @8.8.8.8'],
];

describe('packets of EKS workers', { timeout: 60_000 }, () => {
  const folder = scratchFolder('traffic');
  const node = 'ip netns exec node-eks-worker-1';
  let live: LiveCluster;
  let shell: Shell;

  beforeAll(async () => {
    for (const [name, text] of Object.entries({ http: HTTP, dns: DNS, dig: DIG }))
      writeFileSync(join(folder, `${name}.js`), text);
    live = await LiveCluster.start(TOPOLOGY);
    const servers = [
      `outside ${process.execPath} ${folder}/http.js 443 8.8.8.8`,
      `web-b ${process.execPath} ${folder}/http.js 8080 192.168.33.90`,
      `outside ${process.execPath} ${folder}/dns.js`,
    ];
    for (const server of servers) await live.run(`ip netns exec ${server} & echo $! >> ${folder}/pids`);
    await live.run(
      `until [ -n "$(ip netns exec outside ss -Hltn)" -a -n "$(ip netns exec web-b ss -Hltn)" -a -n "$(ip netns exec outside ss -Hlun)" ]; do sleep 0.1; done`,
    );
    const { material } = await openLab(join(root, 'labs/05-pod-to-pod/lab.yaml'));
    const pods = TOPOLOGY.pods.map(({ name, node: on, address }): LabPod => ({
      ...{ name, namespace: 'default', node: on.slice(4), address: parseAddress(address) ?? 0 },
      listens: name === 'web-b' ? [{ protocol: 'tcp', port: 8080 }] : [],
    }));
    const world: LabWorld = {
      ...{ ...NO_WORLD, pods },
      hosts: [
        {
          ...{ name: 'google-dns', address: parseAddress('8.8.8.8') ?? 0, says: null, isPrivate: false },
          listens: [
            { protocol: 'udp', port: 53 },
            { protocol: 'tcp', port: 443 },
          ],
        },
        {
          name: 'web.example.com',
          address: parseAddress('203.0.113.9') ?? 0,
          says: null,
          isPrivate: false,
          listens: [],
        },
      ],
    };
    const machines = [...material.files].map(([name, files]) => new Machine(name, files));
    shell = new Shell({ world, machines, seed: 1, language: 'en', cluster: material.cluster });
  });

  afterAll(async () => {
    await live.run(`kill $(cat ${folder}/pids)`);
    await live.stop();
  });

  const devices = ['ens5', 'ens6', 'any'];

  it.each(TRAFFIC)('%s', async (_title, from, real, typed) => {
    const at = (device: string): string => join(folder, `seen-${device}`);
    const command = real.replace('NODE', process.execPath).replace('FOLDER', folder);
    const starts = devices.map(
      (device) =>
        `rm -f ${at(device)}*; ${node} tcpdump -l --immediate-mode -i ${device} -nn ip > ${at(device)} 2>${at(device)}.err & `,
    );
    const ready = devices.map((device) => `until grep -qs listening ${at(device)}.err; do sleep 0.1; done; `);
    await live.run(
      `${node} conntrack -F 2>/dev/null; PIDS=; ${starts.map((one) => `${one} PIDS="$PIDS $!"; `).join('')} ${ready.join('')}`,
    );
    await live.run(`ip netns exec ${from} ${command} >/dev/null 2>&1`);
    const entries = await live.run(`${node} conntrack -L 2>/dev/null`);
    await live.run('sleep 0.5; kill $PIDS; wait $PIDS 2>/dev/null');

    shell.type('conntrack -F');
    shell.type(`kubectl exec -it ${from} -- ${typed}`);
    const told = (line: string): readonly string[] => shell.type(line).out.split('\n');
    expect(plainEntries(told('conntrack -L'))).toEqual(plainEntries(entries));
    for (const device of devices) {
      const seen = plainSights(await live.run(`cat ${at(device)}`), 0);
      expect([device, ...plainSights(told(`tcpdump -i ${device} -nn`), 1)]).toEqual([device, ...seen]);
      const listening = await live.run(`sed -n '/listening/p;/data link/p' ${at(device)}.err`);
      expect(shell.type(`tcpdump -i ${device} -nn`).err).toContain(listening[0]);
    }
  });
});
